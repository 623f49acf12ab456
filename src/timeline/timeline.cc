#include "timeline/timeline.h"

#include "timeline/upkeep.h"

#include <algorithm>
#include <ranges>

namespace onefold::timeline {

struct Timeline::Parts {
    Parts(const runtime::Outside& outside, const std::string& folder, const Setup& setup)
        : setup(setup),
          shelf(setup.recent_entries_max),
          retracted(outside.files, folder),
          upkeep(outside, folder, {setup.origin, setup.log_begin, setup.recent_entries_max}, shelf, retracted) {}

    const Setup setup;
    Runs found; // until start
    std::unique_ptr<Names> names;
    Reader reader;
    Shelf shelf;
    Retracted retracted;
    Upkeep upkeep; // last: its thread uses the others

    std::vector<Entry> entries_of(const std::vector<Event>& events) {
        std::vector<Entry> entries;
        entries.reserve(events.size());
        for (const Event& event : events)
            entries.push_back({event.node, event.at, event.position, names->id_of(event.kind, event.name)});
        return entries;
    }
    Result<std::pair<Interval, std::vector<Entry>>> reread(Interval missing) {
        Reread read = TRY(reader(missing));
        if (read.next <= missing.from)
            return fail(ErrorKind::internal, "timeline.no_way_on",
                {"The event log has nothing where the timeline misses something.", "事件日志中缺少时间线所需的内容。"});
        std::erase_if(read.events, [&](const Event& event) { return event.position >= missing.to; });
        return std::pair{Interval{missing.from, std::min(read.next, missing.to)}, entries_of(read.events)};
    }
};

Timeline::Timeline(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Timeline::~Timeline() {
    stop();
}

Result<std::unique_ptr<Timeline>> Timeline::open(
    const runtime::Outside& outside, const std::string& folder, Setup setup) {
    auto parts = std::make_unique<Parts>(outside, folder, setup);
    Manifest manifest = TRY(parts->upkeep.open(parts->found));
    parts->names = std::make_unique<Names>(std::move(manifest.names));
    return std::unique_ptr<Timeline>(new Timeline(std::move(parts)));
}

Result<> Timeline::start(Position cursor, Reader reader) {
    Parts& parts = *parts_;
    parts.reader = std::move(reader);
    if (const auto before = parts.retracted.now()) // a position that nobody has taken up may be given to another event
        TRY(parts.retracted.forget(*before, [&](Position position) { return position < cursor; }));
    Runs useless = parts.shelf.begin(std::move(parts.found), cursor);
    std::int64_t missing_bytes = 0;
    for (const Interval& interval : missing())
        missing_bytes += interval.to.value - interval.from.value;
    while (missing_bytes <= parts.setup.fill_at_start_max) {
        const Intervals left = missing();
        if (left.empty())
            break;
        const auto read = parts.reread(left.front());
        if (!read)
            break; // upkeep tries again, and says why
        parts.shelf.fill(read->first, read->second);
    }
    return parts.upkeep.start(
        *parts.names, std::move(useless), [&parts](Interval interval) { return parts.reread(interval); });
}

void Timeline::stop() {
    parts_->upkeep.stop();
}

void Timeline::append(Interval interval, const std::vector<Event>& events) {
    if (parts_->shelf.append(interval, parts_->entries_of(events)))
        parts_->upkeep.wake();
}

Result<> Timeline::retract(std::vector<Position> positions) {
    return parts_->retracted.add(std::move(positions));
}

Page Timeline::list_newest(
    const std::vector<NodeId>& nodes, const Filter& filter, Before before, std::size_t limit) const {
    Sought sought{nodes, before, filter.from.value_or(Instant::min()), parts_->setup.log_begin(), {}, true, {}};
    std::ranges::sort(sought.nodes);
    if (filter.to && *filter.to <= before.at)
        sought.before = {*filter.to, Position{}};
    if (!filter.kinds.empty() || filter.name) {
        sought.is_any_name = false;
        sought.names = parts_->names->matching(filter.kinds, filter.name);
    }
    for (;;) {
        sought.retracted = parts_->retracted.now();
        const Shelf::View view = parts_->shelf.view(sought.nodes, sought.log_begin);
        Newest newest(limit);
        for (const auto& [recent, heads] : view.recents)
            for (const Recent::Head head : heads)
                recent->collect(head, sought, newest);
        bool is_damaged = false;
        for (const RunPointer& run : *view.runs | std::views::reverse)
            if (const auto collected = run->collect(sought, newest); !collected) {
                parts_->upkeep.put_aside(run, collected.error());
                is_damaged = true;
            }
        if (!is_damaged)
            return {newest.take(), view.is_complete};
    }
}

std::vector<Tally> Timeline::tally(const std::vector<NodeId>& nodes) const {
    const Position log_begin = parts_->setup.log_begin();
    for (;;) {
        std::map<std::pair<NodeId, NameId>, std::int64_t> counts;
        const auto retracted = parts_->retracted.now();
        const auto count = [&](const Entry& entry) {
            if (entry.position >= log_begin && !(retracted && retracted->has(entry.position)))
                ++counts[{entry.node, entry.name}];
        };
        const Shelf::View view = parts_->shelf.view(nodes, log_begin);
        for (const auto& [recent, heads] : view.recents)
            for (const Recent::Head head : heads)
                recent->each(head, count);
        bool is_damaged = false;
        for (const RunPointer& run : *view.runs)
            for (const NodeId node : nodes)
                if (const auto counted = run->each(node, count); !counted) {
                    parts_->upkeep.put_aside(run, counted.error());
                    is_damaged = true;
                    break;
                }
        if (is_damaged)
            continue;
        std::vector<Tally> tallies;
        for (const auto& [key, number] : counts)
            tallies.push_back({key.first, parts_->names->get(key.second), number});
        return tallies;
    }
}

Result<> Timeline::scan(NodeId from, NodeId to, const std::function<Result<>(const Entry&)>& sink) const {
    const auto retracted = parts_->retracted.now();
    const auto [runs, recents] = parts_->shelf.everything();
    const Position log_begin = parts_->setup.log_begin();
    Merge merge;
    for (const RunPointer& run : *runs)
        merge.add(*run, from);
    for (const Shelf::Held& held : recents) {
        std::vector<Entry> entries = held.recent->sorted(held.count);
        std::erase_if(entries, [&](const Entry& entry) { return entry.node < from; });
        merge.add(std::move(entries));
    }
    Entry entry;
    for (;;) {
        const auto more = merge.next(entry);
        if (!more) {
            for (const RunPointer& run : *runs)
                if (run.get() == merge.failed())
                    parts_->upkeep.put_aside(run, more.error());
            return fail(more.error());
        }
        if (!*more || entry.node >= to)
            return {};
        if (entry.position >= log_begin && !(retracted && retracted->has(entry.position)))
            TRY(sink(entry));
    }
}

Name Timeline::name_of(NameId id) const {
    return parts_->names->get(id);
}

std::vector<std::string> Timeline::kinds() const {
    return parts_->names->kinds();
}

Position Timeline::checkpoint() const {
    std::vector<Interval> held;
    const auto runs = parts_->shelf.runs();
    for (const RunPointer& run : *runs)
        held.push_back(run->interval());
    return without({parts_->setup.log_begin(), Position{INT64_MAX}}, united(std::move(held))).front().from;
}

Intervals Timeline::missing() const {
    return parts_->shelf.missing(parts_->setup.log_begin());
}

std::optional<Error> Timeline::trouble() const {
    return parts_->upkeep.trouble();
}

Timeline::Verified Timeline::verify() const {
    Verified verified;
    const auto runs = parts_->shelf.runs();
    for (const RunPointer& run : *runs)
        if (const auto proved = run->verify(); !proved) {
            verified.damages.push_back(proved.error().message);
            parts_->upkeep.put_aside(run, proved.error());
        } else
            verified.entries += run->count();
    return verified;
}

Timeline::Figures Timeline::figures() const {
    Figures figures{};
    const auto [runs, recents] = parts_->shelf.everything();
    figures.runs = runs->size();
    for (const RunPointer& run : *runs) {
        figures.runs_entries += run->count();
        figures.index_bytes += run->index_bytes();
    }
    for (const Shelf::Held& held : recents)
        figures.recent_entries += held.count;
    const auto retracted = parts_->retracted.now();
    figures.retracted = retracted ? retracted->size() : 0;
    return figures;
}

void Timeline::rest() const {
    parts_->upkeep.rest();
}

} // namespace onefold::timeline
