#include "testing/postgres.h"

#include "core/result.h"
#include "store/postgres.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <mutex>
#include <pwd.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace onefold::testing {
namespace {

constexpr const char* programs = "/usr/lib/postgresql/15/bin";

// $0: the folder, $1: the programs, $2…: how to become an account that may run them. Its input ends when the test
// program does. Another locale than C, so that a missing COLLATE shows.
constexpr const char* guard_script = R"sh(
trap '' INT TERM HUP
folder=$0; programs=$1; shift
"$@" "$programs/initdb" -D "$folder/data" -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8 \
    --locale-provider=icu --icu-locale=en-US >"$folder/initdb.log" 2>&1 </dev/null || touch "$folder/failed"
"$@" "$programs/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c max_connections=200 -c shared_buffers=32MB >"$folder/server.log" 2>&1 </dev/null &
server=$!
read ignored
kill -QUIT $server
wait $server
rm -rf "$folder"
)sh";

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "PostgreSQL 15 does not run, but these tests need it: %s\n", why.c_str());
    std::abort();
}

std::mutex mutex;

} // namespace

Postgres& Postgres::get() {
    static Postgres postgres;
    return postgres;
}

Postgres::Postgres() {
    start();
}

Postgres::~Postgres() {
    ::close(leash_);
    ::waitpid(guard_, nullptr, 0);
}

void Postgres::start() {
    if (::access(fmt::format("{}/postgres", programs).c_str(), X_OK) != 0)
        give_up(fmt::format("no {}/postgres", programs));
    char folder[] = "/tmp/onefold-pg-XXXXXX";
    if (!::mkdtemp(folder))
        give_up("no folder in /tmp");
    folder_ = folder;

    std::vector<std::string> words{"/bin/sh", "-c", guard_script, folder_, programs};
    if (::geteuid() == 0) {
        const auto* account = ::getpwnam("postgres");
        if (!account || ::chown(folder, account->pw_uid, account->pw_gid) != 0)
            give_up("no account postgres");
        for (const char* word : {"setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"})
            words.emplace_back(word);
    } else {
        words.emplace_back("env");
    }
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);

    int ends[2];
    VERIFY(::pipe2(ends, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    const int failed = ::posix_spawn(&guard_, "/bin/sh", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[0]);
    leash_ = ends[1];
    if (failed)
        give_up("no /bin/sh");

    for (int attempt = 0; attempt < 1200; ++attempt) {
        if (::access((folder_ + "/failed").c_str(), F_OK) == 0)
            break;
        if (store::PostgresConnection::open(url_of("postgres"), std::make_shared<store::Definitions>(0),
                store::PostgresConnection::Purpose::reading))
            return;
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    (void)std::system(fmt::format("cat {}/*.log >&2", folder_).c_str());
    give_up("it did not start");
}

std::string Postgres::url_of(const std::string& database) const {
    return fmt::format("postgres:///{}?host={}&user=postgres", database, folder_);
}

std::string Postgres::make_database() {
    std::unique_lock lock(mutex);
    const auto name = fmt::format("test{}", ++databases_made_);
    lock.unlock();
    administer("CREATE DATABASE " + name);
    return url_of(name);
}

void Postgres::administer(const std::string& sql) {
    auto connection = store::PostgresConnection::open(
        url_of("postgres"), std::make_shared<store::Definitions>(0), store::PostgresConnection::Purpose::reading);
    if (!connection)
        give_up(std::string(connection.error().message.in("en")));
    if (auto done = (*connection)->control(sql); !done)
        give_up(std::string(done.error().message.in("en")));
}

void Postgres::break_connections(const std::string& url) {
    const auto from = url.find("///") + 3;
    administer(fmt::format("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{}'",
        url.substr(from, url.find('?') - from)));
}

} // namespace onefold::testing
