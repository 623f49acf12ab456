// A process that is killed, and one that is watched.
#include "event_log/event_log_rig.h"

#include <csignal>
#include <map>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace onefold::event_log {
namespace {

using namespace std::chrono_literals;

// This program again, with one of the children below as its only test; what it prints comes through `output`.
struct Child {
    pid_t pid;
    int output;
};

Child start(const std::string& name, const std::string& folder, int number, std::vector<std::string> command = {}) {
    const bool is_alone = command.empty();
    const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
    command.insert(
        command.end(), {self, "--gtest_also_run_disabled_tests", "--gtest_filter=EventLogChild.DISABLED_" + name});
    std::vector<char*> arguments;
    for (auto& word : command)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        ::setenv("ONEFOLD_TEST_FOLDER", folder.c_str(), 1);
        if (!is_alone)
            ::setenv("ASAN_OPTIONS", "detect_leaks=0", 1); // leaks cannot be sought under strace
        ::setenv("ONEFOLD_TEST_NUMBER", std::to_string(number).c_str(), 1);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    return {pid, ends[0]};
}

std::string drain(int descriptor) {
    std::string all;
    char some[65536];
    for (ssize_t count; (count = ::read(descriptor, some, sizeof some)) > 0;)
        all.append(some, std::size_t(count));
    ::close(descriptor);
    return all;
}

std::vector<std::string> acks_in(const std::string& output) {
    std::vector<std::string> ids;
    std::istringstream lines{output};
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("ack "))
            ids.push_back(line.substr(4));
    return ids;
}

void print(const std::string& text) {
    VERIFY(::write(STDOUT_FILENO, text.data(), text.size()) == ssize_t(text.size()));
}

struct RealOutside {
    std::unique_ptr<runtime::Clock> clock = runtime::make_system_clock();
    std::unique_ptr<runtime::Random> random = runtime::make_system_random();
    std::unique_ptr<runtime::Files> files = runtime::make_system_files();
    std::unique_ptr<runtime::Network> network = runtime::make_system_network();
    runtime::Outside outside() { return {*clock, *random, *files, *network}; }
};

TEST(EventLogChild, DISABLED_AppendsUntilItIsKilled) {
    RealOutside real;
    const std::string round = ::getenv("ONEFOLD_TEST_NUMBER");
    const auto log = EventLog::open(real.outside(), ::getenv("ONEFOLD_TEST_FOLDER"), {.segment_bytes = 256 << 10});
    if (!log)
        print(std::string(log.error().message.in("en")) + "\n");
    ASSERT_TRUE(log);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int batch = 0;; ++batch) {
                std::vector<Draft> drafts;
                std::string acks;
                for (int i = 0; i <= batch % 12; ++i) {
                    const std::string id = fmt::format("{}-{}-{}-{}", round, t, batch, i);
                    drafts.push_back(draft_of(id, std::string(batch % 700, 'x')));
                    acks += "ack " + id + "\n";
                }
                if (!(*log)->append_and_wait(drafts))
                    return;
                print(acks);
            }
        });
}

TEST(EventLogChild, DISABLED_AppendsAndPrintsEachAck) {
    RealOutside real;
    const auto log = EventLog::open(real.outside(), ::getenv("ONEFOLD_TEST_FOLDER"));
    ASSERT_TRUE(log);
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE((*log)->append_and_wait({draft_of(fmt::format("message-{:03}", i))}));
        print(fmt::format("ack {:03}\n", i));
    }
}

TEST(EventLogCrash, KeepsWhatItAcknowledgedOnceThroughTwentyKills) {
    Rig rig;
    std::mt19937 random{std::random_device{}()};
    std::set<std::string> acked;
    for (int round = 0; round < 20; ++round) {
        const Child child = start("AppendsUntilItIsKilled", rig.log_folder(), round);
        std::jthread killer{[&] {
            std::this_thread::sleep_for(std::chrono::milliseconds{60 + random() % 140});
            ::kill(child.pid, SIGKILL);
        }};
        const std::string output = drain(child.output);
        killer.join();
        int status = 0;
        ASSERT_EQ(::waitpid(child.pid, &status, 0), child.pid);
        ASSERT_TRUE(WIFSIGNALED(status)) << output;
        const auto ids = acks_in(output);
        acked.insert(ids.begin(), ids.end());

        const auto log = rig.open({.segment_bytes = 256 << 10});
        ASSERT_TRUE(log);
        std::map<std::string, int> stored;
        for (const auto& frame : all_frames(*log))
            ++stored[frame.message_id];
        for (const auto& [id, count] : stored)
            ASSERT_EQ(count, 1) << id;
        for (const auto& id : acked)
            ASSERT_TRUE(stored.contains(id)) << id << " was acknowledged and is lost";
        const auto verified = log->verify();
        ASSERT_TRUE(verified);
        for (const Damage& damage : verified->damages)
            ADD_FAILURE() << damage.file << " " << damage.offset << " " << damage.cause.in("en");
        for (const auto& id : ids)
            ASSERT_EQ(log->append_and_wait({draft_of(id)})->positions[0], Position{});
    }
    EXPECT_GT(acked.size(), 1000u) << "the children hardly appended, so this proves little";
}

TEST(EventLogCrash, SyncsBetweenTheWriteAndTheAck) {
    Rig rig;
    const std::string trace = rig.folder.file("trace");
    const Child child = start("AppendsAndPrintsEachAck", rig.log_folder(), 0,
        {"strace", "-f", "-s", "256", "-e", "trace=pwrite64,fdatasync,write", "-e", "signal=none", "-o", trace});
    const auto acks = acks_in(drain(child.output));
    int status = 0;
    ASSERT_EQ(::waitpid(child.pid, &status, 0), child.pid);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "strace must be installed";
    ASSERT_EQ(acks.size(), 50u);

    std::ifstream lines{trace};
    std::string written, synced; // the message whose write, and whose sync, was seen last
    int proved = 0;
    for (std::string line; std::getline(lines, line);) {
        const auto message = line.find("message-");
        if (line.find(" pwrite64(") != line.npos && message != line.npos)
            written = line.substr(message + 8, 3);
        const bool is_sync_done = (line.find(" fdatasync(") != line.npos && line.ends_with(" = 0")) ||
                                  (line.find("fdatasync resumed>") != line.npos && line.ends_with(" = 0"));
        if (is_sync_done)
            synced = written;
        const auto ack = line.find(" write(1, \"ack ");
        if (ack == line.npos)
            continue;
        EXPECT_EQ(synced, line.substr(ack + 15, 3)) << line;
        ++proved;
    }
    EXPECT_EQ(proved, 50);
}

// The writes themselves find room, as over a network file system that tells of it late.
TEST(EventLogCrash, EndsWith74AtTheFirstSyncThatFailsForWantOfSpaceOrQuota) {
    for (const std::string error : {"ENOSPC", "EDQUOT", "EIO", "EINTR"}) {
        Rig rig;
        const Child child = start("AppendsAndPrintsEachAck", rig.log_folder(), 0,
            {"strace", "-f", "-e", "trace=fdatasync", "-e", "signal=none", "-e",
                fmt::format("inject=fdatasync:error={}:when=20", error), "-o", "/dev/null"});
        const auto acks = acks_in(drain(child.output));
        int status = 0;
        ASSERT_EQ(::waitpid(child.pid, &status, 0), child.pid);
        ASSERT_TRUE(WIFEXITED(status)) << "strace must be installed";
        EXPECT_EQ(WEXITSTATUS(status), 74) << error;
        EXPECT_GT(acks.size(), 5u) << error;
        EXPECT_LT(acks.size(), 20u) << error;
        const auto log = rig.open();
        ASSERT_TRUE(log);
        EXPECT_GE(all_frames(*log).size(), acks.size()) << error;
        EXPECT_TRUE(log->verify()->damages.empty()) << error;
    }
}

} // namespace
} // namespace onefold::event_log
