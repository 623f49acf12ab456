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
        taker_ = std::make_unique<Taker>(*database_, *log_, *sources_, *customers_, outside_.clock, pace_);
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
    void take(Figures figures) {
        if (next_ == Position{})
            next_ = log_->begin();
        const auto batch = taker_->read(next_, 1000);
        VERIFY(batch);
        const auto taken = taker_->take(*batch, figures);
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
        const auto day = [](const std::optional<Instant>& at) { return at ? to_rfc3339(*at).substr(8, 2) : ""; };
        return fmt::format("{} {}..{}", customer.computed.event_count, day(customer.computed.first_seen_at),
            day(customer.computed.last_seen_at));
    }

    void write_piece(int pieces) {
        for (int i = 0; i < pieces; ++i)
            VERIFY(taker_->settle_piece());
    }

    Pace pace_;
    std::unique_ptr<Taker> taker_;
    Position next_;
};
ON_BOTH_DATABASES(TakerTest);

const std::string user = R"("userId":"u1")", browser = R"("anonymousId":"b1")";

TEST_P(TakerTest, FiguresThatAreNotWrittenYetAreShownAllTheSame) {
    append({event(user, 2)});
    take(Figures::at_once);
    const CustomerId customer = find("user_id:u1");
    append({event(user, 1), event(user, 5)});
    take(Figures::spread);
    append({event(user, 4)});
    take(Figures::spread);
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
    take(Figures::at_once);
    const CustomerId customer = find("user_id:u1");
    append({event(user, 1), event(user, 5), event(browser, 7)});
    take(Figures::spread);
    restart();
    EXPECT_EQ(written(customer), 1);
    EXPECT_EQ(span(get(customer)), "3 01..05");
    append({event(user, 6)});
    take(Figures::at_once);
    EXPECT_EQ(written(customer), 4);
    EXPECT_EQ(span(get("anonymous_id:b1")), "1 07..07");
    restart();
    EXPECT_EQ(span(get(customer)), "4 01..06");
}

TEST_P(TakerTest, TheyFollowTheirNodeToWhoeverItBelongsToThen) {
    append({event(browser, 1)});
    take(Figures::at_once);
    append({event(user, 2)});
    take(Figures::at_once);
    append({event(browser, 3), event(browser, 4), event(user, 5)});
    take(Figures::spread);
    append({event(user + "," + browser, 6)}); // now they are one
    take(Figures::spread);
    const CustomerId customer = find("user_id:u1");
    EXPECT_EQ(find("anonymous_id:b1"), customer);
    EXPECT_EQ(written(customer), 2);
    EXPECT_EQ(span(get(customer)), "6 01..06");
    ASSERT_TRUE(taker_->settle());
    EXPECT_EQ(written(customer), 6);
    EXPECT_EQ(span(get(customer)), "6 01..06");
}

TEST_P(TakerTest, WhoWasNotThereThemselvesWasNotSeen) {
    const std::string passive = R"(,"context":{"active":false})";
    append({event(user, 3), event(user, 9, passive), event(browser, 4, passive)});
    take(Figures::spread);
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(span(get("user_id:u1")), "2 03..03");
        EXPECT_EQ(span(get("anonymous_id:b1")), "1 04..");
        ASSERT_TRUE(taker_->settle());
    }
}

TEST_P(TakerTest, WhoIsThereLaterIsSeenThenWhateverWasSaidOfThemBefore) {
    append({event(user, 9, R"(,"context":{"active":false})")});
    take(Figures::at_once);
    EXPECT_EQ(span(get("user_id:u1")), "1 09..");
    append({event(user, 3)});
    take(Figures::spread);
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(span(get("user_id:u1")), "2 03..03");
        ASSERT_TRUE(taker_->settle());
    }
    append({event(user, 10, R"(,"context":{"active":false})")});
    take(Figures::at_once);
    EXPECT_EQ(span(get("user_id:u1")), "3 03..03");
}

// Each of three is written by itself, and shown right at every step, also after a kill and with events that come
// meanwhile.
TEST_P(TakerTest, ASweepGoesOnAfterAKillWhereItWas) {
    pace_ = {0, 1, 1, std::chrono::milliseconds{1}};
    start();
    const std::vector<std::string> who{R"("userId":"a")", R"("userId":"b")", R"("userId":"c")"};
    append({event(who[0], 1), event(who[1], 1), event(who[2], 1)});
    take(Figures::at_once);
    append({event(who[0], 2), event(who[1], 2), event(who[2], 2)});
    take(Figures::spread);
    append({event(who[0], 3), event(who[2], 3)});
    const auto counts = [&] {
        std::string all;
        for (const char* one : {"user_id:a", "user_id:b", "user_id:c"}) {
            const Customer customer = get(one);
            all += fmt::format("{}/{} ", written(customer.id), customer.computed.event_count);
        }
        return all;
    };
    EXPECT_EQ(counts(), "1/2 1/2 1/2 ");
    write_piece(1);
    EXPECT_EQ(counts(), "2/2 1/2 1/2 ");
    take(Figures::spread);
    EXPECT_EQ(counts(), "2/3 1/2 1/3 ");
    restart();
    EXPECT_EQ(counts(), "2/3 1/2 1/3 ");
    write_piece(1);
    EXPECT_EQ(counts(), "2/3 2/2 1/3 ");
    EXPECT_FALSE(taker_->is_settled());
    restart();
    ASSERT_TRUE(taker_->settle());
    EXPECT_EQ(counts(), "3/3 2/2 3/3 ");
    EXPECT_TRUE(taker_->is_settled());
    restart();
    EXPECT_TRUE(taker_->is_settled());
    EXPECT_EQ(counts(), "3/3 2/2 3/3 ");
}

TEST(ActivityTest, TellsWhatIsMissingInTablesAsTheyWereAndAsTheyAre) {
    Activity activity;
    const NodeId early{1}, late{2};
    const auto sums = [&](std::int64_t count) {
        const EventSum sum{count, instant_of(count), instant_of(count)};
        return EventSums{{early, sum}, {late, sum}};
    };
    const auto missing = [&](NodeId node, const Written& tables) { return activity.missing({node}, tables).count; };
    const Written begun{Position{10}, Position{10}, {}}, first_piece{Position{10}, Position{20}, early},
        swept{Position{20}, Position{20}, {}}, whole{Position{30}, Position{30}, {}};
    activity.begin(begun, {}, {});
    activity.add(sums(1));
    EXPECT_EQ(missing(early, begun), 1);
    EXPECT_EQ(missing(early, whole), 0) << "written, and not told yet";
    activity.begin_sweep(Position{20});
    activity.add(sums(2));
    EXPECT_EQ(missing(early, begun), 3);
    const auto piece = activity.next_of_sweep(1);
    ASSERT_EQ(piece.sums.size(), 1u);
    EXPECT_EQ(piece.sums.front().first, early);
    for (int told = 0; told < 2; ++told) {
        EXPECT_EQ(missing(early, first_piece), 2);
        EXPECT_EQ(missing(late, first_piece), 3);
        EXPECT_EQ(missing(early, begun), 3) << "tables as they were";
        EXPECT_EQ(activity.size(), told ? 3u : 4u);
        activity.settle(piece.then);
    }
    const auto rest = activity.next_of_sweep(5);
    ASSERT_EQ(rest.sums.size(), 1u);
    EXPECT_EQ(rest.sums.front().first, late);
    for (int told = 0; told < 2; ++told) {
        EXPECT_EQ(missing(late, swept), 2);
        EXPECT_EQ(missing(early, first_piece), 2);
        EXPECT_EQ(missing(late, first_piece), 3);
        EXPECT_EQ(missing(late, begun), 3);
        if (!told)
            activity.settle(rest.then);
    }
    EXPECT_EQ(activity.written().settled, Position{20});
    const auto all = activity.all_with(sums(4), Position{30});
    EXPECT_EQ(all.sums.front().second.count, 6);
    activity.settle(all.then);
    EXPECT_EQ(activity.size(), 0u);
    EXPECT_EQ(missing(early, whole), 0);
    EXPECT_EQ(missing(early, swept), 2) << "tables as they were";
    EXPECT_EQ(missing(early, first_piece), 2) << "tables as they were before that";
    EXPECT_EQ(missing(late, first_piece), 3);
    EXPECT_TRUE(activity.is_missing(swept));
    EXPECT_FALSE(activity.is_missing(whole));
    EXPECT_EQ(missing(NodeId{3}, swept), 0);
}

} // namespace
} // namespace onefold::customer
