#include "customer/intake.h"

#include "customer/effects.h"
#include "customer/timeline_reader.h"

#include <future>
#include <spdlog/spdlog.h>

namespace onefold::customer {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t batch_frames_min = 500;
constexpr std::size_t batch_bytes_a_frame = 1024;
constexpr std::size_t batch_bytes_max = 32 << 20;
constexpr std::string_view cursor_name = "customer";

using Delta = Customers::EventDelta;

void add(Delta& to, const Delta& more) {
    to.count += more.count;
    to.first_at = std::min(to.first_at, more.first_at);
    to.last_at = std::max(to.last_at, more.last_at);
}

Result<> add_activity(store::Session& session, const std::map<NodeId, Delta>& deltas) {
    std::vector<store::Values> rows;
    for (const auto& [node, delta] : deltas)
        rows.push_back({node.value, micros_of(delta.first_at), micros_of(delta.last_at), delta.count});
    TRY(session.execute_many("INSERT INTO node_activity (node_id, first_at, last_at, event_count) VALUES ($1, $2, $3, "
                             "$4) ON CONFLICT (node_id) DO UPDATE SET "
                             "first_at = CASE WHEN excluded.first_at < node_activity.first_at THEN excluded.first_at "
                             "ELSE node_activity.first_at END, "
                             "last_at = CASE WHEN excluded.last_at > node_activity.last_at THEN excluded.last_at ELSE "
                             "node_activity.last_at END, "
                             "event_count = node_activity.event_count + excluded.event_count",
        rows));
    return {};
}

} // namespace

Intake::Intake(store::Database& database, event_log::EventLog& log, const source::Sources& sources,
    const Customers& customers, timeline::Timeline& timeline, const runtime::Clock& clock)
    : database_(database), log_(log), sources_(sources), customers_(customers), timeline_(timeline), clock_(clock) {}

Intake::~Intake() {
    stop();
}

void Intake::notify(std::function<void(Position)> when_visible) {
    when_visible_ = std::move(when_visible);
}

Result<> Intake::start() {
    const auto stored = TRY(database_.read([](store::Session& session) {
        return session.find_integer("SELECT position FROM intake_cursor WHERE name = $1", {std::string(cursor_name)});
    }));
    visible_ = stored ? Position{*stored} : log_.begin();
    if (visible_ > log_.end() && log_.condition().is_appending) // a damaged one ends early
        return fail(ErrorKind::internal, "customer.other_log",
            {"The database has taken up more events than this folder's log holds: one of the two is an older backup or "
             "belongs to another folder. Put the right "
             "log folder back; nothing was changed.",
                "数据库已处理的事件多于本目录日志中的事件：两者之一来自旧备份或其他目录。请放回正确的日志目录；未做任何"
                "更改。"});
    const TimelineRooms rooms{database_, log_, sources_, customers_.identity()};
    TRY(timeline_.start(visible_, [rooms](timeline::Interval missing) { return read_timeline(missing, rooms); }));
    reader_ = std::thread([this] { run(); });
    return {};
}

void Intake::stop() {
    {
        std::lock_guard lock(mutex_);
        is_stopping_ = true;
        moved_.notify_all();
    }
    if (reader_.joinable())
        reader_.join();
}

Position Intake::visible() const {
    std::lock_guard lock(mutex_);
    return visible_;
}

std::optional<Error> Intake::trouble() const {
    std::lock_guard lock(mutex_);
    return trouble_;
}

bool Intake::wait_until_visible(Position position, std::chrono::milliseconds timeout) const {
    std::unique_lock lock(mutex_);
    return moved_.wait_for(lock, timeout, [&] { return visible_ >= position || is_stopping_; }) && visible_ >= position;
}

Lag Intake::lag() const {
    std::lock_guard lock(mutex_);
    return lag_.read(clock_.monotonic());
}

// While one batch is written, the next is read and parsed.
void Intake::run() {
    std::future<Result<Batch>> ahead;
    for (;;) {
        const Position from = visible();
        {
            std::lock_guard lock(mutex_);
            if (is_stopping_)
                return;
        }
        if (!log_.wait_beyond(from, 200ms))
            continue;
        auto batch = ahead.valid() ? ahead.get() : read_batch(from);
        if (batch && batch->from != from)
            continue;
        if (!batch) {
            stand(batch.error());
            continue;
        }
        if (log_.end() > batch->next)
            ahead = std::async(std::launch::async, [this, next = batch->next] { return read_batch(next); });
        const auto began = clock_.monotonic();
        const auto next = take(*batch);
        if (!next) {
            stand(next.error());
            continue;
        }
        settle(*batch, clock_.monotonic() - began);
        {
            std::lock_guard lock(mutex_);
            visible_ = *next;
            moved_.notify_all();
        }
        if (when_visible_)
            when_visible_(*next);
    }
}

void Intake::stand(const Error& error) {
    std::unique_lock lock(mutex_);
    if (!trouble_)
        spdlog::error("customer.intake stands at {}: {} {}", visible_.value, error.code, error.message.in("en"));
    trouble_ = error;
    moved_.wait_for(lock, 1s, [&] { return is_stopping_; });
}

void Intake::settle(const Batch& batch, std::chrono::steady_clock::duration took) {
    const bool is_full = batch.messages.size() >= frames_max_;
    if (took > 2 * batch_time)
        frames_max_ = std::max(frames_max_ / 2, batch_frames_min);
    else if (is_full && took < batch_time)
        frames_max_ = std::min(frames_max_ * 2, batch_frames_max);
    const auto now = clock_.now();
    const auto steady_now = clock_.monotonic();
    std::lock_guard lock(mutex_);
    trouble_.reset();
    for (const Instant received : batch.received)
        lag_.add(now - received, steady_now);
}

Result<Intake::Batch> Intake::read_batch(Position from) const {
    const auto frames = TRY(log_.read(
        from, frames_max_, std::clamp(frames_max_ * batch_bytes_a_frame, std::size_t(4 << 20), batch_bytes_max)));
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

Result<std::vector<NodeId>> Intake::apply(
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

Result<Position> Intake::take(const Batch& batch) {
    Position next = batch.next;
    identity::Absorbed absorbed;
    std::vector<timeline::Event> events;
    bool was_taken = false;
    TRY(database_.write([&](store::Session& session) -> Result<> {
        const auto taken =
            TRY(session.find_integer("SELECT position FROM intake_cursor WHERE name = $1", {std::string(cursor_name)}));
        was_taken = taken && *taken != batch.from.value; // an earlier commit whose answer was lost
        if (was_taken) {
            next = Position{*taken};
            return {};
        }
        events.clear();
        Book book;
        absorbed = TRY(customers_.identity().absorb(session, batch.subjects, book));
        std::map<NodeId, Delta> deltas;
        std::map<CustomerId, Delta> customer_deltas; // those who are not refreshed anyway
        std::vector<NodeId> summed_anew;
        for (std::size_t i = 0; i < batch.frame_of.size(); ++i) {
            const std::size_t frame = batch.frame_of[i];
            if (batch.kinds[frame] == event_log::FrameKind::claim)
                continue;
            const Message& message = batch.messages[frame];
            const auto at = message.at;
            events.push_back({absorbed.nodes[i], at, batch.positions[frame], message.kind, message.name});
            const Delta delta{1, at, message.is_active ? at : Instant::min()};
            add(deltas[absorbed.nodes[i]], delta);
            if (!message.is_active)
                summed_anew.push_back(absorbed.nodes[i]);
            else if (!std::ranges::binary_search(absorbed.changed, absorbed.customers[i]))
                add(customer_deltas[absorbed.customers[i]], delta);
        }
        TRY(add_activity(session, deltas));
        const auto bought = TRY(apply(session, batch, absorbed.nodes));
        summed_anew.insert(summed_anew.end(), bought.begin(), bought.end());
        TRY(customers_.introduce(session, absorbed.opened, customer_deltas));
        TRY(customers_.refresh(session, absorbed.changed));
        TRY(customers_.add_events(session, customer_deltas));
        TRY(customers_.refresh_activity_of(session, summed_anew));
        TRY(session.execute("INSERT INTO intake_cursor (name, position) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE "
                            "SET position = excluded.position",
            {std::string(cursor_name), next.value}));
        return {};
    }));
    customers_.identity().remember(absorbed.learned);
    if (!was_taken)
        timeline_.append({batch.from, next}, events);
    return next;
}

} // namespace onefold::customer
