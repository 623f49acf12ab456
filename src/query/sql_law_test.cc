// Formulas by chance over records by chance: each database's SQL alone has the value that the program computes.
// ONEFOLD_LAW_CASES=100000 for more, ONEFOLD_LAW_SEED=n for others.
#include "query/random_formula.h"

#include <gtest/gtest.h>
#include <iostream>

namespace onefold::query::rig {
namespace {

const std::vector<std::string> zones{"UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "America/Havana",
    "Asia/Kolkata", "Australia/Lord_Howe"};

struct Share {
    std::int64_t cases = 0, by_name[3] = {};
};

class Held {
  public:
    explicit Held(unsigned seed) : dice_(seed), world_(dice_, 16), databases_(world_.statements()), formulas_(dice_) {}

    // One formula over all deals. False: the formula was none.
    bool one(const formula::Function* function) {
        const auto gives = function ? RandomFormula::kind_of(*function) : std::nullopt;
        const bool is_of_moments = function && function->give == Give::moment;
        const Kind kind = gives ? *gives : is_of_moments ? Kind::date : formulas_.any_kind();
        formulas_.begin_with(function);
        const auto tree = formulas_.of(kind, 1 + int(dice_.below(3)));
        formulas_.begin_with(nullptr);
        const Zone zone = *Zone::named(dice_.of(zones));
        const formula::Moment moment{*parse_rfc3339("2026-05-31T08:30:00Z"), zone};
        const auto checked = formula::check(tree, {RigShape::of("deal"), zone});
        if (!checked || checked->type.kind == Kind::list || checked->type.kind == Kind::blank)
            return false;
        const auto program = compile(*checked);
        formula::Run run{moment};
        std::vector<std::optional<std::string>> wanted;
        std::vector<bool> is_spent;
        for (const Row& deal : world_.rows("deal")) {
            const auto value = program.evaluate(run, deal);
            is_spent.push_back(value.is_error() && formula::is_spent(value.trouble().why));
            wanted.push_back(value.is_blank() || value.is_error() ? std::nullopt : std::optional(carried(value)));
            note(value, moment);
        }
        std::set<std::string> names;
        names_in(*checked, names);
        for (const auto& name : names)
            shares_[name].cases += std::int64_t(wanted.size());
        for (const SqlDialect dialect : dialects)
            compare(dialect, *checked, moment, print(tree), wanted, is_spent, names);
        ++formulas;
        cases += std::int64_t(wanted.size());
        return true;
    }

    void tell() const {
        std::cout << formulas << " formulas, " << cases << " cases: " << blanks << " blank, " << errors << " errors, "
                  << elsewhere << " in other zones than UTC, " << edges << " at the edge of decimals\n"
                  << too_large << " formulas took more memory than DuckDB may have\n"
                  << "share of cases, and of those in the SQL of SQLite, PostgreSQL, DuckDB:\n";
        for (const auto& [name, share] : shares_)
            std::cout << fmt::format("{:18} {:6.2f} %   {:4.0f} % {:4.0f} % {:4.0f} %\n", name,
                100.0 * double(share.cases) / double(cases), part(share, 0), part(share, 1), part(share, 2));
    }
    const std::map<std::string, Share>& shares() const { return shares_; }

    std::int64_t formulas = 0, cases = 0, blanks = 0, errors = 0, elsewhere = 0, edges = 0, too_large = 0;
    int differences = 0;

  private:
    static double part(const Share& share, std::size_t dialect) {
        return share.cases ? 100.0 * double(share.by_name[dialect]) / double(share.cases) : 0;
    }

    void note(const formula::Value& value, const formula::Moment& moment) {
        blanks += value.is_blank();
        errors += value.is_error();
        elsewhere += moment.zone.name() != "UTC";
        const auto* number = value.as<Decimal>();
        const bool is_too_long = value.is_error() && value.trouble().why == formula::Why::out_of_range;
        edges +=
            is_too_long || (number && (number->places() == Decimal::places_max || number->to_string().size() > 25));
    }

    void compare(SqlDialect dialect, const Checked& checked, const formula::Moment& moment, const std::string& text,
        const std::vector<std::optional<std::string>>& wanted, const std::vector<bool>& is_spent,
        const std::set<std::string>& names) {
        RigTables tables(dialect);
        const auto sql = value_sql(checked, tables, dialect, moment);
        if (!sql) {
            EXPECT_EQ(sql.error().code, "query.not_in_sql") << text;
            return;
        }
        const std::string statement = fmt::format("SELECT {} FROM deal AS t0 ORDER BY t0.id", *sql);
        const auto answers = databases_.ask(dialect, statement, tables.values);
        const auto about = [&](std::string_view what) {
            return fmt::format("{} in {}: {}\n{}\n{}", dialect_names[std::size_t(dialect)], moment.zone.name(), text,
                what, statement.substr(0, 3000));
        };
        if (!answers && answers.error().code == "columns.too_large") {
            ++too_large; // of DuckDB's memory: no answer, and no wrong one
            return;
        }
        if (!answers) {
            ++differences;
            ADD_FAILURE() << about(answers.error().message.in("en"));
            return;
        }
        for (const auto& name : names)
            shares_[name].by_name[std::size_t(dialect)] += std::int64_t(wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i)
            if (!is_spent[i] && (*answers)[i] != wanted[i]) {
                ++differences;
                ADD_FAILURE() << about(fmt::format(
                    "deal {}: {}, but computed {}", i + 1, (*answers)[i].value_or("NULL"), wanted[i].value_or("NULL")));
                return;
            }
    }

    Dice dice_;
    World world_;
    Databases databases_;
    RandomFormula formulas_;
    std::map<std::string, Share> shares_;
};

TEST(SqlLaw, EachDatabaseFindsWhatTheProgramComputes) {
    const auto seed = unsigned(number_in("ONEFOLD_LAW_SEED", 20260531));
    Held held(seed);
    const std::int64_t wanted = number_in("ONEFOLD_LAW_CASES", 6000);
    const auto functions = formula::functions();
    for (std::size_t i = 0; held.cases < wanted || i < functions.size() * 2; ++i) {
        for (int tries = 0; tries < 100 && !held.one(i % 2 ? nullptr : &functions[i / 2 % functions.size()]); ++tries)
            ;
        ASSERT_LT(held.differences, 5) << "seed " << seed;
    }
    held.tell();
    for (const auto& function : functions) {
        if (function.give != Give::list && function.give != Give::values && function.give != Give::texts &&
            !formula::operator_of(function.name)) {
            EXPECT_TRUE(held.shares().contains(function.name)) << function.name;
        }
    }
    EXPECT_GT(held.blanks, 0);
    EXPECT_GT(held.errors, 0);
    EXPECT_GT(held.elsewhere, 0);
    EXPECT_GT(held.edges, 0);
    EXPECT_LE(held.too_large * 1000, held.formulas);
}

} // namespace
} // namespace onefold::query::rig
