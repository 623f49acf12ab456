#include "customer/timeline_page.h"

#include "customer/members.h"
#include "customer/message.h"
#include "customer/names.h"
#include "note/note.h"
#include "object/newest.h"
#include "object/shipped.h"

#include <set>
#include <unordered_map>

namespace onefold::customer {
namespace {

struct PlacedItem {
    TimelinePlace place;
    TimelineItem item;
};

// The column of a selected code.
struct RecordKind {
    std::string_view object;
    object::RecordKind kind;
    int rank;
    std::vector<std::string> codes; // id, number, source, time first
};

const RecordKind& orders() {
    static const RecordKind kind{"order", object::RecordKind::order, rank_of_orders,
        {"id", "number", "source", "time", "total", "currency", "line_count", "status", "refunded", "is_cancelled"}};
    return kind;
}
const RecordKind& tickets() {
    static const RecordKind kind{"ticket", object::RecordKind::ticket, rank_of_tickets,
        {"id", "number", "source", "time", "subject", "status", "rating"}};
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

    // Of members, those with the newest first, until nothing of the others can be among what is wanted.
    Result<> add_records_of(const RecordKind& kind, const std::vector<MemberNode>& nodes) {
        std::multiset<std::int64_t> newest; // times, `limit_` at most
        for (const Member& member : TRY(list_members(kind, nodes))) {
            if (newest.size() == limit_ && *newest.begin() > micros_of(member.newest_at))
                break;
            const std::size_t before = items_.size();
            TRY(add_records(kind, member.customer, within(member.from, member.to)));
            for (std::size_t i = before; i < items_.size(); ++i) {
                items_[i].item.member = member.customer;
                newest.insert(items_[i].place.at);
                if (newest.size() > limit_)
                    newest.erase(newest.begin());
            }
        }
        return {};
    }
    Result<> add_records(const RecordKind& kind, CustomerId customer) { return add_records(kind, customer, question_); }

    // Orders or tickets. Pages on while a whole page lies at one instant before the cursor.
    Result<> add_records(const RecordKind& kind, CustomerId customer, const TimelineQuestion& question) {
        query::Query query = query_of(kind, customer, before_, question);
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
                    source_name(SourceId{row[2].as_int64()}), std::nullopt, {}, {}, {}};
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

    // What people wrote down stands beside what happened: each is sorted by time already.
    Result<> add_notes(const std::vector<NodeId>& nodes) {
        note::Stretch stretch{.before_at = before_.at, .before_id = before_.id};
        if (before_.rank != rank_of_notes)
            stretch.before_id = before_.rank > rank_of_notes ? INT64_MAX : 0;
        stretch.from = question_.events.from.value_or(stretch.from);
        stretch.to = question_.events.to.value_or(stretch.to);
        const auto notes = TRY(note::list_newest(rooms_.session, nodes, stretch, limit_));
        std::set<std::string> writers;
        for (const note::Note& one : notes)
            writers.insert(one.by);
        const auto names = TRY(names_of(rooms_.session, writers));
        for (const note::Note& one : notes) {
            boost::json::object said{
                {"id", to_string(one.id)}, {"text", one.text}, {"is_pinned", one.is_pinned}, {"by", one.by}};
            if (const auto name = names.find(one.by); name != names.end())
                said["by_name"] = name->second;
            if (one.edited_at)
                said["edited_at"] = to_rfc3339(*one.edited_at);
            items_.push_back({{micros_of(one.at), rank_of_notes, one.id.value},
                {one.at, "note", "", "", std::nullopt, std::move(said), {}, {}}});
        }
        return {};
    }

    // Where many lie outside the time of a membership, ever more are asked for at once.
    Result<> add_events(const std::vector<MemberNode>& all) {
        std::unordered_map<NodeId, const MemberNode*, std::hash<NodeId>> node_of;
        std::vector<NodeId> nodes;
        for (const MemberNode& one : all)
            if (question_.takes(one.source)) {
                node_of[one.node] = &one;
                nodes.push_back(one.node);
            }
        timeline::Before edge = edge_of_events();
        std::size_t wanted = limit_;
        for (std::size_t added = 0; added < limit_; wanted *= 4) {
            const auto page = rooms_.timeline.list_newest(nodes, question_.events, edge, wanted);
            is_complete_ &= page.is_complete;
            for (const timeline::Entry& entry : page.entries) {
                const MemberNode& of = *node_of.at(entry.node);
                if (added >= limit_)
                    break;
                if (!of.covers(entry.at))
                    continue;
                if (auto item = TRY(item_of(entry, of.source))) {
                    item->member = of.customer;
                    items_.push_back({{micros_of(entry.at), rank_of_events, entry.position.value}, std::move(*item)});
                    ++added;
                }
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
    struct Member {
        CustomerId customer;
        Instant from, to, newest_at = Instant::min();
    };
    // Who has such a record where it is looked for, the newest first.
    Result<std::vector<Member>> list_members(const RecordKind& kind, const std::vector<MemberNode>& nodes) const {
        std::vector<object::NodeSpan> spans;
        for (const MemberNode& one : nodes) {
            const TimelineQuestion question = within(one.from, one.to);
            Instant to = question.events.to.value_or(Instant::max());
            if (before_.at != INT64_MAX)
                to = std::min(to, instant_of(before_.at + 1));
            spans.push_back({one.node, question.events.from.value_or(Instant::min()), to});
        }
        const auto newest = TRY(object::list_newest_within(rooms_.session, kind.kind, spans));
        std::map<CustomerId, Member> by_customer;
        for (std::size_t i = 0; i < nodes.size(); ++i)
            if (newest[i]) {
                Member& member = by_customer[nodes[i].customer];
                member = {nodes[i].customer, nodes[i].from, nodes[i].to, std::max(member.newest_at, *newest[i])};
            }
        std::vector<Member> members;
        for (const auto& [customer, member] : by_customer)
            members.push_back(member);
        std::ranges::stable_sort(members, std::greater{}, &Member::newest_at);
        return members;
    }
    TimelineQuestion within(Instant from, Instant to) const {
        TimelineQuestion narrower = question_;
        if (from != Instant::min())
            narrower.events.from = std::max(narrower.events.from.value_or(Instant::min()), from);
        if (to != Instant::max())
            narrower.events.to = std::min(narrower.events.to.value_or(Instant::max()), to);
        return narrower;
    }

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
        TimelineItem item{entry.at, name.kind, name.name.value_or(""), source.name, entry.position, {}, {}, {}};
        if (const auto frame = rooms_.log.get(entry.position)) {
            if (frame->is_redacted)
                return std::nullopt;
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

Result<> name_members(store::Session& session, TimelinePage& page) {
    std::map<CustomerId, std::string> names;
    for (const TimelineItem& item : page.items)
        if (item.member)
            names[item.member];
    std::vector<store::Values> keys;
    std::vector<std::string*> of;
    for (auto& [customer, name] : names) {
        keys.push_back({customer.value});
        of.push_back(&name);
    }
    TRY(session.each_many(
        "SELECT name FROM customer WHERE id = $1", keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            *of[index] = row.text(0);
            return {};
        }));
    for (TimelineItem& item : page.items)
        if (item.member)
            item.member_name = names.at(item.member);
    return {};
}

} // namespace

Result<TimelinePage> Customers::timeline(
    CustomerId id, int limit, const std::string& after, const TimelineFilter& filter) const {
    const TimelinePlace before = TRY(place_of(after));
    const TimelineQuestion question = TRY(question_of(filter, timeline_.kinds(), sources_));
    const std::size_t wanted = std::size_t(std::clamp(limit, 1, 200));
    return database_.read([&](store::Session& session) -> Result<TimelinePage> {
        const CustomerId customer = TRY(living(session, id));
        PageReader reader({session, log_, sources_, timeline_}, question, before, wanted + 1);
        const auto kind = filter.of == Of::own ? identity::NodeKind::person : TRY(kind_of(session, customer));
        const bool has_members = kind != identity::NodeKind::person;
        const auto members = has_members ? TRY(list_member_nodes(session, customer, kind)) : std::vector<MemberNode>{};
        if (question.has_events) {
            auto nodes = members;
            for (const auto& [node, source] : TRY(identity_.list_sourced_nodes(session, customer)))
                nodes.push_back({node, source, {}});
            TRY(reader.add_events(nodes));
        }
        for (const auto& [is_wanted, records] :
            {std::pair(question.has_orders, &orders()), std::pair(question.has_tickets, &tickets())}) {
            if (!is_wanted)
                continue;
            TRY(reader.add_records(*records, customer));
            TRY(reader.add_records_of(*records, members));
        }
        if (question.has_notes)
            TRY(reader.add_notes(TRY(identity_.list_nodes(session, customer))));
        auto page = reader.take(wanted);
        TRY(name_members(session, page));
        return page;
    });
}

} // namespace onefold::customer
