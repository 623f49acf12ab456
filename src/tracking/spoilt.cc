#include "tracking/spoilt.h"

#include "core/text.h"
#include "http/json.h"
#include "tracking/outline.h"

namespace onefold::tracking {
namespace {

using Json = boost::json::object;

std::string_view code_of(const Error& error) {
    static constexpr std::pair<std::string_view, std::string_view> codes[] = {
        {"http.duplicate_key", "tracking.key_twice"}, {"http.bad_character", "tracking.nul"},
        {"http.too_deep", "tracking.too_deep"}};
    for (const auto& [of_json, code] : codes)
        if (error.code == of_json)
            return code;
    return "tracking.no_text";
}

// However its letters are escaped.
bool is_named(std::string_view key, std::string_view name) {
    if (key.find('\\') == key.npos)
        return key == name;
    const auto read = http::parse_json(fmt::format("\"{}\"", key));
    return read && read->get_string() == name;
}

// `text` is JSON.
std::string without_key(std::string_view text, std::string_view name) {
    const auto members = members_of(text);
    if (!members || std::ranges::none_of(*members, [&](const Member& one) { return is_named(one.key, name); }))
        return std::string(text);
    std::string kept;
    for (const auto& [key, value] : *members)
        if (!is_named(key, name))
            kept += fmt::format("{}\"{}\":{}", kept.empty() ? "{" : ",", key, value);
    return kept.empty() ? "{}" : kept + "}";
}

Refused spoilt(std::string_view text, const Error& error, const Shape& shape) {
    return refused({code_of(error), ""}, without_key(text, shape.key_name), shape.call);
}

// The readable elements of `text`; the others are `spoilt`.
boost::json::array read_elements(
    const std::vector<std::string_view>& elements, const Shape& shape, std::vector<Refused>& refused) {
    boost::json::array read;
    for (const std::string_view element : elements)
        if (auto message = http::parse_json(element))
            read.push_back(std::move(*message));
        else
            refused.push_back(spoilt(element, message.error(), shape));
    return read;
}

} // namespace

Result<Saved> save_others(
    std::string_view body, const Shape& shape, const Error& error, boost::json::storage_ptr storage) {
    const auto members = error.code.starts_with("http.") && is_valid_utf8(body) ? members_of(body) : std::nullopt;
    if (!members)
        return fail(error);
    if (shape.list.empty() && body.size() > message_bytes_max)
        return message_too_large();
    Saved saved;
    std::string around; // the body without its messages
    std::optional<std::vector<std::string_view>> elements;
    for (const auto& [key, value] : *members) {
        auto list = !shape.list.empty() && is_named(key, shape.list) ? elements_of(value) : std::nullopt;
        if (!shape.list.empty() || is_named(key, shape.key_name))
            around += fmt::format("{}\"{}\":{}", around.empty() ? "" : ",", key, list ? "[]" : value);
        if (list)
            elements = std::move(list);
    }
    auto read = parse_body(fmt::format("{{{}}}", around), storage);
    if (!read)
        return fail(error);
    saved.body = std::move(*read);
    if (shape.list.empty())
        saved.spoilt.push_back(spoilt(body, error, shape));
    else if (elements)
        saved.body[shape.list] = read_elements(*elements, shape, saved.spoilt);
    return saved;
}

} // namespace onefold::tracking
