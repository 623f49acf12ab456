// The rebuilder: a second file from the log, compared with the live one, put in its place.
#include "columns/parts.h"
#include "runtime/priority.h"

#include <spdlog/spdlog.h>

namespace onefold::columns {

Position Columns::Parts::live_position() const {
    const std::lock_guard lock(mutex);
    return told.position;
}

Result<> Columns::Parts::begin_rebuild(std::string cause) {
    const std::lock_guard lock(mutex);
    if (is_second_made || is_stopping)
        return fail(ErrorKind::conflict, "columns.rebuilding",
            {"The columns are being rebuilt already.", "分析数据正在重建中。"});
    if (rebuilder.joinable())
        rebuilder.join();
    is_second_made = true;
    told.percent = 0;
    rebuilder = std::thread([this, cause = std::move(cause)] { run_rebuild(cause); });
    return {};
}

void Columns::Parts::run_rebuild(const std::string& cause) {
    runtime::give_way();
    Rebuilt outcome{outside.clock.now(), cause, 0, 0, {}, {}};
    const auto begun = outside.clock.monotonic();
    if (const auto done = make_second(outcome); !done) {
        outcome.trouble = done.error();
        spdlog::error("columns: rebuilding failed: {} {}", done.error().code, done.error().message.in("en"));
        (void)place.remove_next();
    }
    outcome.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(outside.clock.monotonic() - begun).count();
    {
        const std::lock_guard my_turn(turn);
        forgotten.clear();
    }
    const std::lock_guard lock(mutex);
    told.last_rebuilt = std::move(outcome);
    is_second_made = false;
    moved.notify_all();
}

Result<> Columns::Parts::make_second(Rebuilt& outcome) {
    TRY(outside.files.make_folder(options.folder));
    TRY(place.remove_next());
    const Zone its_zone = TRY(zone());
    auto file = TRY(EventFile::open(place.next(), its_zone.name(), options.limits, options.dictionary));
    auto second = TRY(Live::open(origin, std::move(file), its_zone));
    const Position first = origin.log.begin(), seen = origin.visible();
    for (Position goal = seen; second->file->position() < goal; goal = std::max(seen, live_position())) {
        if (is_stopping)
            return fail(ErrorKind::unavailable, "columns.stopped", {"The server was stopped.", "服务器已停止。"});
        const Position reached = TRY(second->projector.step(goal));
        const std::lock_guard lock(mutex);
        told.percent = int(100 * (reached.value - first.value) / std::max<std::int64_t>(1, goal.value - first.value));
    }
    while (!TRY(second->customers->step()))
        if (is_stopping)
            return fail(ErrorKind::unavailable, "columns.stopped", {"The server was stopped.", "服务器已停止。"});
    return finish_second(std::move(second), its_zone, outcome);
}

// Customers are compared only where both copies came to the same place, which writers may prevent.
Result<Comparison> Columns::Parts::compare_with_live(Live& second) {
    bool is_at_one_place = false;
    for (int attempt = 0; attempt < 5 && !is_at_one_place; ++attempt) {
        for (CustomerTables* tables : {live->customers.get(), second.customers.get()})
            while (!TRY(tables->step())) {
            }
        is_at_one_place = live->customers->place() == second.customers->place();
    }
    const auto of_live = TRY(live->file->connect()), of_second = TRY(second.file->connect());
    return compare(*of_live, *of_second, is_at_one_place ? Compared::everything : Compared::events);
}

// The live file stands still from here on.
Result<> Columns::Parts::finish_second(std::unique_ptr<Live> second, const Zone& its_zone, Rebuilt& outcome) {
    const std::lock_guard my_turn(turn);
    EventFile& file = *second->file;
    while (live && file.position() < live->file->position()) // what came since
        TRY(second->projector.step(live->file->position()));
    TRY(file.forget(forgotten));
    const auto connection = TRY(file.connect());
    if (live && !is_broken && outcome.cause != "zone") {
        while (live->file->position() < file.position())
            tell(TRY(live->projector.step(file.position())));
        if (auto compared = compare_with_live(*second))
            outcome.comparison = std::move(*compared);
    }
    TRY(connection->each("SELECT COUNT(*) FROM event", {}, [&](const store::Row& row) -> Result<> {
        outcome.events = row.integer(0);
        return {};
    }));
    TRY(file.checkpoint());
    const Position reached = file.position();
    second.reset();
    TRY(switch_over(its_zone));
    tell(reached);
    return {};
}

Result<> Columns::Parts::switch_over(const Zone& its_zone) {
    const std::unique_lock alone(file_mutex);
    live.reset();
    TRY(place.switch_over());
    auto file = TRY(EventFile::open(place.live(), its_zone.name(), options.limits, options.dictionary));
    live = TRY(Live::open(origin, std::move(file), its_zone));
    expired = Position{};
    is_broken = false;
    const std::lock_guard lock(mutex);
    is_open = true;
    return {};
}

} // namespace onefold::columns
