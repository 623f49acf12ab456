#pragma once
// Messages of Segment's shape at the door: checked, told apart by message id, ready for the log. Pure.
#include "core/result.h"

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::tracking {

inline constexpr std::size_t message_bytes_max = 32 << 10;
inline constexpr std::size_t batch_messages_max = 2500;
inline constexpr std::size_t tracking_body_bytes_max = 512 << 10;

struct TrackedMessage {
    std::string message_id; // made by `make_id` where the sender gave none
    std::string payload;
};
struct TrackedBody {
    std::string write_key; // "" where the body names none
    std::vector<TrackedMessage> messages;
};

// One message of `type` ("track", "identify", "page", "screen", "group", "alias"), or {"batch":[…]} for type "batch".
// Everything that is wrong comes back at once (event_log.bad_message) with JSON pointers, and then nothing is kept.
Result<TrackedBody> parse_tracked(
    std::string_view body, std::string_view type, const std::function<std::string()>& make_id);

// JSON Schema of one message and of a batch, for OpenAPI.
boost::json::object message_schema(std::string_view type);
boost::json::object batch_schema();

} // namespace onefold::tracking
