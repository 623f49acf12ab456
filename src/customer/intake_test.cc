#include "customer/customer_rig.h"

#include <filesystem>
#include <fstream>

namespace onefold::customer {
namespace {

class IntakeTest : public CustomerRig {
  protected:
    static std::string track(const std::string& user, const std::string& event, const std::string& time) {
        return fmt::format(R"({{"type":"track","userId":"{}","event":"{}","properties":{{"n":1}},"timestamp":"{}"}})",
            user, event, time);
    }
    void restart() {
        intake_->stop();
        close_all();
        open_all();
        is_started_ = false;
    }
    // Names and bytes.
    std::map<std::string, std::string> run_files() const {
        std::map<std::string, std::string> files;
        for (const auto& file : std::filesystem::directory_iterator(folder_.file("timeline")))
            if (file.path().extension() == ".run") {
                std::ifstream bytes(file.path(), std::ios::binary);
                files[file.path().filename().string()] = std::string(std::istreambuf_iterator<char>(bytes), {});
            }
        return files;
    }
};
ON_BOTH_DATABASES(IntakeTest);

using Names = std::vector<std::string>;

TEST_P(IntakeTest, EventsBecomeACustomerWithFiguresAndTimeline) {
    append({track("u1", "second", "2025-05-02T00:00:00Z"), track("u1", "first", "2025-05-01T00:00:00Z"),
        R"({"type":"identify","userId":"u1","traits":{"name":"王芳","phone":"13912345678"},"timestamp":"2025-05-03T00:00:00Z"})"});
    take_in();
    const auto customer = get("user_id:u1");
    EXPECT_EQ(customer.state, "active");
    EXPECT_EQ(customer.kind, "person");
    EXPECT_EQ(customer.fields, (boost::json::object{{"name", "王芳"}}));
    EXPECT_EQ(customer.computed.event_count, 3);
    EXPECT_EQ(to_rfc3339(*customer.computed.first_seen_at), "2025-05-01T00:00:00Z");
    EXPECT_EQ(to_rfc3339(*customer.computed.last_seen_at), "2025-05-03T00:00:00Z");
    EXPECT_FALSE(customer.computed.last_purchase_at);
    EXPECT_EQ(customer.computed.total_spend, "0");
    EXPECT_EQ(customer.computed.currency, "CNY");
    ASSERT_EQ(customer.identifiers.size(), 2u);
    EXPECT_EQ(customer.identifiers[0].value, "+8613912345678");
    EXPECT_EQ(find("phone:139 1234 5678"), customer.id);

    const auto items = timeline_of(customer.id);
    EXPECT_EQ(names(items), (Names{"", "second", "first"}));
    EXPECT_EQ(items[0].kind, "identify");
    EXPECT_EQ(items[1].source, "web");
    EXPECT_EQ(items[1].properties, (boost::json::object{{"n", 1}}));
    EXPECT_TRUE(items[1].position);
}

TEST_P(IntakeTest, AVisitorWhoSignsInBringsWhatTheyDidBefore) {
    append({R"({"type":"page","anonymousId":"b1","name":"Home","timestamp":"2025-05-01T00:00:00Z"})"});
    take_in();
    const auto visitor = find("anonymous_id:b1");
    append({R"({"type":"track","userId":"u1","event":"Bought","timestamp":"2025-05-03T00:00:00Z"})"});
    take_in();
    const auto user = find("user_id:u1");
    EXPECT_NE(user, visitor);
    append({R"({"type":"identify","userId":"u1","anonymousId":"b1","timestamp":"2025-05-02T00:00:00Z"})"});
    take_in();
    EXPECT_EQ(find("user_id:u1"), visitor) << "the older one";
    EXPECT_EQ(get(visitor).computed.event_count, 3);
    EXPECT_EQ(names(timeline_of(visitor)), (Names{"Bought", "", "Home"}));
    const auto merged = get(user);
    EXPECT_EQ(merged.state, "merged");
    EXPECT_EQ(merged.merged_into, visitor);
    EXPECT_EQ(names(timeline_of(user)), (Names{"Bought", "", "Home"})) << "the old id still shows it";
}

TEST_P(IntakeTest, ClaimsAreNoEventsAndImportedEventsAre) {
    ImportedMessage claim;
    claim.subject_key = "member_no@shop:1";
    claim.identifiers = {{identity::find_identifier_type("member_no"), "shop", "1", false}};
    claim.facts = {{"name", "Ann"}};
    claim.at = *parse_rfc3339("2025-01-01T00:00:00Z");
    append(claim, event_log::FrameKind::claim);
    take_in();
    auto customer = get("member_no@shop:1");
    EXPECT_EQ(customer.computed.event_count, 0);
    EXPECT_FALSE(customer.computed.first_seen_at);
    EXPECT_EQ(customer.fields.at("name"), "Ann");
    EXPECT_TRUE(timeline_of(customer.id).empty());

    ImportedMessage event = claim;
    event.kind = "track";
    event.name = "Opened";
    append(event, event_log::FrameKind::imported);
    take_in();
    customer = get(customer.id);
    EXPECT_EQ(customer.computed.event_count, 1);
    EXPECT_EQ(names(timeline_of(customer.id)), (Names{"Opened"}));
}

TEST_P(IntakeTest, EventsOfNobodyAndUnreadableOnesDoNotHoldItUp) {
    append({"not json", R"({"type":"track","event":"nobody"})", R"({"type":"track","userId":"null","event":"nobody"})",
        track("u1", "mine", "2025-05-01T00:00:00Z")});
    take_in();
    EXPECT_EQ(get("user_id:u1").computed.event_count, 1);
    EXPECT_EQ(customers_->list({std::nullopt, std::nullopt, {}, {}})->items.size(), 1u);
}

TEST_P(IntakeTest, ALogOfAnotherDatabaseIsNotPassedBy) {
    VERIFY(log_->append_and_wait(
        {{SourceId{999}, "m", event_log::FrameKind::event, track("u1", "unknown source", "2025-05-01T00:00:00Z")}}));
    start_intake();
    EXPECT_FALSE(intake_->wait_until_visible(log_->end(), std::chrono::milliseconds{500}));
    ASSERT_TRUE(intake_->trouble());
    EXPECT_EQ(intake_->trouble()->code, "source.no_such_source");
}

TEST_P(IntakeTest, AnEventAsDeepAsTheDoorAllowsIsTakenUp) {
    std::string deep = "1";
    for (int i = 0; i < 60; ++i)
        deep = "[" + deep + "]";
    append({fmt::format(R"({{"type":"track","userId":"u1","event":"deep","properties":{{"x":{}}}}})", deep)});
    take_in();
    EXPECT_EQ(get("user_id:u1").computed.event_count, 1);
}

TEST_P(IntakeTest, AClockThatRunsAheadIsHeldToTheTimeOfArrival) {
    append({R"({"type":"identify","userId":"u1","timestamp":"9999-12-31T00:00:00Z","traits":{"name":"Ann"}})"});
    take_in();
    EXPECT_LT(*get("user_id:u1").computed.last_seen_at, *parse_rfc3339("9000-01-01T00:00:00Z"));
}

TEST_P(IntakeTest, EachEventCountsOnceThroughRestartsInTheMiddle) {
    constexpr int rounds = 8, users = 7;
    int appended = 0;
    for (int round = 0; round < rounds; ++round) {
        std::vector<std::string> payloads;
        for (int i = 0; i < 300; ++i, ++appended)
            payloads.push_back(track(fmt::format("u{}", appended % users), fmt::format("e{}", appended),
                fmt::format("2025-05-01T00:{:02}:{:02}Z", appended / 60 % 60, appended % 60)));
        append(payloads);
        start_intake();
        if (round % 2 == 0)
            continue; // stopped with its work before it, or in the middle of it
        intake_->stop();
        close_all();
        open_all();
        is_started_ = false;
    }
    take_in();
    std::int64_t counted = 0;
    std::size_t shown = 0;
    for (int user = 0; user < users; ++user) {
        const auto id = find(fmt::format("user_id:u{}", user));
        counted += get(id).computed.event_count;
        for (std::string after;;) {
            const auto page = customers_->timeline(id, 200, after);
            ASSERT_TRUE(page);
            shown += page->items.size();
            if ((after = page->next).empty())
                break;
        }
    }
    EXPECT_EQ(counted, appended);
    EXPECT_EQ(shown, std::size_t(appended));
}

TEST_P(IntakeTest, AMergeChangesNoRunOfTheTimeline) {
    for (int user = 0; user < 20; ++user)
        append({track(fmt::format("u{}", user), "before", "2025-05-01T00:00:00Z"),
            fmt::format(
                R"({{"type":"page","anonymousId":"b{}","name":"Home","timestamp":"2025-05-01T01:00:00Z"}})", user)});
    take_in();
    restart();
    const auto runs = run_files();
    ASSERT_FALSE(runs.empty());
    take_in();
    for (int user = 0; user < 20; ++user)
        append({fmt::format(
            R"({{"type":"identify","userId":"u{0}","anonymousId":"b{0}","timestamp":"2025-05-02T00:00:00Z"}})", user)});
    take_in();
    for (int user = 0; user < 20; ++user)
        EXPECT_EQ(names(timeline_of(find(fmt::format("user_id:u{}", user)))), (Names{"", "Home", "before"}));
    timeline_->rest();
    EXPECT_EQ(run_files(), runs);
}

TEST_P(IntakeTest, TheTimelineIsMadeAgainFromTheLog) {
    std::vector<std::string> payloads;
    for (int i = 0; i < 200; ++i)
        payloads.push_back(track(fmt::format("u{}", i % 3), fmt::format("e{}", i), "2025-05-01T00:00:00Z"));
    append(payloads);
    take_in();
    const auto before = names(timeline_of(find("user_id:u1")));
    restart();
    std::filesystem::remove_all(folder_.file("timeline"));
    restart();
    take_in();
    EXPECT_EQ(names(timeline_of(find("user_id:u1"))), before);
    EXPECT_FALSE(customers_->timeline(find("user_id:u1"), 1, "")->is_rebuilding);
}

TEST_P(IntakeTest, WaitsNoLongerThanAskedAndSaysWhatIsVisible) {
    append({track("u1", "a", "2025-05-01T00:00:00Z")});
    EXPECT_FALSE(intake_->wait_until_visible(log_->end(), std::chrono::milliseconds{20})) << "not started";
    Position told;
    intake_->notify([&](Position position) { told = position; });
    take_in();
    EXPECT_EQ(intake_->visible(), log_->end());
    intake_->stop();
    EXPECT_EQ(told, log_->end());
}

} // namespace
} // namespace onefold::customer
