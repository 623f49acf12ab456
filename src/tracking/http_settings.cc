// What Segment's browser library asks for at its start.
#include "http/json.h"
#include "tracking/door.h"

namespace onefold::tracking {
namespace {

using Json = boost::json::object;

// Where the library sends to: here, as the browser reached us. Behind a proxy that ends TLS, the proxy says so; who
// forges that only misleads themselves.
Json settings_of(const std::string& write_key, const http::Incoming& incoming) {
    const bool is_encrypted = incoming.is_encrypted || incoming.header("x-forwarded-proto") == "https";
    const Json segment{{"apiKey", write_key}, {"apiHost", fmt::format("{}/v1", incoming.header("host"))},
        {"protocol", is_encrypted ? "https" : "http"}};
    return {{"integrations", {{"Segment.io", segment}}}, {"plan", Json{}}, {"metrics", {{"sampleRate", 0}}}};
}

} // namespace

void add_settings_routes(http::Contract& contract, const std::shared_ptr<Door>& door) {
    const Json object{{"type", "object"}};
    contract.add_raw({http::Method::get, "/v1/projects/{write_key}/settings", "tracking.settings", http::by_write_key,
                         http::not_audited, {"The settings of Segment's browser library", "Segment 浏览器 SDK 的设置"},
                         http::Creates::nothing, http::Run::worker, 0, http::Origins::any, http::Parameters::any},
        {}, object, [door](const Caller& caller, const http::Incoming& incoming, http::Respond respond) {
            const std::string& write_key = incoming.path_values.front().second;
            if (auto source = door->source_of({write_key}); !source)
                return respond(http::outgoing_of(source.error(), caller.locale, caller.request_id));
            respond(http::json_answer(200, settings_of(write_key, incoming)));
        });
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
