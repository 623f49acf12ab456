// The calls that carry messages.
#include "http/body_size.h"
#include "tracking/door.h"
#include "tracking/pixel.h"
#include "tracking/snowplow.h"
#include "tracking/spoilt.h"
#include "tracking/write_key.h"

namespace onefold::tracking {
namespace {

using boost::json::value;
using Json = boost::json::object;

// A larger body is not even read.
constexpr std::size_t read_bytes_max = 1 << 20;
// What the values of a body need in memory, about.
constexpr std::size_t tree_bytes_a_byte = 3, tree_bytes_min = 1024;

struct Call {
    std::string_view type, path;
    LocalText summary;
    std::vector<std::string_view> more_paths; // of browsers, old clients and RudderStack
};

const std::vector<Call>& calls() {
    static const std::vector<Call> all{
        {"batch", "/v1/batch", {"Many messages at once", "批量上报"}, {"/v1/b", "/v1/import", "/beacon/v1/batch"}},
        {"track", "/v1/track", {"Something happened", "上报事件"}, {"/v1/t"}},
        {"identify", "/v1/identify", {"Who somebody is", "上报用户身份"}, {"/v1/i"}},
        {"page", "/v1/page", {"A page was viewed", "上报页面浏览"}, {"/v1/p"}},
        {"screen", "/v1/screen", {"A screen was viewed", "上报屏幕浏览"}, {"/v1/s"}},
        {"group", "/v1/group", {"Somebody belongs to an organisation", "上报所属组织"}, {"/v1/g"}},
        {"alias", "/v1/alias", {"Two ids mean the same", "上报别名"}, {"/v1/a"}},
        {"merge", "/v1/merge", {"Two identifiers mean the same (RudderStack)", "合并两个标识（RudderStack）"}, {}},
    };
    return all;
}

// Nothing is demanded of a message: what cannot be used is kept as refused and answered 200.
Json message_schema() {
    Json properties;
    auto tell = [&](std::string_view name, std::string_view description) {
        properties[name] = {{"description", description}};
    };
    tell("userId", "text or number; this or anonymousId");
    tell("anonymousId", "text or number");
    tell("messageId", "at most 100 characters; sent twice, it counts once");
    tell("timestamp", "ISO 8601; the time of receipt where missing");
    tell("event", "text; what a track message says");
    tell("groupId", "text or number; of a group message");
    tell("previousId", "text or number; of an alias message");
    for (const std::string_view name : {"properties", "traits", "context", "integrations"})
        tell(name, "object");
    return {{"type", "object"}, {"additionalProperties", true}, {"properties", std::move(properties)}};
}

Json batch_schema(std::string_view list) {
    return {{"type", "object"}, {"additionalProperties", true}, {"required", {list}},
        {"properties", {{list, {{"type", "array"}}}}}};
}

Json success_schema() {
    return {{"type", "object"}, {"properties", {{"success", {{"type", "boolean"}}}}}, {"required", {"success"}}};
}

http::Outgoing accepted(Position end, std::size_t refused) {
    http::Outgoing answer = http::json_answer(200, Json{{"success", true}});
    answer.headers.emplace_back("Onefold-Position", to_string(end));
    if (refused > 0)
        answer.headers.emplace_back("Onefold-Refused", std::to_string(refused));
    return answer;
}

using Read = std::function<Result<Taken>(Json body, const Occasion& occasion)>;

class MessageCall {
  public:
    MessageCall(std::shared_ptr<Door> door, const Shape& shape, Read read, std::string (*key_of)(const Json&))
        : door_(std::move(door)), shape_(shape), read_(std::move(read)), key_of_(key_of) {}

    void operator()(const Caller& caller, const http::Incoming& incoming, http::Respond respond) const {
        auto refuse = [respond, locale = caller.locale, id = caller.request_id](
                          const Error& error) { respond(refusal(error, locale, id)); };
        Arrival arrival;
        auto taken = take(incoming, arrival);
        if (!taken)
            return refuse(taken.error());
        const std::size_t refused = taken->refused.size(), messages = taken->messages.size();
        door_->take_in(arrival, std::move(*taken),
            [door = door_, source = arrival.source->id, respond, refuse, refused, messages](
                const Result<Position>& stored) {
                if (stored)
                    return respond(accepted(*stored, refused));
                const Error& error = stored.error();
                if (error.code == "tracking.too_fast")
                    door->traffic().note_limited(source, messages + refused);
                else if (error.code == "event_log.busy")
                    door->traffic().note_limited(source, messages);
                refuse(error);
            });
    }

  private:
    // A wrong key in the header, and a busy log, are told before the body is parsed.
    Result<Taken> take(const http::Incoming& incoming, Arrival& arrival) const {
        const std::string in_header = write_key_of_header(incoming.header("authorization"));
        if (in_header.empty())
            TRY(door_->check_room(incoming));
        else
            arrival = TRY(door_->arrive({in_header}, incoming));
        auto taken = read(incoming, arrival, in_header);
        if (!taken && (taken.error().kind == ErrorKind::invalid || taken.error().kind == ErrorKind::too_large))
            tell_source(taken.error(), incoming, arrival);
        return taken;
    }

    // Where the body cannot be read, its key is known only from what is ahead of it.
    void tell_source(const Error& error, const http::Incoming& incoming, Arrival arrival) const {
        if (!arrival.source) {
            auto found = door_->find({write_key_ahead(incoming)}, incoming);
            if (!found)
                return;
            arrival = std::move(*found);
        }
        const std::string_view call = shape_.list.empty() ? shape_.call : std::string_view();
        door_->note_whole(arrival, refused_body(error, incoming.body, shape_.key_name, call));
    }

    Result<Taken> read(const http::Incoming& incoming, Arrival& arrival, const std::string& in_header) const {
        if (http::is_unread(incoming, read_bytes_max))
            return fail(http::too_large(read_bytes_max));
        boost::json::monotonic_resource memory(tree_bytes_a_byte * incoming.body.size() + tree_bytes_min);
        std::vector<Refused> spoilt;
        auto body = parse_body(incoming.body, &memory);
        if (!body) {
            Saved saved = TRY(save_others(incoming.body, shape_, body.error(), &memory));
            body = std::move(saved.body);
            spoilt = std::move(saved.spoilt);
        }
        if (in_header.empty())
            arrival = TRY(door_->arrive({key_of_(*body), query_value(incoming.query, "writeKey")}, incoming));
        Taken taken;
        if (spoilt.empty() || !shape_.list.empty())
            taken = TRY(read_(std::move(*body), arrival.occasion));
        for (Refused& one : spoilt) {
            if (arrival.occasion.needs_consent)
                one.text.clear();
            taken.refused.push_back(std::move(one));
        }
        return taken;
    }

    std::shared_ptr<Door> door_;
    Shape shape_;
    Read read_;
    std::string (*key_of_)(const Json&);
};

http::Spec spec_of(std::string_view path, std::string_view name, LocalText summary, http::Origins origins) {
    return {http::Method::post, path, name, http::by_write_key, http::not_audited, std::move(summary),
        http::Creates::nothing, http::Run::worker, read_bytes_max, origins, http::Parameters::any};
}

Shape shape_of(std::string_view type) {
    return type == "batch" ? Shape{"batch", "", "writeKey"} : Shape{"", type, "writeKey"};
}

Read reader_of(std::string_view type) {
    if (type == "batch")
        return take_batch;
    return [type](Json body, const Occasion& occasion) { return take_single(std::move(body), type, occasion); };
}

} // namespace

void add_message_routes(http::Contract& contract, const std::shared_ptr<Door>& door) {
    const auto turn_away = [door](const http::Incoming& incoming) { return door->turn_away(incoming); };
    for (const Call& call : calls()) {
        const std::string name = fmt::format("tracking.{}", call.type);
        contract.add_raw(spec_of(call.path, name, call.summary, http::Origins::any),
            call.type == "batch" ? batch_schema("batch") : message_schema(), success_schema(),
            MessageCall(door, shape_of(call.type), reader_of(call.type), write_key_in));
        for (const std::string_view path : call.more_paths)
            contract.add_path(name, path);
        contract.set_turn_away(name, turn_away);
    }
    contract.add_raw(spec_of("/com.snowplowanalytics.snowplow/tp2", "tracking.snowplow",
                         {"Events of a Snowplow tracker; its application id is the write key",
                             "Snowplow 跟踪器的事件（应用编号即写入密钥）"},
                         http::Origins::any_with_cookies),
        batch_schema("data"), success_schema(),
        MessageCall(door, {"data", "snowplow", "aid"}, take_snowplow, application_of));
    contract.set_turn_away("tracking.snowplow", turn_away);
}

} // namespace onefold::tracking
