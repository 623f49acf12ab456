#pragma once
// One message of Segment's shape at the door: checked, brought into one form, ready for the log. Pure.
//
// Taken as well: numbers as ids, user_id for userId (so anonymous_id, group_id, previous_id), `action` for `type`,
// identify with its traits in context.traits only. Everything else stays as it came: unknown members, consent,
// integrations.
#include "core/result.h"
#include "core/time.h"

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace onefold::tracking {

inline constexpr std::size_t message_bytes_max = 32 << 10; // as sent, see compact_size
// With what a batch says for all its messages, and with what the server adds.
inline constexpr std::size_t formed_bytes_max = 128 << 10;
// Of what was refused: a message as sent, and what its batch says for all.
inline constexpr std::size_t refused_bytes_max = 2 * message_bytes_max;
inline constexpr std::chrono::microseconds ahead_max = std::chrono::hours{24};

struct Message {
    std::string id; // made where the sender gave none
    std::string payload;
    std::string visitor; // anonymousId, else userId
};

// Why a message was not taken: "tracking.missing" and where, as a JSON pointer.
struct Reason {
    std::string_view code;
    std::string path;
};
// In words; for any code that this room gives.
LocalText text_of(std::string_view code, std::string_view path);
// The same, with what the message itself tells of it.
LocalText text_of(std::string_view code, std::string_view path, std::string_view message);

struct Refused {
    Reason reason;
    std::string text;       // the message as it came, its first 64 KiB; "" where it may not be kept
    std::string call = "";  // what it was called as, where the text does not say it: a type, or "snowplow"
    std::string once = "";  // by which it is known when it comes again; "": by the text's message id
    std::int64_t times = 1; // that it came
};
Refused refused(Reason reason, std::string_view text, std::string_view call = "");
// As people read it: 19.9 and not 1.99E1.
std::string readable(const boost::json::value& json);

// What is the same for every message of a request.
struct Occasion {
    Instant received_at;
    std::string address;          // of the peer
    bool is_from_visitor = false; // the address is the visitor's own, not that of somebody's server
    std::function<std::string()> make_id;
    bool needs_consent = false; // without it, a message is refused and nothing of it is kept but the reason
    std::string zone = "UTC";   // how the source means times without one
    std::chrono::microseconds ahead = ahead_max; // how far ahead of `received_at` a time may be
};

// "track", "identify", "page", "screen", "group", "alias" or "merge" of a message in a batch; "" for anything else.
std::string_view type_of(const boost::json::object& message);

// What is wrong with a message of `type`; the first thing only. A message id has at most 100 characters.
std::optional<Reason> find_fault(const boost::json::object& message, std::string_view type);

// The message for the log: no write key, ids as text, `timestamp` by our clock with the sender's own in
// `originalTimestamp`, `context.ip` of visitors. `message` has no fault.
Message formed(boost::json::object message, std::string_view type, const Occasion& occasion);

// When it happened by our clock (Segment): received_at − (sent_at − original). A `timestamp` beside an
// `originalTimestamp` was corrected before. More than `ahead` ahead of us is received_at.
Instant corrected_time(std::optional<Instant> timestamp, std::optional<Instant> original,
    std::optional<Instant> sent_at, Instant received_at, std::chrono::microseconds ahead = ahead_max);

// A time as trackers write it, with or without an offset; none for anything else.
std::optional<Instant> time_in(const boost::json::object& message, std::string_view name, std::string_view zone);

// A member that is there and not null.
const boost::json::value* find_member(const boost::json::object& json, std::string_view name);
const boost::json::object* find_object(const boost::json::object& json, std::string_view name);

} // namespace onefold::tracking
