#include "import/cell_value.h"

#include "core/text.h"
#include "sheet/written.h"

namespace onefold::import {
namespace {

std::optional<sheet::DayOrder> day_order_of(std::optional<ValueFormat> format) {
    if (format == ValueFormat::day_first)
        return sheet::DayOrder::day_first;
    if (format == ValueFormat::month_first)
        return sheet::DayOrder::month_first;
    return std::nullopt;
}

std::vector<std::string> values_of(const Column& column, std::span<const Row> rows) {
    std::vector<std::string> values;
    for (const Row& row : rows)
        if (!row.error && column.index < row.fields.size())
            if (const auto value = value_in(row, column); !value.empty())
                values.emplace_back(value);
    return values;
}

void learn_time(Map& map, const Column& column, std::span<const Row> rows) {
    if (map.format_of(column))
        return;
    if (const auto order = sheet::find_day_order(values_of(column, rows)))
        map.formats.push_back(
            {column, *order == sheet::DayOrder::day_first ? ValueFormat::day_first : ValueFormat::month_first});
}

void learn_number(Map& map, const Column& column, std::span<const Row> rows) {
    if (!map.format_of(column) && sheet::find_decimal_mark(values_of(column, rows)) == sheet::DecimalMark::comma)
        map.formats.push_back({column, ValueFormat::decimal_comma});
}

} // namespace

std::string_view value_in(const Row& row, const Column& column) {
    const auto text = cell(row, column);
    return sheet::is_blank_word(text) ? std::string_view() : text;
}

RowError error_at(const Row& row, const Column& column, const Error& error) {
    return {row.line, column.name, error.code, error.message};
}

Result<Instant> time_in(const Row& row, const Column& column, const Map& map, const Zone& zone) {
    const auto text = cell(row, column);
    auto exact = parse_time(text, zone);
    if (exact)
        return exact;
    const auto written = sheet::read_time(text, day_order_of(map.format_of(column)));
    if (!written)
        return exact;
    if (written->may_be_otherwise)
        return fail(ErrorKind::invalid, "import.ambiguous_date",
            {fmt::format("“{}” has a day and a month that could change places. Say which comes first: "
                         "{{\"formats\": {{\"{}\": \"day_first\"}}}} or \"month_first\" in the map.",
                 text, column.name),
                fmt::format("“{}”的日和月无法区分。请在映射中说明：{{\"formats\": {{\"{}\": "
                            "\"day_first\"}}}}（日在前）或 \"month_first\"（月在前）。",
                    text, column.name)});
    return sheet::instant_of(*written, zone);
}

Result<Decimal> number_in(const Row& row, const Column& column, const Map& map) {
    const auto text = cell(row, column);
    const bool has_comma = map.format_of(column) == ValueFormat::decimal_comma;
    auto exact = Decimal::parse(text);
    if (exact && !has_comma)
        return exact;
    const auto written = sheet::read_number(text, has_comma ? sheet::DecimalMark::comma : sheet::DecimalMark::point);
    return written ? Result<Decimal>(written->value) : exact;
}

void learn_formats(Map& map, std::span<const Row> rows) {
    if (const auto& order = map.order) {
        learn_time(map, order->time, rows);
        if (const auto lines = order->lines) {
            learn_number(map, lines->quantity, rows);
            learn_number(map, lines->price, rows);
        }
    }
    if (map.ticket && map.ticket->time)
        learn_time(map, *map.ticket->time, rows);
    if (map.ticket && map.ticket->rating)
        learn_number(map, *map.ticket->rating, rows);
    if (map.event)
        learn_time(map, map.event->time, rows);
}

} // namespace onefold::import
