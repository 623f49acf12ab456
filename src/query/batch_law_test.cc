// Conditions by chance over many records at once: what the batch says of each is what the program says of it alone.
// ONEFOLD_LAW_CASES=10000000 for more, ONEFOLD_LAW_SEED=n for others.
#include "formula/batch.h"
#include "query/random_formula.h"

#include <gtest/gtest.h>
#include <iostream>

namespace onefold::query::rig {
namespace {

constexpr std::size_t deals_count = 1100; // more than one block, and not whole words

// The deals' own fields as columns.
class DealColumns final : public formula::Records {
  public:
    explicit DealColumns(const std::deque<Row>& deals) : deals_(deals) {
        const auto& fields = kinds().at("deal").fields;
        for (std::size_t slot = 0; slot < fields.size(); ++slot)
            columns_.push_back(column_of(fields[slot], slot));
    }
    const formula::Record& record(std::size_t index) const override { return deals_[index]; }
    formula::Columns columns(const formula::Records* whole) const { return {deals_.size(), columns_, whole}; }

  private:
    formula::Column column_of(const Field& field, std::size_t slot) {
        auto& whole = whole_.emplace_back();
        auto& texts = texts_.emplace_back();
        auto& blanks = blanks_.emplace_back((deals_.size() + 63) / 64);
        for (std::size_t i = 0; i < deals_.size(); ++i) {
            const formula::Value value = deals_[i].value(slot);
            const auto* text = value.as<std::string_view>();
            if (value.is_blank())
                blanks[i / 64] |= std::uint64_t(1) << (i % 64);
            if (field.kind == Kind::text)
                texts.push_back(text ? *text : "not to be seen");
            else
                whole.push_back(value.is_blank() ? 5 : whole_of(value, field.scale));
        }
        return {field.kind, whole, texts, field.scale, blanks};
    }
    static std::int64_t whole_of(const formula::Value& value, int scale) {
        if (const auto* number = value.as<Decimal>())
            return number->scaled(scale).value();
        if (const auto* date = value.as<formula::Date>())
            return date->time_since_epoch().count();
        const auto* at = value.as<Instant>();
        return at ? micros_of(*at) : std::int64_t(value.is_true());
    }

    const std::deque<Row>& deals_;
    std::deque<std::vector<std::int64_t>> whole_;
    std::deque<std::vector<std::string_view>> texts_;
    std::deque<std::vector<std::uint64_t>> blanks_;
    std::vector<formula::Column> columns_;
};

void slots_in(const Checked& checked, std::set<std::size_t>& slots) {
    if (checked.form == Checked::Form::field && checked.scope == 0 && checked.path.size() == 1)
        slots.insert(checked.path[0].number);
    for (const Checked& arg : checked.args)
        slots_in(arg, slots);
}

struct Counted {
    std::int64_t cases = 0, blanks = 0, errors = 0, holds = 0, fails = 0, elsewhere = 0, edges = 0;
    std::map<std::string, std::int64_t> shares;
    void tell(std::string_view what) const {
        std::cout << fmt::format("{}: {} cases, {} hold, {} fail, {} blank, {} errors, {} in other zones than UTC, {} "
                                 "at the edge of decimals\n",
            what, cases, holds, fails, blanks, errors, elsewhere, edges);
        for (const auto& [name, count] : shares)
            std::cout << fmt::format("{:18} {:6.2f} %\n", name, 100.0 * double(count) / double(cases));
    }
};

class Held {
  public:
    explicit Held(unsigned seed)
        : dice_(seed), world_(dice_, deals_count), columns_(world_.rows("deal")), formulas_(dice_) {}

    // False: the formula was none.
    bool one(const formula::Function* function) {
        static const std::vector<std::string> zones{"UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"};
        const Zone zone = *Zone::named(dice_.of(zones));
        const formula::Moment moment{*parse_rfc3339("2026-05-31T08:30:00Z"), zone};
        const auto tree = condition(function);
        const auto checked = formula::check_condition(tree, {RigShape::of("deal"), zone});
        if (!checked)
            return false;
        std::set<std::string> names;
        names_in(*checked, names);
        const bool is_related = names.contains("(related records)") || print(tree).contains("owner");
        const auto batch = formula::compile_batch(*checked);
        const auto program = compile(*checked);
        formula::Run run{moment, {.time = std::chrono::minutes{1}}};
        const auto verdicts = batch.decide(run, columns_.columns(is_related ? &columns_ : nullptr));
        std::set<std::size_t> slots;
        slots_in(*checked, slots);
        std::vector<Counted*> counted{&all};
        if (batch.is_over_columns())
            counted.push_back(&over_columns);
        for (auto* one : counted)
            for (const auto& name : names)
                one->shares[name] += deals_count;
        for (std::size_t i = 0; i < deals_count; ++i) {
            const auto& deal = world_.rows("deal")[i];
            const auto value = program.evaluate(run, deal);
            if (value.is_error() && formula::is_spent(value.trouble().why))
                continue;
            const bool holds = verdicts.holds[i / 64] >> (i % 64) & 1, fails = verdicts.fails[i / 64] >> (i % 64) & 1;
            const bool is_false = value.as<bool>() && !value.is_true();
            for (auto* one : counted)
                note(*one, value, moment, deal, slots);
            if (holds != value.is_true() || fails != is_false) {
                ADD_FAILURE() << "deal " << i + 1 << " in " << zone.name() << ": " << print(tree) << "\nalone "
                              << (value.is_error() ? "an error" : to_text(value)) << ", of many "
                              << (holds      ? "TRUE"
                                     : fails ? "FALSE"
                                             : "");
                ++differences;
                return true;
            }
        }
        return true;
    }

    Counted all, over_columns;
    int differences = 0;

  private:
    Expression condition(const formula::Function* function) {
        const auto gives = function ? RandomFormula::kind_of(*function) : std::nullopt;
        const bool is_of_moments = function && function->give == Give::moment;
        const Kind kind = gives ? *gives : is_of_moments ? Kind::date : function ? formulas_.any_kind() : Kind::truth;
        formulas_.begin_with(function);
        Expression one = formulas_.of(kind, 1 + int(dice_.below(3)));
        formulas_.begin_with(nullptr);
        if (!function && dice_.one_in(3)) {
            const Kind among = formulas_.any_kind();
            one = formula::call(Operator::in, {formulas_.of(among, 0), formulas_.of(among, 0), formulas_.of(among, 0)});
        }
        if (kind != Kind::truth)
            one = formula::call(Operator(int(Operator::equal) + int(dice_.below(6))), {one, formulas_.of(kind, 0)});
        switch (dice_.below(4)) {
        case 0:
            return formula::call(Operator::not_, {std::move(one)});
        case 1:
            return formula::call(dice_.one_in(2) ? Operator::and_ : Operator::or_,
                {std::move(one), formulas_.of(Kind::truth, 1), formulas_.of(Kind::truth, 1)});
        default:
            return one;
        }
    }

    static void note(Counted& counted, const formula::Value& value, const formula::Moment& moment, const Row& deal,
        const std::set<std::size_t>& slots) {
        ++counted.cases;
        counted.blanks += value.is_blank();
        counted.errors += value.is_error();
        counted.holds += value.is_true();
        counted.fails += value.as<bool>() && !value.is_true();
        counted.elsewhere += moment.zone.name() != "UTC";
        counted.edges += std::ranges::any_of(slots, [&](std::size_t slot) {
            const auto value = deal.value(slot);
            const auto* number = value.as<Decimal>();
            return number && (number->places() == Decimal::places_max || number->to_string().size() > 18);
        });
    }

    Dice dice_;
    World world_;
    DealColumns columns_;
    RandomFormula formulas_;
};

std::int64_t number_in(const char* name, std::int64_t otherwise) {
    const char* text = std::getenv(name);
    return text ? std::atoll(text) : otherwise;
}

TEST(BatchLaw, ManyAtOnceAreToldWhatEachIsToldAlone) {
    const auto seed = unsigned(number_in("ONEFOLD_LAW_SEED", 20260531));
    Held held(seed);
    const std::int64_t wanted = number_in("ONEFOLD_LAW_CASES", 1'000'000);
    const auto functions = formula::functions();
    constexpr std::string_view operators[] = {
        "and", "or", "not", "=", "<>", "<", "<=", ">", ">=", "in", "blank", "contains"};
    // Few conditions are over columns alone: it goes on until each operator was among them.
    const auto is_one_missing = [&] {
        return std::ranges::any_of(
            operators, [&](std::string_view name) { return held.over_columns.shares[std::string(name)] == 0; });
    };
    for (std::size_t i = 0;
        held.all.cases < wanted || i < functions.size() * 2 || (i < functions.size() * 20 && is_one_missing()); ++i) {
        for (int tries = 0; tries < 100 && !held.one(i % 2 ? nullptr : &functions[i / 2 % functions.size()]); ++tries)
            ;
        ASSERT_LT(held.differences, 5) << "seed " << seed;
    }
    held.all.tell("all");
    held.over_columns.tell("over columns alone");
    for (const auto& function : functions)
        if (function.give != Give::list && function.give != Give::values && function.give != Give::texts) {
            const auto op = formula::operator_of(function.name);
            EXPECT_GT(held.all.shares[op ? std::string(formula::sign_of(*op)) : function.name], 0) << function.name;
        }
    for (const auto* counted : {&held.all, &held.over_columns})
        for (const std::int64_t count :
            {counted->holds, counted->fails, counted->blanks, counted->elsewhere, counted->edges})
            EXPECT_GT(count, 0);
    EXPECT_GT(held.all.errors, 0);
    for (const std::string_view name : operators)
        EXPECT_GT(held.over_columns.shares[std::string(name)], 0) << name;
}

} // namespace
} // namespace onefold::query::rig
