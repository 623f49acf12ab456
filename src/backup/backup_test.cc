#include "backup/backup.h"
#include "backup/restore.h"
#include "testing/databases.h"
#include "testing/outside.h"
#include "testing/postgres.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <thread>

namespace onefold::backup {
namespace {

using namespace std::chrono_literals;

const store::Schema taken{
    "taken", {{1, "0001_taken", "CREATE TABLE taken (id BIGINT PRIMARY KEY, position BIGINT NOT NULL)"}}};

// A data folder of as few rooms as a backup needs; `taken` stands for what reads the log into the database.
class BackupTest : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        database = open({change::schema(), company::schema(), access::schema(), taken, schema()});
        keys = std::move(*access::Keys::open(outside.all, data));
        log = std::move(*event_log::EventLog::open(outside.all, data + "/log", {.segment_bytes = 20'000}));
        audit = std::move(*audit::Audit::open(outside.all, data + "/audit", *database));
        access = std::make_unique<access::Access>(*database, *keys, outside.all);
        access->record_to([this](const Caller& caller, std::string_view verb, std::string_view target, int status) {
            audit->record(caller, verb, target, status);
        });
        begin();
        append(100);
    }
    void begin() {
        backups = std::make_unique<Backups>(*database, *access,
            Origin{outside.all, data, url(), *log, *audit, [this](store::Session& session) -> Result<Position> {
                       if (while_looking)
                           while_looking();
                       return std::max(claimed, TRY(needed(session)));
                   }});
        ASSERT_TRUE(backups->start());
    }
    static Result<Position> needed(store::Session& session) {
        return Position{TRY(session.find_integer("SELECT position FROM taken WHERE id = 1")).value_or(0)};
    }
    void append(int count) {
        for (int i = 0; i < count; ++i)
            ASSERT_TRUE(log->append_and_wait(
                {{SourceId{1}, std::to_string(appended++), event_log::FrameKind::event, std::string(400, 'x')}}));
    }
    void take_up(Position position) {
        ASSERT_TRUE(database->write([&](store::Session& session) {
            return session.execute(
                "INSERT INTO taken (id, position) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET position = $1",
                {position.value});
        }));
    }
    Backup make(const std::string& target, WithKeys with_keys = WithKeys::yes) {
        return ended(backups->begin(local, {target, with_keys}));
    }
    Backup ended(Result<Backup> begun) {
        if (!begun) {
            ADD_FAILURE() << begun.error().message.in("en");
            return {};
        }
        while (begun->state == State::running) {
            std::this_thread::sleep_for(2ms);
            outside.clock.advance(1ms);
            begun = backups->get(begun->id);
        }
        return *begun;
    }
    Settings set(const SettingsEdit& edit) {
        auto done = backups->update_settings(local, backups->settings()->version, edit);
        EXPECT_TRUE(done) << done.error().message.in("en");
        return *done;
    }
    std::vector<std::string> names(const std::string& in) {
        auto listed = outside.files->list(in);
        return listed ? *listed : std::vector<std::string>{};
    }
    static std::string code_of(const auto& result) { return result ? "" : result.error().code; }

    testing::Outside outside;
    testing::Folder folder;
    const std::string data = folder.file("data"), target = folder.file("backup"), place = folder.file("backups");
    const Caller local{{Principal::Kind::local, 0, Role::admin}};
    std::unique_ptr<store::Database> database;
    std::unique_ptr<access::Keys> keys;
    std::unique_ptr<event_log::EventLog> log;
    std::unique_ptr<audit::Audit> audit;
    std::unique_ptr<access::Access> access;
    std::function<void()> while_looking;
    Position claimed;
    int appended = 0;
    std::unique_ptr<Backups> backups;
};
ON_BOTH_DATABASES(BackupTest);

TEST_P(BackupTest, HoldsTheLogUpToWhereItWasBeforeTheSnapshotAndNotWhatCameWithIt) {
    const Position end = log->end();
    while_looking = [&] { append(50); };
    const Backup backup = make(target);
    ASSERT_EQ(backup.state, State::whole) << backup.error->message.in("en");
    EXPECT_EQ(backup.position, end) << "what came meanwhile may be of a source that the snapshot does not know";
    EXPECT_EQ(backup.events, 100u);
    EXPECT_GT(log->end(), end);
    const auto verified = verify(*outside.files, target, needed);
    ASSERT_TRUE(verified);
    EXPECT_TRUE(verified->flaws.empty());
}

TEST_P(BackupTest, HoldsTheLogAsFarAsTheSnapshotHasTakenItUp) {
    // Between the look at the log's end and the snapshot, events came in and were taken up.
    while_looking = [&] {
        append(30);
        claimed = log->end();
    };
    const Backup backup = make(target);
    EXPECT_EQ(backup.position, log->end());
    EXPECT_EQ(backup.events, 130u);
}

TEST_P(BackupTest, OneThatTheDatabaseIsAheadOfIsNotWhole) {
    take_up(Position{log->end().value + 1000});
    ASSERT_EQ(make(target).state, State::whole);
    if (GetParam() == store::Dialect::postgres)
        return; // a dump is only asked once it is loaded
    const auto verified = verify(*outside.files, target, needed);
    ASSERT_TRUE(verified);
    ASSERT_EQ(verified->flaws.size(), 1u);
    EXPECT_EQ(verified->flaws[0].file, "log");
}

TEST_P(BackupTest, RestoredItIsADataFolderThatSaysSoOnceAndEndsSessions) {
    ASSERT_TRUE(database->write([](store::Session& session) -> Result<> {
        TRY(session.execute(
            R"(INSERT INTO "user" (id, email, email_folded, name, role, locale, is_active, created_at, version) VALUES (1, 'a', 'a', 'a', 'admin', 'en', 1, 0, 1))"));
        TRY(session.execute("INSERT INTO session (digest, user_id, created_at, last_used_at) VALUES ($1, 1, 0, 0)",
            {store::Blob{"digest"}}));
        return {};
    }));
    const Backup made = make(target);
    const std::string restored = folder.file("restored");
    Restoring restoring{target, restored, {}, {}};
    const bool is_postgres = GetParam() == store::Dialect::postgres;
    const std::string other = is_postgres ? testing::Postgres::get().make_database() : restored + "/main.db";
    if (is_postgres) {
        EXPECT_EQ(code_of(restore(outside.all, restoring, needed, {})), "backup.needs_database");
        restoring.database = other;
    }
    ASSERT_EQ(code_of(restore(outside.all, restoring, needed, {})), "");
    EXPECT_EQ(code_of(restore(outside.all, restoring, needed, {})), "backup.folder_not_empty");
    EXPECT_FALSE(outside.files->exists(restored + "/main.dump"));

    const auto its_database = std::move(
        *store::Database::open(other, {change::schema(), company::schema(), access::schema(), taken, schema()}));
    const auto its_keys = std::move(*access::Keys::open(outside.all, restored));
    EXPECT_EQ(its_keys->digest("token", "x"), keys->digest("token", "x"));
    const auto its_log = std::move(*event_log::EventLog::open(outside.all, restored + "/log"));
    EXPECT_EQ(its_log->end(), made.position);
    const auto its_audit = std::move(*audit::Audit::open(outside.all, restored + "/audit", *its_database));
    access::Access its_access(*its_database, *its_keys, outside.all);
    std::vector<std::string> heard;
    its_access.record_to(
        [&](const Caller&, std::string_view verb, std::string_view, int) { heard.emplace_back(verb); });
    for (int round = 0; round < 2; ++round) {
        Backups its(*its_database, its_access, {outside.all, restored, other, *its_log, *its_audit, needed});
        ASSERT_TRUE(its.start());
        EXPECT_EQ(heard, std::vector<std::string>{"backup.restore"}) << "once";
        EXPECT_EQ(its.list(10)->front().state, State::whole) << "it knows the backup that it comes from";
        EXPECT_EQ(
            its_database
                ->read([](store::Session& session) { return session.find_integer("SELECT COUNT(*) FROM session"); })
                ->value(),
            0);
    }
}

TEST_P(BackupTest, OneThatEndsEarlyLeavesNothingAndSaysWhy) {
    std::thread stopping; // not on the thread of the backup, which a stop waits for
    while_looking = [&] {
        stopping = std::thread([this] { backups->stop(); });
        std::this_thread::sleep_for(100ms);
    };
    const auto begun = backups->begin(local, {target, WithKeys::yes});
    ASSERT_TRUE(begun);
    Result<Backup> now = *begun;
    while (now->state == State::running) {
        std::this_thread::sleep_for(2ms);
        now = backups->get(begun->id);
    }
    stopping.join();
    EXPECT_EQ(now->state, State::failed);
    EXPECT_EQ(now->error->code, "backup.interrupted");
    EXPECT_FALSE(outside.files->exists(target));
}

TEST_P(BackupTest, OneThatAKillCutShortIsToldAtTheNextStartAsWhatItIs) {
    ASSERT_EQ(make(target).state, State::whole);
    backups.reset();
    ASSERT_TRUE(database->write([&](store::Session& session) -> Result<> {
        TRY(session.execute("UPDATE backup SET state = 'running', bytes = 0, ended_at = NULL"));
        TRY(session.execute(
            "INSERT INTO backup (cause, principal, target, has_keys, state, started_at, bytes, position, "
            "events) VALUES ('command', 'local', $1, 1, 'running', 1, 0, 0, 0)",
            {target + "2"}));
        return {};
    }));
    begin();
    const auto all = *backups->list(10);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].state, State::failed);
    EXPECT_EQ(all[0].error->code, "backup.interrupted");
    EXPECT_EQ(all[1].state, State::whole) << "only its note was missing";
    EXPECT_EQ(all[1].bytes, read_manifest(*outside.files, target)->bytes());
    EXPECT_EQ(backups->last_whole().value()->id, all[1].id);
}

TEST_P(BackupTest, IsMadeEveryDayAndOldOnesMakeRoom) {
    set({.is_scheduled = true, .folder = place, .hour = 3, .keep_count = 2});
    for (int day = 0; day < 4; ++day) {
        ASSERT_TRUE(backups->check());
        EXPECT_EQ(names(place).size(), std::size_t(std::min(day, 2)));
        outside.clock.advance(24h);
        append(20);
        ASSERT_TRUE(backups->check());
        ended(backups->list(1)->front());
        ASSERT_TRUE(backups->check()) << "one a day";
    }
    const auto all = *backups->list(10);
    ASSERT_EQ(all.size(), 4u);
    EXPECT_TRUE(all[3].removed_at && all[2].removed_at && !all[1].removed_at && !all[0].removed_at);
    EXPECT_EQ(all[0].cause, Cause::schedule);
    for (int kept = 0; kept < 2; ++kept)
        EXPECT_TRUE(verify(*outside.files, all[std::size_t(kept)].target, needed)->flaws.empty());
}

TEST_P(BackupTest, TheDailyOneThatCannotBeIsNotedAndTriedAgain) {
    set({.is_scheduled = true, .folder = place, .hour = 3});
    std::filesystem::remove_all(place);
    std::ofstream(place) << "a file is in the way";
    outside.clock.advance(24h);
    ASSERT_TRUE(backups->check());
    ASSERT_TRUE(backups->check());
    ASSERT_EQ(backups->list(10)->size(), 1u);
    EXPECT_EQ(backups->list(10)->front().error->code, "backup.target_unusable");
    EXPECT_FALSE(backups->last_whole().value());
    std::filesystem::remove(place);
    outside.clock.advance(1h);
    ASSERT_TRUE(backups->check());
    EXPECT_EQ(ended(backups->list(1)->front()).state, State::whole);
}

TEST_P(BackupTest, SharesWithTheOneBeforeWhatDidNotChangeUnlessItRotted) {
    const auto first = make(place + "/a"), again = make(place + "/b");
    ASSERT_EQ(again.state, State::whole);
    const auto sealed = "/log/0000000000000001.log";
    EXPECT_EQ(std::filesystem::hard_link_count(again.target + sealed), 2u);
    EXPECT_EQ(std::filesystem::hard_link_count(again.target + "/master.key"), 2u);
    std::fstream(again.target + sealed, std::ios::in | std::ios::out | std::ios::binary) << "rot";
    const auto third = make(place + "/c");
    EXPECT_EQ(std::filesystem::hard_link_count(third.target + sealed), 1u);
    EXPECT_FALSE(verify(*outside.files, again.target, needed)->flaws.empty());
    EXPECT_TRUE(verify(*outside.files, third.target, needed)->flaws.empty());
    ASSERT_TRUE(remove_backup(*outside.files, first.target));
    EXPECT_TRUE(verify(*outside.files, third.target, needed)->flaws.empty());
}

TEST_P(BackupTest, ClearsAwayWhatWasCutShortAndNothingElse) {
    {
        auto unfinished = Place::begin(*outside.files, target, data);
        ASSERT_TRUE(unfinished);
        ASSERT_TRUE((*unfinished)->put("log/a", "bytes"));
        std::filesystem::copy(target, target + ".killed", std::filesystem::copy_options::recursive);
    }
    EXPECT_FALSE(outside.files->exists(target)) << "given up, it is gone";
    EXPECT_EQ(code_of(read_manifest(*outside.files, target + ".killed")), "backup.unfinished");
    EXPECT_EQ(make(target + ".killed").state, State::whole);
    EXPECT_EQ(code_of(backups->begin(local, {target + ".killed", WithKeys::yes})), "backup.target_not_empty");
    std::filesystem::create_directories(target);
    std::ofstream(target + "/mine") << "mine";
    EXPECT_EQ(code_of(backups->begin(local, {target, WithKeys::yes})), "backup.target_not_empty");
    ASSERT_TRUE(remove_backup(*outside.files, target)) << "there is none";
    EXPECT_TRUE(outside.files->exists(target + "/mine"));
    for (const std::string inside : {data, data + "/backups", data + "/log/../x", folder.file("x/../data/y")})
        EXPECT_EQ(code_of(backups->begin(local, {inside, WithKeys::yes})), "backup.target_inside") << inside;
    std::filesystem::create_directory_symlink(data, folder.file("link"));
    EXPECT_EQ(code_of(backups->begin(local, {folder.file("link/x"), WithKeys::yes})), "backup.target_inside");
}

} // namespace
} // namespace onefold::backup
