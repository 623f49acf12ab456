#include "tracking/message.h"
#include "tracking/tracking.h"

#include <sodium.h>

namespace onefold::tracking {
namespace {

// The user of "Basic base64(user:password)"; "" for anything else.
std::string basic_user(std::string_view authorization) {
    if (!authorization.starts_with("Basic "))
        return "";
    authorization.remove_prefix(6);
    std::string decoded(authorization.size(), '\0');
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(decoded.data()), decoded.size(), authorization.data(),
            authorization.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
        return "";
    decoded.resize(size);
    return decoded.substr(0, decoded.find(':'));
}

Result<source::Source> source_of(
    const http::Incoming& incoming, const TrackedBody& body, const source::Sources& sources) {
    for (const std::string& key : {basic_user(incoming.header("authorization")), body.write_key})
        if (!key.empty())
            if (auto source = sources.find_by_write_key(key))
                return std::move(*source);
    return fail(ErrorKind::unauthenticated, "event_log.unknown_write_key",
        {"The write key is unknown or was revoked. Nothing was stored.", "写入密钥不存在或已被吊销，数据未保存。"});
}

class Door {
  public:
    Door(event_log::EventLog& log, const source::Sources& sources, const runtime::Outside& outside)
        : log_(log), sources_(sources), outside_(outside) {}

    void take(std::string_view type, const Caller& caller, const http::Incoming& incoming, http::Respond respond) {
        auto drafts = drafts_of(type, incoming);
        if (!drafts)
            return respond(http::outgoing_of(drafts.error(), caller.locale, caller.request_id));
        if (drafts->empty())
            return respond(accepted(log_.end()));
        log_.append(std::move(*drafts), [respond, caller](Result<event_log::Appended> appended) {
            respond(appended ? accepted(appended->end)
                             : http::outgoing_of(appended.error(), caller.locale, caller.request_id));
        });
    }

  private:
    Result<std::vector<event_log::Draft>> drafts_of(std::string_view type, const http::Incoming& incoming) {
        auto body = TRY(parse_tracked(incoming.body, type, [this] { return outside_.random.token(16); }));
        const auto source = TRY(source_of(incoming, body, sources_));
        std::vector<event_log::Draft> drafts;
        drafts.reserve(body.messages.size());
        for (TrackedMessage& message : body.messages)
            drafts.push_back(
                {source.id, std::move(message.message_id), event_log::FrameKind::event, std::move(message.payload)});
        return drafts;
    }

    static http::Outgoing accepted(Position end) {
        http::Outgoing answer = http::json_answer(200, boost::json::object{{"success", true}});
        answer.headers.emplace_back("Onefold-Position", to_string(end));
        return answer;
    }

    event_log::EventLog& log_;
    const source::Sources& sources_;
    const runtime::Outside& outside_;
};

struct Route {
    std::string_view type, path, name;
    LocalText summary;
};

const std::vector<Route>& routes() {
    static const std::vector<Route> all{
        {"batch", "/v1/batch", "tracking.batch", {"Many messages at once", "批量上报"}},
        {"track", "/v1/track", "tracking.track", {"Something happened", "上报事件"}},
        {"identify", "/v1/identify", "tracking.identify", {"Who somebody is", "上报用户身份"}},
        {"page", "/v1/page", "tracking.page", {"A page was viewed", "上报页面浏览"}},
        {"screen", "/v1/screen", "tracking.screen", {"A screen was viewed", "上报屏幕浏览"}},
        {"group", "/v1/group", "tracking.group", {"Somebody belongs to an organisation", "上报所属组织"}},
        {"alias", "/v1/alias", "tracking.alias", {"Two ids mean the same", "上报别名"}},
    };
    return all;
}

} // namespace

void add_routes(http::Contract& contract, event_log::EventLog& log, const source::Sources& sources,
    const runtime::Outside& outside) {
    const auto door = std::make_shared<Door>(log, sources, outside);
    const boost::json::object success =
        boost::json::parse(R"({"type":"object","properties":{"success":{"type":"boolean"}},"required":["success"]})")
            .as_object();
    for (const Route& route : routes())
        contract.add_raw({http::Method::post, route.path, route.name, http::by_write_key, http::not_audited,
                             route.summary, http::Creates::nothing, http::Run::worker, tracking_body_bytes_max},
            route.type == "batch" ? batch_schema() : message_schema(route.type), success,
            [door, type = route.type](const Caller& caller, const http::Incoming& incoming, http::Respond respond) {
                door->take(type, caller, incoming, std::move(respond));
            });
}

} // namespace onefold::tracking
