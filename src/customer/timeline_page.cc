#include "customer/timeline_page.h"

#include "customer/message.h"
#include "object/shipped.h"

namespace onefold::customer {
namespace {

struct PlacedItem {
    TimelinePlace place;
    TimelineItem item;
};

// The column of a selected code.
struct RecordKind {
    std::string_view object;
    int rank;
    std::vector<std::string> codes; // id, number, source, time first
};

const RecordKind& orders() {
    static const RecordKind kind{"order", rank_of_orders,
        {"id", "number", "source", "time", "total", "currency", "line_count", "status", "refunded", "is_cancelled"}};
    return kind;
}
const RecordKind& tickets() {
    static const RecordKind kind{
        "ticket", rank_of_tickets, {"id", "number", "source", "time", "subject", "status", "rating"}};
    return kind;
}

query::Query query_of(
    const RecordKind& kind, CustomerId customer, const TimelinePlace& before, const TimelineQuestion& question) {
    using formula::Operator;
    query::Query query;
    query.object = kind.object;
    for (const std::string& code : kind.codes)
        query.select.push_back({{code}});
    std::vector<formula::Expression> conditions{
        formula::call(Operator::equal, {formula::field({"customer"}), formula::literal(to_string(customer))}),
        formula::call(Operator::not_, {formula::call(Operator::blank, {formula::field({"time"})})})};
    const auto add_time = [&](Operator op, Instant at) {
        conditions.push_back(formula::call(op, {formula::field({"time"}), formula::literal(to_rfc3339(at))}));
    };
    if (before.at != INT64_MAX)
        add_time(Operator::less_equal, instant_of(before.at));
    if (question.events.from)
        add_time(Operator::greater_equal, *question.events.from);
    if (question.events.to)
        add_time(Operator::less, *question.events.to);
    if (!question.sources.empty()) {
        std::vector<formula::Expression> among{formula::field({"source"})};
        for (const SourceId source : question.sources)
            among.push_back(formula::literal(Decimal::of(source.value)));
        conditions.push_back(formula::call(Operator::in, std::move(among)));
    }
    query.filter = formula::call(Operator::and_, std::move(conditions));
    query.sort = {{{"time"}, query::Direction::descending}, {{"id"}, query::Direction::descending}};
    return query;
}

class PageReader {
  public:
    struct Rooms {
        store::Session& session;
        const event_log::EventLog& log;
        const source::Sources& sources;
        const timeline::Timeline& timeline;
    };
    PageReader(Rooms rooms, const TimelineQuestion& question, const TimelinePlace& before, std::size_t limit)
        : rooms_(rooms), question_(question), before_(before), limit_(limit) {}

    // Orders or tickets. Pages on while a whole page lies at one instant before the cursor.
    Result<> add_records(const RecordKind& kind, CustomerId customer) {
        query::Query query = query_of(kind, customer, before_, question_);
        query.page.limit = int(std::min<std::size_t>(limit_ + 50, query::Page::limit_max));
        std::size_t added = 0;
        do {
            const auto table = TRY(query::run(rooms_.session, query, object::shipped_catalogue()));
            for (const auto& row : table.rows) {
                const std::int64_t id = parse_id(std::string_view(row[0].as_string())).value_or(0);
                const Instant at = TRY(parse_rfc3339(std::string_view(row[3].as_string())));
                const TimelinePlace place{micros_of(at), kind.rank, id};
                if (place >= before_ || added >= limit_)
                    continue;
                TimelineItem item{at, std::string(kind.object), std::string(row[1].as_string()),
                    source_name(SourceId{row[2].as_int64()}), std::nullopt, {}};
                for (std::size_t i = 0; i < kind.codes.size(); ++i)
                    if (kind.codes[i] != "source" && kind.codes[i] != "time")
                        item.properties[kind.codes[i]] = row[i];
                items_.push_back({place, std::move(item)});
                ++added;
            }
            query.page.after = table.next;
        } while (added < limit_ && !query.page.after.empty());
        return {};
    }

    Result<> add_events(const std::vector<identity::Identity::SourcedNode>& sourced) {
        std::map<NodeId, SourceId> source_of;
        std::vector<NodeId> nodes;
        for (const auto& [node, source] : sourced)
            if (question_.takes(source)) {
                source_of[node] = source;
                nodes.push_back(node);
            }
        timeline::Before edge = edge_of_events();
        for (std::size_t added = 0; added < limit_;) {
            const std::size_t wanted = limit_ - added;
            const auto page = rooms_.timeline.list_newest(nodes, question_.events, edge, wanted);
            is_complete_ &= page.is_complete;
            for (const timeline::Entry& entry : page.entries)
                if (auto item = TRY(item_of(entry, source_of[entry.node]))) {
                    items_.push_back({{micros_of(entry.at), rank_of_events, entry.position.value}, std::move(*item)});
                    ++added;
                }
            if (page.entries.size() < wanted)
                break;
            edge = {page.entries.back().at, page.entries.back().position};
        }
        return {};
    }

    TimelinePage take(std::size_t wanted) {
        std::ranges::sort(items_, [](const PlacedItem& a, const PlacedItem& b) { return a.place > b.place; });
        TimelinePage page{{}, "", !is_complete_};
        if (items_.size() > wanted) {
            page.next = cursor_of(items_[wanted - 1].place);
            items_.resize(wanted);
        }
        for (PlacedItem& item : items_)
            page.items.push_back(std::move(item.item));
        return page;
    }

  private:
    timeline::Before edge_of_events() const {
        if (before_.at == INT64_MAX)
            return {};
        return {instant_of(before_.at), Position{before_.rank > rank_of_events   ? INT64_MAX
                                                 : before_.rank < rank_of_events ? 0
                                                                                 : before_.id}};
    }

    // What the log says; of an event that cannot be read any more, what the timeline knows. None where it is gone, or
    // is not what was asked for.
    Result<std::optional<TimelineItem>> item_of(const timeline::Entry& entry, SourceId source_id) {
        const auto source = TRY(rooms_.sources.get(source_id));
        const timeline::Name name = rooms_.timeline.name_of(entry.name);
        TimelineItem item{entry.at, name.kind, name.name.value_or(""), source.name, entry.position, {}};
        if (const auto frame = rooms_.log.get(entry.position)) {
            Message message = read_message(*frame, source);
            if (!message.kind.empty()) {
                item.kind = message.kind;
                item.name = message.name;
                item.properties = std::move(message.properties);
            }
        } else if (frame.error().kind == ErrorKind::not_found) {
            return std::nullopt;
        }
        const timeline::Filter& filter = question_.events;
        const bool is_of_kind =
            filter.kinds.empty() || std::ranges::find(filter.kinds, item.kind) != filter.kinds.end();
        return is_of_kind && (!filter.name || *filter.name == item.name) ? std::optional(std::move(item))
                                                                         : std::nullopt;
    }

    std::string source_name(SourceId id) const {
        const auto source = rooms_.sources.get(id);
        return source ? source->name : "";
    }

    Rooms rooms_;
    const TimelineQuestion& question_;
    const TimelinePlace before_;
    const std::size_t limit_;
    std::vector<PlacedItem> items_;
    bool is_complete_ = true;
};

} // namespace

Result<TimelinePage> Customers::timeline(
    CustomerId id, int limit, const std::string& after, const TimelineFilter& filter) const {
    const TimelinePlace before = TRY(place_of(after));
    const TimelineQuestion question = TRY(question_of(filter, timeline_.kinds(), sources_));
    const std::size_t wanted = std::size_t(std::clamp(limit, 1, 200));
    return database_.read([&](store::Session& session) -> Result<TimelinePage> {
        const CustomerId customer = TRY(living(session, id));
        PageReader reader({session, log_, sources_, timeline_}, question, before, wanted + 1);
        if (question.has_events)
            TRY(reader.add_events(TRY(identity_.list_sourced_nodes(session, customer))));
        if (question.has_orders)
            TRY(reader.add_records(orders(), customer));
        if (question.has_tickets)
            TRY(reader.add_records(tickets(), customer));
        return reader.take(wanted);
    });
}

} // namespace onefold::customer
