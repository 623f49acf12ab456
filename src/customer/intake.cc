#include "customer/intake.h"

#include "customer/message.h"
#include "timeline/timeline.h"

#include <spdlog/spdlog.h>

#include <set>

namespace onefold::customer {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t batch_frames_max = 5000;
constexpr std::string_view cursor_name = "customer";

struct NodeDelta {
    std::int64_t first_at = INT64_MAX, last_at = INT64_MIN, count = 0;
};

Result<> add_activity(store::Session& session, const std::map<NodeId, NodeDelta>& deltas) {
    std::vector<store::Values> rows;
    for (const auto& [node, delta] : deltas) rows.push_back({node.value, delta.first_at, delta.last_at, delta.count});
    TRY(session.execute_many("INSERT INTO node_activity (node_id, first_at, last_at, event_count) VALUES ($1, $2, $3, $4) ON CONFLICT (node_id) DO UPDATE SET "
                             "first_at = CASE WHEN excluded.first_at < node_activity.first_at THEN excluded.first_at ELSE node_activity.first_at END, "
                             "last_at = CASE WHEN excluded.last_at > node_activity.last_at THEN excluded.last_at ELSE node_activity.last_at END, "
                             "event_count = node_activity.event_count + excluded.event_count",
        rows));
    return {};
}

Result<std::set<CustomerId>> customers_of(store::Session& session, const std::map<NodeId, NodeDelta>& deltas) {
    std::vector<store::Values> keys;
    for (const auto& [node, delta] : deltas) keys.push_back({node.value});
    std::set<CustomerId> customers;
    TRY(session.each_many("SELECT customer_id FROM node WHERE id = $1", keys, [&](std::size_t, const store::Row& row) -> Result<> {
        customers.insert(CustomerId{row.integer(0)});
        return {};
    }));
    return customers;
}

} // namespace

Intake::Intake(store::Database& database, event_log::EventLog& log, const source::Sources& sources, const Customers& customers)
    : database_(database), log_(log), sources_(sources), customers_(customers) {}

Intake::~Intake() { stop(); }

void Intake::notify(std::function<void(Position)> when_visible) { when_visible_ = std::move(when_visible); }

Result<> Intake::start() {
    const auto stored = TRY(database_.read([](store::Session& session) {
        return session.find_integer("SELECT position FROM intake_cursor WHERE name = $1", {std::string(cursor_name)});
    }));
    visible_ = stored ? Position{*stored} : log_.begin();
    reader_ = std::thread([this] { run(); });
    return {};
}

void Intake::stop() {
    {
        std::lock_guard lock(mutex_);
        is_stopping_ = true;
        moved_.notify_all();
    }
    if (reader_.joinable()) reader_.join();
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

void Intake::run() {
    for (;;) {
        const Position from = visible();
        {
            std::lock_guard lock(mutex_);
            if (is_stopping_) return;
        }
        if (!log_.wait_beyond(from, 200ms)) continue;
        auto next = take_batch(from);
        std::unique_lock lock(mutex_);
        if (!next) {
            if (!trouble_) spdlog::error("customer.intake stands at {}: {} {}", from.value, next.error().code, next.error().message.in("en"));
            trouble_ = next.error();
            moved_.wait_for(lock, 1s, [&] { return is_stopping_; });
            continue;
        }
        trouble_.reset();
        visible_ = *next;
        moved_.notify_all();
        lock.unlock();
        if (when_visible_) when_visible_(*next);
    }
}

Result<Position> Intake::take_batch(Position from) {
    const auto frames = TRY(log_.read(from, batch_frames_max));
    if (frames.empty()) return from;
    std::vector<Message> messages;
    std::vector<identity::Subject> subjects;
    std::vector<std::size_t> frame_of; // of each subject
    for (const event_log::Frame& frame : frames) {
        const auto source = sources_.get(frame.source_id);
        messages.push_back(source ? read_message(frame, *source) : Message{});
        if (messages.back().subject.key.empty()) continue;
        subjects.push_back(messages.back().subject);
        frame_of.push_back(messages.size() - 1);
    }
    const Position next = frames.back().next;
    TRY(database_.write([&](store::Session& session) -> Result<> {
        Book book;
        const auto absorbed = TRY(customers_.identity().absorb(session, subjects, book));
        std::vector<timeline::Entry> entries;
        std::map<NodeId, NodeDelta> deltas;
        for (std::size_t i = 0; i < subjects.size(); ++i) {
            const event_log::Frame& frame = frames[frame_of[i]];
            if (frame.kind == event_log::FrameKind::claim) continue;
            const auto at = messages[frame_of[i]].at;
            entries.push_back({absorbed.nodes[i], at, frame.position});
            NodeDelta& delta = deltas[absorbed.nodes[i]];
            delta.first_at = std::min(delta.first_at, micros_of(at));
            delta.last_at = std::max(delta.last_at, micros_of(at));
            ++delta.count;
        }
        TRY(timeline::append(session, entries));
        TRY(add_activity(session, deltas));
        auto customers = TRY(customers_of(session, deltas));
        customers.insert(absorbed.changed.begin(), absorbed.changed.end());
        TRY(customers_.refresh(session, {customers.begin(), customers.end()}));
        TRY(session.execute("INSERT INTO intake_cursor (name, position) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET position = excluded.position",
            {std::string(cursor_name), next.value}));
        return {};
    }));
    return next;
}

} // namespace onefold::customer
