#include "tracking/again.h"

#include "http/json.h"
#include "tracking/outline.h"
#include "tracking/snowplow.h"

namespace onefold::tracking {
namespace {

// What was formed before it was refused has the time of its arrival where its sender gave none: no clock is corrected
// by that.
void forget_arrival(boost::json::object& message, const RefusedMessage& kept) {
    if (!find_member(message, "originalTimestamp") && time_in(message, "timestamp", "UTC") == kept.at)
        message.erase("timestamp");
}

} // namespace

Taken taken_again(const RefusedMessage& kept, boost::json::value message, Occasion occasion) {
    occasion.received_at = kept.at;
    occasion.address = kept.address;
    occasion.ahead = {}; // a reader of the log sees nothing happen after its arrival
    occasion.make_id = [id = kept.id] { return "refused-" + to_string(id); };
    Taken taken;
    boost::json::object* const json = message.if_object();
    if (!json) {
        taken.refused.push_back(refused({"tracking.not_an_object", ""}, readable(message), kept.call));
        return taken;
    }
    if (kept.call == "snowplow") {
        take_snowplow_event(*json, occasion, taken);
        return taken;
    }
    const std::string_view type = kept.call.empty() ? type_of(*json) : std::string_view(kept.call);
    if (type.empty()) {
        taken.refused.push_back(refused({"tracking.unknown_type", "/type"}, readable(message)));
        return taken;
    }
    forget_arrival(*json, kept);
    (*json)["receivedAt"] = to_rfc3339(kept.at);
    take_message(std::move(*json), type, occasion, taken);
    return taken;
}

Result<boost::json::value> json_of(const RefusedMessage& kept) {
    auto json = http::parse_json(kept.message);
    if (json || members_of(kept.message)) // whole, and what is wrong with it can be said
        return json;
    return fail(ErrorKind::invalid, "tracking.nothing_kept",
        {"Not enough of this message was kept to replay it.", "此消息未完整保存，无法重放。"});
}

} // namespace onefold::tracking
