#pragma once
// The values of one statement and the two spellings of SQL. Values reach SQL only through here, names only through
// `quoted`.
#include "core/time.h"
#include "store/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace onefold::query {

class Binds {
  public:
    // `now` is what `ago` counts from.
    Binds(store::Dialect dialect, std::optional<Instant> now) : dialect_(dialect), now_(now) {}

    // A placeholder for the value, typed where the database would have to guess.
    std::string add(std::int64_t value);
    std::string add(std::string value);
    std::string add(store::Blob value);

    std::optional<Instant> now() const { return now_; }
    store::Dialect dialect() const { return dialect_; }
    bool is_postgres() const { return dialect_ == store::Dialect::postgres; }
    std::size_t size() const { return values_.size(); }
    store::Values take() { return std::move(values_); }

    // A name that no other table of this statement has: t1, t2 …
    std::string next_alias();
    int aliases() const { return aliases_; }

  private:
    store::Dialect dialect_;
    std::optional<Instant> now_;
    store::Values values_;
    int aliases_ = 0;
};

// "name" with its quotes doubled.
std::string quoted(std::string_view name);
// alias."column"
std::string qualified(std::string_view alias, std::string_view column);

} // namespace onefold::query
