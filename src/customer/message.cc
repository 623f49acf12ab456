#include "customer/message.h"

#include "core/text.h"
#include "http/json.h"
#include "object/shipped.h"

namespace onefold::customer {
namespace {

using Json = boost::json::object;
using boost::json::value;

const value* find(const Json& json, std::string_view name) {
    const auto* found = json.if_contains(name);
    return found && !found->is_null() ? found : nullptr;
}

// Strings as they are; numbers and booleans as their text, as trackers send numbers as ids.
std::string text_of(const value* json) {
    if (!json)
        return "";
    if (json->is_string())
        return std::string(trimmed(std::string_view(json->get_string())));
    if (json->is_int64() || json->is_uint64() || json->is_bool())
        return boost::json::serialize(*json);
    if (json->is_double())
        return fmt::format("{}", json->get_double());
    return "";
}

std::string text_in(const Json& json, std::string_view name) {
    return text_of(find(json, name));
}

const Json* object_in(const Json& json, std::string_view name) {
    const value* found = find(json, name);
    return found ? found->if_object() : nullptr;
}

// What it is compared by; "" for nothing, a placeholder, or what cannot be read.
std::string add_identifier(
    identity::Subject& subject, std::string_view type_code, std::string_view raw, const source::Source& source) {
    const identity::IdentifierType* type = identity::find_identifier_type(type_code);
    const auto normal = identity::normalise(*type, raw, source.region);
    if (!normal)
        return "";
    subject.identifiers.push_back({type, type->is_scoped ? source.name : "", normal->value, normal->is_blocked});
    return normal->is_blocked ? "" : normal->value;
}

void add_fact(identity::Subject& subject, std::string_view field_code, std::string_view text) {
    const object::GoldenField* field = object::find_golden_field(field_code);
    if (!field || text.empty())
        return;
    subject.facts.push_back({field->id, std::string(beginning_of(text, 1000)), subject.at});
}

// Of a trait in Segment's spelling, or in the one with underscores.
std::string trait_in(const Json& traits, std::string_view camel, std::string_view snake) {
    std::string text = text_in(traits, camel);
    return text.empty() ? text_in(traits, snake) : text;
}

// Segment's names of traits → golden fields.
void add_traits(identity::Subject& subject, const Json& traits, const source::Source& source) {
    static constexpr std::pair<std::string_view, std::string_view> names[] = {{"name", "name"},
        {"firstName", "first_name"}, {"lastName", "last_name"}, {"gender", "gender"}, {"birthday", "birthday"},
        {"age", "age"}, {"title", "title"}, {"industry", "industry"}, {"website", "website"}, {"language", "language"},
        {"country", "country"}, {"province", "province"}, {"city", "city"}, {"district", "district"},
        {"postalCode", "postal_code"}, {"description", "note"}};
    for (const auto& [trait, field] : names)
        add_fact(subject, field, trait_in(traits, trait, field));
    add_fact(subject, "address", text_in(traits, "address"));
    if (const Json* address = object_in(traits, "address")) {
        static constexpr std::pair<std::string_view, std::string_view> parts[] = {{"street", "address"},
            {"city", "city"}, {"state", "province"}, {"country", "country"}, {"postalCode", "postal_code"}};
        for (const auto& [part, field] : parts)
            add_fact(subject, field, text_in(*address, part));
        if (!address->contains("postalCode"))
            add_fact(subject, "postal_code", text_in(*address, "postal_code"));
    }
    const Json* company = object_in(traits, "company");
    add_fact(subject, "company", company ? text_in(*company, "name") : text_in(traits, "company"));
    const std::string first = trait_in(traits, "firstName", "first_name"),
                      last = trait_in(traits, "lastName", "last_name");
    if (text_in(traits, "name").empty() && !first.empty() && !last.empty())
        add_fact(subject, "name", first + " " + last);
    for (const std::string_view type : {"email", "phone", "unionid"})
        if (const auto raw = text_in(traits, type); !raw.empty())
            add_identifier(subject, type, raw, source);
}

void read_tracked(Message& message, const Json& json, const source::Source& source) {
    identity::Subject& subject = message.subject;
    const std::string user_id = add_identifier(subject, "user_id", text_in(json, "userId"), source);
    const std::string anonymous_id = add_identifier(subject, "anonymous_id", text_in(json, "anonymousId"), source);
    if (!user_id.empty())
        subject.key = "user_id:" + user_id;
    else if (!anonymous_id.empty())
        subject.key = "anonymous_id:" + anonymous_id;

    const Json* properties =
        object_in(json, message.kind == "identify" || message.kind == "group" ? "traits" : "properties");
    if (properties)
        message.properties = *properties;
    message.name = text_in(json, message.kind == "track" ? "event" : "name");
    if (message.kind == "page" && message.name.empty())
        message.name = text_in(message.properties, "path");
    if (message.kind == "identify" && properties)
        add_traits(subject, *properties, source);
    if (const Json* context = object_in(json, "context"); context && message.kind != "identify")
        if (const Json* traits = object_in(*context, "traits"))
            add_traits(subject, *traits, source);
}

void read_imported(Message& message, const Json& json) {
    identity::Subject& subject = message.subject;
    subject.key = text_in(json, "key");
    subject.kind = identity::kind_named(text_in(json, "kind"));
    message.name = text_in(json, "event");
    if (const value* identifiers = find(json, "identifiers"); identifiers && identifiers->is_array())
        for (const value& entry : identifiers->get_array()) {
            const Json* identifier = entry.if_object();
            const auto* type = identifier ? identity::find_identifier_type(text_in(*identifier, "type")) : nullptr;
            if (!type)
                continue;
            const value* blocked = find(*identifier, "is_blocked");
            subject.identifiers.push_back(
                {type, text_in(*identifier, "scope"), text_in(*identifier, "value"), blocked != nullptr});
        }
    if (const Json* facts = object_in(json, "facts"))
        for (const auto& [field, fact] : *facts)
            add_fact(subject, field, text_of(&fact));
    if (const Json* properties = object_in(json, "properties"))
        message.properties = *properties;
}

} // namespace

Message read_message(const event_log::Frame& frame, const source::Source& source) {
    Message message;
    message.at = frame.received_at;
    boost::system::error_code error;
    boost::json::parse_options options;
    options.max_depth = http::json_depth_max;
    const value parsed = boost::json::parse(frame.payload, error, {}, options);
    const Json* json = error ? nullptr : parsed.if_object();
    if (!json)
        return message;
    const bool is_from_file = frame.kind == event_log::FrameKind::claim || frame.kind == event_log::FrameKind::imported;
    message.kind = text_in(*json, "type");
    for (const std::string_view name : {"timestamp", "originalTimestamp"})
        if (const auto at = parse_rfc3339(text_in(*json, name))) {
            message.at = is_from_file ? *at : std::min(*at, frame.received_at); // a client's clock may run ahead
            break;
        }
    message.subject.source = frame.source_id;
    message.subject.at = message.at;
    message.subject.cause = "log:" + to_string(frame.position);
    if (is_from_file)
        read_imported(message, *json);
    else
        read_tracked(message, *json, source);
    return message;
}

std::string payload_of(const ImportedMessage& message) {
    Json json{{"type", message.kind}, {"key", message.subject_key}, {"kind", to_string(message.subject_kind)},
        {"timestamp", to_rfc3339(message.at)}};
    if (!message.name.empty())
        json["event"] = message.name;
    boost::json::array identifiers;
    for (const auto& identifier : message.identifiers) {
        Json entry{{"type", identifier.type->code}, {"scope", identifier.scope}, {"value", identifier.value}};
        if (identifier.is_blocked)
            entry["is_blocked"] = true;
        identifiers.push_back(std::move(entry));
    }
    json["identifiers"] = std::move(identifiers);
    if (!message.facts.empty()) {
        Json facts;
        for (const auto& [field, text] : message.facts)
            facts[field] = text;
        json["facts"] = std::move(facts);
    }
    if (!message.properties.empty())
        json["properties"] = message.properties;
    return boost::json::serialize(json);
}

} // namespace onefold::customer
