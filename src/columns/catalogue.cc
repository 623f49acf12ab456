#include "columns/catalogue.h"

#include "columns/event_file.h"
#include "columns/mask.h"
#include "http/json.h"

#include <map>

namespace onefold::columns {
namespace {

constexpr int examples_max = 5;
constexpr int events_for_examples = 2'000;
constexpr std::size_t searches_for_examples_max = 10;

struct Use {
    Property property;
    std::int64_t count = 0;
    std::map<std::string, std::int64_t> examples; // → how often
};
using Uses = std::vector<Use>;

constexpr std::string_view summaries =
    "SELECT t.id, t.source_id, t.kind, t.name, c.events, c.first_at, c.last_at, COALESCE(p.paths, 0) "
    "FROM event_type t "
    "JOIN (SELECT event_type_id, COUNT(*) AS events, MIN(happened_at) AS first_at, MAX(happened_at) AS last_at FROM "
    "event "
    "GROUP BY event_type_id) c ON c.event_type_id = t.id "
    "LEFT JOIN (SELECT event_type_id, COUNT(DISTINCT path) AS paths FROM event_property GROUP BY event_type_id) p "
    "ON p.event_type_id = t.id ";

EventTypeSummary summary_of(const store::Row& row) {
    return {EventTypeId(row.integer(0)), {SourceId{row.integer(1)}, std::string(row.text(2)), std::string(row.text(3))},
        row.integer(4), instant_of(row.integer(5)), instant_of(row.integer(6)), row.integer(7)};
}

Result<Uses> list_uses(store::ColumnsConnection& connection, EventTypeId id) {
    Uses uses;
    TRY(connection.each("SELECT id, path, type, slot FROM event_property WHERE event_type_id = $1 ORDER BY id",
        {std::int64_t{id}}, [&](const store::Row& row) -> Result<> {
            uses.push_back({{PropertyId(row.integer(0)), id, std::string(row.text(1)), CellType(row.integer(2)),
                                int(row.integer(3))},
                0, {}});
            return {};
        }));
    return uses;
}

std::string column_of(const Use& use) {
    return columns::column_of(use.property.type, use.property.slot);
}

// As people read it; NULL where there is no value.
std::string shown(const Use& use) {
    return use.property.type == CellType::time ? fmt::format("epoch_us({})", column_of(use))
                                               : fmt::format("{}::VARCHAR", column_of(use));
}
// 19.9 and not 1.99E1, however it is kept.
std::string readable(const boost::json::value& json) {
    std::string text;
    http::write_json(json, text);
    if (json.is_double() && text.ends_with(".0"))
        text.resize(text.size() - 2);
    return text;
}
std::string example_of(const Use& use, const store::Row& row, int column) {
    std::string text(use.property.type == CellType::time ? to_rfc3339(instant_of(row.integer(column)))
                                                         : std::string(row.text(column)));
    if (use.property.type == CellType::number && text.ends_with(".0"))
        text.resize(text.size() - 2);
    if (use.property.type == CellType::json)
        if (const auto json = http::parse_json(text))
            return readable(*json);
    return text;
}

std::vector<Use*> with_slot(Uses& uses) {
    std::vector<Use*> found;
    for (Use& use : uses)
        if (use.property.slot != no_slot)
            found.push_back(&use);
    return found;
}

Result<> count_uses(store::ColumnsConnection& connection, EventTypeId id, const std::vector<Use*>& uses) {
    std::string sql = "SELECT COUNT(*)";
    for (const Use* use : uses)
        sql += fmt::format(", COUNT({})", column_of(*use));
    return connection.each(
        sql + " FROM event WHERE event_type_id = $1", {std::int64_t{id}}, [&](const store::Row& row) -> Result<> {
            for (std::size_t i = 0; i < uses.size(); ++i)
                uses[i]->count = row.integer(int(i) + 1);
            return {};
        });
}

void add_overflow_examples(std::string_view text, const std::map<std::string, Use*>& by_key) {
    boost::system::error_code error;
    const auto overflow = boost::json::parse(text, error);
    if (error || !overflow.is_object())
        return;
    for (const auto& [key, kept] : overflow.get_object())
        if (const auto use = by_key.find(std::string(key)); use != by_key.end())
            ++use->second
                  ->examples[kept.is_string() ? std::string(std::string_view(kept.get_string())) : readable(kept)];
}

// Of the newest events.
Result<> find_examples(store::ColumnsConnection& connection, EventTypeId id, const std::vector<Use*>& uses,
    const std::map<std::string, Use*>& in_overflow) {
    std::string columns = "overflow";
    for (const Use* use : uses)
        columns += ", " + shown(*use);
    return connection.each(fmt::format("SELECT {} FROM event WHERE event_type_id = $1 ORDER BY position DESC LIMIT {}",
                               columns, events_for_examples),
        {std::int64_t{id}}, [&](const store::Row& row) -> Result<> {
            if (!row.is_null(0))
                add_overflow_examples(row.text(0), in_overflow);
            for (std::size_t i = 0; i < uses.size(); ++i)
                if (!row.is_null(int(i) + 1))
                    ++uses[i]->examples[example_of(*uses[i], row, int(i) + 1)];
            return {};
        });
}

// What is so rare that the newest events do not have it.
Result<> find_rare_examples(store::ColumnsConnection& connection, EventTypeId id, const std::vector<Use*>& uses) {
    std::size_t searches = 0;
    for (Use* use : uses) {
        if (use->count == 0 || !use->examples.empty() || ++searches > searches_for_examples_max)
            continue;
        TRY(connection.each(fmt::format("SELECT {} FROM event WHERE event_type_id = $1 AND {} IS NOT NULL LIMIT {}",
                                shown(*use), column_of(*use), examples_max),
            {std::int64_t{id}}, [&](const store::Row& row) -> Result<> {
                ++use->examples[example_of(*use, row, 0)];
                return {};
            }));
    }
    return {};
}

std::map<std::string, Use*> without_slot(Uses& uses) {
    std::map<std::string, Use*> by_key;
    for (Use& use : uses)
        if (use.property.slot == no_slot)
            by_key[overflow_key_of(use.property.type, use.property.path)] = &use;
    return by_key;
}

// Answers how many values belong to properties that have no use of their own.
Result<std::int64_t> count_overflow(
    store::ColumnsConnection& connection, EventTypeId id, const std::map<std::string, Use*>& by_key) {
    std::int64_t left_out = 0;
    TRY(connection.each(
        "SELECT key, COUNT(*) FROM (SELECT unnest(json_keys(overflow)) AS key FROM event WHERE event_type_id = $1 AND "
        "overflow IS NOT NULL) GROUP BY key",
        {std::int64_t{id}}, [&](const store::Row& row) -> Result<> {
            const auto use = by_key.find(std::string(row.text(0)));
            if (use == by_key.end())
                left_out += row.integer(1);
            else
                use->second->count = row.integer(1);
            return {};
        }));
    return left_out;
}

std::vector<std::string> most_frequent(CellType type, const std::map<std::string, std::int64_t>& examples) {
    std::vector<std::pair<std::int64_t, std::string>> ordered;
    for (const auto& [text, count] : examples)
        ordered.emplace_back(-count, text);
    std::ranges::sort(ordered);
    std::vector<std::string> found;
    for (const auto& [count, text] : ordered) {
        std::string example = type == CellType::time ? text : masked(text);
        if (std::ranges::find(found, example) == found.end())
            found.push_back(std::move(example));
        if (found.size() == examples_max)
            break;
    }
    return found;
}

std::vector<PropertySummary> properties_of(const Uses& uses) {
    std::map<std::string, PropertySummary> by_path;
    for (const Use& use : uses) {
        if (use.count == 0)
            continue;
        PropertySummary& property = by_path[use.property.path];
        property.path = use.property.path;
        property.count += use.count;
        property.types.push_back({use.property.type, use.count, use.property.slot == no_slot,
            most_frequent(use.property.type, use.examples)});
    }
    std::vector<PropertySummary> properties;
    for (auto& [path, property] : by_path) {
        std::ranges::stable_sort(property.types, std::ranges::greater{}, &PropertyUse::count);
        properties.push_back(std::move(property));
    }
    std::ranges::stable_sort(properties, std::ranges::greater{}, &PropertySummary::count);
    return properties;
}

} // namespace

Result<std::vector<EventTypeSummary>> list_event_types(
    store::ColumnsConnection& connection, const EventTypeQuestion& question) {
    std::vector<EventTypeSummary> found;
    const auto after = question.after.value_or(EventTypeQuestion::After{-1, 0});
    TRY(connection.each(fmt::format("{}WHERE ($1 = 0 OR t.source_id = $1) AND ($2 = '' OR contains(lower(t.name), "
                                    "lower($2)) OR contains(t.kind, lower($2))) AND ($3 < 0 OR c.events < $3 OR "
                                    "(c.events = $3 AND t.id > $4)) ORDER BY c.events DESC, t.id LIMIT $5",
                            summaries),
        {question.source.value_or(SourceId{}).value, question.text, after.event_count, std::int64_t{after.id},
            question.limit},
        [&](const store::Row& row) -> Result<> {
            found.push_back(summary_of(row));
            return {};
        }));
    return found;
}

Result<EventTypeDetail> get_event_type(store::ColumnsConnection& connection, EventTypeId id) {
    EventTypeDetail detail;
    TRY(connection.each(
        fmt::format("{}WHERE t.id = $1", summaries), {std::int64_t{id}}, [&](const store::Row& row) -> Result<> {
            detail.summary = summary_of(row);
            return {};
        }));
    if (detail.summary.id == 0)
        return fail(ErrorKind::not_found, "columns.no_such_event_type",
            {"There is no such event in the catalogue.", "事件目录中没有该事件。"});
    TRY(connection.each("SELECT COUNT(DISTINCT n.customer_id) FROM event e JOIN node_copy n ON n.id = e.node_id WHERE "
                        "e.event_type_id = $1",
        {std::int64_t{id}}, [&](const store::Row& row) -> Result<> {
            detail.customer_count = row.integer(0);
            return {};
        }));
    Uses uses = TRY(list_uses(connection, id));
    const auto in_columns = with_slot(uses);
    const auto in_overflow = without_slot(uses);
    TRY(count_uses(connection, id, in_columns));
    TRY(find_examples(connection, id, in_columns, in_overflow));
    TRY(find_rare_examples(connection, id, in_columns));
    detail.left_out_count = TRY(count_overflow(connection, id, in_overflow));
    detail.properties = properties_of(uses);
    return detail;
}

Result<std::int64_t> count_events_left_out(store::ColumnsConnection& connection) {
    std::int64_t count = 0;
    TRY(connection.each(
        "SELECT COUNT(*) FROM event WHERE event_type_id = 0", {}, [&](const store::Row& row) -> Result<> {
            count = row.integer(0);
            return {};
        }));
    return count;
}

} // namespace onefold::columns
