#pragma once
// The local day of an instant, quickly: asking a zone costs a microsecond, and events of one quarter of an hour share
// their day.
#include "core/time.h"

#include <unordered_map>

namespace onefold::columns {

class LocalDays {
  public:
    explicit LocalDays(Zone zone) : zone_(std::move(zone)) {}
    std::int64_t of(Instant at); // days since 1970

  private:
    static constexpr std::size_t known_max = 100'000;
    const Zone zone_;
    std::unordered_map<std::int64_t, std::int64_t> known_; // quarter of an hour → day
};

} // namespace onefold::columns
