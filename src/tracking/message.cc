#include "tracking/message.h"

#include "core/text.h"
#include "http/json.h"

#include <array>
#include <cmath>

namespace onefold::tracking {
namespace {

using boost::json::value;
using Json = boost::json::object;

constexpr std::array<std::string_view, 7> types{"track", "identify", "page", "screen", "group", "alias", "merge"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> ids{
    {{"userId", "user_id"}, {"anonymousId", "anonymous_id"}, {"groupId", "group_id"}, {"previousId", "previous_id"}}};
constexpr std::size_t id_bytes_max = 1000;
constexpr std::size_t message_id_code_points_max = 100;
constexpr std::size_t payload_bytes_expected = 768;
const Instant first_instant = std::chrono::sys_days{std::chrono::January / 1 / 1};

bool is_number(const value& json) {
    return json.is_int64() || json.is_uint64() || json.is_double();
}
bool is_id(const value& json) {
    return is_number(json) || (json.is_string() && json.get_string().size() <= id_bytes_max);
}
bool is_text(const value& json) {
    return json.is_string();
}
bool is_object(const value& json) {
    return json.is_object();
}
bool is_message_id(const value& json) {
    return json.is_string() || is_number(json);
}

const value* find_id(const Json& message, std::string_view name) {
    const value* found = find_member(message, name);
    for (const auto& [camel, snake] : ids)
        if (!found && name == camel)
            found = find_member(message, snake);
    return found;
}

bool is_blank(const value* json) {
    if (!json || !json->is_string())
        return !json;
    const std::string_view text = json->get_string();
    const bool begins_like_a_word = !text.empty() && text.front() > ' ' && text.front() <= '~';
    return !begins_like_a_word && trimmed(text).empty();
}

struct Expected {
    std::string_view name;
    bool (*is_right)(const value&);
};
constexpr std::array<Expected, 16> expected_members{{{"userId", is_id}, {"user_id", is_id}, {"anonymousId", is_id},
    {"anonymous_id", is_id}, {"groupId", is_id}, {"group_id", is_id}, {"previousId", is_id}, {"previous_id", is_id},
    {"event", is_text}, {"name", is_text}, {"category", is_text}, {"messageId", is_message_id}, {"traits", is_object},
    {"properties", is_object}, {"context", is_object}, {"integrations", is_object}}};

const Expected* find_expected(std::string_view name) {
    const auto found = std::ranges::find(expected_members, name, &Expected::name);
    return found == expected_members.end() ? nullptr : &*found;
}

std::optional<Reason> find_wrong_type(const Json& message) {
    for (const auto& [name, member] : message) {
        if (member.is_null())
            continue;
        const Expected* expected = find_expected(name);
        if (expected && !expected->is_right(member))
            return Reason{"tracking.wrong_type", fmt::format("/{}", std::string_view(name))};
    }
    if (find_member(message, "timestamp") && !time_in(message, "timestamp", "UTC"))
        return Reason{"tracking.bad_time", "/timestamp"};
    return std::nullopt;
}

bool is_merge(const Json& message) {
    const value* pair = find_member(message, "mergeProperties");
    if (!pair || !pair->is_array() || pair->get_array().size() != 2)
        return false;
    return std::ranges::all_of(pair->get_array(), [](const value& one) {
        const Json* json = one.if_object();
        return json && !is_blank(find_member(*json, "type")) && !is_blank(find_member(*json, "value"));
    });
}

std::string id_text(const value& json) {
    if (json.is_string())
        return std::string(json.get_string());
    if (json.is_double())
        return fmt::format("{}", json.get_double());
    return boost::json::serialize(json);
}

void form_ids(Json& message) {
    for (const auto& [camel, snake] : ids) {
        const value* found = find_id(message, camel);
        if (!found || (found->is_string() && found == message.if_contains(camel) && !message.if_contains(snake)))
            continue;
        std::string text = id_text(*found);
        message[camel] = std::move(text);
        message.erase(snake);
    }
}

std::string take_message_id(const Json& message, const Occasion& occasion) {
    const value* given = find_member(message, "messageId");
    return is_blank(given) ? occasion.make_id() : id_text(*given);
}

void form_time(Json& message, const Occasion& occasion) {
    const auto timestamp = time_in(message, "timestamp", occasion.zone);
    const auto original = time_in(message, "originalTimestamp", occasion.zone);
    const auto sent_at = time_in(message, "sentAt", occasion.zone);
    const Instant at = corrected_time(timestamp, original, sent_at, occasion.received_at, occasion.ahead);
    if (timestamp && !original) {
        value given = message["timestamp"];
        message["originalTimestamp"] = std::move(given);
    }
    message["timestamp"] = to_rfc3339(at);
}

bool is_visitors_address(const Json& message, const Occasion& occasion) {
    const Json* context = find_object(message, "context");
    const value* direct = context ? find_member(*context, "direct") : nullptr;
    if (direct && direct->is_bool())
        return direct->get_bool();
    const value* channel = find_member(message, "channel");
    return occasion.is_from_visitor && !(channel && *channel == "server");
}

void form_address(Json& message, const Occasion& occasion) {
    if (occasion.address.empty() || !is_visitors_address(message, occasion))
        return;
    auto& context = message["context"];
    if (!context.is_object())
        context = Json{};
    if (!find_member(context.get_object(), "ip"))
        context.get_object()["ip"] = occasion.address;
}

std::string visitor_of(const Json& message, const Occasion& occasion) {
    for (const std::string_view name : {"anonymousId", "userId"})
        if (const value* found = find_member(message, name); found && occasion.is_from_visitor && found->is_string())
            return std::string(found->get_string());
    return "";
}

void form_traits(Json& message) {
    const Json* context = find_object(message, "context");
    if (find_member(message, "traits") || !context)
        return;
    if (const Json* traits = find_object(*context, "traits")) {
        Json copy = *traits;
        message["traits"] = std::move(copy);
    }
}

struct Words {
    std::string_view en, zh;
};
Words words_of(boost::json::kind kind) {
    switch (kind) {
    case boost::json::kind::null:
        return {"null", "空值"};
    case boost::json::kind::bool_:
        return {"true or false", "布尔值"};
    case boost::json::kind::string:
        return {"text", "文本"};
    case boost::json::kind::array:
        return {"a list", "列表"};
    case boost::json::kind::object:
        return {"an object", "对象"};
    default:
        return {"a number", "数字"};
    }
}
Words possible_words(std::string_view name) {
    const Expected* expected = find_expected(name);
    if (!expected)
        return {"of another type", "其他类型"};
    if (expected->is_right == is_object)
        return {"an object", "对象"};
    if (expected->is_right == is_text)
        return {"text", "文本"};
    return {"text or a number", "文本或数字"};
}

// `came`: what stands there, where that is known.
LocalText wrong_type_text(std::string_view name, const value* came = nullptr) {
    if (came && came->is_string() && came->get_string().size() > id_bytes_max)
        return {fmt::format("{} is longer than {} bytes.", name, id_bytes_max),
            fmt::format("{} 超过 {} 字节。", name, id_bytes_max)};
    const Words possible = possible_words(name);
    if (!came)
        return {fmt::format("{} must be {}.", name, possible.en), fmt::format("{} 应为{}。", name, possible.zh)};
    const Words words = words_of(came->kind());
    return {fmt::format("{} is {} here; it must be {}.", name, words.en, possible.en),
        fmt::format("{} 为{}，应为{}。", name, words.zh, possible.zh)};
}

} // namespace

std::optional<Instant> time_in(const Json& message, std::string_view name, std::string_view zone) {
    const value* found = find_member(message, name);
    if (!found || !found->is_string())
        return std::nullopt;
    const std::string_view text = found->get_string();
    auto at = parse_rfc3339(text);
    if (!at)
        at = parse_time(text, Zone::named(zone).value_or(Zone()));
    return at ? std::optional(*at) : std::nullopt;
}

const value* find_member(const Json& json, std::string_view name) {
    const value* found = json.if_contains(name);
    return found && !found->is_null() ? found : nullptr;
}

const Json* find_object(const Json& json, std::string_view name) {
    const value* found = json.if_contains(name);
    return found ? found->if_object() : nullptr;
}

LocalText text_of(std::string_view code, std::string_view path, std::string_view message) {
    if (code != "tracking.wrong_type" || path.empty())
        return text_of(code, path);
    boost::json::monotonic_resource memory;
    const auto json = http::parse_json(message, &memory);
    const Json* object = json ? json->if_object() : nullptr;
    return wrong_type_text(path.substr(1), object ? object->if_contains(path.substr(1)) : nullptr);
}

LocalText text_of(std::string_view code, std::string_view path) {
    const std::string_view place = path.starts_with('/') ? path.substr(1) : path;
    if (code == "tracking.nobody")
        return {"The message names neither userId nor anonymousId.", "消息既没有 userId 也没有 anonymousId。"};
    if (code == "tracking.missing")
        return {fmt::format("{} is missing.", place), fmt::format("缺少 {}。", place)};
    if (code == "tracking.wrong_type")
        return wrong_type_text(place);
    if (code == "tracking.bad_time")
        return {fmt::format("{} is no time such as 2026-05-31T08:30:00Z.", place),
            fmt::format("{} 应为时间，例如 2026-05-31T08:30:00Z。", place)};
    if (code == "tracking.too_long")
        return {fmt::format("{} is too long.", place), fmt::format("{} 过长。", place)};
    if (code == "tracking.too_large")
        return {"The message is larger than 32 KiB.", "消息超过 32 KiB。"};
    if (code == "tracking.shared_too_large")
        return {"What the batch says for all its messages (context, integrations) is larger than 32 KiB.",
            "批次的共用内容（context、integrations）超过 32 KiB。"};
    if (code == "tracking.formed_too_large")
        return {"With what its batch says for all messages, this one is larger than 128 KiB.",
            "加上批次的共用内容后，此消息超过 128 KiB。"};
    if (code == "tracking.batch_too_large")
        return {"With what it says for all its messages, the batch is larger than 8 MiB; this message came behind.",
            "加上共用内容后，此批次超过 8 MiB，此条超出。"};
    if (code == "tracking.too_many")
        return {"A batch has at most 2,500 messages; this one came behind them.", "每批最多 2500 条消息，此条超出。"};
    if (code == "tracking.unknown_type")
        return {"The type is none of track, identify, page, screen, group, alias, merge.",
            "type 应为 track、identify、page、screen、group、alias、merge 之一。"};
    if (code == "tracking.not_an_object")
        return {"The message is no JSON object.", "消息不是 JSON 对象。"};
    if (code == "tracking.key_twice")
        return {"The same key stands twice in one object, so it could mean two things.",
            "同一对象中有重复的键，含义不明确。"};
    if (code == "tracking.nul")
        return {"A text holds the character NUL, which no database keeps.", "文本中含有 NUL 字符，无法保存。"};
    if (code == "tracking.too_deep")
        return {"The message is nested deeper than 64.", "消息嵌套超过 64 层。"};
    if (code == "tracking.no_text")
        return {"A text holds half a character (a lone surrogate), or a number is beyond every range.",
            "文本中含有不完整的字符（孤立代理项），或数字超出范围。"};
    if (code == "tracking.no_consent")
        return {"The source demands consent, and the message carries none. Its content was not kept.",
            "该来源要求用户同意，而消息未带同意信息，其内容未保存。"};
    if (code == "tracking.held_back" && path == "tracking.too_fast")
        return {"It came by an image, which nobody sends again, and faster than visitors do. Replay it.",
            "该消息由图片上报，不会重发；因上报过快而未接收，请重放。"};
    if (code == "tracking.held_back")
        return {"It came by an image, which nobody sends again, while the event log could not take it. Replay it.",
            "该消息由图片上报，不会重发；到达时事件日志暂时无法接收，请重放。"};
    if (code == "tracking.origin_not_allowed")
        return {fmt::format("Pages of {} may not send to this source.", place),
            fmt::format("不允许 {} 的网页向此来源上报。", place)};
    if (code == "tracking.start_not_allowed")
        return {fmt::format("The tracker asked to start on a page of {}, which may not send to this source, so nothing "
                            "comes of its visitors. If the site is yours, add it to the websites that may send.",
                    place),
            fmt::format("跟踪器请求在 {} "
                        "的网页上启动，但该网站不允许向此来源上报，因此收不到其访客的数据。如为自有网站，请在来源设置中"
                        "加入“允许上报的网站”。",
                place)};
    if (code == "tracking.no_json")
        return {"A whole request was refused: its body is no JSON.", "整个请求被拒收：正文不是有效的 JSON。"};
    if (code == "tracking.not_a_batch")
        return {"A whole request was refused: it is no {\"batch\": [messages]}.",
            "整个请求被拒收：格式不是 {\"batch\": [消息]}。"};
    if (code == "tracking.body_too_large")
        return {"A whole request was refused: a body has at most 512 KiB, and a message by itself at most 32 KiB.",
            "整个请求被拒收：请求正文不得超过 512 KiB，单条消息不得超过 32 KiB。"};
    return {"The message cannot be read.", "消息无法读取。"};
}

std::string readable(const value& json) {
    std::string text;
    http::write_json(json, text);
    return text;
}

Refused refused(Reason reason, std::string_view text, std::string_view call) {
    std::size_t size = std::min(text.size(), refused_bytes_max);
    while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
        --size;
    return {std::move(reason), std::string(text.substr(0, size)), std::string(call)};
}

std::string_view type_of(const Json& message) {
    const value* named = find_member(message, "type");
    if (!named)
        named = find_member(message, "action");
    if (!named || !named->is_string())
        return "";
    const auto found = std::ranges::find(types, std::string_view(named->get_string()));
    return found == types.end() ? std::string_view() : *found;
}

std::optional<Reason> find_fault(const Json& message, std::string_view type) {
    if (auto wrong = find_wrong_type(message))
        return wrong;
    auto lacks = [&](std::string_view of, std::string_view name) {
        return type == of && is_blank(find_id(message, name));
    };
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> needed{
        {{"track", "event"}, {"group", "groupId"}, {"alias", "previousId"}, {"alias", "userId"}}};
    for (const auto& [of, name] : needed)
        if (lacks(of, name))
            return Reason{"tracking.missing", fmt::format("/{}", name)};
    if (type == "merge") {
        if (!is_merge(message))
            return Reason{"tracking.missing", "/mergeProperties"};
    } else if (is_blank(find_id(message, "userId")) && is_blank(find_id(message, "anonymousId"))) {
        return Reason{"tracking.nobody", ""};
    }
    if (const value* id = find_member(message, "messageId");
        id && id->is_string() && length_of(id->get_string()) > message_id_code_points_max)
        return Reason{"tracking.too_long", "/messageId"};
    return std::nullopt;
}

Message formed(Json message, std::string_view type, const Occasion& occasion) {
    message.erase("writeKey");
    message["type"] = type;
    form_ids(message);
    form_time(message, occasion);
    form_address(message, occasion);
    if (type == "identify")
        form_traits(message);
    Message ready{take_message_id(message, occasion), {}, visitor_of(message, occasion)};
    ready.payload.reserve(payload_bytes_expected);
    http::write_json(message, ready.payload);
    return ready;
}

Instant corrected_time(std::optional<Instant> timestamp, std::optional<Instant> original,
    std::optional<Instant> sent_at, Instant received_at, std::chrono::microseconds ahead) {
    const auto given = timestamp ? timestamp : original;
    if (!given)
        return received_at;
    const bool was_corrected = timestamp && original;
    const Instant at = sent_at && !was_corrected ? received_at - (*sent_at - *given) : *given;
    return at > received_at + ahead || at < first_instant ? received_at : at;
}

} // namespace onefold::tracking
