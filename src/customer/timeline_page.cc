#include "core/text.h"
#include "customer/customer.h"
#include "customer/message.h"
#include "object/shipped.h"
#include "timeline/timeline.h"

namespace onefold::customer {

// A place on the timeline: newest first by time, then events before orders before tickets, then the greater id.
struct TimelinePlace {
    std::int64_t at = INT64_MAX;
    int rank = INT_MAX;
    std::int64_t id = INT64_MAX;
    friend auto operator<=>(const TimelinePlace&, const TimelinePlace&) = default;
};

namespace {

constexpr int rank_of_tickets = 0, rank_of_orders = 1, rank_of_events = 2;

struct PlacedItem {
    TimelinePlace place;
    TimelineItem item;
};

std::string cursor_of(const TimelinePlace& place) {
    return to_base64url(fmt::format("{},{},{}", place.at, place.rank, place.id));
}

Result<TimelinePlace> place_of(const std::string& cursor) {
    if (cursor.empty())
        return TimelinePlace{};
    TimelinePlace place;
    char end = 0;
    long long at = 0, id = 0;
    if (std::sscanf(from_base64url(cursor).c_str(), "%lld,%d,%lld%c", &at, &place.rank, &id, &end) != 3) {
        const LocalText message{"This is not the `next` of a timeline.", "分页参数 after 无效。"};
        return fail(ErrorKind::invalid, "customer.bad_page", message, {{"/after", "customer.bad_page", message}});
    }
    place.at = at;
    place.id = id;
    return place;
}

// The column of a selected code.
struct RecordKind {
    std::string_view object;
    int rank;
    std::vector<std::string> codes; // id, number, source, time first
};

const RecordKind& orders() {
    static const RecordKind kind{
        "order", rank_of_orders, {"id", "number", "source", "time", "total", "currency", "line_count", "status"}};
    return kind;
}
const RecordKind& tickets() {
    static const RecordKind kind{
        "ticket", rank_of_tickets, {"id", "number", "source", "time", "subject", "status", "rating"}};
    return kind;
}

query::Query query_of(const RecordKind& kind, CustomerId customer, const TimelinePlace& before) {
    using formula::Operator;
    query::Query query;
    query.object = kind.object;
    for (const std::string& code : kind.codes)
        query.select.push_back({{code}});
    std::vector<formula::Expression> conditions{
        formula::call(Operator::equal, {formula::field({"customer"}), formula::literal(to_string(customer))}),
        formula::call(Operator::not_, {formula::call(Operator::blank, {formula::field({"time"})})})};
    if (before.at != INT64_MAX)
        conditions.push_back(formula::call(
            Operator::less_equal, {formula::field({"time"}), formula::literal(to_rfc3339(instant_of(before.at)))}));
    query.filter = formula::call(Operator::and_, std::move(conditions));
    query.sort = {{{"time"}, query::Direction::descending}, {{"id"}, query::Direction::descending}};
    return query;
}

// Orders or tickets before a place. Pages on while a whole page lies at one instant before the cursor.
Result<std::vector<PlacedItem>> records_before(store::Session& session, const RecordKind& kind, CustomerId customer,
    const TimelinePlace& before, std::size_t limit, const std::function<std::string(SourceId)>& source_name) {
    std::vector<PlacedItem> items;
    query::Query query = query_of(kind, customer, before);
    query.page.limit = int(std::min<std::size_t>(limit + 50, query::Page::limit_max));
    do {
        const auto table = TRY(query::run(session, query, object::shipped_catalogue()));
        for (const auto& row : table.rows) {
            const std::int64_t id = parse_id(std::string_view(row[0].as_string())).value_or(0);
            const Instant at = TRY(parse_rfc3339(std::string_view(row[3].as_string())));
            const TimelinePlace place{micros_of(at), kind.rank, id};
            if (place >= before || items.size() >= limit)
                continue;
            TimelineItem item{at, std::string(kind.object), std::string(row[1].as_string()),
                source_name(SourceId{row[2].as_int64()}), std::nullopt, {}};
            for (std::size_t i = 0; i < kind.codes.size(); ++i)
                if (kind.codes[i] != "source" && kind.codes[i] != "time")
                    item.properties[kind.codes[i]] = row[i];
            items.push_back({place, std::move(item)});
        }
        query.page.after = table.next;
    } while (items.size() < limit && !query.page.after.empty());
    return items;
}

Result<std::vector<PlacedItem>> events_before(store::Session& session, const std::vector<NodeId>& nodes,
    const TimelinePlace& before, int limit, const event_log::EventLog& log, const source::Sources& sources) {
    timeline::Before edge;
    if (before.at != INT64_MAX) {
        edge.at = instant_of(before.at);
        edge.position = Position{before.rank > rank_of_events   ? INT64_MAX
                                 : before.rank < rank_of_events ? 0
                                                                : before.id};
    }
    std::vector<PlacedItem> items;
    for (const timeline::Entry& entry : TRY(timeline::list_newest(session, nodes, edge, limit))) {
        const auto frame = TRY(log.get(entry.position));
        const auto source = TRY(sources.get(frame.source_id));
        Message message = read_message(frame, source);
        items.push_back({{micros_of(entry.at), rank_of_events, entry.position.value},
            {entry.at, message.kind, message.name, source.name, entry.position, std::move(message.properties)}});
    }
    return items;
}

} // namespace

Result<TimelinePage> Customers::timeline(CustomerId id, int limit, const std::string& after) const {
    const TimelinePlace before = TRY(place_of(after));
    const std::size_t wanted = std::size_t(std::clamp(limit, 1, 200));
    auto name_of = [this](SourceId source) { return source_name(source); };
    return database_.read([&](store::Session& session) -> Result<TimelinePage> {
        const CustomerId customer = TRY(living(session, id));
        const auto nodes = TRY(identity_.list_nodes(session, customer));
        std::vector<PlacedItem> items = TRY(events_before(session, nodes, before, int(wanted) + 1, log_, sources_));
        for (const RecordKind* kind : {&orders(), &tickets()})
            std::ranges::move(
                TRY(records_before(session, *kind, customer, before, wanted + 1, name_of)), std::back_inserter(items));
        std::ranges::sort(items, [](const PlacedItem& a, const PlacedItem& b) { return a.place > b.place; });
        TimelinePage page;
        if (items.size() > wanted) {
            page.next = cursor_of(items[wanted - 1].place);
            items.resize(wanted);
        }
        for (PlacedItem& item : items)
            page.items.push_back(std::move(item.item));
        return page;
    });
}

} // namespace onefold::customer
