// How fast durable commits are, beside what the disk gives: BM_fdatasync is the bound of BM_one_writer.
#include "store/store.h"
#include "testing/folder.h"
#include "testing/postgres.h"

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

namespace onefold::store {
namespace {

const Schema notes{"note",
    {{1, "0001_note",
        "CREATE TABLE note (id BIGINT PRIMARY KEY, text TEXT NOT NULL, size BIGINT NOT NULL, at BIGINT NOT NULL); "
        "CREATE INDEX note_size ON note(size);"}}};

constexpr const char* upsert =
    "INSERT INTO note(id, text, size, at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (id) DO UPDATE SET text = excluded.text, size = excluded.size, at = excluded.at";

Values note(std::int64_t id) {
    return {id, fmt::format("note number {}", id), id % 1000, id * 1'000'000};
}

// The file system of the working folder, where data is kept; /tmp may be memory.
struct Place {
    Place() { std::filesystem::create_directory(path); }
    ~Place() { std::filesystem::remove_all(path); }
    std::string path = fmt::format("store_bench.{}", ::getpid());
};

void BM_fdatasync(benchmark::State& state) {
    Place place;
    const int file = ::open((place.path + "/file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const std::string page(4096 + 24, 'x');
    const std::string whole(8 << 20, 'x');
    if (::pwrite(file, whole.data(), whole.size(), 0) < 0 || ::fsync(file) != 0)
        state.SkipWithError("disk");
    off_t offset = 0;
    for (auto _ : state) {
        if (::pwrite(file, page.data(), page.size(), offset) < 0 || ::fdatasync(file) != 0)
            state.SkipWithError("disk");
        offset = (offset + static_cast<off_t>(page.size())) % (7 << 20);
    }
    ::close(file);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_fdatasync)->UseRealTime();

std::unique_ptr<Place> shared_place;
std::unique_ptr<Database> shared;
std::atomic<std::int64_t> next_id;

void open_shared(const benchmark::State&) {
    shared_place = std::make_unique<Place>();
    shared = std::move(*Database::open(shared_place->path + "/main.db", {notes}));
    next_id = 1;
}
void close_shared(const benchmark::State&) {
    shared.reset();
    shared_place.reset();
}

void write_one(benchmark::State& state) {
    for (auto _ : state) {
        auto done = shared->write([](Session& session) { return session.execute(upsert, note(next_id++)); });
        if (!done)
            state.SkipWithError(done.error().code.c_str());
    }
    state.SetItemsProcessed(state.iterations());
    if (state.thread_index() == 0)
        state.counters["writes_a_commit"] =
            static_cast<double>(shared->activity().writes) / static_cast<double>(shared->activity().commits);
}
void BM_one_writer(benchmark::State& state) {
    write_one(state);
}
BENCHMARK(BM_one_writer)->Setup(open_shared)->Teardown(close_shared)->UseRealTime();
void BM_64_writers(benchmark::State& state) {
    write_one(state);
}
BENCHMARK(BM_64_writers)->Threads(64)->Setup(open_shared)->Teardown(close_shared)->UseRealTime();

void upsert_rows(benchmark::State& state, Database& database) {
    const auto count = state.range(0);
    std::int64_t from = 0;
    for (auto _ : state) {
        state.PauseTiming();
        std::vector<Values> rows;
        for (std::int64_t i = 0; i < count; ++i)
            rows.push_back(note(((from + i) * 7919) % 200'000));
        from += count;
        state.ResumeTiming();
        auto done = database.write([&](Session& session) { return session.execute_many(upsert, rows); });
        if (!done)
            state.SkipWithError(done.error().code.c_str());
    }
    state.SetItemsProcessed(state.iterations() * count);
}

void BM_upsert_rows(benchmark::State& state) {
    upsert_rows(state, *shared);
}
BENCHMARK(BM_upsert_rows)->Arg(1000)->Arg(5000)->Setup(open_shared)->Teardown(close_shared)->UseRealTime();

// Its server does not sync: this is what the pipeline costs, not what a disk gives.
void BM_upsert_rows_postgres(benchmark::State& state) {
    auto database = std::move(*Database::open(testing::Postgres::get().make_database(), {notes}));
    upsert_rows(state, *database);
}
BENCHMARK(BM_upsert_rows_postgres)->Arg(1000)->Arg(5000)->UseRealTime();

void BM_read_one(benchmark::State& state) {
    std::vector<Values> rows;
    for (std::int64_t i = 0; i < 10'000; ++i)
        rows.push_back(note(i));
    (void)shared->write([&](Session& session) { return session.execute_many(upsert, rows); });
    std::int64_t id = 0;
    for (auto _ : state) {
        auto found = shared->read([&](Session& session) {
            return session.find("SELECT text, size FROM note WHERE id = $1", {++id % 10'000},
                [](const Row& row) { return row.integer(1); });
        });
        benchmark::DoNotOptimize(found);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_read_one)->Setup(open_shared)->Teardown(close_shared)->UseRealTime();

} // namespace
} // namespace onefold::store

BENCHMARK_MAIN();
