// Durable events a second, beside a bare write + fdatasync of the same bytes in the same run (median of five rounds).
#include "event_log/event_log.h"
#include "event_log/frame.h"
#include "testing/folder.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <semaphore>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace onefold::event_log {
namespace {

constexpr int rounds = 5;
constexpr std::size_t payload_bytes = 500;
constexpr std::chrono::minutes patience{5}; // with a disk that others use too
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

std::size_t resident_bytes() {
    std::ifstream statm{"/proc/self/statm"};
    std::size_t pages = 0, resident = 0;
    statm >> pages >> resident;
    return resident * std::size_t(::sysconf(_SC_PAGESIZE));
}

std::string message_id_of(std::uint64_t number) {
    return fmt::format("{:016x}-{:04x}", number * 0x9E3779B97F4A7C15u, number & 0xffff);
}

// How many of them were known.
std::uint64_t append_numbered(EventLog& log, std::uint64_t from, std::uint64_t to, const std::string& text) {
    std::counting_semaphore<> free{64};
    std::atomic<std::uint64_t> known = 0;
    for (std::uint64_t number = from; number < to;) {
        std::vector<Draft> drafts;
        for (; number < to && drafts.size() < 500; ++number)
            drafts.push_back({SourceId{1}, message_id_of(number), FrameKind::event, text});
        free.acquire();
        log.append(std::move(drafts), [&](const auto& result) {
            VERIFY(result.has_value());
            known += std::uint64_t(std::ranges::count(result->positions, Position{}));
            free.release();
        });
    }
    for (int i = 0; i < 64; ++i)
        free.acquire();
    return known;
}

// The log in a folder with so many numbered messages, in a process that did nothing before: how much memory it takes to
// know them, how long the start takes, and what a known and a new message cost.
void measure_restarted(const std::string& log_folder, std::uint64_t count) {
    constexpr double bytes_an_event_max = 2;
    RealOutside real;
    const std::string text(100, 'x');
    const std::size_t before = resident_bytes();
    std::unique_ptr<EventLog> log;
    const double opened =
        seconds_of([&] { log = *EventLog::open(real.outside(), log_folder, {.queue_age_max = patience}); });
    std::this_thread::sleep_for(std::chrono::seconds{1}); // so that what it does behind its start is in
    const auto figures = log->figures();
    const double grown = double(resident_bytes() - before) / double(count);
    constexpr std::uint64_t some = 500'000;
    const double again = seconds_of([&] { VERIFY(append_numbered(*log, count / 2, count / 2 + some, text) == some); });
    const double fresh = seconds_of([&] { VERIFY(append_numbered(*log, count, count + some, text) == 0); });
    const testing::Folder other;
    double alone = 0;
    {
        const auto empty =
            *EventLog::open(real.outside(), other.file("log"), {.is_deduplicating = false, .queue_age_max = patience});
        alone = seconds_of([&] { append_numbered(*empty, 0, some, text); });
    }
    fmt::print("{} messages in {} segments, restarted in {:.3f} s ({} runs hold {:.2f} bytes an event)\n", count,
        figures.segments, opened, figures.runs, double(figures.index_bytes) / double(figures.messages));
    fmt::print("{:<58} {:>9.2f} bytes/event  limit < {:.0f}            kept by {:.2f}\n",
        fmt::format("to know each of {} messages, resident after a restart", count), grown, bytes_an_event_max,
        bytes_an_event_max / grown);
    fmt::print("new messages {:.0f}/s, known ones {:.0f}/s, and {:.0f}/s in a log that leaves none out: ratio {:.2f}\n",
        some / fresh, some / again, some / alone, alone / fresh);
}

// This program again, for the log in that folder.
void restart_on(const std::string& log_folder, std::uint64_t count) {
    std::fflush(stdout);
    const auto number = std::to_string(count);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::execl("/proc/self/exe", "event_log_bench", "restarted", log_folder.c_str(), number.c_str(), nullptr);
        ::_exit(127);
    }
    int status = 0;
    VERIFY(::waitpid(pid, &status, 0) == pid && status == 0);
}

void measure_known(std::uint64_t count) {
    const testing::Folder folder;
    {
        RealOutside real;
        const std::string text(100, 'x');
        const auto log = *EventLog::open(real.outside(), folder.file("log"), {.queue_age_max = patience});
        const double filled = seconds_of([&] { VERIFY(append_numbered(*log, 0, count, text) == 0); });
        fmt::print("{} messages appended at {:.0f} events/s\n", count, double(count) / filled);
        for (auto last = log->figures(); true; last = log->figures()) { // until nothing is merged any more
            std::this_thread::sleep_for(std::chrono::seconds{20});      // a merge takes less
            if (log->figures().runs == last.runs)
                break;
        }
    }
    restart_on(folder.file("log"), count);
}

} // namespace
} // namespace onefold::event_log

// `event_log_bench known 20000000`: only how well so many messages are known (of 230 bytes of disk each).
int main(int argc, char** argv) {
    using namespace onefold::event_log;
    if (argc == 4 && std::string_view(argv[1]) == "restarted") {
        measure_restarted(argv[2], std::strtoull(argv[3], nullptr, 10));
        return 0;
    }
    if (argc == 3 && std::string_view(argv[1]) == "known") {
        measure_known(std::strtoull(argv[2], nullptr, 10));
        return 0;
    }
    measure({"batches of 50, 8 threads, each waits for its answer", 8, 1, 50, 400});
    measure({"batches of 50, 2 threads, 32 batches on their way each", 2, 32, 50, 2048});
    measure({"single events, 8 threads, each waits for its answer", 8, 1, 1, 2000});
    measure({"single events, 1 thread, 64 on their way", 1, 64, 1, 32'000});
    measure({"single events, 1 thread, waits for each answer", 1, 1, 1, 2000});
    measure_start_and_read();
    measure_known(20'000'000);
}
