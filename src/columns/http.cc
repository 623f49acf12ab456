#include "columns/catalogue.h"
#include "columns/columns.h"
#include "http/bind.h"

namespace onefold::columns {
namespace {

struct DifferenceView {
    std::string table, key;
    std::int64_t live_rows, rebuilt_rows;
};
BOOST_DESCRIBE_STRUCT(DifferenceView, (), (table, key, live_rows, rebuilt_rows))

struct ComparisonView {
    std::int64_t days, live_events, rebuilt_events, differences;
    std::vector<DifferenceView> first_differences;
};
BOOST_DESCRIBE_STRUCT(ComparisonView, (), (days, live_events, rebuilt_events, differences, first_differences))

struct RebuiltView {
    Instant at;
    std::string cause;
    std::int64_t took_ms, events;
    std::optional<ComparisonView> comparison;
    std::optional<std::string> trouble;
};
BOOST_DESCRIBE_STRUCT(RebuiltView, (), (at, cause, took_ms, events, comparison, trouble))

struct ColumnsView {
    std::string state;
    std::int64_t percent;
    Position position, end;
    bool has_all_customers;
    std::optional<std::string> trouble;
    std::optional<RebuiltView> last_rebuilt;
    std::int64_t quarantined;
};
BOOST_DESCRIBE_STRUCT(
    ColumnsView, (), (state, percent, position, end, has_all_customers, trouble, last_rebuilt, quarantined))

struct EventTypeView {
    std::string id;
    SourceId source_id;
    std::string kind, name;
    std::int64_t event_count;
    Instant first_seen_at, last_seen_at;
    std::int64_t property_count;
};
BOOST_DESCRIBE_STRUCT(
    EventTypeView, (), (id, source_id, kind, name, event_count, first_seen_at, last_seen_at, property_count))

struct EventTypeList {
    std::vector<EventTypeView> items;
    std::optional<std::string> next;
    std::int64_t left_out_count;
};
BOOST_DESCRIBE_STRUCT(EventTypeList, (), (items, next, left_out_count))

struct PropertyTypeView {
    std::string type;
    std::int64_t count;
    bool is_in_overflow;
    std::vector<std::string> examples;
};
BOOST_DESCRIBE_STRUCT(PropertyTypeView, (), (type, count, is_in_overflow, examples))

struct PropertyView {
    std::string path;
    std::int64_t count;
    std::vector<PropertyTypeView> types;
};
BOOST_DESCRIBE_STRUCT(PropertyView, (), (path, count, types))

struct EventTypeDetailView : EventTypeView {
    std::int64_t customer_count;
    std::vector<PropertyView> properties;
    std::int64_t left_out_count;
};
BOOST_DESCRIBE_STRUCT(EventTypeDetailView, (EventTypeView), (customer_count, properties, left_out_count))

struct ListEventTypes : http::PageRequest {
    std::optional<SourceId> source_id;
    std::optional<std::string> q;
    static http::Rules rules() { return {{.member = "q", .length_max = 200}}; }
};
BOOST_DESCRIBE_STRUCT(ListEventTypes, (http::PageRequest), (source_id, q))

struct GetEventType {
    std::string id;
};
BOOST_DESCRIBE_STRUCT(GetEventType, (), (id))

ComparisonView view_of(const Comparison& comparison) {
    ComparisonView view{comparison.days, comparison.live_events, comparison.rebuilt_events, comparison.differences, {}};
    for (const Difference& one : comparison.first_differences)
        view.first_differences.push_back({one.table, one.key, one.live_rows, one.rebuilt_rows});
    return view;
}

RebuiltView view_of(const Rebuilt& rebuilt, const Locale& locale) {
    RebuiltView view{rebuilt.at, rebuilt.cause, rebuilt.took_ms, rebuilt.events, {}, {}};
    if (rebuilt.comparison)
        view.comparison = view_of(*rebuilt.comparison);
    if (rebuilt.trouble)
        view.trouble = std::string(rebuilt.trouble->message.in(locale));
    return view;
}

ColumnsView view_of(const Status& status, const Locale& locale) {
    ColumnsView view{std::string(to_string(status.state)), status.percent, status.position, status.end,
        status.has_all_customers, {}, {}, status.quarantined};
    if (status.trouble)
        view.trouble = std::string(status.trouble->message.in(locale));
    if (status.last_rebuilt)
        view.last_rebuilt = view_of(*status.last_rebuilt, locale);
    return view;
}

void put(EventTypeView& view, const EventTypeSummary& summary) {
    view.id = std::to_string(summary.id);
    view.source_id = summary.key.source;
    view.kind = summary.key.kind;
    view.name = summary.key.name;
    view.event_count = summary.event_count;
    view.first_seen_at = summary.first_seen_at;
    view.last_seen_at = summary.last_seen_at;
    view.property_count = summary.property_count;
}

EventTypeDetailView view_of(const EventTypeDetail& detail) {
    EventTypeDetailView view;
    put(view, detail.summary);
    view.customer_count = detail.customer_count;
    view.left_out_count = detail.left_out_count;
    for (const PropertySummary& property : detail.properties) {
        PropertyView& shown = view.properties.emplace_back(property.path, property.count);
        for (const PropertyUse& use : property.types)
            shown.types.push_back({std::string(to_string(use.type)), use.count, use.is_in_overflow, use.examples});
    }
    return view;
}

Failure bad_cursor() {
    const LocalText message{"This is no cursor of this list.", "分页游标无效。"};
    return fail(ErrorKind::invalid, "columns.bad_cursor", message, {{"/after", "columns.bad_cursor", message}});
}

// "<event count>:<id>"
Result<std::optional<EventTypeQuestion::After>> after_of(const std::optional<std::string>& text) {
    if (!text)
        return std::nullopt;
    const auto colon = text->find(':');
    if (colon == std::string::npos)
        return bad_cursor();
    const auto count = parse_id(text->substr(0, colon)), id = parse_id(text->substr(colon + 1));
    if (!count || !id || *id > std::numeric_limits<EventTypeId>::max())
        return bad_cursor();
    return EventTypeQuestion::After{*count, EventTypeId(*id)};
}

EventTypeId event_type_of(const std::string& text) {
    const auto id = parse_id(text);
    return id && *id <= std::numeric_limits<EventTypeId>::max() ? EventTypeId(*id) : 0;
}

Result<EventTypeList> list(Columns& columns, const ListEventTypes& request) {
    const EventTypeQuestion question{
        request.source_id, request.q.value_or(""), TRY(after_of(request.after)), request.limit_or_default()};
    EventTypeList answer;
    TRY(columns.ask([&](store::ColumnsConnection& connection) -> Result<> {
        for (const EventTypeSummary& summary : TRY(list_event_types(connection, question)))
            put(answer.items.emplace_back(), summary);
        answer.left_out_count = TRY(count_events_left_out(connection));
        return {};
    }));
    if (std::int64_t(answer.items.size()) == question.limit)
        answer.next = fmt::format("{}:{}", answer.items.back().event_count, answer.items.back().id);
    return answer;
}

} // namespace

void Columns::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<ListEventTypes, EventTypeList>(
        {Method::get, "/api/v1/event_types", "event_type.list", http::may_read, http::not_audited,
            {"The catalogue of events: which there are, the most frequent first", "事件目录（按数量从多到少）"}},
        [this](const Caller&, const ListEventTypes& request) { return list(*this, request); });
    contract.add<GetEventType, EventTypeDetailView>(
        {Method::get, "/api/v1/event_types/{id}", "event_type.get", http::may_read, http::not_audited,
            {"One event of the catalogue, with its properties, their types and examples",
                "事件目录中的单个事件：属性、类型与示例"}},
        [this](const Caller&, const GetEventType& request) -> Result<EventTypeDetailView> {
            EventTypeDetail detail;
            TRY(ask([&](store::ColumnsConnection& connection) -> Result<> {
                detail = TRY(get_event_type(connection, event_type_of(request.id)));
                return {};
            }));
            return view_of(detail);
        });
    contract.add<http::Nothing, ColumnsView>(
        {Method::get, "/api/v1/columns", "columns.get", http::may_read, http::not_audited,
            {"How the columns for analysis stand", "分析数据的状态"}},
        [this](const Caller& caller, const http::Nothing&) -> Result<ColumnsView> {
            return view_of(status(), caller.locale);
        });
    contract.add<http::Nothing, ColumnsView>(
        {Method::post, "/api/v1/columns/rebuild", "columns.rebuild", http::may_administer,
            http::audited{"columns.rebuild"},
            {"Rebuild the columns for analysis from the log, in the background; compare, then switch",
                "在后台由事件日志重建分析数据，比对后切换"}},
        [this](const Caller& caller, const http::Nothing&) -> Result<ColumnsView> {
            TRY(rebuild());
            return view_of(status(), caller.locale);
        });
}

} // namespace onefold::columns
