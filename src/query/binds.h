#pragma once
// The values of one statement and the two spellings of SQL. Values reach SQL only through here, names only through
// `quoted`.
#include "store/store.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace onefold::query {

class Binds {
  public:
    explicit Binds(store::Dialect dialect) : dialect_(dialect) {}

    // A placeholder for the value, typed where the database would have to guess.
    std::string add(std::int64_t value);
    std::string add(std::string value);

    store::Dialect dialect() const { return dialect_; }
    bool is_postgres() const { return dialect_ == store::Dialect::postgres; }
    store::Values take() { return std::move(values_); }

    // A name that no other table of this statement has: t1, t2 …
    std::string next_alias();
    int aliases() const { return aliases_; }

  private:
    store::Dialect dialect_;
    store::Values values_;
    int aliases_ = 0;
};

// "name" with its quotes doubled.
std::string quoted(std::string_view name);
// alias."column"
std::string qualified(std::string_view alias, std::string_view column);

} // namespace onefold::query
