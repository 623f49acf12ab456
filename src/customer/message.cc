#include "customer/message.h"

#include "customer/organisation_message.h"
#include "customer/trait_problem.h"
#include "customer/traits.h"
#include "http/json.h"

#include <array>

namespace onefold::customer {
namespace {

using boost::json::value;

constexpr std::size_t merge_identifiers_max = 20, usual_json_bytes = 8 << 10;

// alias: who was `previousId` is `userId`. The sender does not say whether it was a user or a browser, so it is looked
// for as both. Equal ids say nothing.
std::optional<identity::Subject> alias_in(const Message& message, const Json& json, const source::Source& source) {
    identity::Subject bridge = message.subject;
    bridge.identifiers.clear();
    bridge.facts.clear();
    const std::string previous = text_in(json, "previousId");
    const std::string user = add_identifier(bridge, "user_id", text_in(json, "userId"), source);
    if (user.empty() || previous.empty())
        return std::nullopt;
    const std::string browser = add_identifier(bridge, "anonymous_id", previous, source);
    if (browser.empty() || browser == user)
        return std::nullopt;
    if (previous != text_in(json, "anonymousId"))
        add_identifier(bridge, "user_id", previous, source);
    bridge.key = identity::alias_key(boost::json::serialize(boost::json::array{browser, user}));
    return bridge;
}

// A type as RudderStack's clients write it, or as the house calls it ("openid@wx123" too), if it was known when the
// message came; none for others.
std::optional<identity::TypeReference> merged_type(std::string_view text, Instant received_at) {
    static constexpr std::pair<std::string_view, std::string_view> spellings[] = {
        {"userId", "user_id"}, {"anonymousId", "anonymous_id"}, {"mobile", "phone"}};
    const auto known = std::ranges::find(spellings, text, &std::pair<std::string_view, std::string_view>::first);
    const auto type = identity::parse_type(known == std::end(spellings) ? text : known->second);
    return type && type->type->since <= micros_of(received_at) ? std::optional(*type) : std::nullopt;
}

// RudderStack's merge: mergeProperties [{"type": "email", "value": …}, …] are one customer's, whoever said it.
void read_merge(Message& message, const Json& json, const source::Source& source, const event_log::Frame& frame) {
    const auto* properties = array_in(json, "mergeProperties");
    if (!properties)
        return;
    identity::Subject bridge = message.subject;
    bridge.identifiers.clear();
    bridge.facts.clear();
    for (std::size_t i = 0; i < std::min(properties->size(), merge_identifiers_max); ++i) {
        const Json* property = (*properties)[i].if_object();
        const auto type = property ? merged_type(text_in(*property, "type"), frame.received_at) : std::nullopt;
        const bool is_read = type && !add_identifier(bridge, *type, text_in(*property, "value"), source).empty();
        if (!is_read && !message.problem)
            message.problem = type ? MessageProblem{"merge.bad_value", fmt::format("/mergeProperties/{}/value", i)}
                                   : MessageProblem{"merge.unknown_type", fmt::format("/mergeProperties/{}/type", i)};
    }
    if (std::ranges::count(bridge.identifiers, false, &identity::IdentifierValue::is_blocked) < 2)
        return;
    bridge.key = identity::alias_key(frame.message_id);
    message.bridge = std::move(bridge);
}

void take_properties(Message& message, Json& json, std::string_view name) {
    if (auto* found = json.if_contains(name); found && found->is_object())
        message.properties = std::move(found->get_object());
}

void read_tracked(Message& message, Json& json, const source::Source& source) {
    identity::Subject& subject = message.subject;
    const std::string user_id = add_identifier(subject, "user_id", text_in(json, "userId"), source);
    const std::string anonymous_id = add_identifier(subject, "anonymous_id", text_in(json, "anonymousId"), source);
    if (!user_id.empty())
        subject.key = "user_id:" + user_id;
    else if (!anonymous_id.empty())
        subject.key = "anonymous_id:" + anonymous_id;

    const bool has_traits = message.kind == "identify" || message.kind == "group";
    take_properties(message, json, has_traits ? "traits" : "properties");
    message.name = text_in(json, message.kind == "track" ? "event" : "name");
    if (message.kind == "page" && message.name.empty())
        message.name = text_in(message.properties, "path");
    if (message.kind == "identify")
        add_person_traits(subject, message.properties, source);
    if (const Json* context = object_in(json, "context")) {
        if (const Json* traits = object_in(*context, "traits"); traits && message.kind != "identify")
            add_person_traits(subject, *traits, source);
        add_context(subject, *context, source);
        const value* active = find(*context, "active");
        message.is_active = !active || !active->is_bool() || active->get_bool();
    }
}

// What it says beyond its own subject.
void read_effects(Message& message, const Json& json, const source::Source& source, const event_log::Frame& frame) {
    if (message.kind == "track")
        message.order = read_order_message(message.name, message.properties, message.at, frame.message_id);
    if (message.order)
        message.problem = message.order->problem;
    if (message.order && message.order->names_buyer && !message.order->statement.currency)
        message.order->statement.currency = {Instant::min(), source.currency}; // whatever is said is newer
    if (message.kind == "identify" && frame.kind == event_log::FrameKind::event)
        message.problem = find_trait_problem(message.subject, message.properties, "/traits", source, frame.received_at);
    if (message.kind == "merge")
        read_merge(message, json, source, frame);
    if (message.subject.key.empty())
        return;
    if (!message.organisation) // as an import writes it
        read_organisation(message, json, source);
    if (message.kind == "alias")
        message.bridge = alias_in(message, json, source);
}

// Key, identifiers and facts as an import wrote them.
void read_written(identity::Subject& subject, const Json& json) {
    subject.key = text_in(json, "key");
    if (const value* identifiers = find(json, "identifiers"); identifiers && identifiers->is_array())
        for (const value& entry : identifiers->get_array()) {
            const Json* identifier = entry.if_object();
            const auto* type = identifier ? identity::find_identifier_type(text_in(*identifier, "type")) : nullptr;
            if (!type)
                continue;
            const value* blocked = find(*identifier, "is_blocked");
            subject.identifiers.push_back({type, text_in(*identifier, "scope"), text_in(*identifier, "value"),
                blocked != nullptr, "", find(*identifier, "is_verified") != nullptr});
        }
    if (const Json* facts = object_in(json, "facts"))
        for (const auto& [field, fact] : *facts)
            add_fact(subject, field, text_of(&fact));
}

void read_imported(Message& message, Json& json) {
    message.subject.kind = identity::kind_named(text_in(json, "kind"));
    message.name = text_in(json, "event");
    read_written(message.subject, json);
    if (const Json* written = object_in(json, "organisation")) {
        identity::Subject organisation = beside(message.subject, identity::kind_named(text_in(*written, "kind")));
        read_written(organisation, *written);
        if (!organisation.key.empty())
            message.organisation = std::move(organisation);
        if (const Json* membership = object_in(json, "membership"))
            message.membership = membership_words(*membership);
    }
    take_properties(message, json, "properties");
}

// What was received before a type was added does not speak of it, whenever it is read.
void leave_out_later_types(Message& message, Instant received_at) {
    const auto leave_out = [&](identity::Subject& subject) {
        std::erase_if(subject.identifiers,
            [&](const identity::IdentifierValue& value) { return value.type->since > micros_of(received_at); });
    };
    leave_out(message.subject);
    if (message.organisation)
        leave_out(*message.organisation);
    if (!message.bridge)
        return;
    leave_out(*message.bridge);
    if (std::ranges::count(message.bridge->identifiers, false, &identity::IdentifierValue::is_blocked) < 2)
        message.bridge.reset();
}

boost::json::array written(const std::vector<identity::IdentifierValue>& values) {
    boost::json::array identifiers;
    for (const auto& identifier : values) {
        Json entry{{"type", identifier.type->code}, {"scope", identifier.scope}, {"value", identifier.value}};
        if (identifier.is_blocked)
            entry["is_blocked"] = true;
        if (identifier.is_verified)
            entry["is_verified"] = true;
        identifiers.push_back(std::move(entry));
    }
    return identifiers;
}

Json written(const std::vector<std::pair<std::string, std::string>>& facts) {
    Json json;
    for (const auto& [field, text] : facts)
        json[field] = text;
    return json;
}

} // namespace

Message read_message(const event_log::Frame& frame, const source::Source& source) {
    Message message;
    message.at = frame.received_at;
    boost::system::error_code error;
    boost::json::parse_options options;
    options.max_depth = http::json_depth_max;
    std::array<unsigned char, usual_json_bytes> bytes; // what is kept of it is copied
    boost::json::monotonic_resource resource(bytes.data(), bytes.size());
    value parsed = boost::json::parse(frame.payload, error, &resource, options);
    Json* json = error ? nullptr : parsed.if_object();
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
    read_effects(message, *json, source, frame);
    if (!is_from_file)
        leave_out_later_types(message, frame.received_at);
    return message;
}

std::string payload_of(const ImportedMessage& message) {
    Json json{{"type", message.kind}, {"key", message.subject_key}, {"kind", to_string(message.subject_kind)},
        {"timestamp", to_rfc3339(message.at)}};
    if (!message.name.empty())
        json["event"] = message.name;
    json["identifiers"] = written(message.identifiers);
    if (!message.facts.empty())
        json["facts"] = written(message.facts);
    if (const auto& organisation = message.organisation) {
        json["organisation"] = Json{{"key", organisation->key}, {"kind", to_string(organisation->kind)},
            {"identifiers", written(organisation->identifiers)}, {"facts", written(organisation->facts)}};
        if (Json membership = written(organisation->membership); !membership.empty())
            json["membership"] = std::move(membership);
    }
    if (!message.properties.empty())
        json["properties"] = message.properties;
    return boost::json::serialize(json);
}

} // namespace onefold::customer
