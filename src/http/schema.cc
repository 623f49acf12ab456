// JSON Schema (2020-12, as OpenAPI 3.1 has it) of types.
#include "http/shape.h"

#include <algorithm>
#include <boost/core/demangle.hpp>

namespace onefold::http {

namespace json = boost::json;

namespace {

// "onefold::http::Page<onefold::customer::Customer>" → {"Http", "PageOfCustomer"}
struct TypeName {
    std::string room;
    std::string noun;
};

std::string capitalised(std::string_view text) {
    std::string result(text);
    if (!result.empty())
        result[0] = char(std::toupper(static_cast<unsigned char>(result[0])));
    return result;
}

std::string last_part(std::string_view qualified) {
    const auto at = qualified.rfind("::");
    return capitalised(at == qualified.npos ? qualified : qualified.substr(at + 2));
}

TypeName type_name(const std::type_info& type) {
    std::string text = boost::core::demangle(type.name());
    for (const std::string_view noise : {"(anonymous namespace)::", "onefold::"})
        for (auto at = text.find(noise); at != text.npos; at = text.find(noise))
            text.erase(at, noise.size());
    const auto bracket = text.find('<');
    const auto qualified = text.substr(0, bracket);
    TypeName name{.noun = last_part(qualified)};
    if (const auto at = qualified.find("::"); at != qualified.npos)
        name.room = capitalised(qualified.substr(0, at));
    if (bracket == text.npos)
        return name;
    auto inner = text.substr(bracket + 1, text.rfind('>') - bracket - 1);
    inner = inner.substr(0, inner.find_first_of("<,"));
    name.noun += "Of" + last_part(inner);
    if (const auto at = inner.find("::"); at != inner.npos)
        name.room = capitalised(inner.substr(0, at));
    return name;
}

json::object reference_to(std::string_view name) {
    return {{"$ref", "#/components/schemas/" + std::string(name)}};
}

json::object text_schema(const Rule& rule) {
    json::object schema{{"type", "string"}, {"maxLength", rule.length_max.value_or(text_length_max)}};
    if (rule.length_min)
        schema["minLength"] = *rule.length_min;
    switch (rule.text) {
    case TextRule::any:
        break;
    case TextRule::not_blank:
        schema["pattern"] = "\\S";
        break;
    case TextRule::name:
        schema["pattern"] = "^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$";
        break;
    case TextRule::code:
        schema["pattern"] = "^[a-z][a-z0-9_]*$";
        break;
    case TextRule::e_mail:
        schema["format"] = "email";
        break;
    }
    return schema;
}

json::object integer_schema(const Type& type, const Rule& rule) {
    const auto least = rule.minimum.value_or(type.minimum);
    const auto most = rule.maximum.value_or(type.maximum);
    json::object schema{{"type", "integer"}, {"format", "int64"}};
    if (least != std::numeric_limits<std::int64_t>::min())
        schema["minimum"] = least;
    if (most != std::numeric_limits<std::int64_t>::max())
        schema["maximum"] = most;
    return schema;
}

json::object choice_schema(const Type& type) {
    json::array names;
    for (const auto& choice : type.choices)
        names.emplace_back(choice.first);
    return {{"type", "string"}, {"enum", std::move(names)}};
}

json::object nullable(json::object schema) {
    if (auto* type = schema.if_contains("type"); type && type->is_string()) {
        *type = json::array{*type, "null"};
        if (auto* choices = schema.if_contains("enum"))
            choices->as_array().emplace_back(nullptr);
        return schema;
    }
    if (schema.empty())
        return schema;
    return {{"anyOf", json::array{std::move(schema), json::object{{"type", "null"}}}}};
}

Rule of_items(Rule rule) {
    rule.length_min = rule.length_max = std::nullopt;
    return rule;
}

} // namespace

std::string Components::name_of(const Type& type) {
    if (const auto known = names_.find(type.cpp); known != names_.end())
        return known->second;
    const auto [room, noun] = type_name(*type.cpp);
    auto is_taken = [&](const std::string& name) { return schemas_.contains(name); };
    std::string name = noun;
    if (is_taken(name))
        name = room + noun;
    for (int number = 2; is_taken(name); ++number)
        name = room + noun + std::to_string(number);
    return names_[type.cpp] = name;
}

json::object Components::object_schema(const std::vector<const Member*>& members) {
    json::object properties;
    json::array required;
    for (const auto* member : members) {
        properties[member->name] = schema_of(member->type(), member->rule);
        if (member->type().kind != Kind::optional)
            required.emplace_back(member->name);
    }
    json::object schema{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!required.empty())
        schema["required"] = std::move(required);
    return schema;
}

json::object Components::schema_of_members(
    const Type& type, const std::vector<const Member*>& members, std::string_view suffix) {
    if (members.size() == type.members.size())
        return schema_of(type);
    const auto [room, noun] = type_name(*type.cpp);
    std::string name = noun + std::string(suffix);
    if (schemas_.contains(name))
        name = room + name;
    schemas_[name] = {};
    auto schema = object_schema(members);
    schemas_[name] = std::move(schema);
    return reference_to(name);
}

json::object Components::add(std::string_view name, json::object schema) {
    schemas_[std::string(name)] = std::move(schema);
    return reference_to(name);
}

json::object Components::schema_of(const Type& type, const Rule& rule) {
    switch (type.kind) {
    case Kind::text:
        return text_schema(rule);
    case Kind::boolean:
        return {{"type", "boolean"}};
    case Kind::integer:
        return integer_schema(type, rule);
    case Kind::id:
        return {{"type", "string"}, {"pattern", "^[1-9][0-9]{0,18}$"}};
    case Kind::decimal:
        return {{"type", "string"}, {"pattern", "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)$"}, {"format", "decimal"}};
    case Kind::instant:
        return {{"type", "string"}, {"format", "date-time"}};
    case Kind::local_text:
        return {{"type", "object"}, {"additionalProperties", text_schema(rule)}, {"minProperties", 1},
            {"x-local-text", true}};
    case Kind::any:
        return {};
    case Kind::any_object:
        return {{"type", "object"}, {"additionalProperties", true}};
    case Kind::optional:
        return nullable(schema_of(type.element(), rule));
    case Kind::array: {
        json::object schema{{"type", "array"}, {"items", schema_of(type.element(), of_items(rule))},
            {"maxItems", rule.length_max.value_or(item_count_max)}};
        if (rule.length_min)
            schema["minItems"] = *rule.length_min;
        return schema;
    }
    case Kind::map:
        return {{"type", "object"}, {"additionalProperties", schema_of(type.element(), of_items(rule))}};
    case Kind::choice:
    case Kind::object:
        break;
    }
    const bool is_known = names_.contains(type.cpp);
    const auto name = name_of(type);
    if (is_known)
        return reference_to(name);
    schemas_[name] = {};
    json::object schema;
    if (type.kind == Kind::choice) {
        schema = choice_schema(type);
    } else {
        std::vector<const Member*> members;
        for (const auto& member : type.members)
            members.push_back(&member);
        schema = object_schema(members);
    }
    schemas_[name] = std::move(schema);
    return reference_to(name);
}

} // namespace onefold::http
