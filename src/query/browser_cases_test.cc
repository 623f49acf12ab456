// Formulas and records by chance with their values, a line of JSON each, for the browser's evaluator to be held to
// (test/story/formula_preview.test.mjs). ONEFOLD_CASES_FILE=path keeps them, ONEFOLD_LAW_CASES=n says how many,
// ONEFOLD_LAW_SEED=n which.
#include "formula/random_tree.h"
#include "formula/sample.h"
#include "query/random_formula.h"

#include <boost/json.hpp>
#include <fstream>
#include <gtest/gtest.h>

namespace onefold::query::rig {
namespace {

namespace json = boost::json;

constexpr std::string_view kind_names[] = {
    "blank", "truth", "number", "text", "date", "instant", "list", "record", "records"};

// What random_tree.h names.
constexpr std::string_view sample_text = R"({"a": 1.5, "金额": "12.50", "city": "上海", "Total_2": "2026-05-31",
    "a b": ["x", "y"], "in": true, "2nd": null, "and": "2026-05-31T08:30:00Z", "o\"k": {"a": 7, "city": "x"},
    "orders": [{"a": 2, "city": "a", "金额": "100.50"}, {"a": null, "city": "", "金额": "-3"}], "_": "007", "a-b": []})";

json::object told(const Error& error) {
    const auto at = formula::span_of(error).value_or(formula::Span{});
    return {{"error", error.code}, {"at", {at.begin, at.length}}, {"en", error.message.in("en")},
        {"zh-CN", error.message.in("zh-CN")}};
}

json::value told(const formula::Value& value) {
    if (value.is_blank())
        return nullptr;
    if (value.is_error()) {
        auto error = told(formula::error_of(value));
        if (formula::is_spent(value.trouble().why))
            error["is_spent"] = true;
        return error;
    }
    return json::array{kind_names[value.index()], formula::to_text(value)};
}

json::value stored(const formula::Value& value) {
    if (value.is_blank())
        return nullptr;
    return value.as<bool>() ? json::value(value.is_true()) : json::value(formula::to_text(value));
}

json::object written(const std::string& kind, const Row& row) {
    json::object record;
    const Kept& kept = kinds().at(kind);
    for (std::size_t i = 0; i < kept.fields.size(); ++i)
        record[kept.fields[i].name] = stored(row.values[i]);
    if (kind != "deal")
        return record;
    record["owner"] = row.owner ? json::value(written("person", *row.owner)) : json::value(nullptr);
    json::array lines;
    for (const auto* line : row.lines)
        lines.push_back(written("line", static_cast<const Row&>(*line)));
    record["lines"] = std::move(lines);
    return record;
}

class Written {
  public:
    explicit Written(unsigned seed)
        : dice_(seed),
          world_(dice_, 8),
          formulas_(dice_),
          trees_(seed),
          sample_(*formula::Sample::read(json::parse(sample_text), {})) {
        json::object shapes;
        for (const auto& [name, kept] : kinds()) {
            json::object fields;
            for (const Field& field : kept.fields)
                fields[field.name] = kind_names[std::size_t(field.kind)];
            json::object shape{{"fields", std::move(fields)}};
            for (const auto& [relation, target] : kept.single)
                shape["single"].emplace_object()[relation] = target;
            for (const auto& [relation, target] : kept.many)
                shape["many"].emplace_object()[relation] = target;
            shapes[name] = std::move(shape);
        }
        json::array deals;
        for (const Row& deal : world_.rows("deal"))
            deals.push_back(written("deal", deal));
        lines =
            json::serialize(json::object{{"shapes", shapes}, {"deals", deals}, {"sample", json::parse(sample_text)}}) +
            '\n';
    }

    // A formula that has a value, over all deals; false where it is none.
    bool typed(const formula::Function* function) {
        const auto gives = function ? RandomFormula::kind_of(*function) : std::nullopt;
        const bool is_of_moments = function && function->give == Give::moment;
        formulas_.begin_with(function);
        const auto tree = formulas_.of(gives           ? *gives
                                       : is_of_moments ? Kind::date
                                                       : formulas_.any_kind(),
            1 + int(dice_.below(3)));
        formulas_.begin_with(nullptr);
        const std::string text = print(tree);
        const auto again = formula::parse(text);
        choose_moment();
        const auto checked =
            again ? formula::check(*again, {RigShape::of("deal"), moment_.zone}) : Result<Checked>(fail(again.error()));
        if (!checked) {
            if (checked.error().code == "formula.bad_argument" || checked.error().code == "formula.unknown_zone")
                write(text, RigShape::of("deal"), nullptr);
            return false;
        }
        write(text, RigShape::of("deal"), nullptr);
        return true;
    }

    // Any text: what is wrong in it, or its value.
    void any() {
        std::string text = print(trees_.any(int(dice_.below(4))));
        static const std::vector<std::string> pieces{"(", ")", "\"", "'", "，", "。", "AND ", " NOT ", "1", ".", "（",
            "<", "=", "上", " IN ", "%", "{", "[", "￥"};
        if (dice_.one_in(2)) {
            std::size_t at = dice_.below(text.size() + 1);
            while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
                --at;
            text.insert(at, dice_.of(pieces));
        }
        if (dice_.one_in(3))
            text = text.substr(0, formula::text_bytes_max);
        choose_moment();
        write(text, sample_.shape(), &sample_.record());
    }

    // A pattern by chance, which may be none, over a text by chance.
    void pattern() {
        static const std::vector<std::string> pieces{"a", "b", "A", "1", "上", " ", ".", "*", "+", "?", "??", "*?", "|",
            "(", ")", "(?:", "(?i)", "(?s:", "(?P<n>", "(?=", "[ab]", "[^a]", "[a-c1]", "[[:alpha:]]", "[b-a]", "[",
            "]", "{1,2}", "{2}", "{,3}", "{3,1}", "^", "$", "\\d", "\\W", "\\b", "\\B", "\\pL", "\\p{Han}", "\\PN",
            "\\p{No}", "\\q", "\\.", "\\Qa+\\E", "\\x41", "\\x{4e0a}", "\\1", "\\A", "\\z", "-", "\\"};
        static const std::vector<std::string> subjects{"", "a", "ab", "aab b", "上海ab", "A1 a1\nb", "abcabc", "a+a+"};
        static const std::vector<std::string> rewrites{"", "x", "\\0\\0", "[\\1]", "\\2", "\\q", "\\"};
        std::string pattern;
        for (std::size_t count = 1 + dice_.below(5); count > 0; --count)
            pattern += dice_.of(pieces);
        std::vector<Expression> args{formula::literal(dice_.of(subjects)), formula::literal(pattern)};
        const std::string name = dice_.of(std::vector<std::string>{"REGEXMATCH", "REGEXEXTRACT", "REGEXREPLACE"});
        if (name == "REGEXREPLACE")
            args.push_back(formula::literal(dice_.of(rewrites)));
        choose_moment();
        write(print(formula::call(name, std::move(args))), sample_.shape(), &sample_.record());
    }

    std::string lines;
    std::int64_t cases = 0, formulas = 0, blanks = 0, errors = 0, faults = 0, elsewhere = 0, edges = 0;
    std::map<std::string, std::int64_t> shares;

  private:
    void choose_moment() {
        static const std::vector<std::string> zones{"UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin",
            "America/Havana", "Asia/Kolkata", "Australia/Lord_Howe"};
        static const std::vector<std::string> moments{"2026-05-31T08:30:00Z", "2026-03-29T00:59:59.999999Z",
            "2024-02-29T23:30:00Z", "2026-11-01T05:30:00Z", "2025-12-31T16:00:00Z"};
        moment_ = {*parse_rfc3339(dice_.of(moments)), *Zone::named(dice_.of(zones))};
    }

    void write(const std::string& text, const formula::Shape& shape, const formula::Record* record) {
        json::object line{{"text", text}, {"zone", moment_.zone.name()}, {"now", to_rfc3339(moment_.now)}};
        if (record)
            line["is_sample"] = true;
        const auto checked = [&]() -> Result<Checked> {
            return formula::check(TRY(formula::parse(text)), {shape, moment_.zone});
        }();
        ++formulas;
        if (!checked) {
            line["fault"] = told(checked.error());
            ++faults;
            ++cases;
        } else {
            std::set<std::string> names;
            names_in(*checked, names);
            line["values"] = values_of(*checked, record, names);
            json::array list;
            for (const auto& name : names)
                list.emplace_back(name);
            line["names"] = std::move(list);
        }
        lines += json::serialize(line) + '\n';
    }

    json::array values_of(const Checked& checked, const formula::Record* record, const std::set<std::string>& names) {
        const auto program = compile(checked);
        formula::Run run{moment_, {.time = std::chrono::milliseconds{60'000}}};
        json::array values;
        const auto add = [&](const formula::Record& one) {
            const auto value = program.evaluate(run, one);
            note(value);
            for (const auto& name : names)
                ++shares[name];
            values.push_back(told(value));
        };
        if (record)
            add(*record);
        else
            for (const Row& deal : world_.rows("deal"))
                add(deal);
        return values;
    }

    void note(const formula::Value& value) {
        ++cases;
        blanks += value.is_blank();
        errors += value.is_error();
        elsewhere += moment_.zone.name() != "UTC";
        const auto* number = value.as<Decimal>();
        edges += (value.is_error() && value.trouble().why == formula::Why::out_of_range) ||
                 (number && (number->places() == Decimal::places_max || number->to_string().size() > 25));
    }

    Dice dice_;
    World world_;
    RandomFormula formulas_;
    formula::RandomTree trees_;
    formula::Sample sample_;
    formula::Moment moment_{};
};

TEST(BrowserCases, AreOfEveryFunctionAndEdge) {
    Written written(unsigned(number_in("ONEFOLD_LAW_SEED", 20260531)));
    const std::int64_t wanted = number_in("ONEFOLD_LAW_CASES", 6000);
    const auto functions = formula::functions();
    for (std::size_t i = 0; written.cases < wanted || i < functions.size() * 3; ++i)
        if (i % 3 == 0) {
            written.any();
            written.pattern();
        } else
            for (int tries = 0;
                tries < 100 && !written.typed(i % 3 == 1 ? nullptr : &functions[i / 3 % functions.size()]); ++tries)
                ;
    for (const auto& function : functions)
        if (function.give != Give::list && function.give != Give::values && function.give != Give::texts &&
            !formula::operator_of(function.name)) {
            EXPECT_GT(written.shares[function.name], 0) << function.name;
        }
    EXPECT_GT(written.blanks, 0);
    EXPECT_GT(written.errors, 0);
    EXPECT_GT(written.faults, 0);
    EXPECT_GT(written.elsewhere, 0);
    EXPECT_GT(written.edges, 0);
    if (const char* path = std::getenv("ONEFOLD_CASES_FILE"))
        std::ofstream(path) << written.lines;
}

} // namespace
} // namespace onefold::query::rig
