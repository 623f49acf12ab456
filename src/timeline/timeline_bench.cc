// The newest 50 of one customer, and what an event costs on its way into a run; beside a bare sorted array in memory.
//
// Events are made up: `nodes` nodes, a tenth of the events on a thousandth of them, the rest even; times out of order.
// The figures are of the runs alone, warm, without the log's own reads, but for `with_the_log`: its entries lie in a
// real log of 300,000 frames of 500 bytes, and each is read there. ONEFOLD_BENCH_EVENTS and ONEFOLD_BENCH_NODES set the
// size (20,000,000 and 1,000,000).
#include "event_log/event_log.h"
#include "runtime/runtime.h"
#include "testing/folder.h"
#include "timeline/timeline.h"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <chrono>
#include <ctime>
#include <fmt/format.h>
#include <random>

namespace onefold::timeline {
namespace {

std::int64_t size_of(const char* variable, std::int64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::atoll(text) : otherwise;
}

// Of this thread alone: what others on the machine do is left out.
double thread_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

struct RealOutside {
    std::unique_ptr<runtime::Clock> clock = runtime::make_system_clock();
    std::unique_ptr<runtime::Random> random = runtime::make_system_random();
    std::unique_ptr<runtime::Files> files = runtime::make_system_files();
    std::unique_ptr<runtime::Network> network = runtime::make_system_network();
    runtime::Outside outside() { return {*clock, *random, *files, *network}; }
};

class Filled {
  public:
    static Filled& it() {
        static Filled filled;
        return filled;
    }

    const Timeline& timeline() const { return *timeline_; }
    const std::string& made() const { return made_; }
    NodeId some_node() { return NodeId{1 + std::int64_t(random_() % std::uint64_t(nodes_))}; }
    // The same entries as one array in the order of runs.
    const std::vector<Entry>& array() {
        if (array_.empty()) {
            array_.reserve(std::size_t(events_));
            VERIFY(timeline_->scan(NodeId{0}, NodeId{INT64_MAX}, [&](const Entry& entry) -> Result<> {
                array_.push_back(entry);
                return {};
            }));
            VERIFY(std::ranges::is_sorted(array_, is_before));
        }
        return array_;
    }

  private:
    Filled() {
        timeline_ = std::move(
            *Timeline::open(outside_.outside(), folder_.file("timeline"), {"bench", [] { return Position{1}; }}));
        VERIFY(timeline_->start(Position{1},
            [](Interval missing) -> Result<Timeline::Reread> { return Timeline::Reread{{}, missing.to}; }));
        double appending_s = 0;
        const auto begin = std::chrono::steady_clock::now();
        for (std::int64_t done = 0; done < events_;) {
            const Position from{1 + done * 600};
            std::vector<Event> batch;
            for (int i = 0; i < 5000 && done < events_; ++i, ++done)
                batch.push_back({node_of_event(), instant_of(done * 40'000 - std::int64_t(random_() % 1'000'000'000)),
                    Position{1 + done * 600}, done % 3 ? "track" : "page", fmt::format("Event {}", random_() % 40)});
            const double appending = thread_seconds();
            timeline_->append({from, Position{1 + done * 600}}, batch);
            appending_s += thread_seconds() - appending;
        }
        const double appended_s = seconds_since(begin);
        timeline_->rest();
        const auto figures = timeline_->figures();
        made_ = fmt::format(
            "{} events of {} nodes in {} runs, {} in memory; append {:.0f} ns an event of the appender's time; "
            "runs merged {:.1f} s after the first event, {:.1f} s after the last; index {:.2f} MB",
            events_, nodes_, figures.runs, figures.recent_entries, appending_s / double(events_) * 1e9,
            seconds_since(begin), seconds_since(begin) - appended_s, double(figures.index_bytes) / 1e6);
    }
    NodeId node_of_event() {
        const auto nodes = std::uint64_t(nodes_);
        return NodeId{1 + std::int64_t(random_() % 10 == 0 ? random_() % (nodes / 1000 + 1) : random_() % nodes)};
    }

    const std::int64_t events_ = size_of("ONEFOLD_BENCH_EVENTS", 20'000'000);
    const std::int64_t nodes_ = size_of("ONEFOLD_BENCH_NODES", 1'000'000);
    std::mt19937_64 random_{1};
    RealOutside outside_;
    onefold::testing::Folder folder_;
    std::unique_ptr<Timeline> timeline_;
    std::vector<Entry> array_;
    std::string made_;
};

void making_it(benchmark::State& state) {
    for (auto _ : state)
        state.SetLabel(Filled::it().made());
}
BENCHMARK(making_it)->Iterations(1)->Unit(benchmark::kSecond);

// Each question timed by itself, for the percentiles.
template <class Ask>
void measure(benchmark::State& state, Ask ask) {
    std::vector<double> micros;
    std::size_t found = 0;
    for (auto _ : state) {
        const auto begin = std::chrono::steady_clock::now();
        found += ask();
        micros.push_back(seconds_since(begin) * 1e6);
    }
    std::ranges::sort(micros);
    state.SetLabel(fmt::format("p50 {:.1f} µs, p99 {:.1f} µs, {:.0f} found", micros[micros.size() / 2],
        micros[micros.size() * 99 / 100], double(found) / double(micros.size())));
}

std::vector<NodeId> some_nodes(std::int64_t count) {
    std::vector<NodeId> nodes;
    for (std::int64_t i = 0; i < count; ++i)
        nodes.push_back(Filled::it().some_node());
    return nodes;
}

void newest_50(benchmark::State& state) {
    measure(state,
        [&] { return Filled::it().timeline().list_newest(some_nodes(state.range(0)), {}, {}, 50).entries.size(); });
}
BENCHMARK(newest_50)->ArgName("nodes")->Arg(1)->Arg(10)->Iterations(20'000);

void newest_50_of_the_busiest(benchmark::State& state) {
    measure(state, [&] { return Filled::it().timeline().list_newest({NodeId{7}}, {}, {}, 50).entries.size(); });
}
BENCHMARK(newest_50_of_the_busiest)->Iterations(20'000);

void newest_50_of_one_name(benchmark::State& state) {
    measure(state,
        [&] { return Filled::it().timeline().list_newest({NodeId{7}}, {.name = "Event 7"}, {}, 50).entries.size(); });
}
BENCHMARK(newest_50_of_one_name)->Iterations(5'000);

class WithLog {
  public:
    static constexpr int frames = 300'000, nodes = 15'000;
    static WithLog& it() {
        static WithLog one;
        return one;
    }
    std::size_t ask() {
        const NodeId node{1 + std::int64_t(random_() % nodes)};
        const auto page = timeline_->list_newest({node}, {}, {}, 50);
        for (const Entry& entry : page.entries)
            VERIFY(log_->get(entry.position).has_value());
        return page.entries.size();
    }

  private:
    WithLog() {
        log_ = std::move(*event_log::EventLog::open(outside_.outside(), folder_.file("log")));
        timeline_ = std::move(*Timeline::open(
            outside_.outside(), folder_.file("timeline"), {"bench", [this] { return log_->begin(); }, 1 << 16}));
        VERIFY(timeline_->start(log_->begin(),
            [](Interval missing) -> Result<Timeline::Reread> { return Timeline::Reread{{}, missing.to}; }));
        for (int done = 0; done < frames;) {
            std::vector<event_log::Draft> drafts;
            std::vector<Event> events;
            for (int i = 0; i < 1000; ++i, ++done) {
                drafts.push_back({SourceId{1}, "", event_log::FrameKind::event, std::string(500, 'x')});
                events.push_back(
                    {NodeId{1 + std::int64_t(random_() % nodes)}, instant_of(done), {}, "track", "Viewed"});
            }
            const Position from = log_->end();
            const auto appended = *log_->append_and_wait(std::move(drafts));
            for (std::size_t i = 0; i < events.size(); ++i)
                events[i].position = appended.positions[i];
            timeline_->append({from, appended.end}, events);
        }
        timeline_->rest();
    }
    std::mt19937_64 random_{2};
    RealOutside outside_;
    onefold::testing::Folder folder_;
    std::unique_ptr<event_log::EventLog> log_;
    std::unique_ptr<Timeline> timeline_;
};

void newest_50_with_the_log(benchmark::State& state) {
    measure(state, [] { return WithLog::it().ask(); });
}
BENCHMARK(newest_50_with_the_log)->Iterations(5'000);

void bare_sorted_array(benchmark::State& state) {
    const auto& array = Filled::it().array();
    measure(state, [&] {
        Newest newest(50);
        for (const NodeId node : some_nodes(state.range(0)))
            for (auto at = std::ranges::lower_bound(array, node, {}, &Entry::node);
                at != array.end() && at->node == node && newest.wants(*at); ++at)
                newest.add(*at);
        return newest.take().size();
    });
}
BENCHMARK(bare_sorted_array)->ArgName("nodes")->Arg(1)->Arg(10)->Iterations(20'000);

void scan_everything(benchmark::State& state) {
    std::int64_t entries = 0;
    for (auto _ : state)
        VERIFY(Filled::it().timeline().scan(NodeId{0}, NodeId{INT64_MAX}, [&](const Entry&) -> Result<> {
            ++entries;
            return {};
        }));
    state.SetItemsProcessed(entries);
}
BENCHMARK(scan_everything)->Iterations(1)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace onefold::timeline
