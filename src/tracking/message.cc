#include "tracking/message.h"

#include "core/text.h"
#include "core/time.h"
#include "http/json.h"

#include <array>

namespace onefold::tracking {
namespace {

using boost::json::value;
using Json = boost::json::object;

constexpr std::array<std::string_view, 6> message_types{"track", "identify", "page", "screen", "group", "alias"};
constexpr std::size_t message_id_bytes_max = 100;
constexpr std::size_t errors_max = 100;

// What is wrong with one body, by JSON pointer.
class Findings {
  public:
    void add(std::string path, std::string_view code, LocalText message) {
        if (fields_.size() < errors_max)
            fields_.push_back({std::move(path), std::string(code), std::move(message)});
    }
    bool is_empty() const { return fields_.empty(); }
    Failure failure() {
        LocalText message = fields_.front().message;
        return fail(ErrorKind::invalid, "event_log.bad_message", std::move(message), std::move(fields_));
    }

  private:
    std::vector<FieldError> fields_;
};

const value* find(const Json& json, std::string_view name) {
    const value* found = json.if_contains(name);
    return found && !found->is_null() ? found : nullptr;
}

bool is_id(const value& json) {
    if (json.is_string())
        return json.get_string().size() <= 1000;
    return json.is_int64() || json.is_uint64() || json.is_double();
}

bool is_blank(const value* json) {
    return !json || (json->is_string() && trimmed(std::string_view(json->get_string())).empty());
}

void check_types(const Json& message, const std::string& path, Findings& findings) {
    auto expect = [&](std::string_view name, auto is_right, LocalText what) {
        const value* found = find(message, name);
        if (found && !is_right(*found))
            findings.add(fmt::format("{}/{}", path, name), "event_log.wrong_type", std::move(what));
    };
    for (const std::string_view name : {"userId", "anonymousId", "groupId", "previousId"})
        expect(name, is_id, {fmt::format("{} is a text or a number.", name), fmt::format("{} 应为文本或数字。", name)});
    for (const std::string_view name : {"event", "name", "category", "type", "messageId", "writeKey"})
        expect(name, [](const value& v) { return v.is_string(); },
            {fmt::format("{} is a text.", name), fmt::format("{} 应为文本。", name)});
    for (const std::string_view name : {"traits", "properties", "context", "integrations"})
        expect(name, [](const value& v) { return v.is_object(); },
            {fmt::format("{} is an object.", name), fmt::format("{} 应为对象。", name)});
    for (const std::string_view name : {"timestamp", "originalTimestamp", "sentAt"})
        expect(name,
            [](const value& v) { return v.is_string() && parse_rfc3339(std::string_view(v.get_string())).has_value(); },
            {fmt::format("{} is a time such as 2026-05-31T08:30:00Z.", name),
                fmt::format("{} 应为时间，例如 2026-05-31T08:30:00Z。", name)});
}

void check_message(const Json& message, std::string_view type, const std::string& path, Findings& findings) {
    check_types(message, path, findings);
    if (is_blank(find(message, "userId")) && is_blank(find(message, "anonymousId")))
        findings.add(path, "event_log.nobody",
            {"A message names its userId or anonymousId.", "消息需包含 userId 或 anonymousId。"});
    auto demand = [&](std::string_view of, std::string_view name) {
        if (type == of && is_blank(find(message, name)))
            findings.add(fmt::format("{}/{}", path, name), "event_log.missing",
                {fmt::format("A {} message needs {}.", of, name), fmt::format("{} 消息需要 {}。", of, name)});
    };
    demand("track", "event");
    demand("group", "groupId");
    demand("alias", "previousId");
    if (const value* id = find(message, "messageId");
        id && id->is_string() && id->get_string().size() > message_id_bytes_max)
        findings.add(path + "/messageId", "event_log.too_long",
            {"messageId has at most 100 bytes.", "messageId 最多 100 字节。"});
}

TrackedMessage tracked(Json message, std::string_view type, const std::string& path,
    const std::function<std::string()>& make_id, Findings& findings) {
    message.erase("writeKey");
    message["type"] = type;
    const value* id = find(message, "messageId");
    TrackedMessage result{
        id && id->is_string() && !id->get_string().empty() ? std::string(id->get_string()) : make_id(),
        boost::json::serialize(message)};
    if (result.payload.size() > message_bytes_max)
        findings.add(path, "event_log.too_large", {"A message has at most 32 KiB.", "单条消息最大 32 KiB。"});
    return result;
}

void read_batch(
    const Json& body, TrackedBody& result, const std::function<std::string()>& make_id, Findings& findings) {
    const value* batch = find(body, "batch");
    if (!batch || !batch->is_array())
        return findings.add("/batch", "event_log.missing",
            {"A batch is {\"batch\": [messages]}.", "批量消息的格式为 {\"batch\": [消息]}。"});
    const auto& messages = batch->get_array();
    if (messages.size() > batch_messages_max)
        return findings.add(
            "/batch", "event_log.too_many", {"A batch has at most 2,500 messages.", "每批最多 2500 条消息。"});
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const std::string path = fmt::format("/batch/{}", i);
        const Json* message = messages[i].if_object();
        if (!message) {
            findings.add(path, "event_log.wrong_type", {"A message is an object.", "消息应为对象。"});
            continue;
        }
        const value* named = find(*message, "type");
        const std::string_view type =
            named && named->is_string() ? std::string_view(named->get_string()) : std::string_view();
        if (std::ranges::find(message_types, type) == message_types.end()) {
            findings.add(path + "/type", "event_log.unknown_type",
                {"The type is one of track, identify, page, screen, group, alias.",
                    "type 应为 track、identify、page、screen、group、alias 之一。"});
            continue;
        }
        check_message(*message, type, path, findings);
        if (findings.is_empty())
            result.messages.push_back(tracked(*message, type, path, make_id, findings));
    }
}

} // namespace

Result<TrackedBody> parse_tracked(
    std::string_view body, std::string_view type, const std::function<std::string()>& make_id) {
    const value parsed = TRY(http::parse_json(body));
    const Json* json = parsed.if_object();
    if (!json)
        return fail(
            ErrorKind::invalid, "event_log.bad_json", {"The body is not a JSON object.", "请求正文不是 JSON 对象。"});

    TrackedBody result;
    Findings findings;
    if (const value* key = find(*json, "writeKey"); key && key->is_string())
        result.write_key = key->get_string();
    if (type == "batch") {
        check_types(*json, "", findings);
        read_batch(*json, result, make_id, findings);
    } else {
        check_message(*json, type, "", findings);
        if (findings.is_empty())
            result.messages.push_back(tracked(*json, type, "", make_id, findings));
    }
    if (!findings.is_empty())
        return findings.failure();
    return result;
}

Json message_schema(std::string_view type) {
    Json schema = boost::json::parse(R"({"type":"object","additionalProperties":true,"properties":{
        "userId":{"type":["string","number","null"]},"anonymousId":{"type":["string","number","null"]},
        "messageId":{"type":["string","null"],"maxLength":100},"timestamp":{"type":["string","null"],"format":"date-time"},
        "context":{"type":["object","null"]},"integrations":{"type":["object","null"]},
        "traits":{"type":["object","null"]},"properties":{"type":["object","null"]},"writeKey":{"type":["string","null"]}}})")
                      .as_object();
    auto& properties = schema["properties"].as_object();
    auto demand = [&](std::string_view name, boost::json::array types) {
        properties[name] = {{"type", std::move(types)}};
        schema["required"] = {name};
    };
    if (type == "track")
        demand("event", {"string"});
    if (type == "group")
        demand("groupId", {"string", "number"});
    if (type == "alias")
        demand("previousId", {"string", "number"});
    return schema;
}

Json batch_schema() {
    return {{"type", "object"}, {"additionalProperties", true}, {"required", {"batch"}},
        {"properties", {{"batch", {{"type", "array"}, {"maxItems", batch_messages_max}, {"items", message_schema("")}}},
                           {"writeKey", {{"type", {"string", "null"}}}}}}};
}

} // namespace onefold::tracking
