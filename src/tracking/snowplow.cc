#include "tracking/snowplow.h"

#include "http/json.h"
#include "tracking/base64.h"

#include <array>
#include <charconv>
#include <set>

namespace onefold::tracking {
namespace {

using boost::json::value;
using Json = boost::json::object;

// The parameters of one event. Each is marked as it is read; the rest is kept as it came.
class Parameters {
  public:
    explicit Parameters(const Json& event) : event_(event) {}

    std::string text(std::string_view name) {
        const value* found = find_member(event_, name);
        if (!found)
            return "";
        read_.insert(name);
        return found->is_string() ? std::string(found->get_string()) : readable(*found);
    }
    // JSON of a plain parameter, or of its base64 twin.
    std::optional<Json> json(std::string_view plain, std::string_view packed) {
        std::string source = text(plain);
        if (source.empty())
            source = from_any_base64(text(packed)).value_or("");
        auto parsed = source.empty() ? Result<value>(value{}) : http::parse_json(source);
        if (!parsed || !parsed->is_object())
            return std::nullopt;
        return std::move(parsed->get_object());
    }
    Json rest() const {
        Json rest;
        for (const auto& [name, member] : event_)
            if (!read_.contains(std::string_view(name)))
                rest[name] = member;
        return rest;
    }

  private:
    const Json& event_;
    std::set<std::string_view> read_;
};

void put(Json& json, std::string_view name, std::string text) {
    if (!text.empty())
        json[name] = std::move(text);
}

// Numbers stay exact where they are whole or plain decimals; anything else stays text.
void put_number(Json& json, std::string_view name, std::string text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (!text.empty() && error == std::errc() && end == text.data() + text.size())
        json[name] = number;
    else
        put(json, name, std::move(text));
}

std::optional<Instant> instant_of_millis(const std::string& text) {
    std::int64_t millis = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), millis);
    constexpr std::int64_t millis_max = 253'402'300'799'999; // the year 9999
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || millis < 0 || millis > millis_max)
        return std::nullopt;
    return instant_of(millis * 1000);
}

void put_instant(Json& json, std::string_view name, const std::string& text) {
    if (const auto at = instant_of_millis(text))
        json[name] = to_rfc3339(*at);
}

// "iglu:com.acme/link_click/jsonschema/1-0-1" → "link_click".
std::string name_of_schema(std::string_view schema) {
    const auto first = schema.find('/');
    const auto second = first == schema.npos ? schema.npos : schema.find('/', first + 1);
    return second == schema.npos ? "" : std::string(schema.substr(first + 1, second - first - 1));
}

std::string text_in(const Json& json, std::string_view name) {
    const value* found = find_member(json, name);
    return found && found->is_string() ? std::string(found->get_string()) : "";
}

SnowplowEvent unreadable(std::string path) {
    return {"", {}, {"tracking.unreadable", std::move(path)}};
}

// Such an event carries no consent that could be read before its meaning is.
void refuse(Reason reason, value event, const Occasion& occasion, Taken& taken) {
    if (event.is_object())
        event.get_object().erase("aid"); // the write key
    taken.refused.push_back(refused(std::move(reason), occasion.needs_consent ? "" : readable(event), "snowplow"));
}

SnowplowEvent page(Parameters& parameters) {
    SnowplowEvent event{"page", {}, {}};
    Json properties;
    put(properties, "url", parameters.text("url"));
    put(properties, "title", parameters.text("page"));
    put(properties, "referrer", parameters.text("refr"));
    put(event.message, "name", text_in(properties, "title"));
    event.message["properties"] = std::move(properties);
    return event;
}

SnowplowEvent track(std::string name, Json properties) {
    SnowplowEvent event{"track", {}, {}};
    event.message["event"] = std::move(name);
    event.message["properties"] = std::move(properties);
    return event;
}

SnowplowEvent structured(Parameters& parameters) {
    Json properties;
    put(properties, "category", parameters.text("se_ca"));
    put(properties, "label", parameters.text("se_la"));
    put(properties, "property", parameters.text("se_pr"));
    put_number(properties, "value", parameters.text("se_va"));
    return track(parameters.text("se_ac"), std::move(properties));
}

SnowplowEvent self_describing(Parameters& parameters) {
    const auto outer = parameters.json("ue_pr", "ue_px");
    const Json* inner = outer ? find_object(*outer, "data") : nullptr;
    if (!inner)
        return unreadable("/ue_pr");
    const std::string name = name_of_schema(text_in(*inner, "schema"));
    const Json* data = find_object(*inner, "data");
    if (name.empty() || !data)
        return unreadable("/ue_pr");
    if (name != "screen_view")
        return track(name, *data);
    SnowplowEvent event{"screen", {}, {}};
    put(event.message, "name", text_in(*data, "name"));
    event.message["properties"] = *data;
    return event;
}

SnowplowEvent ping(Parameters& parameters) {
    Json properties;
    put(properties, "url", parameters.text("url"));
    put(properties, "title", parameters.text("page"));
    for (const std::string_view name : {"pp_mix", "pp_max", "pp_miy", "pp_may"})
        put_number(properties, name, parameters.text(name));
    return track("Page Ping", std::move(properties));
}

SnowplowEvent named(Parameters& parameters, std::string name,
    std::initializer_list<std::pair<std::string_view, std::string_view>> texts,
    std::initializer_list<std::pair<std::string_view, std::string_view>> numbers) {
    Json properties;
    for (const auto& [from, to] : texts)
        put(properties, to, parameters.text(from));
    for (const auto& [from, to] : numbers)
        put_number(properties, to, parameters.text(from));
    return track(std::move(name), std::move(properties));
}

SnowplowEvent event_named(std::string_view code, Parameters& parameters) {
    if (code == "pv")
        return page(parameters);
    if (code == "pp")
        return ping(parameters);
    if (code == "se")
        return structured(parameters);
    if (code == "ue")
        return self_describing(parameters);
    if (code == "tr")
        return named(parameters, "Order Completed",
            {{"tr_id", "order_id"}, {"tr_af", "affiliation"}, {"tr_cu", "currency"}, {"tr_ci", "city"},
                {"tr_st", "state"}, {"tr_co", "country"}},
            {{"tr_tt", "total"}, {"tr_tx", "tax"}, {"tr_sh", "shipping"}});
    if (code == "ti")
        return named(parameters, "Order Item",
            {{"ti_id", "order_id"}, {"ti_sk", "sku"}, {"ti_nm", "name"}, {"ti_ca", "category"}, {"ti_cu", "currency"}},
            {{"ti_pr", "price"}, {"ti_qu", "quantity"}});
    return {"", {}, {"tracking.unknown_type", "/e"}};
}

std::string channel_of(const std::string& platform) {
    return platform == "web" ? "browser" : platform == "mob" ? "mobile" : platform == "srv" ? "server" : platform;
}

void put_screen(Json& context, const std::string& resolution) {
    const auto by = resolution.find('x');
    if (by == resolution.npos)
        return;
    Json screen;
    put_number(screen, "width", resolution.substr(0, by));
    put_number(screen, "height", resolution.substr(by + 1));
    context["screen"] = std::move(screen);
}

void put_page(Json& context, const Json& message) {
    const Json* properties = find_object(message, "properties");
    Json page;
    for (const std::string_view name : {"url", "title", "referrer"})
        if (properties)
            put(page, name, text_in(*properties, name));
    if (!page.empty())
        context["page"] = std::move(page);
}

// A client session names its visitor where there is no domain user id (apps).
std::string visitor_of_session(const boost::json::array& contexts) {
    for (const value& context : contexts)
        if (const Json* json = context.if_object())
            if (const Json* data = find_object(*json, "data"))
                if (name_of_schema(text_in(*json, "schema")) == "client_session")
                    return text_in(*data, "userId");
    return "";
}

void put_context(Json& message, Parameters& parameters) {
    Json context, snowplow;
    put(context, "userAgent", parameters.text("ua"));
    put(context, "ip", parameters.text("ip"));
    put(context, "locale", parameters.text("lang"));
    put(context, "timezone", parameters.text("tz"));
    put(context, "sessionId", parameters.text("sid"));
    if (std::string version = parameters.text("tv"); !version.empty())
        context["library"] = Json{{"name", "snowplow"}, {"version", std::move(version)}};
    put_screen(context, parameters.text("res"));
    put_page(context, message);
    parameters.text("aid"); // the write key
    parameters.text("e");
    if (auto contexts = parameters.json("co", "cx"))
        if (const value* list = contexts->if_contains("data"); list && list->is_array()) {
            if (!message.contains("anonymousId"))
                put(message, "anonymousId", visitor_of_session(list->get_array()));
            snowplow["contexts"] = *list;
        }
    if (Json rest = parameters.rest(); !rest.empty())
        snowplow["parameters"] = std::move(rest);
    if (!snowplow.empty())
        context["snowplow"] = std::move(snowplow);
    if (!context.empty())
        message["context"] = std::move(context);
}

} // namespace

SnowplowEvent event_of_snowplow(const Json& event) {
    Parameters parameters(event);
    SnowplowEvent result = event_named(text_in(event, "e"), parameters);
    if (result.type.empty())
        return result;
    Json& message = result.message;
    put(message, "messageId", parameters.text("eid"));
    put(message, "userId", parameters.text("uid"));
    put(message, "anonymousId", parameters.text("duid"));
    put(message, "channel", channel_of(parameters.text("p")));
    put_instant(message, "originalTimestamp", parameters.text("dtm"));
    put_instant(message, "timestamp", parameters.text("ttm"));
    put_instant(message, "sentAt", parameters.text("stm"));
    put_context(message, parameters);
    return result;
}

std::string application_of(const Json& body) {
    const value* events = find_member(body, "data");
    if (!events || !events->is_array() || events->get_array().empty())
        return "";
    const Json* first = events->get_array().front().if_object();
    return first ? text_in(*first, "aid") : "";
}

void take_snowplow_event(const Json& event, const Occasion& occasion, Taken& taken) {
    SnowplowEvent read = event_of_snowplow(event);
    if (!read.type.empty())
        return take_message(std::move(read.message), read.type, occasion, taken);
    refuse(std::move(read.reason), event, occasion, taken);
}

Result<Taken> take_snowplow(const Json& body, const Occasion& occasion) {
    const value* events = find_member(body, "data");
    if (!events || !events->is_array()) {
        const LocalText message{"The body is no Snowplow payload {\"schema\", \"data\": [events]}.",
            "请求正文不是 Snowplow 数据 {\"schema\", \"data\": [事件]}。"};
        return fail(ErrorKind::invalid, "tracking.not_a_batch", message, {{"/data", "tracking.not_a_batch", message}});
    }
    Taken taken;
    for (std::size_t i = 0; i < events->get_array().size(); ++i) {
        const value& event = events->get_array()[i];
        if (i >= batch_messages_max)
            refuse({"tracking.too_many", ""}, event, occasion, taken);
        else if (!event.is_object())
            refuse({"tracking.not_an_object", ""}, event, occasion, taken);
        else
            take_snowplow_event(event.get_object(), occasion, taken);
    }
    return taken;
}

} // namespace onefold::tracking
