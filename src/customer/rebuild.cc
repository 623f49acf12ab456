#include "customer/rebuild.h"

#include "runtime/priority.h"

#include <spdlog/spdlog.h>

namespace onefold::customer {
namespace {

// How often the second tables run after the live ones before they are held against a reading that stands still.
constexpr int rounds_max = 10;
constexpr Position first_of_log{1};
// Under load figures are up to date behind the batch for which that is asked.
constexpr int settled_tries_max = 3000;
constexpr std::chrono::milliseconds settled_pause{20};

Result<Position> live_position(store::Session& session, const event_log::EventLog& log) {
    return TRY(Taker::cursor(session)).value_or(log.begin());
}

} // namespace

Result<> Rebuild::begin() {
    if (rooms_.log.begin() > first_of_log)
        return fail(ErrorKind::conflict, "customer.log_has_expired",
            {"The oldest events have expired and are deleted, so customers cannot be made again from the log. Nothing "
             "was compared, and nothing is wrong.",
                "最早的事件已过期并删除，无法由事件日志重建客户。未进行比对，数据不受影响。"});
    const std::lock_guard lock(mutex_);
    if (status_.is_running || is_stopping_)
        return fail(ErrorKind::conflict, "customer.rebuilding",
            {"Customers are being rebuilt already.", "客户数据正在重建比对中。"});
    if (thread_.joinable())
        thread_.join();
    status_.is_running = true;
    status_.percent = 0;
    thread_ = std::thread([this] { run(); });
    return {};
}

void Rebuild::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    if (thread_.joinable())
        thread_.join();
}

RebuildStatus Rebuild::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

void Rebuild::run() {
    runtime::give_way();
    const auto begun = rooms_.outside.clock.monotonic();
    Rebuilt outcome;
    outcome.at = rooms_.outside.clock.now();
    if (auto made = make(outcome); !made) {
        spdlog::warn("customer.rebuild: {} {}", made.error().code, made.error().message.in("en"));
        outcome.trouble = made.error();
    }
    outcome.took_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(rooms_.outside.clock.monotonic() - begun).count();
    const std::lock_guard lock(mutex_);
    status_.last_rebuilt = std::move(outcome);
    status_.is_running = false;
}

Result<> Rebuild::make(Rebuilt& outcome) {
    const auto second = TRY(Second::open(rooms_, folder_));
    TRY(catch_up(*second));
    for (int tries = 0; tries < settled_tries_max; ++tries) {
        if (TRY(compare(*second, outcome)))
            return {};
        rooms_.activity.ask_for_all();
        TRY(go_on());
        std::this_thread::sleep_for(settled_pause);
    }
    return fail(ErrorKind::unavailable, "customer.never_settled",
        {"The server is too busy to compare now: its figures were never up to date. Nothing was compared; try again "
         "when fewer events come.",
            "服务器繁忙，统计数字一直未能更新完毕，无法比对。请在事件较少时重试。"});
}

// The reading does not move while the server takes up more; the second tables go to where it stands.
Result<bool> Rebuild::compare(Second& second, Rebuilt& outcome) {
    return rooms_.database.read([&](store::Session& live) -> Result<bool> {
        const Position goal = TRY(live_position(live, rooms_.log));
        const Position settled = TRY(Taker::written(live)).settled;
        if (settled != Position{} && settled < goal)
            return false; // figures are written behind under load
        if (TRY(live.find_integer("SELECT id FROM identity_sweep WHERE id = 1")))
            return false; // a change of policy has not reached all
        TRY(step_to(second, goal));
        TRY(second.copy(live));
        const ComparedRooms compared{rooms_.keys, rooms_.sources};
        outcome.comparison = TRY(second.database().read([&](store::Session& rebuilt) {
            return compare_customers(compared, live, rebuilt, [this] { return go_on(); });
        }));
        outcome.position = second.position();
        outcome.events = second.events();
        return true;
    });
}

Result<> Rebuild::catch_up(Second& second) {
    for (int round = 0; round < rounds_max; ++round) {
        const Position goal =
            TRY(rooms_.database.read([&](store::Session& session) { return live_position(session, rooms_.log); }));
        if (second.position() >= goal)
            break;
        TRY(step_to(second, goal));
    }
    return {};
}

Result<> Rebuild::step_to(Second& second, Position goal) {
    while (second.position() < goal) {
        TRY(go_on());
        TRY(second.step(goal));
        const std::lock_guard lock(mutex_);
        status_.percent =
            int(100 * (second.position().value - first_of_log.value) / std::max<std::int64_t>(1, goal.value - 1));
    }
    return {};
}

Result<> Rebuild::go_on() const {
    if (!is_stopping_)
        return {};
    return fail(ErrorKind::unavailable, "customer.rebuild_stopped",
        {"Onefold was stopped before customers were compared.", "系统已停止，客户比对未完成。"});
}

} // namespace onefold::customer
