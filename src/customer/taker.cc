#include "customer/taker.h"

#include "customer/effects.h"
#include "customer/timeline_reader.h"

namespace onefold::customer {
namespace {

using Role = Taker::Part::Role;

constexpr std::size_t batch_bytes_a_frame = 1024;
constexpr std::string_view cursor_name = "customer", activity_cursor_name = "activity";
constexpr std::size_t waiting_nodes_max = 1'000'000;
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

Result<> write_written(store::Session& session, const Written& written) {
    TRY(write_cursor(session, activity_cursor_name, written.settled));
    if (written.is_sweeping())
        TRY(session.execute("INSERT INTO activity_sweep (id, goal, swept_to) VALUES (1, $1, $2) ON CONFLICT (id) DO "
                            "UPDATE SET goal = excluded.goal, swept_to = excluded.swept_to",
            {written.goal.value, written.swept_to.value}));
    return {};
}

} // namespace

EventSum sum_of(const Message& message) {
    return {1, message.at, message.is_active ? message.at : Instant::min()};
}

Taker::Taker(store::Database& database, const event_log::EventLog& log, const source::Sources& sources,
    const Customers& customers, const runtime::Clock& clock, Pace pace)
    : database_(database), log_(log), sources_(sources), customers_(customers), clock_(clock), pace_(pace) {}

Result<std::optional<Position>> Taker::cursor(store::Session& session) {
    return read_cursor(session, cursor_name);
}

Result<Written> Taker::written(store::Session& session) {
    const auto stored = TRY(session.find("SELECT c.position, s.goal, s.swept_to FROM intake_cursor c LEFT JOIN "
                                         "activity_sweep s ON s.goal > c.position WHERE c.name = $1",
        {std::string(activity_cursor_name)}, [](const store::Row& row) {
            const Position settled{row.integer(0)};
            return row.is_null(1) ? Written{settled, settled, {}}
                                  : Written{settled, Position{row.integer(1)}, NodeId{row.integer(2)}};
        }));
    return stored.value_or(Written{});
}

Result<> Taker::begin(Position cursor) {
    customers_.identity().forget_customers(); // the last transaction may have placed nodes and told nobody
    Written written = TRY(database_.read([](store::Session& session) { return Taker::written(session); }));
    if (written.settled == Position{}) // nothing was ever written behind
        TRY(database_.write(
            [&](store::Session& session) { return write_cursor(session, activity_cursor_name, cursor); }));
    if (written.settled == Position{} || written.settled > cursor)
        written = {cursor, cursor, {}};
    EventSums sweeping, present;
    const TimelineRooms rooms{database_, log_, sources_, customers_.identity()};
    Position from = written.settled, before;
    while (from < cursor && from != before) {
        before = from;
        from = TRY(reread({from, cursor}, rooms, [&](NodeId node, Position position, const Message& message) {
            if (position >= written.of(node))
                (position < written.goal ? sweeping : present)[node].add(sum_of(message));
        }));
    }
    customers_.activity().begin(written, sweeping, std::move(present));
    taken_ = from < cursor ? written.settled : cursor; // of a damaged log nothing is settled
    begin_pace();
    is_unsure_ = false;
    return {};
}

Result<Taker::Batch> Taker::read(Position from, std::size_t frames_max, Position until) const {
    Batch batch;
    batch.from = batch.next = from;
    TRY(read_on(batch, frames_max, until));
    return batch;
}

Result<> Taker::read_on(Batch& batch, std::size_t frames_max, Position until) const {
    const auto left = std::int64_t(batch_bytes_max) - batch.bytes();
    const auto bytes_max = std::min(
        std::max(frames_max * batch_bytes_a_frame, std::size_t(4 << 20)), std::size_t(std::max(left, std::int64_t{1})));
    auto frames = TRY(log_.read(batch.next, frames_max, bytes_max));
    while (!frames.empty() && frames.back().position >= until)
        frames.pop_back();
    for (const event_log::Frame& frame : frames) {
        const auto source = sources_.share(frame.source_id);
        if (!source)
            return fail(source.error()); // the log belongs to another database
        Message& message = batch.messages.emplace_back(read_message(frame, **source));
        message.properties = {}; // read already
        batch.kinds.push_back(frame.kind);
        batch.positions.push_back(frame.position);
        batch.received.push_back(frame.received_at);
        const auto add = [&](Role role, identity::Subject& subject) {
            batch.subjects.push_back(std::move(subject));
            batch.parts.push_back({batch.messages.size() - 1, role});
        };
        if (!message.subject.key.empty())
            add(Role::subject, message.subject);
        if (message.organisation)
            add(Role::organisation, *message.organisation);
        if (message.bridge)
            add(Role::bridge, *message.bridge);
        batch.next = frame.next;
    }
    return {};
}

Result<std::vector<NodeId>> Taker::apply(
    store::Session& session, const Batch& batch, const std::vector<NodeId>& nodes) const {
    std::map<std::size_t, Effect> effects; // by frame
    for (std::size_t frame = 0; frame < batch.messages.size(); ++frame)
        if (const Message& message = batch.messages[frame]; message.order || message.organisation || message.problem)
            effects[frame] = {&message, batch.positions[frame], batch.received[frame], {}, {}};
    if (effects.empty())
        return std::vector<NodeId>{};
    for (std::size_t i = 0; i < batch.parts.size(); ++i) {
        const auto found = effects.find(batch.parts[i].frame);
        if (found != effects.end() && batch.parts[i].role == Role::subject)
            found->second.subject = nodes[i];
        if (found != effects.end() && batch.parts[i].role == Role::organisation)
            found->second.organisation = nodes[i];
    }
    std::vector<Effect> all;
    for (const auto& [frame, effect] : effects)
        all.push_back(effect);
    const change::Author author{{Principal::Kind::system}, clock_.now(), "event", "log:" + to_string(batch.from)};
    return apply_effects(session, author, sources_, all);
}

std::size_t Taker::piece_nodes(std::size_t news, Figures figures) const {
    const Activity& activity = customers_.activity();
    const std::size_t written = sweep_nodes_ - activity.left_of_sweep();
    const double share = std::chrono::duration<double>(clock_.monotonic() - sweep_began_) / pace_.sweep;
    const auto due = std::size_t(std::min(share, 1.0) * double(sweep_nodes_));
    std::size_t nodes = std::min(due - std::min(due, written), pace_.piece_max + news);
    if (figures != Figures::spread)
        nodes = std::max(nodes, pace_.piece_min + news);
    if (activity.size() > waiting_nodes_max || (taken_.value - settled().value) > waiting_bytes_max)
        nodes = std::max(nodes, pace_.piece_max + 2 * news);
    return nodes;
}

std::optional<Taker::Piece> Taker::piece_of(const EventSums& sums, Position end, Figures figures) const {
    const Activity& activity = customers_.activity();
    if (activity.written().is_sweeping()) {
        const std::size_t nodes = piece_nodes(sums.size(), figures);
        const bool is_due = nodes > 0 || activity.left_of_sweep() == 0;
        return is_due ? std::optional(activity.next_of_sweep(nodes)) : std::nullopt;
    }
    const std::size_t most = figures == Figures::at_once ? SIZE_MAX : figures == Figures::soon ? pace_.at_once_max : 0;
    return activity.size() + sums.size() <= most ? std::optional(activity.all_with(sums, end)) : std::nullopt;
}

void Taker::begin_sweep() {
    customers_.activity().begin_sweep(taken_);
    begin_pace();
}

void Taker::begin_pace() {
    sweep_began_ = clock_.monotonic();
    sweep_nodes_ = customers_.activity().left_of_sweep();
}

Result<Taker::Taken> Taker::take(const Batch& batch, Figures figures) {
    Activity& activity = customers_.activity();
    Taken all{batch.next, false, {}};
    auto& [next, was_taken, events] = all;
    identity::Absorbed absorbed;
    EventSums sums;
    std::optional<Piece> piece;
    if (is_unsure_)
        TRY(begin(TRY(database_.read([](store::Session& session) { return cursor(session); })).value_or(batch.from)));
    if (activity.take_asking())
        figures = Figures::at_once;
    while (figures == Figures::at_once && activity.written().is_sweeping())
        TRY(settle_piece());
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
        for (std::size_t i = 0; i < batch.parts.size(); ++i) {
            const auto [frame, role] = batch.parts[i];
            if (role != Role::subject || batch.kinds[frame] == event_log::FrameKind::claim)
                continue;
            const Message& message = batch.messages[frame];
            events.push_back({absorbed.nodes[i], message.at, batch.positions[frame], message.kind, message.name});
            sums[absorbed.nodes[i]].add(sum_of(message));
        }
        TRY(customers_.introduce(session, absorbed.opened));
        const auto bought = TRY(apply(session, batch, absorbed.nodes));
        piece = piece_of(sums, next, figures);
        if (piece) {
            TRY(customers_.add_events(session, piece->sums, absorbed));
            TRY(write_written(session, piece->then));
        }
        TRY(customers_.refresh(session, absorbed));
        TRY(customers_.refresh_activity_of(session, bought));
        return write_cursor(session, cursor_name, next);
    }));
    is_unsure_ = false;
    customers_.identity().remember(absorbed.learned);
    if (was_taken) {
        TRY(begin(next));
        return all;
    }
    taken_ = next;
    if (piece)
        activity.settle(piece->then);
    if (is_settled())
        return all;
    activity.add(sums);
    if (!activity.written().is_sweeping() && (!piece || (figures == Figures::spread && activity.size() > 0)))
        begin_sweep();
    return all;
}

Result<> Taker::settle() {
    while (!is_settled())
        TRY(settle_piece());
    return {};
}

Result<> Taker::settle_piece() {
    Activity& activity = customers_.activity();
    if (is_unsure_)
        return begin(taken_);
    if (!activity.written().is_sweeping() && activity.size() > pace_.at_once_max)
        begin_sweep();
    const Piece piece = activity.written().is_sweeping()
                            ? activity.next_of_sweep(std::max(pace_.at_once_max, pace_.piece_min))
                            : activity.all_with({}, taken_);
    is_unsure_ = true;
    TRY(database_.write([&](store::Session& session) -> Result<> {
        TRY(customers_.add_events(session, piece.sums, {}));
        return write_written(session, piece.then);
    }));
    is_unsure_ = false;
    activity.settle(piece.then);
    return {};
}

} // namespace onefold::customer
