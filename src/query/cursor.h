#pragma once
// `next` and `after`: where a page ended, as opaque text that only this order of this object understands.
#include "query/query.h"

#include <string>
#include <string_view>
#include <vector>

namespace onefold::query {

enum class CursorType { integer, text };

// The order that a cursor belongs to: object, paths and directions.
std::string order_name(const Query& query);

std::string to_cursor(std::string_view order, const store::Values& values);
// One value a type, NULL where blank; the last is the key and never NULL. query.bad_page for anything else.
Result<store::Values> from_cursor(
    std::string_view cursor, std::string_view order, const std::vector<CursorType>& types);

Failure bad_page(const std::string& where, const LocalText& message);

} // namespace onefold::query
