// How fast events come into columns, beside DuckDB's bare appender with the same rows: BM_bare_appender is the bound of
// BM_rebuild. Nodes are found in memory here, as the identity index will; ONEFOLD_BENCH_EVENTS sets how many events.
#include "access/keys.h"
#include "columns/catalogue.h"
#include "columns/projector.h"
#include "customer/message.h"
#include "testing/outside.h"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace onefold::columns {
namespace {

std::int64_t events() {
    const char* text = std::getenv("ONEFOLD_BENCH_EVENTS");
    return text ? std::atoll(text) : 300'000;
}

// The file system of the working folder, where data is kept; /tmp may be memory.
struct Place {
    Place() { std::filesystem::create_directory(path); }
    ~Place() { std::filesystem::remove_all(path); }
    std::string path = fmt::format("columns_bench.{}", ::getpid());
};

std::string payload_of_event(std::int64_t i) {
    const int kind = int(i % 10);
    const std::string head =
        fmt::format(R"({{"type":"track","userId":"u{}","timestamp":"2026-{:02}-{:02}T{:02}:{:02}:00Z",)",
            (i * 2654435761) % 100'000, 1 + i * 12 / events(), 1 + i % 28, i % 24, i % 60);
    if (kind < 6)
        return head +
               fmt::format(R"("event":"Product Viewed","properties":{{"sku":"A{}","price":{}.{},"category":"c{}",)"
                           R"("url":"https://shop.example.com/p/{}","position":{}}}}})",
                   i % 5000, i % 300, i % 100, i % 40, i % 5000, i % 20);
    if (kind < 9)
        return head +
               fmt::format(R"("event":"Page Left","properties":{{"path":"/p/{}","seconds":{},"is_bounce":{}}}}})",
                   i % 3000, i % 600, i % 3 == 0);
    return head +
           fmt::format(R"("event":"Order Completed","properties":{{"order_id":"o{}","total":{}.5,"currency":"CNY",)"
                       R"("coupon":"k{}","products":[{{"sku":"A{}","quantity":{}}}]}}}})",
               i, i % 900, i % 10, i % 5000, 1 + i % 4);
}

// A log of events, made once.
class Diary {
  public:
    Diary() {
        keys = std::move(*access::Keys::open(outside.all, place.path));
        database = std::move(
            *store::Database::open(place.path + "/main.db", {change::schema(), company::schema(), source::schema()}));
        sources = std::make_unique<source::Sources>(*database, *keys, outside.all);
        VERIFY(sources->load());
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        const SourceId web = sources->create(caller, {"web", source::Kind::tracker, "", "", ""})->source.id;
        log = std::move(*event_log::EventLog::open(outside.all, place.path + "/log"));
        for (std::int64_t i = 0; i < events();) {
            std::vector<event_log::Draft> drafts;
            for (int n = 0; n < 10'000 && i < events(); ++n, ++i)
                drafts.push_back({web, fmt::format("m{}", i), event_log::FrameKind::event, payload_of_event(i)});
            VERIFY(log->append_and_wait(std::move(drafts)));
        }
    }
    Origin origin() const {
        return {*log, *sources,
            [](const auto& keys) -> Result<std::vector<NodeId>> {
                std::vector<NodeId> nodes;
                for (const auto& key : keys)
                    nodes.push_back(NodeId{std::int64_t(std::hash<std::string>{}(key.key) >> 40) + 1});
                return nodes;
            },
            [this] { return log->end(); }, nobody};
    }
    const CustomerOrigin nobody{[]() -> Result<customer::NewsPlace> { return customer::NewsPlace{}; },
        [](const customer::NewsPlace& from) -> Result<std::optional<customer::News>> {
            return customer::News{from, true, {}, {}};
        }};
    std::string file(const std::string& name) const { return place.path + "/" + name; }
    std::unique_ptr<EventFile> open(const std::string& name) const {
        return std::move(*EventFile::open(file(name), "Asia/Shanghai", {}));
    }

    Place place;
    testing::Outside outside;
    std::unique_ptr<access::Keys> keys;
    std::unique_ptr<store::Database> database;
    std::unique_ptr<source::Sources> sources;
    std::unique_ptr<event_log::EventLog> log;
};

std::unique_ptr<Diary> diary;

void open_diary(const benchmark::State&) {
    if (!diary)
        diary = std::make_unique<Diary>();
}
void drop_files() {
    for (const char* name : {"columns.duckdb", "columns.duckdb.wal", "bare.duckdb", "bare.duckdb.wal"})
        std::filesystem::remove(diary->file(name));
}

void project(EventFile& file) {
    const Origin origin = diary->origin();
    Projector projector(origin, file, *Zone::named("Asia/Shanghai"));
    while (file.position() < diary->log->end())
        VERIFY(projector.step(diary->log->end()));
    VERIFY(file.checkpoint());
}

void BM_rebuild(benchmark::State& state) {
    for (auto _ : state) {
        drop_files();
        project(*diary->open("columns.duckdb"));
    }
    state.SetItemsProcessed(state.iterations() * events());
    state.counters["bytes_an_event"] =
        double(std::filesystem::file_size(diary->file("columns.duckdb"))) / double(events());
}
BENCHMARK(BM_rebuild)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(1)->Setup(open_diary);

// The same rows out of memory, as fast as DuckDB takes them.
void BM_bare_appender(benchmark::State& state) {
    constexpr std::int64_t rows_a_batch = 100'000;
    store::ColumnsBatch batch(9);
    for (std::int64_t i = 0; i < std::min(rows_a_batch, events()); ++i) {
        batch.begin_row();
        batch.set(0, i * 300);
        batch.set(1, i);
        batch.set(2, i);
        batch.set(3, i / 10'000);
        batch.set(4, (i * 2654435761) % 100'000);
        batch.set(5, std::string_view("track"));
        batch.set(6, i % 10 < 6 ? std::string_view("Product Viewed") : std::string_view("Page Left"));
        batch.set(7, std::string_view(fmt::format("m{}", i)));
        batch.set(8, std::string_view(fmt::format("https://shop.example.com/p/{}", i % 5000)));
    }
    for (auto _ : state) {
        drop_files();
        const auto columns = std::move(*store::Columns::open(diary->file("bare.duckdb")));
        const auto connection = std::move(*columns->connect());
        VERIFY(
            connection->execute("CREATE TABLE event (a BIGINT, b TIMESTAMP, c TIMESTAMP, d DATE, e BIGINT, f VARCHAR, "
                                "g VARCHAR, h VARCHAR, i VARCHAR)"));
        for (std::int64_t done = 0; done < events(); done += rows_a_batch)
            VERIFY(connection->append_batch("event", batch));
        VERIFY(connection->execute("CHECKPOINT"));
    }
    state.SetItemsProcessed(state.iterations() * events());
}
BENCHMARK(BM_bare_appender)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(1)->Setup(open_diary);

// What reading and understanding the log costs without DuckDB.
void BM_read_and_understand(benchmark::State& state) {
    std::size_t cells = 0;
    for (auto _ : state)
        for (Position from{}; from < diary->log->end();) {
            const auto frames = std::move(*diary->log->read(from, 10'000));
            for (const auto& frame : frames)
                cells +=
                    cells_of(customer::read_message(frame, *diary->sources->get(frame.source_id)).properties).size();
            from = frames.back().next;
        }
    benchmark::DoNotOptimize(cells);
    state.SetItemsProcessed(state.iterations() * events());
}
BENCHMARK(BM_read_and_understand)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(1)->Setup(open_diary);

// Small batches, as they come while a server runs: one commit each.
void BM_follow(benchmark::State& state) {
    drop_files();
    const auto file = diary->open("columns.duckdb");
    const Origin origin = diary->origin();
    Projector projector(origin, *file, *Zone::named("Asia/Shanghai"));
    std::int64_t rows = 0;
    for (auto _ : state) {
        const auto frames = std::move(*diary->log->read(file->position(), std::size_t(state.range(0))));
        rows += std::int64_t(frames.size());
        VERIFY(projector.step(frames.back().next));
    }
    state.SetItemsProcessed(rows);
}
BENCHMARK(BM_follow)
    ->Arg(10)
    ->Arg(1'000)
    ->Arg(10'000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(20)
    ->Setup(open_diary);

template <class Question>
void ask(benchmark::State& state, Question question) {
    if (!std::filesystem::exists(diary->file("columns.duckdb")))
        project(*diary->open("columns.duckdb"));
    const auto file = diary->open("columns.duckdb");
    project(*file);
    const auto connection = std::move(*file->connect());
    for (auto _ : state)
        VERIFY(question(*connection));
}
void BM_list_event_types(benchmark::State& state) {
    ask(state, [](store::ColumnsConnection& connection) { return list_event_types(connection, {}); });
}
BENCHMARK(BM_list_event_types)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(5)->Setup(open_diary);
void BM_get_event_type(benchmark::State& state) {
    ask(state, [](store::ColumnsConnection& connection) { return get_event_type(connection, 1); });
}
BENCHMARK(BM_get_event_type)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(5)->Setup(open_diary);
void BM_sum_of_one_property_by_another(benchmark::State& state) {
    ask(state, [](store::ColumnsConnection& connection) {
        return connection.each("SELECT text_2, SUM(number_1) FROM event WHERE event_type_id = 1 GROUP BY 1", {},
            [](const store::Row&) -> Result<> { return {}; });
    });
}
BENCHMARK(BM_sum_of_one_property_by_another)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(5)
    ->Setup(open_diary);

} // namespace
} // namespace onefold::columns

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    onefold::columns::diary.reset();
}
