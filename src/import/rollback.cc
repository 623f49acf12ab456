#include "import/rollback.h"

#include "change/change.h"
#include "import/rollback_work.h"
#include "import/stored_import.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <set>
#include <spdlog/spdlog.h>
#include <thread>

namespace onefold::import {
namespace {

using namespace std::chrono_literals;

Failure refuse(std::string_view code, LocalText message) {
    return fail(ErrorKind::conflict, code, std::move(message));
}

boost::json::array json_of(const Fates& fates) {
    return {fates.goes, fates.returns, fates.stays};
}

// What became of the import's records, among the changes.
Result<> note_rolled_back(store::Session& session, const Rollback& rollback, Instant now) {
    const RollbackCounts& counts = rollback.counts;
    const change::Author author{rollback.principal, now, "import_rollback", to_string(rollback.import)};
    return change::append(session, author,
        {{change::object_ids::import, rollback.import.value, 2, change::Op::update,
            boost::json::object{{"state", "imported"}},
            boost::json::object{{"state", "rolled_back"}, {"customers", json_of(counts.customers)},
                {"orders", json_of(counts.orders)}, {"tickets", json_of(counts.tickets)},
                {"events", json_of(counts.events)}}}});
}

Failure interrupted() {
    return refuse("import.interrupted", {"Onefold is being stopped.", "系统正在停止。"});
}

} // namespace

struct Rollbacks::Parts {
    mutable std::mutex mutex;
    std::condition_variable has_work;
    std::deque<Rollback> queue;
    std::map<ImportId, Rollback> board; // waiting or running
    std::set<ImportId> cancelled;
    bool is_stopping = false;
    std::thread worker;

    void show(const Rollback& rollback) {
        const std::lock_guard lock(mutex);
        board[rollback.import] = rollback;
    }
    std::optional<Rollback> find(ImportId id) const {
        const std::lock_guard lock(mutex);
        const auto found = board.find(id);
        return found == board.end() ? std::nullopt : std::optional(found->second);
    }
    void add(const Rollback& rollback) {
        const std::lock_guard lock(mutex);
        cancelled.erase(rollback.import);
        board[rollback.import] = rollback;
        queue.push_back(rollback);
        has_work.notify_all();
    }
    Result<> go_on(ImportId id) const {
        const std::lock_guard lock(mutex);
        if (cancelled.contains(id))
            return refuse("import.cancelled",
                {"The roll-back was cancelled. What was taken back until then stays so; roll it back again to finish.",
                    "撤回已取消。已撤回的部分保持不变；可再次撤回以完成。"});
        return is_stopping ? Result<>(interrupted()) : Result<>{};
    }
};

Rollbacks::Rollbacks(const Rooms& rooms, Turn& turn) : rooms_(rooms), turn_(turn), parts_(std::make_unique<Parts>()) {}
Rollbacks::~Rollbacks() {
    stop();
}

Result<> Rollbacks::start() {
    for (const Rollback& rollback : TRY(rooms_.database.read(list_unfinished_rollbacks)))
        parts_->add(rollback);
    parts_->worker = std::thread([this] { run(); });
    return {};
}

void Rollbacks::stop() {
    {
        const std::lock_guard lock(parts_->mutex);
        parts_->is_stopping = true;
        parts_->has_work.notify_all();
    }
    if (parts_->worker.joinable())
        parts_->worker.join();
}

void Rollbacks::run() {
    for (;;) {
        std::unique_lock lock(parts_->mutex);
        parts_->has_work.wait(lock, [&] { return parts_->is_stopping || !parts_->queue.empty(); });
        if (parts_->is_stopping)
            return;
        Rollback rollback = parts_->queue.front();
        parts_->queue.pop_front();
        lock.unlock();
        run_one(std::move(rollback));
    }
}

void Rollbacks::run_one(Rollback rollback) {
    const auto done = work(rollback);
    if (!done && done.error().code == "import.interrupted")
        return; // it goes on after the next start
    rollback.finished_at = rooms_.outside.clock.now();
    rollback.state = done ? rollback.is_preview ? RollbackState::previewed : RollbackState::finished
                     : done.error().code == "import.cancelled" ? RollbackState::cancelled
                                                               : RollbackState::failed;
    if (!done) {
        rollback.error = done.error().message;
        spdlog::warn("roll-back of import {} ended: {} {}", rollback.import.value, done.error().code,
            done.error().message.in("en"));
    }
    const auto kept = rooms_.database.write([&](store::Session& session) -> Result<> {
        if (done && !rollback.is_preview)
            TRY(note_rolled_back(session, rollback, rooms_.outside.clock.now()));
        return update(session, rollback);
    });
    const std::lock_guard lock(parts_->mutex);
    if (kept)
        parts_->board.erase(rollback.import);
    else
        spdlog::error("roll-back of import {}: {}", rollback.import.value, kept.error().message.in("en"));
}

Result<> Rollbacks::work(Rollback& rollback) {
    const std::lock_guard turn(turn_);
    const auto go_on = [&] { return parts_->go_on(rollback.import); };
    TRY(go_on());
    rollback.state = RollbackState::running;
    parts_->show(rollback);
    auto traces =
        TRY(rooms_.database.read([&](store::Session& session) { return read_traces(session, rollback.import); }));
    if (!traces.log_to)
        traces.log_to = rooms_.log.end(); // it was interrupted
    // What is in memory alone cannot be taken back.
    while (rooms_.intake.settled() < traces.log_to || rooms_.intake.visible() < traces.log_to) {
        TRY(go_on());
        std::this_thread::sleep_for(20ms);
    }
    RollbackPlan plan(rooms_, rollback, traces, go_on);
    if (!rollback.is_planned || rollback.is_preview)
        TRY(plan.make());
    parts_->show(rollback);
    if (rollback.is_preview)
        return {};
    RollbackWork work(rooms_, rollback, traces, plan, [&] { parts_->show(rollback); });
    TRY(work.run(go_on));
    return work.clear();
}

Result<Rollback> Rollbacks::create(const Caller& caller, ImportId id, Purpose purpose) {
    const auto import = TRY(rooms_.database.read([&](store::Session& session) { return find(session, id); }));
    if (!import)
        return fail(ErrorKind::not_found, "import.no_such_import", {"There is no such import.", "没有这次导入。"});
    if (import->is_dry)
        return refuse("import.was_dry_run", {"This was a trial and changed nothing, so there is nothing to roll back.",
                                                "这是一次试运行，未做任何更改，无需撤回。"});
    if (import->state == State::waiting || import->state == State::running)
        return refuse("import.still_running",
            {"This import is still running. Wait for its end or cancel it, then roll it back. Nothing was changed.",
                "该导入仍在进行。请等待其结束或先取消，然后再撤回。未做任何更改。"});
    const auto traces = TRY(rooms_.database.read([&](store::Session& session) { return read_traces(session, id); }));
    if (!traces.log_from)
        return refuse("import.not_reversible",
            {"This import ran before Onefold kept what a roll-back needs, or changed nothing. Nothing was changed.",
                "该导入早于撤回功能，或未产生任何更改，无法撤回。未做任何更改。"});
    const bool is_preview = purpose == Purpose::dry_run;
    auto known = parts_->find(id);
    if (!known)
        known = TRY(rooms_.database.read([&](store::Session& session) { return find_rollback(session, id); }));
    if (known && !known->is_preview &&
        (known->state == RollbackState::waiting || known->state == RollbackState::running ||
            known->state == RollbackState::finished))
        return std::move(*known);
    if (known && known->is_preview && parts_->find(id)) {
        if (is_preview)
            return std::move(*known);
        return refuse("import.previewing", {"The preview of this roll-back is still being made. Try again in a moment.",
                                               "撤回预览仍在生成，请稍后再试。"});
    }
    if (known && !known->is_preview && is_preview)
        return refuse("import.rollback_begun", {"This import is partly rolled back already. Roll it back again to "
                                                "finish; what somebody changed since stays.",
                                                   "该导入已部分撤回。再次撤回即可完成，之后被修改的记录会保留。"});
    Rollback rollback{.import = id,
        .state = RollbackState::waiting,
        .is_preview = is_preview,
        .principal = caller.principal,
        .started_at = rooms_.outside.clock.now(),
        .finished_at = {},
        .counts = {},
        .error = {},
        .planned_to = {}};
    if (known)
        rollback.counts.customers_gone = known->counts.customers_gone; // of one that was cancelled
    TRY(rooms_.database.write([&](store::Session& session) { return insert(session, rollback); }));
    parts_->add(rollback);
    return rollback;
}

Result<Rollback> Rollbacks::get(ImportId id) const {
    if (auto seen = parts_->find(id))
        return std::move(*seen);
    auto stored = TRY(rooms_.database.read([&](store::Session& session) { return find_rollback(session, id); }));
    if (!stored)
        return fail(
            ErrorKind::not_found, "import.no_rollback", {"Nobody has rolled this import back.", "该导入尚未撤回。"});
    return std::move(*stored);
}

Result<std::vector<Rollback>> Rollbacks::list(const std::vector<ImportId>& ids) const {
    auto rollbacks = TRY(rooms_.database.read([&](store::Session& session) { return list_rollbacks(session, ids); }));
    for (Rollback& rollback : rollbacks)
        if (auto seen = parts_->find(rollback.import))
            rollback = std::move(*seen);
    return rollbacks;
}

Result<Rollback> Rollbacks::cancel(ImportId id) {
    {
        const std::lock_guard lock(parts_->mutex);
        if (parts_->board.contains(id))
            parts_->cancelled.insert(id);
    }
    return get(id);
}

} // namespace onefold::import
