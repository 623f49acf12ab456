#include "core/decimal.h"
#include "core/local_text.h"
#include "core/time.h"
#include "http/contract.h"
#include "http/json.h"
#include "http/shape.h"

#include <algorithm>
#include <charconv>

namespace onefold::http {

namespace {

void write_number(std::int64_t number, std::string& out) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

void write_local_text(const LocalText& text, std::string& out) {
    out += '{';
    for (const auto& [locale, entry] : text.texts()) {
        if (out.back() != '{')
            out += ',';
        write_json_string(locale, out);
        out += ':';
        write_json_string(entry, out);
    }
    out += '}';
}

struct Items {
    const Type& element;
    bool has_keys;
    bool is_first;
    std::string& out;
};

void write_items(const Type& type, const void* value, std::string& out) {
    const bool has_keys = type.kind == Kind::map;
    Items items{type.element(), has_keys, true, out};
    out += has_keys ? '{' : '[';
    type.each(value, &items, [](void* context, std::string_view key, const void* element) {
        auto& all = *static_cast<Items*>(context);
        if (!std::exchange(all.is_first, false))
            all.out += ',';
        if (all.has_keys) {
            write_json_string(key, all.out);
            all.out += ':';
        }
        write(all.element, element, all.out);
    });
    out += has_keys ? '}' : ']';
}

void write_optional(const Type& type, const void* value, std::string& out) {
    Items items{type.element(), false, true, out};
    type.each(value, &items, [](void* context, std::string_view, const void* element) {
        auto& all = *static_cast<Items*>(context);
        all.is_first = false;
        write(all.element, element, all.out);
    });
    if (items.is_first)
        out += "null";
}

void write_object(const Type& type, const void* value, std::string& out) {
    char before = '{';
    for (const auto& member : type.members) {
        out += before;
        before = ',';
        out += '"';
        out += member.name;
        out += "\":";
        write(member.type(), member.at(const_cast<void*>(value)), out);
    }
    out += type.members.empty() ? "{}" : "}";
}

std::string plain(const Member& member, const void* object) {
    std::string text;
    write(member.type(), member.at(const_cast<void*>(object)), text);
    if (text == "null")
        return {};
    std::erase(text, '"');
    return text;
}

} // namespace

void write(const Type& type, const void* value, std::string& out) {
    switch (type.kind) {
    case Kind::text:
        return write_json_string(*static_cast<const std::string*>(value), out);
    case Kind::boolean:
        out += *static_cast<const bool*>(value) ? "true" : "false";
        return;
    case Kind::integer:
        return write_number(type.number(value), out);
    case Kind::id:
        out += '"';
        write_number(*static_cast<const std::int64_t*>(value), out);
        out += '"';
        return;
    case Kind::decimal:
        return write_json_string(static_cast<const Decimal*>(value)->to_string(), out);
    case Kind::instant:
        return write_json_string(to_rfc3339(*static_cast<const Instant*>(value)), out);
    case Kind::local_text:
        return write_local_text(*static_cast<const LocalText*>(value), out);
    case Kind::choice: {
        const auto found =
            std::ranges::find(type.choices, type.number(value), &std::pair<std::string, std::int64_t>::second);
        VERIFY(found != type.choices.end());
        return write_json_string(found->first, out);
    }
    case Kind::any:
        write_json(*static_cast<const boost::json::value*>(value), out);
        return;
    case Kind::any_object:
        write_json(*static_cast<const boost::json::object*>(value), out);
        return;
    case Kind::optional:
        return write_optional(type, value, out);
    case Kind::array:
    case Kind::map:
        return write_items(type, value, out);
    case Kind::object:
        return write_object(type, value, out);
    }
}

Written written(const Type& type, const void* response) {
    Written result;
    write(type, response, result.body);
    if (type.kind != Kind::object)
        return result;
    if (const auto* version = type.find("version"))
        result.version = plain(*version, response);
    if (const auto* id = type.find("id"))
        result.id = plain(*id, response);
    return result;
}

} // namespace onefold::http
