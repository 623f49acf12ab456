#include "customer/intake.h"

#include "customer/timeline_reader.h"

#include <future>
#include <spdlog/spdlog.h>

namespace onefold::customer {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t batch_frames_min = 500;
constexpr auto idle_wait = 200ms, short_wait = 10ms; // the short one where figures are to be written
constexpr auto ahead_wait = 2ms;
constexpr auto last_pieces_max = 2s;

} // namespace

Intake::Intake(store::Database& database, event_log::EventLog& log, const source::Sources& sources,
    const Customers& customers, timeline::Timeline& timeline, const runtime::Clock& clock)
    : database_(database),
      log_(log),
      sources_(sources),
      customers_(customers),
      timeline_(timeline),
      clock_(clock),
      taker_(database, log, sources, customers, clock) {}

Intake::~Intake() {
    stop();
}

void Intake::notify(std::function<void(Position)> when_visible) {
    when_visible_ = std::move(when_visible);
}

Result<> Intake::start() {
    const auto stored = TRY(database_.read([](store::Session& session) { return Taker::cursor(session); }));
    visible_ = stored ? *stored : log_.begin();
    if (visible_ > log_.end() && log_.condition().is_appending) // a damaged one ends early
        return fail(ErrorKind::internal, "customer.other_log",
            {"The database has taken up more events than this folder's log holds: one of the two is an older backup or "
             "belongs to another folder. Put the right "
             "log folder back; nothing was changed.",
                "数据库已处理的事件多于本目录日志中的事件：两者之一来自旧备份或其他目录。请放回正确的日志目录；未做任何"
                "更改。"});
    TRY(taker_.begin(visible_));
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

// What has come until the batch before it is taken up; a full one does not wait for that.
Result<Intake::Batch> Intake::read_until_wanted(Position from, std::size_t frames_max) {
    auto batch = taker_.read(from, frames_max);
    const auto has_room = [&] {
        return batch->messages.size() < frames_max && batch->bytes() < std::int64_t(Taker::batch_bytes_max);
    };
    while (batch && !is_wanted_ && has_room())
        if (log_.wait_beyond(batch->next, ahead_wait))
            if (!taker_.read_on(*batch, frames_max - batch->messages.size()))
                break; // who reads from there is told why
    return batch;
}

// While one batch is written, the next is read and parsed.
void Intake::run() {
    std::future<Result<Batch>> ahead;
    for (;;) {
        const Position from = visible();
        {
            std::lock_guard lock(mutex_);
            if (is_stopping_)
                break;
        }
        if (!log_.wait_beyond(from, taker_.is_settled() ? idle_wait : short_wait)) {
            if (taker_.is_settled())
                continue;
            if (const auto settled = taker_.settle_piece(); !settled)
                stand(settled.error());
            continue;
        }
        auto batch = ahead.valid() ? ahead.get() : taker_.read(from, frames_max_);
        if (batch && (batch->from != from || batch->next == from))
            continue;
        if (!batch) {
            stand(batch.error());
            continue;
        }
        is_wanted_ = false;
        ahead = std::async(std::launch::async,
            [this, next = batch->next, most = frames_max_] { return read_until_wanted(next, most); });
        const auto began = clock_.monotonic();
        const auto next = take(*batch);
        is_wanted_ = true;
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
    const auto until = clock_.monotonic() + last_pieces_max;
    while (!taker_.is_settled() && clock_.monotonic() < until)
        if (!taker_.settle_piece())
            break; // the next start does the rest
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

Result<Position> Intake::take(const Batch& batch) {
    const bool is_behind = batch.messages.size() >= batch_frames_min && log_.end() > batch.next;
    const auto taken = TRY(taker_.take(batch, is_behind ? Figures::spread : Figures::soon));
    if (!taken.was_taken)
        timeline_.append({batch.from, taken.next}, taken.events);
    return taken.next;
}

} // namespace onefold::customer
