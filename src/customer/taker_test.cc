#include "customer/customer_rig.h"

namespace onefold::customer {
namespace {

// Batches taken by hand, whose figures stay in memory until somebody settles them.
class TakerTest : public CustomerRig {
  protected:
    void SetUp() override {
        CustomerRig::SetUp();
        start();
    }
    void start() {
        taker_ = std::make_unique<Taker>(*database_, *log_, *sources_, *customers_, outside_.clock);
        const auto cursor = database_->read([](store::Session& session) { return Taker::cursor(session); });
        VERIFY(cursor);
        VERIFY(taker_->begin(cursor->value_or(log_->begin())));
        if (*cursor)
            next_ = **cursor;
    }
    // As after a kill: what is in memory alone is gone.
    void restart() {
        taker_.reset();
        close_all();
        open_all();
        start();
    }
    void take(bool may_wait) {
        if (next_ == Position{})
            next_ = log_->begin();
        const auto batch = taker_->read(next_, 1000);
        VERIFY(batch);
        const auto taken = taker_->take(*batch, may_wait);
        VERIFY(taken);
        next_ = taken->next;
    }
    static std::string event(const std::string& who, int day, const std::string& more = "") {
        return fmt::format(
            R"({{"type":"track",{},"event":"E","timestamp":"2025-05-{:02}T00:00:00Z"{}}})", who, day, more);
    }
    std::int64_t written(CustomerId customer) {
        const auto found = database_->read([&](store::Session& session) {
            return session.find_integer(
                "SELECT event_count FROM customer_activity WHERE customer_id = $1", {customer.value});
        });
        VERIFY(found);
        return found->value_or(-1);
    }
    static std::string span(const Customer& customer) {
        return fmt::format("{} {}..{}", customer.computed.event_count,
            to_rfc3339(*customer.computed.first_seen_at).substr(8, 2),
            to_rfc3339(*customer.computed.last_seen_at).substr(8, 2));
    }

    std::unique_ptr<Taker> taker_;
    Position next_;
};
ON_BOTH_DATABASES(TakerTest);

const std::string user = R"("userId":"u1")", browser = R"("anonymousId":"b1")";

TEST_P(TakerTest, FiguresThatAreNotWrittenYetAreShownAllTheSame) {
    append({event(user, 2)});
    take(false);
    const CustomerId customer = find("user_id:u1");
    append({event(user, 1), event(user, 5)});
    take(true);
    append({event(user, 4)});
    take(true);
    EXPECT_EQ(written(customer), 1);
    EXPECT_EQ(span(get(customer)), "4 01..05");
    EXPECT_EQ(span(customers_->list({"user_id:u1", std::nullopt, {}, {}})->items.at(0)), "4 01..05");
    ASSERT_TRUE(taker_->settle());
    EXPECT_EQ(written(customer), 4);
    EXPECT_EQ(span(get(customer)), "4 01..05");
    ASSERT_TRUE(taker_->settle());
    EXPECT_EQ(written(customer), 4);
}

TEST_P(TakerTest, AKilledReaderFindsThemInTheLog) {
    append({event(user, 2)});
    take(false);
    const CustomerId customer = find("user_id:u1");
    append({event(user, 1), event(user, 5), event(browser, 7)});
    take(true);
    restart();
    EXPECT_EQ(written(customer), 1);
    EXPECT_EQ(span(get(customer)), "3 01..05");
    append({event(user, 6)});
    take(false);
    EXPECT_EQ(written(customer), 4);
    EXPECT_EQ(span(get("anonymous_id:b1")), "1 07..07");
    restart();
    EXPECT_EQ(span(get(customer)), "4 01..06");
}

TEST_P(TakerTest, TheyFollowTheirNodeToWhoeverItBelongsToThen) {
    append({event(browser, 1)});
    take(false);
    append({event(user, 2)});
    take(false);
    append({event(browser, 3), event(browser, 4), event(user, 5)});
    take(true);
    append({event(user + "," + browser, 6)}); // now they are one
    take(true);
    const CustomerId customer = find("user_id:u1");
    EXPECT_EQ(find("anonymous_id:b1"), customer);
    EXPECT_EQ(written(customer), 2);
    EXPECT_EQ(span(get(customer)), "6 01..06");
    ASSERT_TRUE(taker_->settle());
    EXPECT_EQ(written(customer), 6);
    EXPECT_EQ(span(get(customer)), "6 01..06");
}

TEST_P(TakerTest, WhoWasNotThereThemselvesWasSeenOnlyWhereNothingElseWas) {
    const std::string passive = R"(,"context":{"active":false})";
    append({event(user, 3), event(user, 9, passive), event(browser, 4, passive)});
    take(true);
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(span(get("user_id:u1")), "2 03..03");
        EXPECT_EQ(span(get("anonymous_id:b1")), "1 04..04");
        ASSERT_TRUE(taker_->settle());
    }
}

TEST(ActivityTest, TellsWhatIsMissingInTablesAsTheyWereAndAsTheyAre) {
    Activity activity;
    const NodeId node{1};
    const Position begun{10}, later{20}, last{30};
    const auto sums = [&](std::int64_t count) {
        return EventSums{{node, {count, instant_of(count), instant_of(count), false}}};
    };
    activity.begin(begun);
    activity.add(sums(1));
    EXPECT_EQ(activity.missing({node}, begun).count, 1);
    EXPECT_EQ(activity.missing({node}, later).count, 0) << "written, and not told yet";
    EXPECT_EQ(activity.with(sums(2)).at(node).count, 3);
    activity.settle(later);
    EXPECT_EQ(activity.missing({node}, later).count, 0);
    EXPECT_EQ(activity.missing({node}, begun).count, 1) << "tables as they were";
    activity.add(sums(4));
    EXPECT_EQ(activity.missing({node}, later).count, 4);
    EXPECT_EQ(activity.missing({node}, begun).count, 5);
    EXPECT_EQ(activity.missing({NodeId{2}}, begun).count, 0);
    EXPECT_EQ(activity.settled(), later);
    activity.settle(last);
    EXPECT_EQ(activity.size(), 0u);
    EXPECT_EQ(activity.missing({node}, later).count, 4);
}

} // namespace
} // namespace onefold::customer
