#include "customer/taker.h"

#include "customer/effects.h"
#include "customer/timeline_reader.h"

namespace onefold::customer {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t batch_bytes_a_frame = 1024;
constexpr std::size_t batch_bytes_max = 32 << 20;
constexpr std::string_view cursor_name = "customer", activity_cursor_name = "activity";
constexpr auto settled_every = 30s; // almost every page of the figures is written each time
constexpr std::size_t waiting_nodes_max = 500'000;
constexpr std::int64_t waiting_bytes_max = 512 << 20; // of the log, read again after a kill

Result<std::optional<Position>> read_cursor(store::Session& session, std::string_view name) {
    const auto stored =
        TRY(session.find_integer("SELECT position FROM intake_cursor WHERE name = $1", {std::string(name)}));
    return stored ? std::optional(Position{*stored}) : std::nullopt;
}

Result<> write_cursor(store::Session& session, std::string_view name, Position position) {
    TRY(session.execute("INSERT INTO intake_cursor (name, position) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE "
                        "SET position = excluded.position",
        {std::string(name), position.value}));
    return {};
}

EventSum sum_of(const Message& message) {
    return {1, message.at, message.is_active ? message.at : Instant::min(), !message.is_active};
}

} // namespace

Taker::Taker(store::Database& database, const event_log::EventLog& log, const source::Sources& sources,
    const Customers& customers, const runtime::Clock& clock)
    : database_(database), log_(log), sources_(sources), customers_(customers), clock_(clock) {}

Result<std::optional<Position>> Taker::cursor(store::Session& session) {
    return read_cursor(session, cursor_name);
}

Result<std::optional<Position>> Taker::activity_cursor(store::Session& session) {
    return read_cursor(session, activity_cursor_name);
}

Result<> Taker::begin(Position cursor) {
    taken_ = cursor;
    const auto settled = TRY(database_.read([](store::Session& session) { return activity_cursor(session); }));
    Position from = settled.value_or(cursor);
    customers_.activity().begin(from);
    EventSums missing;
    const TimelineRooms rooms{database_, log_, sources_, customers_.identity()};
    while (from < cursor)
        from = TRY(reread({from, cursor}, rooms,
            [&](NodeId node, Position, const Message& message) { missing[node].add(sum_of(message)); }));
    customers_.activity().add(missing);
    is_unsure_ = false;
    return {};
}

Result<Taker::Batch> Taker::read(Position from, std::size_t frames_max, Position until) const {
    auto frames = TRY(log_.read(
        from, frames_max, std::clamp(frames_max * batch_bytes_a_frame, std::size_t(4 << 20), batch_bytes_max)));
    while (!frames.empty() && frames.back().position >= until)
        frames.pop_back();
    Batch batch;
    batch.from = batch.next = from;
    if (!frames.empty())
        batch.next = frames.back().next;
    for (const event_log::Frame& frame : frames) {
        const auto source = sources_.get(frame.source_id);
        if (!source)
            return fail(source.error()); // the log belongs to another database
        batch.messages.push_back(read_message(frame, *source));
        batch.kinds.push_back(frame.kind);
        batch.positions.push_back(frame.position);
        batch.received.push_back(frame.received_at);
        if (batch.messages.back().subject.key.empty())
            continue;
        batch.subjects.push_back(batch.messages.back().subject);
        batch.frame_of.push_back(batch.messages.size() - 1);
    }
    for (std::size_t frame = 0; frame < batch.messages.size(); ++frame) {
        const Message& message = batch.messages[frame];
        if (message.organisation) {
            batch.organisations.emplace_back(frame, batch.subjects.size());
            batch.subjects.push_back(*message.organisation);
        }
        if (message.bridge)
            batch.subjects.push_back(*message.bridge);
    }
    return batch;
}

Result<std::vector<NodeId>> Taker::apply(
    store::Session& session, const Batch& batch, const std::vector<NodeId>& nodes) const {
    std::map<std::size_t, Effect> effects; // by frame
    for (std::size_t frame = 0; frame < batch.messages.size(); ++frame)
        if (batch.messages[frame].order || batch.messages[frame].organisation)
            effects[frame] = {&batch.messages[frame], batch.positions[frame], batch.received[frame], {}, {}};
    if (effects.empty())
        return std::vector<NodeId>{};
    for (std::size_t i = 0; i < batch.frame_of.size(); ++i)
        if (const auto found = effects.find(batch.frame_of[i]); found != effects.end())
            found->second.subject = nodes[i];
    for (const auto& [frame, place] : batch.organisations)
        effects.at(frame).organisation = nodes[place];
    std::vector<Effect> all;
    for (const auto& [frame, effect] : effects)
        all.push_back(effect);
    const change::Author author{{Principal::Kind::system}, clock_.now(), "event", "log:" + to_string(batch.from)};
    return apply_effects(session, author, sources_, all);
}

Result<Taker::Taken> Taker::take(const Batch& batch, bool may_wait) {
    Activity& activity = customers_.activity();
    const bool is_settling = !may_wait || clock_.monotonic() - settled_at_ > settled_every ||
                             activity.size() > waiting_nodes_max ||
                             batch.next.value - activity.settled().value > waiting_bytes_max;
    Taken all{batch.next, false, {}};
    auto& [next, was_taken, events] = all;
    identity::Absorbed absorbed;
    EventSums sums;
    if (is_unsure_)
        TRY(begin(TRY(database_.read([](store::Session& session) { return cursor(session); })).value_or(batch.from)));
    is_unsure_ = true;
    TRY(database_.write([&](store::Session& session) -> Result<> {
        const auto taken = TRY(cursor(session));
        was_taken = taken && *taken != batch.from; // an earlier commit whose answer was lost
        if (was_taken) {
            next = *taken;
            return {};
        }
        events.clear();
        sums.clear();
        Book book;
        absorbed = TRY(customers_.identity().absorb(session, batch.subjects, book));
        for (std::size_t i = 0; i < batch.frame_of.size(); ++i) {
            const std::size_t frame = batch.frame_of[i];
            if (batch.kinds[frame] == event_log::FrameKind::claim)
                continue;
            const Message& message = batch.messages[frame];
            events.push_back({absorbed.nodes[i], message.at, batch.positions[frame], message.kind, message.name});
            sums[absorbed.nodes[i]].add(sum_of(message));
        }
        TRY(customers_.introduce(session, absorbed.opened));
        const auto bought = TRY(apply(session, batch, absorbed.nodes));
        if (is_settling) {
            TRY(customers_.add_events(session, activity.with(sums), absorbed));
            TRY(write_cursor(session, activity_cursor_name, next));
        }
        TRY(customers_.refresh(session, absorbed));
        TRY(customers_.refresh_activity_of(session, bought));
        return write_cursor(session, cursor_name, next);
    }));
    is_unsure_ = false;
    customers_.identity().remember(absorbed.learned);
    if (was_taken) {
        TRY(begin(next));
    } else if (is_settling) {
        activity.settle(next);
        settled_at_ = clock_.monotonic();
    } else {
        activity.add(sums);
    }
    taken_ = next;
    return all;
}

Result<> Taker::settle() {
    Activity& activity = customers_.activity();
    if (activity.size() == 0)
        return {};
    if (is_unsure_)
        return begin(taken_);
    is_unsure_ = true;
    TRY(database_.write([&](store::Session& session) -> Result<> {
        TRY(customers_.add_events(session, activity.with({}), {}));
        return write_cursor(session, activity_cursor_name, taken_);
    }));
    is_unsure_ = false;
    activity.settle(taken_);
    settled_at_ = clock_.monotonic();
    return {};
}

} // namespace onefold::customer
