#include "audit/audit.h"
#include "audit/entry.h"
#include "event_log/event_log_rig.h"
#include "testing/databases.h"

namespace onefold::audit {
namespace {

using namespace std::chrono_literals;

Caller caller_of(std::int64_t user) {
    Caller caller;
    caller.principal = {Principal::Kind::user, user, Role::editor};
    caller.request_id = "r1";
    caller.address = "10.0.0.9";
    return caller;
}

class AuditTest : public testing::OnBothDatabases {
  protected:
    void SetUp() override { database_ = open({change::schema()}); }

    std::unique_ptr<Audit> open_audit() {
        auto audit = Audit::open(rig_.outside(), rig_.log_folder(), *database_);
        if (!audit)
            ADD_FAILURE() << audit.error().code;
        VERIFY(audit);
        return std::move(*audit);
    }
    std::unique_ptr<Audit> started() {
        auto audit = open_audit();
        EXPECT_TRUE(audit->start());
        return audit;
    }
    // The seq of the last.
    std::int64_t change_records(int count) {
        const auto seq = database_->write([&](store::Session& session) -> Result<std::int64_t> {
            std::vector<change::Entry> entries;
            for (int i = 0; i < count; ++i)
                entries.push_back({ObjectId{3}, i + 1, 2, change::Op::update,
                    boost::json::object{{"12", "secret old"}, {"13", "same"}},
                    boost::json::object{{"12", "secret new"}, {"13", "same"}, {"14", 1}}});
            TRY(change::append(
                session, {{Principal::Kind::user, 3, Role::editor}, rig_.clock.now(), "request", "r7"}, entries));
            return change::newest(session);
        });
        EXPECT_TRUE(seq);
        return *seq;
    }
    std::vector<boost::json::object> entries(const Audit& audit) {
        std::vector<boost::json::object> all;
        for (const auto& frame : event_log::all_frames(audit.log())) {
            EXPECT_EQ(frame.kind, event_log::FrameKind::audit);
            all.push_back(boost::json::parse(frame.payload).as_object());
        }
        return all;
    }
    std::vector<std::int64_t> seqs(const Audit& audit) {
        std::vector<std::int64_t> all;
        for (const auto& entry : entries(audit))
            if (const auto* seq = entry.if_contains("seq"))
                all.push_back(seq->as_int64());
        return all;
    }
    static std::vector<std::int64_t> one_to(std::int64_t last) {
        std::vector<std::int64_t> all;
        for (std::int64_t seq = 1; seq <= last; ++seq)
            all.push_back(seq);
        return all;
    }
    static void expect_sound(const Audit& audit, std::uint64_t frames) {
        const auto verified = audit.log().verify();
        ASSERT_TRUE(verified);
        EXPECT_EQ(verified->frames, frames);
        EXPECT_TRUE(verified->damages.empty());
    }

    event_log::Rig rig_;
    std::unique_ptr<store::Database> database_;
};
ON_BOTH_DATABASES(AuditTest);

TEST_P(AuditTest, ARefusalSaysWhoWhatWhereFromAndHow) {
    auto audit = started();
    audit->record(caller_of(4), "user.create", "17", 403);
    ASSERT_TRUE(audit->log().wait_beyond(audit->log().begin(), 5s));
    EXPECT_EQ(entries(*audit).at(0),
        (boost::json::object{{"at", "2026-01-01T00:00:00Z"}, {"principal", "user:4"}, {"verb", "user.create"},
            {"target", "17"}, {"status", 403}, {"request_id", "r1"}, {"address", "10.0.0.9"}}));
}

TEST_P(AuditTest, AChangeSaysWhichFieldsChangedAndNoneOfTheirValues) {
    auto audit = started();
    ASSERT_TRUE(audit->wait_until_taken(change_records(1), 5s));
    const auto all = entries(*audit);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0], (boost::json::object{{"at", "2026-01-01T00:00:00Z"}, {"seq", 1}, {"principal", "user:3"},
                          {"cause", "request:r7"}, {"object", "3"}, {"record", "1"}, {"version", 2}, {"op", "update"},
                          {"fields", boost::json::array{"12", "14"}}}));
}

TEST_P(AuditTest, EntriesSurviveARestart) {
    started()->record(caller_of(4), "session.create", "", 201); // closing waits for what was appended
    auto audit = started();
    ASSERT_EQ(entries(*audit).size(), 1u);
    EXPECT_EQ(entries(*audit)[0].at("verb"), "session.create");
}

TEST_P(AuditTest, ChangesOfManyBatchesAreTakenInOrderOnce) {
    auto audit = started();
    const auto last = change_records(1700);
    ASSERT_TRUE(audit->wait_until_taken(last, 20s));
    EXPECT_EQ(seqs(*audit), one_to(last));
    expect_sound(*audit, std::uint64_t(last));
}

TEST_P(AuditTest, AfterARestartEachChangeIsTakenOnceAlsoWhereOnlyRequestsCameLast) {
    ASSERT_TRUE(started()->wait_until_taken(change_records(30), 5s));
    {
        auto audit = open_audit();
        for (int i = 0; i < 50; ++i)
            audit->record(caller_of(1), "session.create", "", 201);
    }
    const auto last = change_records(5);
    auto audit = started();
    ASSERT_TRUE(audit->wait_until_taken(last, 5s));
    EXPECT_EQ(seqs(*audit), one_to(last));
    expect_sound(*audit, std::uint64_t(last) + 50);
}

// A kill while a batch is written leaves any beginning of it.
TEST_P(AuditTest, AfterAKillAtAnyByteOfABatchEachChangeIsTakenOnce) {
    testing::Folder after;
    const auto last = change_records(40);
    {
        auto audit = started();
        ASSERT_TRUE(audit->wait_until_taken(last, 5s));
        rig_.copy_log_to(after.file("log"));
    }
    std::string segment;
    for (const auto& file : std::filesystem::directory_iterator(after.file("log")))
        if (file.path().extension() == ".log")
            segment = file.path().filename();
    const auto whole = event_log::contents_of(after.file("log/" + segment));
    const auto used = whole.find_last_not_of('\0') + 1;
    int cuts = 0;
    for (std::size_t cut = 1; cut < used; cut += 977, ++cuts) {
        std::filesystem::remove_all(rig_.log_folder());
        std::filesystem::copy(after.file("log"), rig_.log_folder(), std::filesystem::copy_options::recursive);
        event_log::put_contents(rig_.log_folder() + "/" + segment, whole.substr(0, cut));
        auto audit = started();
        ASSERT_TRUE(audit->wait_until_taken(last, 5s)) << cut;
        ASSERT_EQ(seqs(*audit), one_to(last)) << cut;
        expect_sound(*audit, std::uint64_t(last));
    }
    EXPECT_GT(cuts, 10);
}

TEST_P(AuditTest, AnOlderDatabaseIsNotedAndFollowedFromThere) {
    ASSERT_TRUE(started()->wait_until_taken(change_records(10), 5s));
    ASSERT_TRUE(
        database_->write([](store::Session& session) { return session.execute("DELETE FROM change WHERE seq > 6"); }));
    auto audit = started();
    EXPECT_EQ(entries(*audit).back().at("verb"), "database.restored");
    EXPECT_EQ(seqs(*audit).back(), 6);
    const auto last = change_records(2);
    ASSERT_TRUE(audit->wait_until_taken(last, 5s));
    audit.reset();
    audit = started();
    EXPECT_EQ(entries(*audit).size(), 13u);
}

TEST(Entry, OnlyChangesHaveASeq) {
    EXPECT_EQ(seq_of(R"({"seq":12,"op":"create"})"), 12);
    EXPECT_EQ(seq_of(R"({"verb":"session.create"})"), std::nullopt);
    EXPECT_EQ(seq_of("not json"), std::nullopt);
}

} // namespace
} // namespace onefold::audit
