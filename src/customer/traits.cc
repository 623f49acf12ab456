#include "customer/traits.h"

#include "object/shipped.h"

#include <re2/re2.h>

namespace onefold::customer {
namespace {

constexpr std::size_t fact_code_points_max = 1000, external_ids_max = 20;

using Names = std::span<const std::pair<std::string_view, std::string_view>>; // trait → field

void take_back(identity::Subject& subject, std::string_view field_code) {
    if (const object::GoldenField* field = object::find_golden_field(field_code))
        subject.facts.push_back({field->id, "", subject.at});
}

// As it is written: 王小明, Fang Wang.
std::string full_name(const std::string& first, const std::string& last) {
    static const re2::RE2 family_first(R"([\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]+)");
    return re2::RE2::FullMatch(first + last, family_first) ? last + first : first + " " + last;
}

// "phone_verified": true, "emailVerified": "yes".
bool is_verified(const Json& traits, std::string_view spelling) {
    for (const auto& [key, value] : traits) {
        const std::string_view name{key};
        if (!name.starts_with(spelling) ||
            (name.substr(spelling.size()) != "_verified" && name.substr(spelling.size()) != "Verified"))
            continue;
        const std::string text = text_of(&value);
        return text == "true" || text == "1" || text == "yes";
    }
    return false;
}

// In the first spelling that says something; null where one says so and none says more.
void add_trait(identity::Subject& subject, std::string_view field, const Json& traits,
    std::initializer_list<std::string_view> spellings) {
    bool is_taken_back = false;
    for (const std::string_view spelling : spellings) {
        const auto* said = traits.if_contains(spelling);
        if (const std::string text = text_of(said); !text.empty()) {
            add_fact(subject, field, text);
            if (is_verified(traits, spelling) && !subject.facts.empty())
                subject.facts.back().mark = identity::Mark::verified;
            return;
        }
        is_taken_back |= said && said->is_null();
    }
    if (is_taken_back)
        take_back(subject, field);
}

void add_traits(identity::Subject& subject, const Json& traits, Names names) {
    for (const auto& [trait, field] : names)
        add_trait(subject, field, traits, {trait, field});
}

void verify(identity::Subject& subject, std::string_view type, std::string_view value) {
    for (identity::IdentifierValue& identifier : subject.identifiers)
        identifier.is_verified |= identifier.type->code == type && identifier.value == value;
}

void add_address(identity::Subject& subject, const Json& traits) {
    add_trait(subject, "address", traits, {"address"});
    const Json* address = object_in(traits, "address");
    if (!address)
        return;
    static constexpr std::pair<std::string_view, std::string_view> parts[] = {
        {"street", "address"}, {"city", "city"}, {"state", "province"}, {"country", "country"}};
    for (const auto& [part, field] : parts)
        add_trait(subject, field, *address, {part});
    add_trait(subject, "postal_code", *address, {"postalCode", "postal_code"});
}

std::string trait_in(const Json& traits, std::string_view camel, std::string_view snake) {
    std::string text = text_in(traits, camel);
    return text.empty() ? text_in(traits, snake) : text;
}

// "https://acme.example/" is the company's own; "https://facebook.com/acme" is a page of somebody else's.
bool is_whole_domain(std::string_view website) {
    if (const auto scheme = website.find("://"); scheme != std::string_view::npos)
        website.remove_prefix(scheme + 3);
    const auto path = website.find_first_of("/?#");
    return path == std::string_view::npos || path + 1 == website.size();
}

std::optional<identity::TypeReference> device_type(std::string_view code) {
    for (const std::string_view device : {"ios.id", "ios.idfa", "ios.idfv", "android.id", "android.idfa", "device_id"})
        if (code == device)
            return identity::TypeReference{identity::find_identifier_type("device"), std::nullopt};
    return std::nullopt;
}

std::optional<identity::TypeReference> external_type(const std::string& code) {
    if (auto device = device_type(code))
        return device;
    const auto type = identity::parse_type(code);
    if (!type || type->type->joins == identity::Joins::organisations)
        return std::nullopt;
    return *type;
}

// Those that the policy added, under their codes.
void add_added_types(identity::Subject& subject, const Json& traits, const source::Source& source) {
    for (const identity::IdentifierType* type : identity::identifier_types()) {
        if (!type->spelling || !identity::joins_kind(*type, subject.kind))
            continue;
        if (const auto raw = text_in(traits, type->code); !raw.empty())
            add_identifier(subject, {type, std::nullopt}, raw, source);
    }
}

} // namespace

std::string add_identifier(identity::Subject& subject, const identity::TypeReference& type, std::string_view raw,
    const source::Source& source) {
    const auto normal = identity::normalise(*type.type, raw, source.region);
    if (!normal)
        return "";
    identity::IdentifierValue identifier{type.type, type.scope_within(source.name), normal->value, normal->is_blocked};
    const bool is_known = std::ranges::any_of(subject.identifiers, [&](const identity::IdentifierValue& one) {
        return one.type == identifier.type && one.scope == identifier.scope && one.value == identifier.value;
    });
    if (!is_known)
        subject.identifiers.push_back(std::move(identifier));
    return normal->is_blocked ? "" : normal->value;
}

std::string add_identifier(
    identity::Subject& subject, std::string_view type_code, std::string_view raw, const source::Source& source) {
    return add_identifier(subject, {identity::find_identifier_type(type_code), std::nullopt}, raw, source);
}

void add_fact(identity::Subject& subject, std::string_view field_code, std::string_view text) {
    const object::GoldenField* field = object::find_golden_field(field_code);
    if (!field || text.empty())
        return;
    subject.facts.push_back({field->id, std::string(beginning_of(text, fact_code_points_max)), subject.at});
}

void add_person_traits(identity::Subject& subject, const Json& traits, const source::Source& source) {
    static constexpr std::pair<std::string_view, std::string_view> names[] = {{"name", "name"},
        {"firstName", "first_name"}, {"lastName", "last_name"}, {"gender", "gender"}, {"birthday", "birthday"},
        {"age", "age"}, {"title", "title"}, {"industry", "industry"}, {"website", "website"}, {"language", "language"},
        {"country", "country"}, {"province", "province"}, {"city", "city"}, {"district", "district"},
        {"postalCode", "postal_code"}, {"grade", "grade"}, {"owner", "owner"}, {"description", "note"}};
    add_traits(subject, traits, names);
    add_address(subject, traits);
    const Json* company = object_in(traits, "company");
    add_trait(subject, "company", company ? *company : traits, {company ? "name" : "company"});
    const std::string first = trait_in(traits, "firstName", "first_name"),
                      last = trait_in(traits, "lastName", "last_name");
    if (text_in(traits, "name").empty() && !first.empty() && !last.empty())
        add_fact(subject, "name", full_name(first, last));
    for (const std::string_view type : {"email", "phone", "unionid", "openid"})
        if (const auto raw = text_in(traits, type); !raw.empty()) {
            const std::string value = add_identifier(subject, type, raw, source);
            if (!value.empty() && is_verified(traits, type))
                verify(subject, type, value);
        }
    add_added_types(subject, traits, source);
}

void add_organisation_traits(identity::Subject& subject, const Json& traits, const source::Source& source) {
    static constexpr std::pair<std::string_view, std::string_view> names[] = {{"name", "name"},
        {"industry", "industry"}, {"website", "website"}, {"phone", "phone"}, {"email", "email"},
        {"country", "country"}, {"province", "province"}, {"city", "city"}, {"district", "district"},
        {"postalCode", "postal_code"}, {"grade", "grade"}, {"owner", "owner"}, {"description", "note"}};
    add_traits(subject, traits, names);
    add_address(subject, traits);
    if (const std::string website = text_in(traits, "website"); !website.empty() && is_whole_domain(website))
        add_identifier(subject, "web_domain", website, source);
    add_added_types(subject, traits, source);
}

void add_context(identity::Subject& subject, const Json& context, const source::Source& source) {
    if (const Json* device = object_in(context, "device"))
        for (const std::string_view name : {"id", "advertisingId"})
            if (const std::string raw = text_in(*device, name); !raw.empty())
                add_identifier(subject, "device", raw, source);
    const auto* ids = array_in(context, "externalIds");
    if (!ids)
        return;
    for (std::size_t i = 0; i < std::min(ids->size(), external_ids_max); ++i) {
        const Json* id = (*ids)[i].if_object();
        if (!id)
            continue;
        const std::string collection = text_in(*id, "collection"), encoding = text_in(*id, "encoding");
        if ((!collection.empty() && collection != "users") || (!encoding.empty() && encoding != "none"))
            continue;
        const std::string raw = text_in(*id, "id");
        if (const auto type = external_type(text_in(*id, "type")); type && !raw.empty())
            add_identifier(subject, *type, raw, source);
    }
}

} // namespace onefold::customer
