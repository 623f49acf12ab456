// Random conditions over random rows: what the compiled SQL finds on both databases is what the evaluator finds in
// memory.
#include "query/dice.h"
#include "query/toy.h"
#include "query/toy_evaluator.h"
#include "testing/databases.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <random>

namespace onefold::query {
namespace {

using formula::Expression;
using formula::Operator;

using rig::Dice;

const std::vector<std::string> texts{"", "a", "A", "ab", "aB%", "%", "_", "\\", "a_b", "'", "\"",
    "'; DROP TABLE line; --", "Ä", "ä", "上海", "上", "😀", "\uFFFD", "～", "$1", "{}", "null", "active", "merged", "0",
    " "};
const std::vector<std::int64_t> integers{0, 1, -1, 2, 5, 49, 50, 51, 99, 100, 101, -100, -150, 12345, 123456789,
    1'000'000, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
const std::vector<std::string> numbers{"0", "1", "-1", "0.5", "0.01", "0.0100", "-0.005", "1.2345", "0.00001", "-1.5",
    "12345", "123.45", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-92233720368547758.085",
    "99999999999999999999999999999999999999"};
const std::vector<std::string> dates{"2010-12-01", "2010-12-31", "1969-07-20", "2024-02-29"};
const std::vector<std::string> instants{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000001Z",
    "1970-01-01T01:00:00+01:00", "1969-12-31T23:59:59.999999Z", "2010-12-01T08:26:00Z"};

store::Value random_value(Dice& dice, FieldType type, std::int64_t ids) {
    if (dice.one_in(4))
        return {};
    switch (type) {
    case FieldType::text:
    case FieldType::choice:
    case FieldType::json:
        return dice.of(texts);
    case FieldType::date:
        return dice.of(dates);
    case FieldType::boolean:
        return std::int64_t(dice.below(2));
    case FieldType::relation:
        return std::int64_t(dice.below(std::size_t(ids) + 2));
    case FieldType::instant:
        return micros_of(parse_rfc3339(dice.of(instants)).value());
    default:
        return dice.of(integers);
    }
}

toy::Tables random_tables(Dice& dice, const toy::Catalogue& catalogue) {
    auto tables = toy::empty_tables();
    constexpr std::int64_t rows = 40;
    for (const auto* object :
        {catalogue.find_object("customer"), catalogue.find_object("order"), catalogue.find_object("line")}) {
        auto& table = tables[object->table];
        for (std::int64_t id = 1; id <= rows; ++id) {
            store::Values row{id};
            for (std::size_t i = 1; i < table.columns.size(); ++i) {
                const auto field = std::ranges::find(object->fields, table.columns[i], &FieldEntry::column);
                row.push_back(random_value(dice, field->type, rows));
                while (field->is_required && std::holds_alternative<std::monostate>(row.back()))
                    row.back() = random_value(dice, field->type, rows);
            }
            if (object->code == "customer")
                row[3] = dice.one_in(4) ? store::Value{"merged"} : store::Value{"active"};
            table.rows.push_back(row);
        }
    }
    for (std::int64_t id = 1; id <= rows; ++id) {
        tables["node"].rows.push_back({id, random_value(dice, FieldType::relation, rows)});
        if (!dice.one_in(3))
            tables["customer_more"].rows.push_back(
                {id, random_value(dice, FieldType::text, 0), random_value(dice, FieldType::decimal, 0)});
    }
    return tables;
}

class Conditions {
  public:
    Conditions(Dice& dice, const toy::Catalogue& catalogue, const ObjectEntry& root)
        : dice_(dice), catalogue_(catalogue), root_(root) {
        for (const auto& field : catalogue.find_object("customer")->fields)
            if (!field.steps.empty())
                several_.push_back(field);
    }

    Expression condition(int depth) {
        if (depth == 0 || dice_.one_in(3))
            return leaf();
        switch (dice_.below(6)) {
        case 0:
            return formula::call(Operator::not_, {condition(depth - 1)});
        case 1:
            return formula::call(Operator::blank, {condition(depth - 1)});
        case 2:
            return formula::call(
                dice_.one_in(2) ? Operator::equal : Operator::not_equal, {condition(depth - 1), condition(depth - 1)});
        default: {
            std::vector<Expression> args;
            for (std::size_t i = 1 + dice_.below(3); i > 0; --i)
                args.push_back(condition(depth - 1));
            return formula::call(dice_.one_in(2) ? Operator::and_ : Operator::or_, std::move(args));
        }
        }
    }

  private:
    struct Reached {
        std::vector<std::string> path;
        FieldType type;
    };

    // Some field, or some field of the wanted types; an id counts as a relation, a choice as text.
    Reached reach(std::optional<FieldType> wanted) {
        while (true) {
            const ObjectEntry* object = &root_;
            std::vector<std::string> path;
            while (true) {
                const auto& field = dice_.of(object->fields);
                if (!field.steps.empty())
                    continue;
                path.push_back(field.code);
                const auto type = kind_of(&field == &object->fields.front() ? FieldType::relation : field.type);
                if (field.type == FieldType::relation && path.size() < 4 && !dice_.one_in(5)) {
                    object = catalogue_.find_object(field.target);
                    continue;
                }
                if (wanted && *wanted != type)
                    break;
                return {path, type};
            }
        }
    }
    static FieldType kind_of(FieldType type) {
        if (type == FieldType::choice)
            return FieldType::text;
        return type == FieldType::money || type == FieldType::integer ? FieldType::decimal : type;
    }

    Expression literal_for(FieldType type) {
        if (dice_.one_in(12))
            return formula::literal(std::monostate{});
        switch (type) {
        case FieldType::date:
            return formula::literal(dice_.of(dates));
        case FieldType::instant:
            return formula::literal(dice_.of(instants));
        case FieldType::boolean:
            return formula::literal(dice_.one_in(2));
        case FieldType::relation:
            return formula::literal(std::to_string(1 + dice_.below(42)));
        case FieldType::decimal: {
            const auto& digits = dice_.of(numbers);
            return dice_.one_in(2) ? formula::literal(digits) : formula::literal(Decimal::parse(digits).value());
        }
        default:
            return formula::literal(dice_.of(texts));
        }
    }

    Expression other_side(FieldType type) {
        return dice_.one_in(4) ? formula::field(reach(type).path) : literal_for(type);
    }

    // Beside a field with steps stand literals only.
    Expression of_several(Expression subject, FieldType type) {
        if (dice_.one_in(6))
            return formula::call(Operator::blank, {std::move(subject)});
        std::vector<Expression> args{std::move(subject), literal_for(type)};
        if (dice_.one_in(2))
            return formula::call(dice_.one_in(3) ? Operator::not_equal : Operator::equal, std::move(args));
        for (std::size_t i = dice_.below(4); i > 0; --i)
            args.push_back(literal_for(type));
        return formula::call(Operator::in, std::move(args));
    }

    Expression leaf() {
        if (&root_ == catalogue_.find_object("customer") && dice_.one_in(6)) {
            const auto& field = dice_.of(several_);
            return of_several(formula::field({field.code}), kind_of(field.type));
        }
        if (root_.code == "order" && dice_.one_in(12)) {
            const auto& field = dice_.of(several_);
            return of_several(formula::field({"customer", field.code}), kind_of(field.type));
        }
        const auto [path, type] = reach(std::nullopt);
        Expression subject = formula::field(path);
        if (type == FieldType::json || dice_.one_in(8))
            return formula::call(Operator::blank, {std::move(subject)});
        if (type == FieldType::boolean && dice_.one_in(2))
            return subject;
        if (dice_.one_in(20))
            return dice_.one_in(2) ? formula::literal(dice_.one_in(2)) : formula::literal(std::monostate{});
        if (type == FieldType::text && dice_.one_in(2))
            return formula::call(Operator::contains, {std::move(subject), other_side(type)});
        if (dice_.one_in(5)) {
            std::vector<Expression> args{std::move(subject)};
            for (std::size_t i = 1 + dice_.below(5); i > 0; --i)
                args.push_back(other_side(type));
            return formula::call(Operator::in, std::move(args));
        }
        const auto op = Operator(int(Operator::equal) + int(dice_.below(type == FieldType::boolean ? 2 : 6)));
        Expression other = other_side(type);
        if (dice_.one_in(2))
            return formula::call(op, {std::move(other), std::move(subject)});
        return formula::call(op, {std::move(subject), std::move(other)});
    }

    Dice& dice_;
    const toy::Catalogue& catalogue_;
    const ObjectEntry& root_;
    std::vector<FieldEntry> several_;
};

class Law : public testing::OnBothDatabases {};
ON_BOTH_DATABASES(Law);

TEST_P(Law, TheDatabaseFindsWhatTheEvaluatorFinds) {
    const char* wanted = std::getenv("ONEFOLD_LAW_SEED");
    const unsigned seed = wanted ? unsigned(std::atoi(wanted)) : 20101201;
    Dice dice(seed);
    const toy::Catalogue catalogue;
    const auto tables = random_tables(dice, catalogue);
    const toy::Evaluator evaluator(catalogue, tables);
    const auto database = open({toy::schema()});
    const auto filled = toy::fill(*database, tables);
    ASSERT_TRUE(filled) << filled.error().message.in("en");

    int cases = 0, found_some = 0;
    for (int round = 0; round < 1500; ++round) {
        const auto& root = *catalogue.find_object(std::vector{"customer", "order", "line"}[std::size_t(round) % 3]);
        auto query = toy::query(root.code, {"id"});
        query.filter = Conditions(dice, catalogue, root).condition(1 + int(dice.below(4)));
        query.page.limit = Page::limit_max;
        const auto text = boost::json::serialize(formula::to_json(*query.filter));
        const auto table = database->read([&](store::Session& session) { return run(session, query, catalogue); });
        if (!table && table.error().code == "query.too_wide")
            continue;
        ASSERT_TRUE(table) << "seed " << seed << " " << text << " " << table.error().message.in("en");
        std::vector<std::int64_t> ids;
        for (const auto& row : table->rows)
            ids.push_back(*parse_id(std::string_view(row[0].as_string())));
        const auto expected = evaluator.matching(root, &*query.filter);
        auto sorted = query;
        sorted.sort = {{{std::string(root.code == "line"    ? "quantity"
                                     : root.code == "order" ? "total"
                                                            : "score")},
            round % 2 ? Direction::ascending : Direction::descending}};
        const auto limits = std::array{ListLimits{}, ListLimits{-1, std::chrono::minutes{1}},
            ListLimits{-1, std::chrono::milliseconds{0}}}[std::size_t(round / 3) % 3];
        const auto listed =
            database->read([&](store::Session& session) { return list(session, sorted, catalogue, limits); });
        const auto plain = database->read([&](store::Session& session) { return run(session, sorted, catalogue); });
        ASSERT_TRUE(listed && plain) << text;
        ASSERT_EQ(listed->rows, plain->rows) << "as a list: seed " << seed << " " << text;
        const auto counted = database->read([&](store::Session& session) {
            return count(session, query, catalogue, std::chrono::milliseconds{60'000});
        });
        ASSERT_TRUE(counted && counted->is_exact) << text;
        ASSERT_EQ(counted->count, std::int64_t(expected.size())) << "counted: seed " << seed << " " << text;
        ASSERT_EQ(ids, expected) << "seed " << seed << " " << root.code << " " << text << "\n"
                                 << compile(query, catalogue, GetParam())->sql;
        ++cases;
        found_some += !ids.empty();
    }
    std::cout << cases << " conditions, " << found_some << " of them find something\n";
    EXPECT_GT(cases, 1400);
    EXPECT_GT(found_some, cases / 3);
}

} // namespace
} // namespace onefold::query
