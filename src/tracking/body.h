#pragma once
// Bodies of the tracking calls → messages for the log, and those that were refused. Pure.
#include "tracking/message.h"

#include <vector>

namespace onefold::tracking {

inline constexpr std::size_t batch_messages_max = 2500;
inline constexpr std::size_t body_bytes_max = 512 << 10; // 500 KB and some slack
// What batch-level members may blow a batch up to; the messages behind that are refused. They themselves may be as
// large as a message.
inline constexpr std::size_t batch_payload_bytes_max = 8 << 20;

struct Taken {
    std::vector<Message> messages;
    std::vector<Refused> refused;
};

// http.bad_json and the like; tracking.not_an_object; tracking.too_large (all invalid, 400).
// A boost::json::monotonic_resource that outlives the object makes it quick.
Result<boost::json::object> parse_body(std::string_view body, boost::json::storage_ptr storage = {});

// The key that a body names at its top level; "" for none.
std::string write_key_in(const boost::json::object& body);

Failure message_too_large(); // tracking.too_large

// One message. tracking.too_large (invalid, 400) where it is too large; everything else that is wrong lands in
// `refused`.
Result<Taken> take_single(boost::json::object message, std::string_view type, const Occasion& occasion);

// {"batch":[messages]}. context, integrations, sentAt and timestamp beside it hold for each message that does not say
// otherwise. tracking.not_a_batch where there is no such list.
Result<Taken> take_batch(boost::json::object body, const Occasion& occasion);

// Every message as refused for one reason: where it must not come in, whatever it is.
Taken refuse_all(Taken taken, const Reason& reason);

// A message that may be refused; adds it to `taken`.
void take_message(boost::json::object message, std::string_view type, const Occasion& occasion, Taken& taken);

} // namespace onefold::tracking
