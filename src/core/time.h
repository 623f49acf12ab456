#pragma once
// Instants (UTC, microseconds) and the zones of the world (ICU's tables).
#include "core/result.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace onefold {

// A point of UTC; its count of microseconds since 1970 is what stores keep.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

inline std::int64_t micros_of(Instant at) {
    return at.time_since_epoch().count();
}
inline Instant instant_of(std::int64_t micros) {
    return Instant{std::chrono::microseconds{micros}};
}

// RFC 3339 in UTC: "2010-12-01T08:26:00Z", with milliseconds or microseconds only where there are any.
std::string to_rfc3339(Instant at);

// RFC 3339 with an offset. Accepts 'T' or a space, 1 to 9 digits of fraction (cut to microseconds), years 0001 to 9999.
Result<Instant> parse_rfc3339(std::string_view text);

class Zone {
  public:
    Zone() : name_("UTC") {}
    // An IANA name ("Asia/Shanghai"); time.unknown_zone for others.
    static Result<Zone> named(std::string_view name);
    const std::string& name() const { return name_; }

    // The instant of a wall clock time here. A time that a shift skips moves forward by the gap, one that comes twice
    // means the first.
    Instant instant_of_local(std::chrono::local_time<std::chrono::microseconds> local) const;
    std::chrono::local_time<std::chrono::microseconds> local_of(Instant at) const;

  private:
    std::string name_;
};

// A date, or a date and a time of day, as files write them: RFC 3339, else ISO without offset read in `zone`
// ("2010-12-01 08:26:00", "2010-12-01", "2010/12/1 8:26").
Result<Instant> parse_time(std::string_view text, const Zone& zone);

} // namespace onefold
