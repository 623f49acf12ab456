#pragma once
// How the parts of a formula become SQL, for the files that write it.
#include "formula/value.h"
#include "query/sql.h"
#include "query/sql_call.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::query {

// A part as SQL. Where `fails` holds, the part is an error; it may be NULL where it does not.
struct Piece {
    formula::Type type;
    std::string sql;
    int scale = -1;              // of a number: units of 10^-scale, or -1
    int whole = 38, places = 12; // at most so many digits of a number before and behind the point
    std::string fails;           // "": never
    std::optional<formula::Constant> constant;
    // A list is carried as a text in `sql`, or is one of these.
    std::optional<std::vector<Piece>> members;
    struct Gathered {
        SqlTables::Source source; // its `where` has the condition in it
        std::string plain_where;  // without it
        std::string condition, condition_fails;
    };
    std::optional<Gathered> gathered; // members[0] is what is taken of each record

    bool is_blank() const { return constant && std::holds_alternative<std::monostate>(*constant); }
    bool is_unit() const { return scale >= 0; }
    const Decimal* number() const { return constant ? std::get_if<Decimal>(&*constant) : nullptr; }
    const std::string* text() const { return constant ? std::get_if<std::string>(&*constant) : nullptr; }
};
using Pieces = std::vector<Piece>;

class SqlWriter {
  public:
    SqlWriter(SqlTables& tables, SqlDialect dialect, const formula::Moment& moment)
        : tables_(tables), dialect_(dialect), moment_(moment) {}

    Result<Piece> piece(const formula::Checked& checked);
    std::string as_text(const Piece& piece);
    std::string as_condition(const Piece& piece) const {
        return piece.is_blank() ? null_sql({formula::Kind::truth}) : piece.sql;
    }
    // The text with its values bound: those that still stand in it.
    std::string finished(std::string_view text);

  private:
    bool is_postgres() const { return dialect_ == SqlDialect::postgres; }
    bool is_sqlite() const { return dialect_ == SqlDialect::sqlite; }
    bool is_duckdb() const { return dialect_ == SqlDialect::duckdb; }

    // sql.cc: what stands in a tree
    Result<Piece> own_piece(const formula::Checked& checked);
    Result<Pieces> pieces(std::span<const formula::Checked> checked);
    Result<Piece> computed(const formula::Checked& checked);
    std::string mark(store::Value value);
    Piece bound(const formula::Value& value, formula::Type type);
    Piece blank(formula::Type type) const;
    Result<Piece> field(const formula::Checked& checked);
    Result<Piece> gather(const formula::Checked& checked);
    Result<Piece> called(const formula::Checked& checked);
    Result<Piece> operation(const formula::Checked& checked, Pieces args);
    std::string null_sql(formula::Type type) const;
    std::string cast(std::string_view sql, std::string_view type) const;
    Failure not_in_sql(const formula::Checked& checked, std::string_view what = "") const;

    // sql_condition.cc: AND, IF and their kin
    Piece joined(formula::Operator op, Pieces args);
    Piece denied(Piece one);
    Result<Piece> membership(const formula::Checked& checked, Pieces args);
    Piece is_blank(Piece one);
    Result<Piece> special(const formula::Checked& checked, Pieces args);
    Piece chosen(formula::Type type, Pieces conditions, Pieces values, std::string otherwise_fails = "");
    Piece chosen_by_place(formula::Type type, Pieces args);
    Piece coalesced(formula::Type type, Pieces args);
    void alike(Pieces& values, formula::Type type);
    static std::string fails_of(std::span<const Piece> pieces);
    static std::string guarded(const std::string& fails, std::string sql);

    // sql_compare.cc
    Piece compared(formula::Operator op, Piece left, Piece right);
    std::string comparison(formula::Operator op, const Piece& left, const Piece& right);
    std::string number_comparison(formula::Operator op, const Piece& left, const Piece& right);
    std::string against_constant(formula::Operator op, const Piece& piece, const Decimal& number);
    Piece exact(Piece number); // with scale -1

    // sql_ours.cc: `formula(…)`
    struct Given {
        Carried kind;
        std::string sql;
    };
    Given given(const Piece& piece);
    std::string item(const Piece& piece);
    std::string packed(const Piece& list);
    Piece ours(std::string_view name, formula::Type type, const Pieces& args, bool never_fails = false);
    Piece typed(std::string sql, formula::Type type);

    // sql_list.cc
    Result<std::optional<Piece>> aggregate(const formula::Checked& checked, const Pieces& args);
    Piece has(bool needs_all, const Pieces& args);
    Piece counted(const Piece& list, bool is_distinct);
    Piece quantified(std::string_view name, const Piece& list);
    std::string rows(const Piece& list, std::string_view taken, std::string_view further = "") const;
    Result<std::optional<Piece>> postgres_aggregate(std::string_view name, const Piece& list);
    std::string there(const Piece& piece) const; // "" counts as none

    // sql_postgres.cc: what PostgreSQL computes by itself
    Result<Piece> postgres_operation(const formula::Checked& checked, Pieces args);
    Result<Piece> postgres_function(const formula::Checked& checked, Pieces args);
    Result<Piece> postgres_sum(const formula::Checked& checked, Pieces args);
    std::optional<Piece> postgres_values(std::string_view name, formula::Type type, const Pieces& args);
    std::string text_in_join(const Piece& piece);
    // Of strict parts: NULL beside none of them only where it is an error.
    Piece strict(formula::Type type, std::string sql, const Pieces& args, bool may_fail = true);

    // sql_postgres_number.cc
    struct Digits {
        int whole, places;
    };
    Piece number_of(std::string sql, const Pieces& args, Digits digits, bool may_fail = false);
    Piece whole_number(std::string sql, const Pieces& args, bool may_fail = false);
    std::optional<Piece> postgres_number(std::string_view name, const Pieces& args);
    std::optional<Piece> postgres_rounded(std::string_view name, const Pieces& args);
    std::optional<Piece> postgres_multiple(std::string_view name, const Pieces& args);
    Piece arithmetic(formula::Operator op, const Piece& left, const Piece& right);
    std::optional<Piece> to_power(const Piece& base, const Piece& exponent);

    // sql_postgres_text.cc
    std::optional<Piece> postgres_text(std::string_view name, const Pieces& args);

    // sql_postgres_date.cc
    std::optional<Piece> postgres_date(std::string_view name, const Pieces& args);
    std::optional<Piece> postgres_date_part(std::string_view name, const Pieces& args);
    std::optional<Piece> postgres_difference(std::string_view name, const Pieces& args);
    std::optional<Piece> postgres_moved(const Piece& at, const Piece& count, const Piece& unit);
    static std::string utc_sql(std::string_view micros);
    std::optional<std::string> zone_mark(const Piece* zone);
    std::optional<std::string> local(const Piece& at, const Piece* zone = nullptr);
    Piece date_of(std::string sql, const Pieces& args, bool may_fail = true);
    Piece start_of(Piece day);

    SqlTables& tables_;
    const SqlDialect dialect_;
    const formula::Moment& moment_;
    store::Values values_; // by the number of their marks
};

// With each value computed once: "(SELECT body FROM (SELECT a AS x, b AS y OFFSET 0) AS given)".
std::string let(std::initializer_list<std::string_view> values, std::string_view body);

} // namespace onefold::query
