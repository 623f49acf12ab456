#pragma once
// Messages that were refused, kept with their reason: the newest of each source.
#include "core/id.h"
#include "store/store.h"
#include "tracking/message.h"

#include <mutex>
#include <unordered_map>
#include <vector>

namespace onefold::tracking {

struct RefusedMessage {
    std::int64_t id;
    Instant at;
    std::string code, path; // path: a JSON pointer into the message
    std::string message;    // JSON, its first 32 KiB
};

// Thread-safe.
class RefusedMessages {
  public:
    static constexpr std::int64_t kept_max = 10'000; // a source; up to a tenth more between two clearings

    explicit RefusedMessages(store::Database& database) : database_(database) {}

    // Durable when it returns.
    Result<> keep(SourceId source, Instant at, const std::vector<Refused>& refused);
    // The newest first, below the id `before` where it is given.
    Result<std::vector<RefusedMessage>> list(
        SourceId source, std::optional<std::int64_t> before, std::int64_t limit) const;

  private:
    bool is_clearing_due(SourceId source, std::size_t added);

    store::Database& database_;
    std::mutex mutex_;
    std::unordered_map<std::int64_t, std::int64_t> added_; // by source, since it was cleared
};

} // namespace onefold::tracking
