// What Segment's browser library and Onefold's own ask for at their start.
#include "http/json.h"
#include "tracking/door.h"

namespace onefold::tracking {
namespace {

using Json = boost::json::object;

constexpr std::size_t prefix_bytes_max = 200;

// The path under which a proxy shows us, which it takes away before it asks: "/cdp"; "" for none, or what is no path.
std::string_view prefix_of(const http::Incoming& incoming) {
    std::string_view prefix = incoming.header("x-forwarded-prefix");
    while (prefix.ends_with('/'))
        prefix.remove_suffix(1);
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-._~";
    const bool is_path = prefix.starts_with('/') && prefix.size() <= prefix_bytes_max &&
                         prefix.find_first_not_of(letters) == prefix.npos;
    return is_path && !prefix.contains("//") ? prefix : std::string_view();
}

// Where the library sends to: here, as the browser reached us. Behind a proxy that ends TLS, or that shows us under a
// path, the proxy says so; who forges that only misleads themselves.
Json settings_of(const source::Source& source, const std::string& write_key, const http::Incoming& incoming) {
    const bool is_encrypted = incoming.is_encrypted || incoming.header("x-forwarded-proto") == "https";
    const Json segment{{"apiKey", write_key},
        {"apiHost", fmt::format("{}{}/v1", incoming.header("host"), prefix_of(incoming))},
        {"protocol", is_encrypted ? "https" : "http"}};
    const Json onefold{{"consent", source::to_string(source.consent)}};
    return {{"integrations", {{"Segment.io", segment}}}, {"plan", Json{}}, {"metrics", {{"sampleRate", 0}}},
        {"onefold", onefold}};
}

} // namespace

void add_settings_routes(http::Contract& contract, const std::shared_ptr<Door>& door) {
    const Json object{{"type", "object"}};
    contract.add_raw({http::Method::get, "/v1/projects/{write_key}/settings", "tracking.settings", http::by_write_key,
                         http::not_audited, {"The settings of Segment's browser library", "Segment 浏览器 SDK 的设置"},
                         http::Creates::nothing, http::Run::worker, 0, http::Origins::any, http::Parameters::any},
        {}, object, [door](const Caller& caller, const http::Incoming& incoming, http::Respond respond) {
            const std::string& write_key = incoming.path_values.front().second;
            const auto arrival = door->find({write_key}, incoming);
            if (!arrival)
                return respond(refusal(arrival.error(), caller.locale, caller.request_id));
            if (!Door::may_send(*arrival->source, arrival->origin)) {
                door->note_whole(*arrival, refused_start(arrival->origin));
                return respond(refusal(origin_not_allowed(arrival->origin), caller.locale, caller.request_id));
            }
            respond(http::json_answer(200, settings_of(*arrival->source, write_key, incoming)));
        });
    contract.set_turn_away(
        "tracking.settings", [door](const http::Incoming& incoming) { return door->turn_away(incoming); });
    contract.add_raw(
        {http::Method::post, "/v1/m", "tracking.measure", http::open_to_all, http::not_audited,
            {"Figures of Segment's browser library about itself; not kept", "Segment 浏览器 SDK 的自身指标（不保存）"},
            http::Creates::nothing, http::Run::at_once, 64 << 10, http::Origins::any, http::Parameters::any},
        object, {{"type", "object"}, {"properties", {{"success", {{"type", "boolean"}}}}}, {"required", {"success"}}},
        [](const Caller& caller, const http::Incoming& incoming, http::Respond respond) {
            if (auto body = parse_body(incoming.body); !body)
                return respond(http::outgoing_of(body.error(), caller.locale, caller.request_id));
            respond(http::json_answer(200, Json{{"success", true}}));
        });
}

} // namespace onefold::tracking
