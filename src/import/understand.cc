#include "import/understand.h"

#include "core/text.h"
#include "import/cell_value.h"
#include "import/column_kind.h"
#include "import/guess.h"
#include "sheet/written.h"

namespace onefold::import {
namespace {

constexpr double share_of_kind = 0.8; // of the values must be of a kind that the column's name does not say
constexpr double share_of_named = 0.5;
constexpr std::size_t choices_max = 20;

bool is_checked_strictly(ColumnKind kind) {
    switch (kind) {
    case ColumnKind::email:
    case ColumnKind::phone:
    case ColumnKind::credit_code:
    case ColumnKind::id_card:
    case ColumnKind::date:
    case ColumnKind::money:
    case ColumnKind::number:
    case ColumnKind::percent:
        return true;
    default:
        return false;
    }
}

// Money without a sign is a number.
ColumnKind tested_as(ColumnKind kind) {
    return kind == ColumnKind::money || kind == ColumnKind::percent ? ColumnKind::number : kind;
}

double share_of(ColumnKind kind, const std::vector<std::string>& values, std::string_view region) {
    const auto count =
        std::ranges::count_if(values, [&](const std::string& value) { return is_of_kind(kind, value, region); });
    return double(count) / double(values.size());
}

bool is_choice(const std::vector<std::string>& values) {
    std::set<std::string_view> different;
    for (const std::string& value : values) {
        different.insert(value);
        if (different.size() > choices_max || value.size() > 60)
            return false;
    }
    return values.size() >= 4 && different.size() * 3 <= values.size();
}

void decide(UnderstoodColumn& column, const std::vector<std::string>& values, std::string_view region) {
    const ColumnKind named = kind_of_name(column.name);
    if (values.empty()) {
        column.kind = named;
        column.confidence = named == ColumnKind::blank ? 1 : 0.5;
        return;
    }
    if (named != ColumnKind::blank) {
        const double share = share_of(tested_as(named), values, region);
        const bool may_be_loose = !is_checked_strictly(named);
        if (share >= share_of_named || may_be_loose) {
            column.kind = named;
            column.confidence = 0.5 + 0.5 * share;
            return;
        }
    }
    for (const ColumnKind kind : checked_kinds())
        if (const double share = share_of(kind, values, region); share >= share_of_kind) {
            column.kind = kind;
            column.confidence = 0.9 * share;
            if ((kind == ColumnKind::code || kind == ColumnKind::name || kind == ColumnKind::number) &&
                is_choice(values) && kind != ColumnKind::number)
                column.kind = ColumnKind::choice;
            return;
        }
    column.kind = is_choice(values) ? ColumnKind::choice : ColumnKind::text;
    column.confidence = column.kind == ColumnKind::choice ? 0.8 : 0.5;
}

void find_formats(UnderstoodColumn& column, const std::vector<std::string>& values) {
    if (column.kind == ColumnKind::date) {
        if (const auto order = sheet::find_day_order(values))
            column.format = *order == sheet::DayOrder::day_first ? ValueFormat::day_first : ValueFormat::month_first;
        column.is_ambiguous = !column.format && std::ranges::any_of(values, [](const std::string& value) {
            const auto time = sheet::read_time(value);
            return time && time->may_be_otherwise;
        });
    }
    if (tested_as(column.kind) == ColumnKind::number)
        if (const auto mark = sheet::find_decimal_mark(values))
            column.format =
                *mark == sheet::DecimalMark::comma ? ValueFormat::decimal_comma : ValueFormat::decimal_point;
}

UnderstoodColumn understand_column(
    const Column& place, std::span<const Row> rows, std::string_view region, std::vector<BadCell>& bad_cells) {
    UnderstoodColumn column{.name = place.name};
    std::vector<std::string> values;
    std::vector<std::uint64_t> lines;
    for (const Row& row : rows) {
        if (row.error)
            continue;
        const auto value = value_in(row, place);
        if (value.empty()) {
            ++column.blank;
            continue;
        }
        values.emplace_back(value);
        lines.push_back(row.line);
        if (column.samples.size() < samples_max && std::ranges::find(column.samples, value) == column.samples.end())
            column.samples.emplace_back(beginning_of(value, 200));
    }
    column.filled = values.size();
    decide(column, values, region);
    find_formats(column, values);
    if (!is_checked_strictly(column.kind))
        return column;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!is_of_kind(tested_as(column.kind), values[i], region)) {
            ++column.bad;
            if (bad_cells.size() < bad_cells_max)
                bad_cells.push_back({lines[i], values[i], bad_value(column.kind, lines[i], column.name, values[i])});
        }
    return column;
}

bool has(const std::map<std::string_view, Column>& parts, std::initializer_list<std::string_view> names) {
    return std::ranges::all_of(names, [&](std::string_view name) { return parts.contains(name); });
}

void decide_file(Understanding& understanding, std::span<const std::string> header) {
    const auto order = parts_among(header, order_meanings()), ticket = parts_among(header, ticket_meanings()),
               event = parts_among(header, event_meanings());
    const auto has_kind = [&](ColumnKind kind) {
        return std::ranges::find(understanding.columns, kind, &UnderstoodColumn::kind) != understanding.columns.end();
    };
    const bool has_customer = has_kind(ColumnKind::phone) || has_kind(ColumnKind::email) || has_kind(ColumnKind::name);
    const bool has_ticket_number = ticket.contains("number") && bare(ticket.at("number").name) != "number";
    understanding.is_of_organisations = has_kind(ColumnKind::organisation) || has_kind(ColumnKind::credit_code);
    if (has(order, {"number", "time"}) && (has(order, {"quantity", "price"}) || has(order, {"amount"}))) {
        understanding.kind = Kind::order;
        understanding.confidence = has(order, {"quantity", "price"}) ? 0.95 : 0.8;
    } else if (has_ticket_number && (ticket.contains("subject") || ticket.contains("status"))) {
        understanding.kind = Kind::ticket;
        understanding.confidence = 0.9;
    } else if (has(event, {"name", "time"})) {
        understanding.kind = Kind::event;
        understanding.confidence = 0.85;
    } else if (has(order, {"number", "time"})) {
        understanding.kind = Kind::order;
        understanding.confidence = 0.6;
    } else {
        understanding.kind = Kind::customer;
        understanding.confidence = has_customer ? 0.9 : understanding.is_of_organisations ? 0.8 : 0.3;
    }
}

bool is_mapped(const Map& map, std::size_t index) {
    const auto is_in = [&](const auto& columns) {
        return std::ranges::any_of(columns, [&](const auto& each) { return each.column.index == index; });
    };
    return is_in(map.identifiers) || is_in(map.fields) ||
           (map.group && (is_in(map.group->identifiers) || is_in(map.group->fields)));
}

// What only the values say.
void add_by_values(Map& map, const MapContext& context, const Understanding& understanding) {
    for (std::size_t i = 0; i < understanding.columns.size(); ++i) {
        const UnderstoodColumn& column = understanding.columns[i];
        if (column.confidence < 0.7 || is_mapped(map, i) || kind_of_name(column.name) != ColumnKind::blank)
            continue;
        const auto type = column.kind == ColumnKind::phone     ? "phone"
                          : column.kind == ColumnKind::email   ? "email"
                          : column.kind == ColumnKind::id_card ? "id_card"
                                                               : "";
        const auto field = column.kind == ColumnKind::name           ? "name"
                           : column.kind == ColumnKind::address      ? "address"
                           : column.kind == ColumnKind::organisation ? "company"
                                                                     : "";
        const Column place{column.name, i};
        if (*type)
            map.identifiers.push_back(
                {place, {identity::find_identifier_type(type), std::nullopt}, find_verified(place, context.header)});
        else if (*field && std::ranges::find(context.fields, std::string_view(field)) != context.fields.end() &&
                 std::ranges::find(map.fields, std::string_view(field), &FieldColumn::field) == map.fields.end())
            map.fields.push_back({place, field});
    }
}

} // namespace

std::string_view to_string(ColumnKind kind) {
    static constexpr std::array<std::string_view, 18> names{"blank", "name", "organisation", "phone", "email",
        "address", "id_card", "credit_code", "link", "date", "money", "number", "percent", "order_number", "code",
        "flag", "choice", "text"};
    return names[std::size_t(kind)];
}

Understanding understand(std::span<const std::string> header, std::span<const Row> rows, std::string_view region) {
    Understanding understanding;
    for (std::size_t i = 0; i < header.size(); ++i)
        understanding.columns.push_back(understand_column({header[i], i}, rows, region, understanding.bad_cells));
    decide_file(understanding, header);
    std::ranges::stable_sort(understanding.bad_cells, {}, &BadCell::line);
    return understanding;
}

Result<Map> propose_map(const MapContext& context, const Understanding& understanding, std::span<const Row> rows) {
    auto guessed = guess_map(context);
    Map map;
    if (guessed) {
        map = std::move(*guessed);
        add_by_values(map, context, understanding);
    } else {
        map.kind = context.kind;
        add_by_values(map, context, understanding);
        if (context.kind != Kind::customer || map.identifiers.empty())
            return guessed;
    }
    learn_formats(map, rows);
    return map;
}

} // namespace onefold::import
