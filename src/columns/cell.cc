#include "columns/cell.h"

#include "core/time.h"

#include <cmath>

namespace onefold::columns {
namespace {

using boost::json::object;
using boost::json::value;

void append_name(std::string& path, std::string_view name) {
    for (const char c : name)
        if (c == '~')
            path += "~0";
        else if (c == '/')
            path += "~1";
        else
            path += c;
}

// Whether text looks like RFC 3339 to the microsecond and begins to be worth parsing.
bool may_be_time(std::string_view text) {
    return text.size() >= 20 && text.size() <= 32 && text[4] == '-' && text[7] == '-' && text[10] == 'T' &&
           text[13] == ':';
}

bool is_finer_than_microseconds(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos)
        return false;
    const auto end = text.find_first_not_of("0123456789", dot + 1);
    return (end == std::string_view::npos ? text.size() : end) - dot > 7;
}

bool read_time(std::string_view text, Cell& cell) {
    if (!may_be_time(text) || is_finer_than_microseconds(text))
        return false;
    const auto at = parse_rfc3339(text);
    if (!at)
        return false;
    cell.type = CellType::time;
    cell.integer = micros_of(*at);
    return true;
}

template <class Integer>
bool read_integer(Integer integer, Cell& cell) {
    constexpr auto exact_max = std::int64_t{1} << 53;
    if (integer > Integer(exact_max) || (std::is_signed_v<Integer> && integer < Integer(-exact_max)))
        return false;
    cell.type = CellType::number;
    cell.real = double(integer);
    return true;
}

bool read_plain(const value& json, Cell& cell) {
    switch (json.kind()) {
    case boost::json::kind::string:
        if (!read_time(json.get_string(), cell)) {
            cell.type = CellType::text;
            cell.text = std::string_view(json.get_string());
        }
        return true;
    case boost::json::kind::bool_:
        cell.type = CellType::flag;
        cell.integer = json.get_bool();
        return true;
    case boost::json::kind::int64:
        return read_integer(json.get_int64(), cell);
    case boost::json::kind::uint64:
        return read_integer(json.get_uint64(), cell);
    case boost::json::kind::double_:
        cell.type = CellType::number;
        cell.real = json.get_double();
        return std::isfinite(cell.real);
    default:
        return false;
    }
}

void read_object(const object& json, const std::string& prefix, int depth, std::vector<Cell>& cells) {
    for (const auto& [name, property] : json) {
        if (property.is_null())
            continue;
        std::string path = prefix;
        append_name(path, name);
        const object* inner = property.if_object();
        if (inner && !inner->empty() && depth < depth_max) {
            read_object(*inner, path + "/", depth + 1, cells);
            continue;
        }
        Cell& cell = cells.emplace_back();
        cell.path = std::move(path);
        if (!read_plain(property, cell)) {
            cell.type = CellType::json;
            cell.text = boost::json::serialize(property);
        }
    }
}

} // namespace

std::string_view to_string(CellType type) {
    static constexpr std::string_view names[] = {"text", "number", "time", "flag", "json"};
    return names[std::size_t(type)];
}

std::vector<Cell> cells_of(const object& properties) {
    std::vector<Cell> cells;
    cells.reserve(properties.size());
    read_object(properties, "", 1, cells);
    return cells;
}

value value_of(const Cell& cell) {
    switch (cell.type) {
    case CellType::text:
        return value(cell.text);
    case CellType::number:
        return cell.real;
    case CellType::time:
        return value(to_rfc3339(instant_of(cell.integer)));
    case CellType::flag:
        return cell.integer != 0;
    case CellType::json:
        return boost::json::parse(cell.text);
    }
    return nullptr;
}

} // namespace onefold::columns
