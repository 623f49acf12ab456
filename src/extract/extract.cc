#include "extract/extract.h"

#include "extract/extract_store.h"
#include "extract/rows.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <set>
#include <spdlog/spdlog.h>
#include <thread>

namespace onefold::extract {
namespace {

using namespace std::chrono_literals;

Failure no_such_extract() {
    return fail(ErrorKind::not_found, "extract.no_such_extract",
        {"There is no such export. Exports are kept for a day; make it again.",
            "没有这次导出。导出文件保留一天，请重新导出。"});
}

Failure no_space() {
    return fail(ErrorKind::storage_full, "extract.no_space",
        {"There is not enough space for this file on the disk of the server.", "服务器磁盘空间不足，无法生成文件。"});
}

Failure too_many(std::string_view en, std::string_view zh) {
    return fail(ErrorKind::too_many, "extract.too_many", LocalText(en, zh));
}

Failure too_much_kept() {
    return fail(ErrorKind::too_many, "extract.too_much_kept",
        {"Your exports of the last 24 hours hold as much as may be kept for you. Delete some of them, or wait until "
         "the oldest is over.",
            "你最近 24 小时的导出文件已达到保留上限，请删除部分导出，或等待最早的文件过期后再试。"});
}

LocalText cancelled_text() {
    return {"The export was cancelled.", "导出已取消。"};
}

bool is_over(const Extract& extract) {
    return extract.state != State::waiting && extract.state != State::running;
}

// What people are told of it; the rest is for the log.
LocalText told_of(const Error& error) {
    if (error.kind == ErrorKind::storage_full)
        return no_space().error().message;
    if (error.kind != ErrorKind::internal && !error.code.starts_with("files.") && !error.code.starts_with("store."))
        return error.message;
    return {"The file could not be written. Tell your administrator.", "文件生成失败，请联系管理员。"};
}

} // namespace

struct Extracts::Parts {
    mutable std::mutex mutex;
    std::condition_variable has_work;
    std::deque<Extract> queue;
    std::map<ExtractId, Extract> board; // waiting or running
    std::set<ExtractId> cancelled;      // of those that run
    std::multiset<std::string> places;  // of principals, that are being taken
    bool is_stopping = false;
    std::thread worker;

    void show(const Extract& extract) {
        const std::lock_guard lock(mutex);
        board[extract.id] = extract;
    }
    std::optional<Extract> find(ExtractId id) const {
        const std::lock_guard lock(mutex);
        const auto found = board.find(id);
        return found == board.end() || cancelled.contains(id) ? std::nullopt : std::optional(found->second);
    }
    void add(const Extract& extract) {
        const std::lock_guard lock(mutex);
        board[extract.id] = extract;
        queue.push_back(extract);
        has_work.notify_all();
    }
    void forget(ExtractId id) {
        const std::lock_guard lock(mutex);
        board.erase(id);
        cancelled.erase(id);
    }
    void cancel(ExtractId id) {
        const std::lock_guard lock(mutex);
        if (std::erase_if(queue, [&](const Extract& one) { return one.id == id; }) > 0)
            board.erase(id);
        else if (board.contains(id))
            cancelled.insert(id);
    }
    Result<> go_on(ExtractId id) const {
        const std::lock_guard lock(mutex);
        if (cancelled.contains(id))
            return fail(ErrorKind::conflict, "extract.cancelled", cancelled_text());
        if (is_stopping)
            return fail(ErrorKind::unavailable, "extract.interrupted", {"Onefold is being stopped.", "系统正在停止。"});
        return {};
    }
    // False where it is being stopped.
    bool wait_a_moment() {
        std::unique_lock lock(mutex);
        return !has_work.wait_for(lock, 500ms, [&] { return is_stopping; });
    }
    Result<> take_place(const std::string& principal) {
        const std::lock_guard lock(mutex);
        const auto is_theirs = [&](const auto& one) { return one.second.principal == principal; };
        const auto theirs = std::size_t(std::ranges::count_if(board, is_theirs)) + places.count(principal);
        if (theirs >= unfinished_of_one_max)
            return too_many("3 exports of yours are on their way already. Wait for one of them to end, or cancel it.",
                "你已有 3 个导出正在进行，请等待其完成或取消其中一个。");
        if (board.size() + places.size() >= unfinished_max)
            return too_many(
                "20 exports are waiting already. Try again in some minutes.", "已有 20 个导出在等待，请几分钟后再试。");
        places.insert(principal);
        return {};
    }
    void leave_place(const std::string& principal) {
        const std::lock_guard lock(mutex);
        places.erase(places.find(principal));
    }
};

Extracts::Extracts(const Rooms& rooms) : rooms_(rooms), parts_(std::make_unique<Parts>()) {}
Extracts::~Extracts() {
    stop();
}

Result<> Extracts::start() {
    TRY(rooms_.outside.files.make_folder(rooms_.folder));
    for (Extract& extract : TRY(rooms_.database.read(list_unfinished))) {
        extract.state = State::waiting;
        extract.rows = 0;
        parts_->add(extract);
    }
    parts_->worker = std::thread([this] { run(); });
    return {};
}

void Extracts::stop() {
    {
        const std::lock_guard lock(parts_->mutex);
        parts_->is_stopping = true;
        parts_->has_work.notify_all();
    }
    if (parts_->worker.joinable())
        parts_->worker.join();
}

void Extracts::run() {
    auto sweep_at = rooms_.outside.clock.monotonic();
    for (;;) {
        if (rooms_.outside.clock.monotonic() >= sweep_at) {
            if (const auto swept = sweep(); !swept)
                spdlog::warn("exports: {}", swept.error().message.in("en"));
            sweep_at = rooms_.outside.clock.monotonic() + 1h;
        }
        std::unique_lock lock(parts_->mutex);
        parts_->has_work.wait_for(lock, 10min, [&] { return parts_->is_stopping || !parts_->queue.empty(); });
        if (parts_->is_stopping)
            return;
        if (parts_->queue.empty())
            continue;
        Extract extract = std::move(parts_->queue.front());
        parts_->queue.pop_front();
        lock.unlock();
        run_one(std::move(extract));
    }
}

void Extracts::run_one(Extract extract) {
    const auto done = work(extract);
    if (!done && done.error().code == "extract.interrupted")
        return; // it is begun anew after the next start
    extract.finished_at = rooms_.outside.clock.now();
    extract.state = done                                       ? State::finished
                    : done.error().code == "extract.cancelled" ? State::cancelled
                                                               : State::failed;
    if (done) {
        rooms_.record("extract.write", words_of(extract));
    } else {
        if (extract.state == State::failed)
            spdlog::warn("export {}: {}: {}", extract.id.value, done.error().code, done.error().message.in("en"));
        extract.error = told_of(done.error());
        extract.bytes = 0;
        remove_file(extract.id);
    }
    for (;;) {
        const auto is_ended = end(extract);
        if (is_ended && !*is_ended && done) // cancelled meanwhile
            remove_file(extract.id);
        if (is_ended)
            return parts_->forget(extract.id);
        spdlog::error("export {}: {}", extract.id.value, is_ended.error().message.in("en"));
        if (!parts_->wait_a_moment())
            return; // likewise
    }
}

Result<bool> Extracts::end(const Extract& extract) {
    return rooms_.database.write([&](store::Session& session) { return end_extract(session, extract); });
}

std::string Extracts::path_of(ExtractId id) const {
    return rooms_.folder + "/" + to_string(id);
}

void Extracts::remove_file(ExtractId id) const {
    if (rooms_.outside.files.exists(path_of(id)))
        if (const auto removed = rooms_.outside.files.remove(path_of(id)); !removed)
            spdlog::warn("export {}: {}", id.value, removed.error().message.in("en"));
}

Result<> Extracts::work(Extract& extract) {
    TRY(parts_->go_on(extract.id));
    extract.state = State::running;
    parts_->show(extract);
    const std::string path = path_of(extract.id);
    auto& files = rooms_.outside.files;
    auto file = extract.wish.format == Format::csv ? TRY(make_csv(files, path)) : TRY(make_xlsx(files, path));
    TRY(write_rows(extract, *file));
    TRY(file->finish());
    const auto written = TRY(files.open(path, runtime::OpenMode::read_write));
    TRY(written->sync_data());
    TRY(files.sync_folder(rooms_.folder));
    extract.bytes = std::int64_t(TRY(written->size()));
    return parts_->go_on(extract.id);
}

Result<> Extracts::write_rows(Extract& extract, SheetFile& file) {
    return rooms_.database.read([&](store::Session& session) -> Result<> {
        auto rows = TRY(Rows::open(session, rooms_, extract.wish));
        extract.records_total = rows.records();
        std::vector<Cell> head;
        for (const Column& column : rows.columns())
            head.push_back({Cell::Kind::text, column.header});
        TRY(file.add(head));
        for (;;) {
            TRY(parts_->go_on(extract.id));
            if (TRY(rooms_.outside.files.space(rooms_.folder)).free_bytes < free_bytes_min)
                return no_space();
            const auto some = TRY(rows.next(session));
            if (some.empty() && rows.records_done() == rows.records())
                return {};
            extract.rows += std::int64_t(some.size());
            if (extract.wish.format == Format::xlsx && extract.rows > rooms_.limits.workbook_rows_max)
                return too_long_for_xlsx();
            for (const auto& row : some)
                TRY(file.add(row));
            extract.records = rows.records_done();
            parts_->show(extract);
        }
    });
}

Result<Extract> Extracts::create(const Caller& caller, const Wish& wish) {
    Extract extract{.id = {},
        .wish = wish,
        .principal = to_string(caller.principal),
        .created_at = rooms_.outside.clock.now(),
        .finished_at = {},
        .error = {}};
    extract.wish.words.locale = caller.locale;
    TRY(check(rooms_, extract.wish));
    TRY(parts_->take_place(extract.principal));
    const auto id = rooms_.database.write([&](store::Session& session) -> Result<ExtractId> {
        const auto kept = TRY(sum_bytes(session, extract.principal, extract.created_at - kept_for));
        if (kept >= rooms_.limits.kept_bytes_max)
            return too_much_kept();
        return insert(session, extract);
    });
    if (id) {
        extract.id = *id;
        parts_->add(extract);
    }
    parts_->leave_place(extract.principal);
    TRY(id);
    return extract;
}

Result<Extract> Extracts::get(const Caller& caller, ExtractId id) const {
    const auto on_its_way = parts_->find(id);
    Extract extract = on_its_way ? *on_its_way : TRY(stored(id));
    const bool is_old = extract.finished_at && *extract.finished_at + kept_for < rooms_.outside.clock.now();
    const bool may = extract.principal == to_string(caller.principal) || caller.principal.role == Role::admin;
    if (!may || is_old)
        return no_such_extract();
    return extract;
}

Result<Extract> Extracts::stored(ExtractId id) const {
    auto extract = TRY(rooms_.database.read([&](store::Session& session) { return find(session, id); }));
    return extract ? Result<Extract>(std::move(*extract)) : no_such_extract();
}

Result<std::vector<Extract>> Extracts::list(const Caller& caller) const {
    const Instant since = rooms_.outside.clock.now() - kept_for;
    auto extracts = TRY(rooms_.database.read(
        [&](store::Session& session) { return list_of(session, to_string(caller.principal), since); }));
    for (Extract& extract : extracts)
        if (const auto on_its_way = parts_->find(extract.id); on_its_way && !is_over(extract))
            extract = *on_its_way;
    return extracts;
}

Result<Extract> Extracts::cancel(const Caller& caller, ExtractId id) {
    Extract extract = TRY(get(caller, id));
    if (is_over(extract))
        return extract;
    extract.state = State::cancelled;
    extract.finished_at = rooms_.outside.clock.now();
    extract.error = cancelled_text();
    if (!TRY(end(extract))) // it has just ended by itself
        return stored(id);
    parts_->cancel(id);
    return extract;
}

Result<> Extracts::remove(const Caller& caller, ExtractId id) {
    if (!is_over(TRY(get(caller, id))))
        return fail(ErrorKind::conflict, "extract.not_over",
            {"This export is not over yet. Cancel it first.", "导出尚未结束，请先取消。"});
    TRY(rooms_.database.write([&](store::Session& session) { return mark_deleted(session, id); }));
    remove_file(id);
    return {};
}

Result<std::string> Extracts::path_of(const Caller& caller, ExtractId id) const {
    const Extract extract = TRY(get(caller, id));
    if (extract.state != State::finished)
        return fail(ErrorKind::conflict, "extract.not_finished",
            {"The file is not written yet as a whole.", "文件尚未生成完毕。"});
    std::string path = path_of(id);
    if (!rooms_.outside.files.exists(path)) // a restored copy of the data folder has none
        return no_such_extract();
    const auto file = TRY(rooms_.outside.files.open(path, runtime::OpenMode::read));
    if (std::int64_t(TRY(file->size())) != extract.bytes)
        return no_such_extract();
    return path;
}

// What is over, and what a kill left.
Result<> Extracts::sweep() const {
    auto& files = rooms_.outside.files;
    TRY(rooms_.database.write(
        [&](store::Session& session) { return remove_before(session, rooms_.outside.clock.now() - kept_for); }));
    for (const std::string& name : TRY(files.list(rooms_.folder))) {
        const auto id = parse_id(name);
        const bool stays =
            id && TRY(rooms_.database.read([&](store::Session& session) { return is_known(session, *id); }));
        if (!stays)
            TRY(files.remove(rooms_.folder + "/" + name));
    }
    return {};
}

} // namespace onefold::extract
