// Durable events a second, beside a bare write + fdatasync of the same bytes in the same run (median of five rounds).
#include "event_log/event_log.h"
#include "event_log/frame.h"
#include "testing/folder.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <semaphore>
#include <thread>
#include <vector>

namespace onefold::event_log {
namespace {

constexpr int rounds = 5;
constexpr std::size_t payload_bytes = 500;
const std::string payload(payload_bytes, 'x');

struct RealOutside {
    std::unique_ptr<runtime::Clock> clock = runtime::make_system_clock();
    std::unique_ptr<runtime::Random> random = runtime::make_system_random();
    std::unique_ptr<runtime::Files> files = runtime::make_system_files();
    std::unique_ptr<runtime::Network> network = runtime::make_system_network();
    runtime::Outside outside() { return {*clock, *random, *files, *network}; }
};

template <class Work>
double seconds_of(Work work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

struct Load {
    const char* name;
    int threads;
    int outstanding; // batches a thread has sent without an answer
    int batch;
    int batches; // a thread
    int events() const { return threads * batch * batches; }
};

std::vector<Draft> drafts_of(const Load& load, int round, int thread, int number) {
    std::vector<Draft> drafts;
    drafts.reserve(std::size_t(load.batch));
    for (int i = 0; i < load.batch; ++i)
        drafts.push_back(
            {SourceId{1}, fmt::format("{:03}-{:03}-{:08}-{:05}", round, thread, number, i), FrameKind::event, payload});
    return drafts;
}

double run_log(EventLog& log, const Load& load, int round) {
    std::vector<std::vector<std::vector<Draft>>> all(std::size_t(load.threads));
    for (int t = 0; t < load.threads; ++t)
        for (int b = 0; b < load.batches; ++b)
            all[std::size_t(t)].push_back(drafts_of(load, round, t, b));
    return seconds_of([&] {
        std::vector<std::jthread> threads;
        for (auto& mine : all)
            threads.emplace_back([&] {
                std::counting_semaphore<> free{load.outstanding};
                for (auto& drafts : mine) {
                    free.acquire();
                    log.append(std::move(drafts), [&](const auto& result) {
                        VERIFY(result.has_value());
                        free.release();
                    });
                }
                for (int i = 0; i < load.outstanding; ++i)
                    free.acquire();
            });
    });
}

double run_bare(runtime::Files& files, const std::string& path, const Load& load) {
    const std::size_t frame_bytes = frame_overhead_bytes + 22 + payload_bytes;
    const std::size_t chunk_bytes = frame_bytes * std::size_t(load.threads * load.outstanding * load.batch);
    const std::string chunk(chunk_bytes, 'x');
    const int chunks = load.batches / load.outstanding;
    const auto file = *files.open(path, runtime::OpenMode::create);
    VERIFY(file->truncate(0).has_value());
    VERIFY(file->allocate(chunk_bytes * std::size_t(chunks)).has_value());
    return seconds_of([&] {
        for (int i = 0; i < chunks; ++i) {
            VERIFY(file->write_at(chunk_bytes * std::size_t(i), chunk).has_value());
            VERIFY(file->sync_data().has_value());
        }
    });
}

void measure(const Load& load) {
    RealOutside real;
    const testing::Folder folder;
    const auto log = *EventLog::open(real.outside(), folder.file("log"));
    std::vector<double> ours, bare;
    for (int round = 0; round < rounds; ++round) {
        ours.push_back(run_log(*log, load, round));
        bare.push_back(run_bare(*real.files, folder.file("bare"), load));
    }
    fmt::print("{:<58} {:>9.0f} events/s   bare write+fdatasync {:>9.0f}   ratio {:.2f}\n", load.name,
        load.events() / median(ours), load.events() / median(bare), median(bare) / median(ours));
    std::fflush(stdout);
}

void measure_start_and_read() {
    RealOutside real;
    const testing::Folder folder;
    const Load load{"", 4, 4, 50, 2000};
    {
        const auto log = *EventLog::open(real.outside(), folder.file("log"));
        run_log(*log, load, 0);
    }
    std::vector<double> opens, reads, bare;
    for (int round = 0; round < rounds; ++round) {
        std::unique_ptr<EventLog> log;
        opens.push_back(seconds_of([&] { log = *EventLog::open(real.outside(), folder.file("log")); }));
        reads.push_back(seconds_of([&] {
            int count = 0;
            for (Position from{}; from < log->end();) {
                const auto frames = *log->read(from, 10'000);
                count += int(frames.size());
                from = frames.back().next;
            }
            VERIFY(count == load.events());
        }));
        bare.push_back(seconds_of([&] {
            const auto names = *real.files->list(folder.file("log"));
            for (const auto& name : names)
                VERIFY(real.files->read_all(folder.file("log/" + name), 1 << 30).has_value());
        }));
    }
    fmt::print("{:<58} {:>9.0f} events/s   bare read             {:>9.0f}   ratio {:.2f}\n",
        "start: check every frame, know every message id", load.events() / median(opens), load.events() / median(bare),
        median(bare) / median(opens));
    fmt::print("{:<58} {:>9.0f} events/s   bare read             {:>9.0f}   ratio {:.2f}\n", "read from begin to end",
        load.events() / median(reads), load.events() / median(bare), median(bare) / median(reads));
}

} // namespace
} // namespace onefold::event_log

int main() {
    using namespace onefold::event_log;
    measure({"batches of 50, 8 threads, each waits for its answer", 8, 1, 50, 400});
    measure({"batches of 50, 2 threads, 32 batches on their way each", 2, 32, 50, 2048});
    measure({"single events, 8 threads, each waits for its answer", 8, 1, 1, 2000});
    measure({"single events, 1 thread, 64 on their way", 1, 64, 1, 32'000});
    measure({"single events, 1 thread, waits for each answer", 1, 1, 1, 2000});
    measure_start_and_read();
}
