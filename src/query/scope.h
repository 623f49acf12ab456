#pragma once
// The tables that a query touches: its object, and what its paths reach over relations. A path is joined once.
#include "query/operand.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onefold::query {

class Scope {
  public:
    // `alias` is the name under which the root's table stands in the statement.
    Scope(const Catalogue& catalogue, Binds& binds, const ObjectEntry& root, std::string alias, int depth = 0);

    Result<Operand> resolve(const std::vector<std::string>& path, const std::string& where);
    const std::string& alias() const { return alias_; }
    std::string own_key_sql() const { return qualified(alias_, root_.key); }
    std::string key_sql() const { return key_sql_.empty() ? own_key_sql() : key_sql_; }

    // The root's `always`, or "". Nearly every row meets it, so SQLite is kept from looking for an index.
    Result<std::string> always();
    // The table to begin with: the root, or after `lead` the root's extension that holds this field, with the root
    // beside it.
    std::string from() const;
    // Whether it could be done; then `key_sql` is the extension's.
    bool lead(const std::vector<std::string>& path);
    // Only rows in which every field that this condition needs is not blank can meet it: their joins become inner ones,
    // so that the database may begin at their end. The condition's paths have been resolved.
    void narrow(const formula::Expression& condition);
    // " JOIN … LEFT JOIN …", whole once every path is resolved.
    std::string joins() const;

  private:
    struct Place {
        const ObjectEntry* object;
        std::string alias;
    };
    struct Cell {
        std::string alias;
        std::string sql;
    };
    enum class Strength { inner, left };
    struct Join {
        std::string alias;
        std::string from;  // the alias that it hangs on
        std::string table; // "table" AS alias
        std::string on;
        Strength strength = Strength::left;
    };

    void require(const formula::Expression& expression);
    Result<Operand> read(
        const Place& place, const FieldEntry& field, const std::vector<std::string>& path, const std::string& where);
    Result<Place> follow(
        const Place& from, const FieldEntry& field, const std::vector<std::string>& prefix, const std::string& where);
    Result<Cell> column(const Place& place, const FieldEntry& field, const std::string& where);
    Result<Operand> many(const Place& place, const FieldEntry& field, const std::string& where);
    Result<Cell> link(
        const Place& from, const FieldEntry& field, const std::vector<std::string>& prefix, const std::string& where);
    Result<std::string> restriction(const Place& place);
    Result<> join(std::string_view table, Join join, const std::string& where);
    Result<> check_width(const std::string& where) const;

    const Catalogue& catalogue_;
    Binds& binds_;
    const ObjectEntry& root_;
    std::string alias_;
    int depth_; // of `always` within `always`
    std::vector<Join> joins_;
    std::optional<Join> leading_;
    std::string key_sql_;
    std::map<std::vector<std::string>, Place> places_;
    std::map<std::vector<std::string>, Cell> links_;
    std::map<std::vector<std::string>, std::string> ends_;                  // path → the alias that holds its column
    std::map<std::pair<std::string, std::string>, std::string> extensions_; // alias and table → alias
};

} // namespace onefold::query
