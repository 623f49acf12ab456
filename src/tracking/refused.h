#pragma once
// Messages that were refused, kept with their reason: the newest of each source.
#include "core/id.h"
#include "store/store.h"
#include "tracking/message.h"

#include <mutex>
#include <unordered_map>
#include <vector>

namespace onefold::tracking {

using RefusedId = Id<struct RefusedMessageNoun>;

struct RefusedMessage {
    RefusedId id;
    SourceId source_id;
    Instant at;             // when it came first
    std::string code, path; // path: a JSON pointer into the message
    std::string message;    // JSON, its first 64 KiB; "" where it may not be kept
    std::string call;       // what it was called as, where the message does not say it
    std::string address;    // of its visitor
    std::optional<Instant> replayed_at;
    std::int64_t times = 1; // that it came, refused for the same reason
    Instant last_at;
};

enum class RefusedState { open, replayed };
struct RefusedFilter {
    RefusedState state = RefusedState::open;
    std::optional<std::string> code, path;
};

struct RefusedReason {
    std::string code, path;
    std::int64_t count;
};

// Thread-safe.
class RefusedMessages {
  public:
    static constexpr std::int64_t kept_max = 10'000; // a source; up to a tenth more between two clearings

    explicit RefusedMessages(store::Database& database) : database_(database) {}

    // Durable when it returns. `address` is the visitor's, "" where it is not known. A message id that is kept for the
    // same reason already is only counted.
    Result<> keep(SourceId source, Instant at, const std::vector<Refused>& refused, std::string_view address = "");
    Result<RefusedMessage> get(RefusedId id) const; // tracking.no_such_refused_message
    // The newest first, below the id `before` where it is given.
    Result<std::vector<RefusedMessage>> list(
        SourceId source, const RefusedFilter& filter, std::optional<RefusedId> before, std::int64_t limit) const;
    // The oldest first, above the id `behind`.
    Result<std::vector<RefusedMessage>> list_oldest(
        SourceId source, const RefusedFilter& filter, RefusedId behind, std::int64_t limit) const;
    // Why those that are open were refused, the most frequent first.
    Result<std::vector<RefusedReason>> list_reasons(SourceId source) const;

    Result<> mark_replayed(const std::vector<RefusedId>& ids, Instant at);
    // How many there were.
    Result<std::int64_t> discard(RefusedId id);
    Result<std::int64_t> discard_all(SourceId source, const RefusedFilter& filter);

  private:
    bool is_clearing_due(SourceId source, std::size_t added);

    store::Database& database_;
    std::mutex mutex_;
    std::unordered_map<std::int64_t, std::int64_t> added_; // by source, since it was cleared
};

} // namespace onefold::tracking
