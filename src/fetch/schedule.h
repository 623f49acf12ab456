#pragma once
// When a source is looked at. Pure.
#include "fetch/fetch.h"

namespace onefold::fetch {

// Minutes of the day out of "03:30"; nothing for what is none.
std::optional<std::int64_t> parse_time_of_day(std::string_view text);

// The next moment at which a look is due, in the past where it is overdue; nothing where it looks by hand only.
// A daily look that failed is due again an hour later.
std::optional<Instant> next_due(const Settings& settings, const std::optional<Look>& last, const Zone& zone);

} // namespace onefold::fetch
