#include "tracking/pixel.h"

#include "core/text.h"
#include "http/json.h"
#include "http/target.h"
#include "tracking/base64.h"

#include <algorithm>
#include <ranges>

namespace onefold::tracking {
namespace {

using Json = boost::json::object;
constexpr std::size_t nesting_max = 8;

Failure unreadable() {
    return fail(ErrorKind::invalid, "tracking.unreadable", text_of("tracking.unreadable", ""));
}

// Sets `text` at "properties.order.total"; false where something else stands in the way.
bool set_at(Json& json, std::string_view path, std::string text) {
    Json* place = &json;
    for (std::size_t depth = 0;; ++depth) {
        const auto dot = path.find('.');
        const std::string_view name = path.substr(0, dot);
        if (name.empty() || depth > nesting_max)
            return false;
        auto& member = (*place)[name];
        if (dot == path.npos) {
            member = std::move(text);
            return true;
        }
        if (member.is_null())
            member = Json{};
        if (!member.is_object())
            return false;
        place = &member.get_object();
        path.remove_prefix(dot + 1);
    }
}

} // namespace

std::string_view gif() {
    static const std::string bytes =
        from_any_base64("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7").value_or("");
    return bytes;
}

std::string query_value(std::string_view query, std::string_view name) {
    const auto parameters = http::query_parameters(query);
    if (parameters)
        for (const auto& [key, value] : *parameters)
            if (key == name)
                return value;
    return "";
}

std::string without_key(std::string_view query, std::string_view name) {
    const std::string key = query_value(query, name);
    std::string kept;
    for (const auto part : std::views::split(query, '&')) {
        const std::string_view parameter(part);
        const auto read = http::query_parameters(parameter);
        const bool tells_key = !read || std::ranges::any_of(*read, [&](const auto& one) {
            return one.first == name || (!key.empty() && (one.second.contains(key) ||
                                                             from_any_base64(one.second).value_or("").contains(key)));
        });
        if (!tells_key)
            kept.append(kept.empty() ? "" : "&").append(parameter);
    }
    return kept;
}

Result<Json> message_of_query(std::string_view query) {
    const auto parameters = http::query_parameters(query);
    if (!parameters)
        return unreadable();
    Json message;
    for (const auto& [name, value] : *parameters) {
        if (!is_valid_utf8(name) || !is_valid_utf8(value) || value.find('\0') != value.npos)
            return unreadable();
        if (name != "data") {
            if (!set_at(message, name, value))
                return unreadable();
            continue;
        }
        const auto decoded = from_any_base64(value);
        auto parsed = decoded ? http::parse_json(*decoded) : Result<boost::json::value>(unreadable());
        if (!parsed || !parsed->is_object())
            return unreadable();
        for (auto& [key, member] : parsed->get_object())
            message[key] = std::move(member);
    }
    return message;
}

} // namespace onefold::tracking
