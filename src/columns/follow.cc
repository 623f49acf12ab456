// The follower: opens the live file, keeps it up with the log, puts it aside when it is broken.
#include "columns/parts.h"
#include "runtime/priority.h"

#include <spdlog/spdlog.h>

namespace onefold::columns {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds rest_min = 300ms, rest_max = 3s;
constexpr std::int64_t backlog_bytes_max = 64 << 20;
constexpr std::chrono::milliseconds give_way_max = 20s;
constexpr std::int64_t hurry_bytes = 1 << 20; // how far the reader of the log is behind when all else waits for it
constexpr int looks_at_reader = 5;
constexpr auto between_looks_at_reader = 20ms;
constexpr auto between_tries = 1s;
constexpr auto between_looks_at_zone = 3s;

bool is_damage(const Error& error) {
    return error.code == "columns.damaged";
}

} // namespace

void Columns::Parts::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex);
    moved.wait_for(lock, time, [&] { return is_stopping || is_broken; });
}

void Columns::Parts::stand(const Error& error) {
    {
        const std::lock_guard lock(mutex);
        if (!told.trouble)
            spdlog::error("columns stand at {}: {} {}", told.position.value, error.code, error.message.in("en"));
        told.trouble = error;
    }
    std::unique_lock lock(mutex);
    moved.wait_for(lock, between_tries, [&] { return is_stopping.load(); });
}

void Columns::Parts::tell(Position reached) {
    const std::lock_guard lock(mutex);
    told.trouble.reset();
    told.position = reached;
    told.has_all_customers = live && live->has_all_customers;
    if (first_goal && reached >= *first_goal)
        first_goal.reset();
    moved.notify_all();
}

bool Columns::Parts::is_filling() const {
    const std::lock_guard lock(mutex);
    return first_goal.has_value();
}

void Columns::Parts::watch_questions(std::chrono::steady_clock::time_point now) {
    const std::lock_guard lock(mutex);
    for (const Question& question : questions)
        if (is_stopping || now > question.until)
            question.connection->interrupt();
}

// Renames the broken file; the next turn of the loop begins an empty one.
Result<> Columns::Parts::put_aside() {
    const std::unique_lock alone(file_mutex);
    live.reset();
    TRY(place.quarantine(outside.clock.now()));
    is_broken = false;
    const std::lock_guard lock(mutex);
    ++told.quarantined;
    told.position = Position{};
    is_open = false;
    spdlog::warn("columns: the file was broken and has been put aside; it is made again from the log");
    return {};
}

Result<> Columns::Parts::open_live() {
    TRY(outside.files.make_folder(options.folder));
    const Zone here = TRY(zone());
    if (place.has_live() && options.probe && !TRY(options.probe(place.live(), is_stopping))) {
        if (!is_stopping)
            is_broken = true;
        return {};
    }
    const std::unique_lock alone(file_mutex);
    const bool is_new = !place.has_live();
    auto file = EventFile::open(place.live(), here.name(), options.limits, options.dictionary);
    const bool is_of_another_log = file && (*file)->position() > origin.log.end();
    if (is_of_another_log || (!file && file.error().code == "columns.other_format")) {
        file = fail(ErrorKind::internal, "columns.other_log",
            {"The columns belong to another log and are made anew.", "分析数据属于另一份日志，将重新生成。"});
        is_broken = true;
    }
    if (!file) {
        is_broken = is_broken || is_damage(file.error());
        return is_broken ? Result<>{} : fail(file.error());
    }
    const Zone its_zone = TRY(Zone::named((*file)->zone()));
    live = TRY(Live::open(origin, std::move(*file), its_zone));
    expired = Position{};
    const std::lock_guard lock(mutex);
    is_open = true;
    told.position = live->file->position();
    if (is_new || told.position < origin.log.begin())
        first_goal = origin.visible();
    return {};
}

Result<> Columns::Parts::advance() {
    if (const Position begin = origin.log.begin(); begin > expired) {
        TRY(live->file->expire(begin));
        expired = begin;
    }
    const Position reached = TRY(live->projector.step(origin.visible()));
    live->has_all_customers = TRY(live->customers->step());
    tell(reached);
    return {};
}

Result<> Columns::Parts::look_at_zone() {
    const auto now = std::chrono::steady_clock::now();
    if (now - looked_at_zone < between_looks_at_zone)
        return {};
    looked_at_zone = now;
    if (TRY(zone()).name() != live->file->zone())
        (void)begin_rebuild("zone");
    return {};
}

Result<> Columns::Parts::take_turn() {
    const std::lock_guard my_turn(turn);
    if (is_broken)
        return put_aside();
    if (!live)
        return open_live();
    TRY(look_at_zone());
    return advance();
}

// Many small commits cost much more than few large ones: the rest grows with the work.
void Columns::Parts::rest(std::chrono::steady_clock::duration work) {
    if (is_broken || !live)
        return;
    if (live->has_all_customers && backlog() <= (is_filling() ? 0 : backlog_bytes_max)) {
        pause(std::clamp(
            std::chrono::duration_cast<std::chrono::milliseconds>(runtime::rest_a_work * work), rest_min, rest_max));
        origin.log.wait_beyond(live_position(), 200ms);
    }
    const auto until = std::chrono::steady_clock::now() + give_way_max;
    const auto may_wait = [&] { return !is_stopping && !is_broken && std::chrono::steady_clock::now() < until; };
    while (may_wait() && is_reader_in_need())
        pause(rest_min);
}

std::int64_t Columns::Parts::backlog() const {
    return origin.visible().value - live_position().value;
}

bool Columns::Parts::is_reader_behind() const {
    return origin.log.end().value - origin.visible().value > hurry_bytes;
}

// It comes near for a moment with each of its batches.
bool Columns::Parts::is_reader_in_need() {
    for (int look = 0; look < looks_at_reader; ++look) {
        if (is_reader_behind())
            return true;
        pause(between_looks_at_reader);
    }
    return false;
}

void Columns::Parts::follow() {
    runtime::give_way(runtime::Urgency::spare);
    while (!is_stopping) {
        const auto began = std::chrono::steady_clock::now();
        watch_questions(began);
        const auto done = take_turn();
        if (!done && is_damage(done.error()))
            is_broken = true;
        else if (!done)
            stand(done.error());
        else
            rest(std::chrono::steady_clock::now() - began);
    }
}

} // namespace onefold::columns
