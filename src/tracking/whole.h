#pragma once
// Requests that were refused as a whole, as the page of their source shows them: what cannot be read or is too large,
// and the start of a tracker on a page that may not send. Pure.
//
// Whoever sends them can make up origins and send again and again: of a source at most `whole_reasons_max` reasons are
// written down in an hour, each at most every ten seconds, with how often it came meanwhile. What waits when the
// program stops is not written.
#include "core/id.h"
#include "tracking/message.h"

#include <map>
#include <mutex>

namespace onefold::tracking {

inline constexpr std::size_t excerpt_bytes_max = 1000;
inline constexpr std::size_t whole_reasons_max = 20;
inline constexpr std::chrono::seconds whole_interval{10};

// Of a body that was answered with `error`: the reason under the code that its sender got, the beginning of the body
// without what is no text and whatever stands behind `key_name`, the name of the write key.
Refused refused_body(const Error& error, std::string_view body, std::string_view key_name, std::string_view call);
Refused refused_start(std::string_view origin);

// Thread-safe.
class WholeRequests {
  public:
    // How often the reason came since it was written last, this time included; 0 where it is not to be written now.
    std::int64_t take(SourceId source, const Reason& reason, Instant now);

  private:
    struct Seen {
        Instant written_at;
        std::int64_t waiting = 0;
    };
    struct Hour {
        std::chrono::hours begin{};
        std::map<std::pair<std::string_view, std::string>, Seen> reasons;
    };
    std::mutex mutex_;
    std::map<SourceId, Hour> by_source_;
};

// By which what comes within the same hour is counted once.
std::string once_of(Instant now);

} // namespace onefold::tracking
