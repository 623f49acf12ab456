#include "import/lane.h"

#include "import/job.h"
#include "import/preview.h"
#include "import/rollback_store.h"

#include <spdlog/spdlog.h>

namespace onefold::import {
namespace {

using namespace std::chrono_literals;

std::string folder_of(const Rooms& rooms, ImportId id) {
    return rooms.folder + "/" + to_string(id);
}

// How fast it goes, since it began or went on.
class Pace {
  public:
    explicit Pace(const runtime::Clock& clock) : clock_(clock), since_(clock.monotonic()) {}

    void look(Import& import) {
        if (import.resumed_at_row != resumed_at_row_) {
            resumed_at_row_ = import.resumed_at_row;
            since_ = clock_.monotonic();
            rows_ = import.counts.read;
            bytes_ = import.bytes_read;
        }
        const double seconds = std::chrono::duration<double>(clock_.monotonic() - since_).count();
        const auto bytes = double(import.bytes_read - bytes_);
        if (seconds < 0.5 || import.counts.read == rows_)
            return;
        import.rows_per_second = std::int64_t(double(import.counts.read - rows_) / seconds);
        if (bytes > 0 && import.bytes_total >= import.bytes_read)
            import.seconds_left = std::int64_t(seconds * double(import.bytes_total - import.bytes_read) / bytes + 0.5);
    }

  private:
    const runtime::Clock& clock_;
    std::chrono::steady_clock::time_point since_;
    std::int64_t rows_ = 0, resumed_at_row_ = 0;
    std::uint64_t bytes_ = 0;
};

Result<source::Source> source_of(const Rooms& rooms, const Import& import) {
    if (import.source)
        return rooms.sources.get(import.source);
    const auto company =
        TRY(rooms.database.read([](store::Session& session) { return company::get_company(session); }));
    source::Source source;
    source.name = import.source_name;
    source.zone = company.zone;
    source.currency = company.currency;
    source.region = "CN";
    return source;
}

Result<> remove_papers(runtime::Files& files, const std::string& folder) {
    if (!files.exists(folder))
        return {};
    for (const std::string& name : TRY(files.list(folder)))
        TRY(files.remove(folder + "/" + name));
    return files.remove_folder(folder);
}

} // namespace

void Board::put(const Import& import) {
    std::lock_guard lock(mutex_);
    imports_[import.id] = import;
}

void Board::take_down(ImportId id) {
    std::lock_guard lock(mutex_);
    imports_.erase(id);
}

std::optional<Import> Board::find(ImportId id) const {
    std::lock_guard lock(mutex_);
    const auto found = imports_.find(id);
    return found == imports_.end() ? std::nullopt : std::optional(found->second);
}

void Lane::start(Sweeping sweeping) {
    worker_ = std::thread([this, sweeping] { run(sweeping); });
}

void Lane::stop() {
    {
        std::lock_guard lock(mutex_);
        is_stopping_ = true;
        has_work_.notify_all();
    }
    if (worker_.joinable())
        worker_.join();
}

void Lane::add(QueuedImport queued) {
    std::lock_guard lock(mutex_);
    queue_.push_back(std::move(queued));
    has_work_.notify_all();
}

void Lane::cancel(ImportId id) {
    std::unique_lock lock(mutex_);
    if (running_ == id) {
        *is_cancelled_ = true;
        return;
    }
    const auto found = std::ranges::find(queue_, id, [](const QueuedImport& queued) { return queued.import.id; });
    if (found == queue_.end())
        return;
    QueuedImport queued = std::move(*found);
    queue_.erase(found);
    lock.unlock();
    run_one(std::move(queued), std::make_shared<std::atomic<bool>>(true)); // which only writes down that it ended
}

void Lane::run(Sweeping sweeping) {
    auto sweep_at = rooms_.outside.clock.monotonic();
    for (;;) {
        if (sweeping == Sweeping::yes && rooms_.outside.clock.monotonic() >= sweep_at) {
            if (const auto swept = sweep(rooms_); !swept)
                spdlog::warn("imports: {}", swept.error().message.in("en"));
            sweep_at = rooms_.outside.clock.monotonic() + 1h;
        }
        std::unique_lock lock(mutex_);
        has_work_.wait_for(lock, 10min, [&] { return is_stopping_ || !queue_.empty(); });
        if (is_stopping_)
            return;
        if (queue_.empty())
            continue;
        QueuedImport queued = std::move(queue_.front());
        queue_.pop_front();
        running_ = queued.import.id;
        const auto is_cancelled = is_cancelled_ = std::make_shared<std::atomic<bool>>(false);
        lock.unlock();
        run_one(std::move(queued), is_cancelled);
        lock.lock();
        running_ = {};
    }
}

void Lane::run_one(QueuedImport queued, const std::shared_ptr<std::atomic<bool>>& is_cancelled) {
    const auto done = *is_cancelled ? Result<>(fail(ErrorKind::conflict, "import.cancelled",
                                          {"The import was cancelled before it began.", "导入在开始前已取消。"}))
                                    : work(queued, is_cancelled);
    if (!done && is_stopping_ && !*is_cancelled && !queued.import.is_dry)
        return; // it goes on after the next start
    end(queued.import, done);
}

Result<> Lane::work(QueuedImport& queued, const std::shared_ptr<std::atomic<bool>>& is_cancelled) {
    Import& import = queued.import;
    std::unique_lock turn(turn_, std::defer_lock);
    if (!import.is_dry) {
        turn.lock();
        TRY(rooms_.database.write(
            [&](store::Session& session) { return note_begin(session, import.id, rooms_.log.end()); }));
    }
    import.state = State::running;
    board_.put(import);
    const std::string path = import.upload ? TRY(rooms_.uploads.path_of(*import.upload)) : queued.path;
    const auto header = TRY(rooms_.open_file(path, queued.choice))->header();
    const auto fields = field_codes();
    const Map map = TRY(map_from_json(queued.map, {import.kind, header, fields}));
    const auto source = TRY(source_of(rooms_, import));
    auto& files = rooms_.outside.files;
    const std::string folder = folder_of(rooms_, import.id);
    auto progress = TRY(Progress::open(files, folder));
    FailedRows failed(files, folder, header);
    Pace pace(rooms_.outside.clock);
    const auto show = [&] {
        pace.look(import);
        board_.put(import);
    };
    Job job(rooms_, import, map, source, {queued.principal, import.started_at, "import", to_string(import.id)}, show,
        {is_stopping_, is_cancelled}, {progress, failed});
    auto done = job.run(path, queued.choice);
    const auto kept = failed.flush();
    import.failed_parts = failed.parts();
    return done ? kept : done;
}

void Lane::end(Import& import, const Result<>& done) {
    import.state = done                                        ? State::finished
                   : done.error().code == "import.cancelled"   ? State::cancelled
                   : done.error().code == "import.interrupted" ? State::interrupted
                                                               : State::failed;
    if (!done) {
        import.error = done.error().message;
        spdlog::warn("import {} ended: {} {}", import.id.value, done.error().code, done.error().message.in("en"));
    }
    import.finished_at = rooms_.outside.clock.now();
    import.rows_per_second = 0;
    import.seconds_left.reset();
    std::ranges::stable_sort(import.problems, {}, &Problem::severity);
    const auto saved = rooms_.database.write([&](store::Session& session) -> Result<> {
        TRY(note_end(session, import.id, rooms_.log.end()));
        return update(session, import);
    });
    if (import.upload && !import.is_dry)
        if (const auto kept = rooms_.uploads.keep_until(*import.upload, *import.finished_at + papers_kept_for); !kept)
            spdlog::warn("upload {}: {}", import.upload->value, kept.error().message.in("en"));
    if (saved)
        return board_.take_down(import.id);
    spdlog::error("import {} could not be noted: {}", import.id.value, saved.error().message.in("en"));
    board_.put(import);
}

Result<> sweep(const Rooms& rooms) {
    TRY(rooms.uploads.sweep());
    const Instant now = rooms.outside.clock.now();
    auto& files = rooms.outside.files;
    std::vector<std::int64_t> dry, old;
    TRY(rooms.database.read([&](store::Session& session) {
        return session.each("SELECT id, is_dry FROM import WHERE (is_dry = 1 AND finished_at < $1) OR finished_at < $2",
            {micros_of(now - dry_runs_kept_for), micros_of(now - papers_kept_for)},
            [&](const store::Row& row) -> Result<> {
                (row.integer(1) ? dry : old).push_back(row.integer(0));
                return {};
            });
    }));
    for (const auto* ids : {&dry, &old})
        for (const std::int64_t id : *ids)
            TRY(remove_papers(files, folder_of(rooms, ImportId{id})));
    std::vector<store::Values> over, without_rows;
    for (const std::int64_t id : dry)
        over.push_back({id});
    for (const std::int64_t id : old)
        without_rows.push_back({id});
    return rooms.database.write([&](store::Session& session) -> Result<> {
        TRY(session.execute_many("DELETE FROM import WHERE id = $1", over));
        TRY(session.execute_many(
            "UPDATE import SET failed_parts = 0 WHERE id = $1 AND failed_parts > 0", without_rows));
        return {};
    });
}

} // namespace onefold::import
