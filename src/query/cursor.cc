#include "query/cursor.h"

#include "core/text.h"

#include <fmt/format.h>

namespace onefold::query {
namespace {

constexpr std::size_t cursor_bytes_max = 65536;

Failure strange() {
    return bad_page("/after", {"This is not the `next` of a page in this order. Start again from the first page.",
                                  "这不是当前排序下某一页的 `next`。请从第一页重新开始。"});
}

} // namespace

Failure bad_page(const std::string& where, const LocalText& message) {
    return fail(ErrorKind::invalid, "query.bad_page", message, {{where, "query.bad_page", message}});
}

std::string order_name(const Query& query) {
    boost::json::array order{boost::json::value(query.object)};
    for (const auto& sort : query.sort) {
        boost::json::array path{sort.direction == Direction::ascending ? "+" : "-"};
        for (const auto& code : sort.path)
            path.emplace_back(code);
        order.emplace_back(std::move(path));
    }
    return boost::json::serialize(order);
}

std::string to_cursor(std::string_view order, const store::Values& values) {
    boost::json::array list;
    for (const auto& value : values) {
        if (const auto* integer = std::get_if<std::int64_t>(&value))
            list.emplace_back(*integer);
        else if (const auto* text = std::get_if<std::string>(&value))
            list.emplace_back(*text);
        else
            list.emplace_back(nullptr);
    }
    return to_base64url(
        boost::json::serialize(boost::json::array{boost::json::value(order), boost::json::value(std::move(list))}));
}

Result<store::Values> from_cursor(
    std::string_view cursor, std::string_view order, const std::vector<CursorType>& types) {
    if (cursor.size() > cursor_bytes_max)
        return strange();
    boost::json::error_code error;
    const auto json = boost::json::parse(from_base64url(cursor), error);
    const auto* parts = error ? nullptr : json.if_array();
    if (!parts || parts->size() != 2)
        return strange();
    const auto* name = (*parts)[0].if_string();
    const auto* list = (*parts)[1].if_array();
    if (!name || std::string_view(*name) != order || !list || list->size() != types.size())
        return strange();
    store::Values values;
    for (std::size_t i = 0; i < types.size(); ++i) {
        const auto& each = (*list)[i];
        const auto* integer = each.if_int64();
        const auto* text = each.if_string();
        if (each.is_null() && i + 1 < types.size())
            values.emplace_back();
        else if (integer && types[i] == CursorType::integer)
            values.emplace_back(*integer);
        else if (text && types[i] == CursorType::text && text->find('\0') == text->npos)
            values.emplace_back(std::string(*text));
        else
            return strange();
    }
    return values;
}

} // namespace onefold::query
