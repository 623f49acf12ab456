#include "import/import.h"

#include "import/cell_value.h"
#include "import/job.h"
#include "import/preview.h"

#include <condition_variable>
#include <mutex>
#include <spdlog/spdlog.h>
#include <thread>

namespace onefold::import {
namespace {

boost::json::value json_of(const LocalText& text) {
    boost::json::object json;
    for (const auto& [locale, words] : text.texts())
        json[locale] = words;
    return json;
}

LocalText text_of(const boost::json::value& json) {
    LocalText text;
    for (const auto& [locale, words] : json.as_object())
        text.set(locale, words.as_string());
    return text;
}

std::string json_of(const std::vector<Problem>& problems) {
    boost::json::array list;
    for (const Problem& problem : problems)
        list.push_back({{"is_warning", problem.severity == Severity::warning}, {"line", problem.line},
            {"column", problem.column}, {"code", problem.code}, {"message", json_of(problem.message)}});
    return boost::json::serialize(list);
}

std::vector<Problem> problems_of(std::string_view json) {
    std::vector<Problem> problems;
    const auto parsed = boost::json::parse(json);
    for (const auto& entry : parsed.as_array())
        problems.push_back({entry.at("is_warning").as_bool() ? Severity::warning : Severity::failure,
            entry.at("line").to_number<std::uint64_t>(), std::string(entry.at("column").as_string()),
            std::string(entry.at("code").as_string()), text_of(entry.at("message"))});
    return problems;
}

constexpr std::size_t rows_learned_from = 1000;

State state_named(std::string_view name) {
    for (const State state : {State::waiting, State::running, State::finished, State::failed})
        if (to_string(state) == name)
            return state;
    return State::interrupted;
}

constexpr std::string_view columns = "SELECT id, source_id, kind, file, state, started_at, finished_at, rows_read, "
                                     "created, updated, unchanged, failed, warnings, "
                                     "problems, error, sheet FROM import ";

constexpr std::string_view columns_without_problems =
    "SELECT id, source_id, kind, file, state, started_at, finished_at, rows_read, created, updated, unchanged, failed, "
    "warnings, '[]', error, sheet FROM import ";

Import import_of(const store::Row& row) {
    Import import{ImportId{row.integer(0)}, SourceId{row.integer(1)}, parse_kind(row.text(2)).value_or(Kind::customer),
        std::string(row.text(3)), std::string(row.text(15)), state_named(row.text(4)), instant_of(row.integer(5))};
    if (!row.is_null(6))
        import.finished_at = instant_of(row.integer(6));
    import.counts = {row.integer(7), row.integer(8), row.integer(9), row.integer(10), row.integer(11)};
    import.warnings = row.integer(12);
    import.problems = problems_of(row.text(13));
    if (!row.is_null(14))
        import.error = text_of(boost::json::parse(row.text(14)));
    return import;
}

} // namespace

std::string_view to_string(State state) {
    switch (state) {
    case State::waiting:
        return "waiting";
    case State::running:
        return "running";
    case State::finished:
        return "finished";
    case State::failed:
        return "failed";
    case State::interrupted:
        return "interrupted";
    }
    return "interrupted";
}

struct Imports::Parts {
    explicit Parts(const Rooms& rooms) : rooms(rooms) {}

    struct Waiting {
        Import import;
        Map map;
        std::string path;
        sheet::Choice choice;
        Principal principal;
    };

    void run();
    void run_one(Waiting waiting);
    Result<> save(const Import& import);
    void show(const Import& import);

    Rooms rooms;
    std::mutex mutex;
    std::condition_variable has_work;
    std::deque<Waiting> queue;
    std::map<ImportId, Import> live; // waiting or running, as people see it
    std::atomic<bool> is_stopping = false;
    std::thread worker;
};

Imports::Imports(const Rooms& rooms) : parts_(std::make_unique<Parts>(rooms)) {}
const Rooms& Imports::rooms() const {
    return parts_->rooms;
}
Imports::~Imports() {
    stop();
}

Result<> Imports::start() {
    TRY(parts_->rooms.database.write([&](store::Session& session) {
        return session.execute(
            "UPDATE import SET state = 'interrupted', finished_at = $1 WHERE state IN ('waiting', 'running')",
            {micros_of(parts_->rooms.outside.clock.now())});
    }));
    parts_->worker = std::thread([this] { parts_->run(); });
    return {};
}

void Imports::stop() {
    {
        std::lock_guard lock(parts_->mutex);
        parts_->is_stopping = true;
        parts_->has_work.notify_all();
    }
    if (parts_->worker.joinable())
        parts_->worker.join();
}

Result<Import> Imports::create(const Caller& caller, const ImportRequest& request) {
    const auto table = TRY(parts_->rooms.open_file(request.path, request.choice));
    const auto fields = field_codes();
    const MapContext context{request.kind, table->header(), fields};
    Map map = request.map ? TRY(map_from_json(*request.map, context)) : TRY(guess_map(context));
    learn_formats(map, TRY(first_rows(*table, rows_learned_from)));
    auto source = parts_->rooms.sources.find(request.source);
    if (!source)
        source = TRY(parts_->rooms.sources.create(caller, {request.source, source::Kind::file, "", "", ""})).source;

    Import import;
    import.source = source->id;
    import.kind = request.kind;
    import.file = request.path.substr(request.path.rfind('/') + 1);
    import.sheet = table->description().sheets.empty() ? "" : table->description().sheet;
    import.started_at = parts_->rooms.outside.clock.now();
    import.id = TRY(parts_->rooms.database.write([&](store::Session& session) -> Result<ImportId> {
        const auto id =
            TRY(session.find_integer("INSERT INTO import (source_id, kind, file, map, state, started_at, rows_read, "
                                     "created, updated, unchanged, failed, warnings, problems, sheet) "
                                     "VALUES ($1, $2, $3, $4, 'waiting', $5, 0, 0, 0, 0, 0, 0, '[]', $6) RETURNING id",
                {source->id.value, std::string(to_string(import.kind)), import.file,
                    boost::json::serialize(to_json(map)), micros_of(import.started_at), import.sheet}));
        return ImportId{id.value_or(0)};
    }));
    std::lock_guard lock(parts_->mutex);
    parts_->live[import.id] = import;
    parts_->queue.push_back({import, map, request.path, request.choice, caller.principal});
    parts_->has_work.notify_all();
    return import;
}

Result<Import> Imports::get(ImportId id) const {
    {
        std::lock_guard lock(parts_->mutex);
        if (const auto found = parts_->live.find(id); found != parts_->live.end())
            return found->second;
    }
    auto stored = TRY(parts_->rooms.database.read([&](store::Session& session) {
        return session.find(std::string(columns) + "WHERE id = $1", {id.value}, import_of);
    }));
    if (!stored)
        return fail(ErrorKind::not_found, "import.no_such_import", {"There is no such import.", "没有这次导入。"});
    return std::move(*stored);
}

Result<std::vector<Import>> Imports::list(int limit) const {
    auto stored = TRY(parts_->rooms.database.read([&](store::Session& session) {
        return session.list(
            std::string(columns_without_problems) + "ORDER BY id DESC LIMIT $1", {std::int64_t(limit)}, import_of);
    }));
    std::lock_guard lock(parts_->mutex);
    for (Import& import : stored)
        if (const auto found = parts_->live.find(import.id); found != parts_->live.end()) {
            import = found->second;
            import.problems.clear();
        }
    return stored;
}

void Imports::Parts::run() {
    for (;;) {
        std::unique_lock lock(mutex);
        has_work.wait(lock, [&] { return is_stopping || !queue.empty(); });
        if (is_stopping)
            return;
        Waiting waiting = std::move(queue.front());
        queue.pop_front();
        lock.unlock();
        run_one(std::move(waiting));
    }
}

void Imports::Parts::show(const Import& import) {
    std::lock_guard lock(mutex);
    live[import.id] = import;
}

Result<> Imports::Parts::save(const Import& import) {
    return rooms.database.write([&](store::Session& session) -> Result<> {
        TRY(session.execute("UPDATE import SET state = $1, finished_at = $2, rows_read = $3, created = $4, updated = "
                            "$5, unchanged = $6, failed = $7, warnings = $8, "
                            "problems = $9, error = $10 WHERE id = $11",
            {std::string(to_string(import.state)),
                import.finished_at ? store::Value{micros_of(*import.finished_at)} : store::Value{}, import.counts.read,
                import.counts.created, import.counts.updated, import.counts.unchanged, import.counts.failed,
                import.warnings, json_of(import.problems),
                import.error ? store::Value{boost::json::serialize(json_of(*import.error))} : store::Value{},
                import.id.value}));
        return {};
    });
}

void Imports::Parts::run_one(Waiting waiting) {
    Import& import = waiting.import;
    import.state = State::running;
    show(import);
    const change::Author author{waiting.principal, import.started_at, "import", to_string(import.id)};
    Result<> done;
    if (const auto source = rooms.sources.get(import.source); source) {
        Job job(rooms, import, waiting.map, *source, author, [&] { show(import); }, is_stopping);
        done = job.run(waiting.path, waiting.choice);
    } else {
        done = fail(source.error());
    }
    import.state = done ? State::finished : is_stopping ? State::interrupted : State::failed;
    if (!done) {
        import.error = done.error().message;
        spdlog::warn("import {} ended: {} {}", import.id.value, done.error().code, done.error().message.in("en"));
    }
    import.finished_at = rooms.outside.clock.now();
    std::ranges::stable_sort(import.problems, {}, &Problem::severity);
    const auto saved = save(import);
    if (!saved)
        spdlog::error("import {} could not be noted: {}", import.id.value, saved.error().message.in("en"));
    std::lock_guard lock(mutex);
    if (saved)
        live.erase(import.id);
    else
        live[import.id] = import;
}

} // namespace onefold::import
