#include "object/object_rig.h"
#include "object/order_statement_store.h"

#include <random>

namespace onefold::object {
namespace {

constexpr SourceId tracker{3}, erp{4};

Instant at(int minute) {
    return time_of("2026-03-01T00:00:00Z") + std::chrono::minutes{minute};
}

OrderStatement completed(int minute, std::string_view total, std::vector<OrderLineDraft> lines = {}) {
    OrderStatement said;
    said.completed_at = at(minute);
    said.buyer = {at(minute), ann};
    said.currency = {at(minute), "CNY"};
    said.status = {at(minute), "completed"};
    said.total = {at(minute), decimal(total)};
    if (!lines.empty())
        said.lines = {at(minute), std::move(lines)};
    return said;
}
OrderStatement status(int minute, std::string word) {
    OrderStatement said;
    said.status = {at(minute), std::move(word)};
    return said;
}
OrderStatement refund(std::string message, int minute, std::optional<std::string_view> amount = std::nullopt) {
    OrderStatement said;
    said.refunds[std::move(message)] = {at(minute), amount ? std::optional(decimal(*amount)) : std::nullopt, {}};
    return said;
}
OrderStatement merged(const std::vector<OrderStatement>& all) {
    OrderStatement one;
    for (const OrderStatement& said : all)
        merge(one, said);
    return one;
}
OrderDraft folded(const std::vector<SourceStatement>& statements) {
    const auto draft = fold(statements);
    VERIFY(draft);
    return *draft;
}
OrderDraft folded(const std::vector<OrderStatement>& said) {
    return folded({SourceStatement{tracker, Medium::message, 50, merged(said)}});
}

// Any of what a shop's messages may say.
OrderStatement any_statement(std::mt19937_64& engine) {
    const int minute = int(engine() % 6);
    const auto amount = std::to_string(engine() % 5 * 10);
    switch (engine() % 6) {
    case 0:
        return completed(minute, amount, {line("x", std::to_string(1 + engine() % 3), "10")});
    case 1:
        return completed(minute, amount);
    case 2:
        return status(minute, engine() % 2 ? "shipped" : "cancelled");
    case 3:
        return refund(fmt::format("m{}", engine() % 4), minute);
    case 4: {
        OrderStatement said = refund(fmt::format("m{}", engine() % 4), minute);
        said.refunds.begin()->second.lines = {{"x", decimal("1"), std::nullopt}};
        return said;
    }
    default:
        return refund(fmt::format("m{}", engine() % 4), minute, amount);
    }
}

TEST(OrderStatement, AnyOrderOfArrivalAndAnyRepetitionSayTheSame) {
    std::mt19937_64 engine{7};
    for (int round = 0; round < 300; ++round) {
        std::vector<OrderStatement> said;
        for (auto n = 1 + engine() % 8; n > 0; --n)
            said.push_back(any_statement(engine));
        const OrderStatement once = merged(said);
        auto again = said;
        again.insert(again.end(), said.begin(), said.begin() + std::ptrdiff_t(engine() % said.size()));
        std::ranges::shuffle(again, engine);
        ASSERT_EQ(merged(again), once) << "round " << round;
        const auto half = std::ptrdiff_t(engine() % (said.size() + 1));
        OrderStatement left = merged({said.begin(), said.begin() + half});
        merge(left, merged({said.begin() + half, said.end()}));
        ASSERT_EQ(left, once) << "round " << round;
        ASSERT_EQ(statement_of(to_json(once)), once) << boost::json::serialize(to_json(once));
    }
}

TEST(OrderStatement, OfTwoBuyersAtTheSameTimeTheOneNamedLaterCountsWhateverTheirIds) {
    for (const auto& [first, second] : {std::pair(NodeId{3}, NodeId{8}), {NodeId{8}, NodeId{3}}}) {
        OrderStatement order = completed(1, "10"), again = completed(1, "10"), older = completed(0, "10");
        order.buyer->value = first;
        again.buyer->value = second;
        merge(order, again);
        EXPECT_EQ(order.buyer->value, second);
        merge(order, older);
        EXPECT_EQ(order.buyer->value, second);
    }
}

TEST(OrderStatement, OfTooManyRefundsTheEarliestStayInAnyOrder) {
    std::mt19937_64 engine{1};
    std::vector<OrderStatement> said;
    for (int i = 0; i < 300; ++i)
        said.push_back(refund(fmt::format("m{}", i), i, "1"));
    const OrderStatement once = merged(said);
    EXPECT_EQ(once.refunds.size(), OrderStatement::refunds_max);
    EXPECT_FALSE(once.refunds.contains("m200"));
    std::ranges::shuffle(said, engine);
    EXPECT_EQ(merged(said), once);
}

TEST(OrderStatement, ARefundAloneIsNoOrder) {
    EXPECT_FALSE(fold({{tracker, Medium::message, 50, refund("m1", 1)}}));
    EXPECT_FALSE(fold({}));
}

TEST(OrderStatement, ARefundWithoutAmountIsTheWholeAndNothingIsRefundedTwice) {
    EXPECT_EQ(folded({completed(0, "27.5"), refund("m1", 1)}).refunded, decimal("27.5"));
    const auto order = folded({completed(0, "27.5"), refund("m1", 1), refund("m2", 2, "10")});
    EXPECT_EQ(order.refunded, decimal("27.5"));
    EXPECT_EQ(order.status, "refunded");
}

TEST(OrderStatement, PartialRefundsAddUpEachMessageOnce) {
    const auto order =
        folded({completed(0, "27.5"), refund("m1", 1, "5"), refund("m1", 1, "5"), refund("m2", 2, "2.5")});
    EXPECT_EQ(order.refunded, decimal("7.5"));
    EXPECT_EQ(order.total, decimal("27.5"));
    EXPECT_EQ(order.status, "partly_refunded");
}

TEST(OrderStatement, ARefundOfArticlesTakesThePriceOfTheOrdersLine) {
    OrderStatement back = refund("m1", 1);
    back.refunds["m1"].lines = {
        {"x", decimal("2"), std::nullopt}, {"y", decimal("1"), decimal("3")}, {"unknown", decimal("9"), std::nullopt}};
    const auto order = folded({completed(0, "30", {line("x", "3", "9")}), back});
    EXPECT_EQ(order.refunded, decimal("21"));
}

TEST(OrderStatement, ACancelledOrderStaysCancelledThroughItsRefundUntilSomethingNewerIsSaid) {
    EXPECT_EQ(folded({completed(0, "5"), status(1, "cancelled"), refund("m1", 2)}).status, "cancelled");
    EXPECT_EQ(folded({completed(0, "5"), status(1, "cancelled"), status(2, "shipped")}).status, "shipped");
    EXPECT_EQ(folded({completed(0, "5"), refund("m1", 1, "2"), status(2, "shipped")}).status, "shipped");
}

TEST(OrderStatement, BetweenSourcesTheMostTrustedSpeaksForEachPartThatItKnows) {
    OrderStatement seen = completed(5, "27.5", {line("x", "1", "27.5")});
    OrderStatement booked;
    booked.completed_at = at(9);
    booked.currency = {at(9), "CNY"};
    booked.total = {at(9), decimal("25")};
    const std::vector<SourceStatement> both{{tracker, Medium::message, 50, seen}, {erp, Medium::file, 80, booked}};
    auto order = folded(both);
    EXPECT_EQ(order.total, decimal("25"));
    EXPECT_EQ(order.source, erp);
    EXPECT_EQ(order.time, at(9));
    EXPECT_EQ(order.lines.size(), 1u) << "only the tracker knows the lines";
    EXPECT_EQ(order.buyer, ann) << "and the buyer";
    order = folded({{tracker, Medium::message, 90, seen}, {erp, Medium::file, 80, booked}});
    EXPECT_EQ(order.total, decimal("27.5"));
    EXPECT_EQ(order.time, at(5));
    order = folded({{tracker, Medium::message, 50, seen}, {erp, Medium::file, 50, booked}});
    EXPECT_EQ(order.total, decimal("25")) << "among equals who spoke last";
    EXPECT_EQ(order.time, at(5)) << "and when it was first said to be placed";
}

TEST(OrderStatement, TheOrderInWhichSourcesStandDoesNotMatter) {
    std::mt19937_64 engine{11};
    for (int round = 0; round < 200; ++round) {
        std::vector<SourceStatement> statements;
        for (const SourceId source : {shop, tracker, erp})
            statements.push_back({source, engine() % 2 ? Medium::file : Medium::message, int(engine() % 3),
                merged({completed(int(engine() % 3), std::to_string(engine() % 3)), any_statement(engine)})});
        const auto order = folded(statements);
        std::ranges::shuffle(statements, engine);
        const auto other = folded(statements);
        ASSERT_EQ(std::tie(order.source, order.buyer, order.time, order.currency, order.status, order.lines,
                      order.total, order.refunded),
            std::tie(other.source, other.buyer, other.time, other.currency, other.status, other.lines, other.total,
                other.refunded));
    }
}

class StatedOrderTest : public ObjectRig {
  protected:
    static int trust_of(SourceId source) { return source == erp ? 80 : 50; }
    SavedRecords state(const std::vector<OrderStatement>& said, std::string number = "A1", SourceId source = tracker) {
        std::vector<StatedOrder> stated;
        for (const OrderStatement& one : said)
            stated.push_back({"shop", number, source, one});
        auto saved = database_->write(
            [&](store::Session& session) { return state_orders(session, author(), stated, trust_of); });
        VERIFY(saved);
        return std::move(*saved);
    }
    SavedRecords import(OrderDraft draft, SourceId source) {
        draft.source = source;
        auto saved = database_->write(
            [&](store::Session& session) { return import_orders(session, author(), {draft}, trust_of); });
        VERIFY(saved);
        return std::move(*saved);
    }
    std::string spend() { return totals_of(ann_customer).spend.at(0).second.to_string(); }
    // All of the record, as text.
    std::string record() {
        std::string text;
        VERIFY(database_->read([&](store::Session& session) {
            return session.each(
                "SELECT number, source_id, node_id, time, total, currency, status, line_count, refunded, is_cancelled "
                "FROM record_order ORDER BY number",
                {}, [&](const store::Row& row) -> Result<> {
                    text += fmt::format("{} {} {} {} {} {} {} {} {} {}\n", row.text(0), row.integer(1),
                        row.optional_integer(2).value_or(0), row.integer(3), row.integer(4), row.text(5), row.text(6),
                        row.integer(7), row.integer(8), row.integer(9));
                    return {};
                });
        }));
        return text;
    }
    void forget() {
        VERIFY(database_->write([](store::Session& session) -> Result<> {
            for (const char* table : {"record_order_line", "record_order", "order_statement", "change"})
                TRY(session.execute(fmt::format("DELETE FROM {}", table)));
            return {};
        }));
    }
};
ON_BOTH_DATABASES(StatedOrderTest);

TEST_P(StatedOrderTest, MessagesMakeAnOrderChangeItAndRepeatNothing) {
    auto saved = state({completed(0, "27.5", {line("x", "1", "25")})});
    EXPECT_EQ(saved.saved, (std::vector{Saved::created}));
    EXPECT_EQ(spend(), "27.5");
    EXPECT_EQ(ask("SELECT line_count FROM record_order"), 1);
    EXPECT_TRUE(state({completed(0, "27.5", {line("x", "1", "25")})}).saved.empty()) << "nothing new was said";
    EXPECT_EQ(state({refund("m1", 5, "7.5")}).saved, (std::vector{Saved::updated}));
    EXPECT_EQ(spend(), "20");
    EXPECT_EQ(totals_of(ann_customer).order_count, 1);
    EXPECT_EQ(ask("SELECT version FROM record_order"), 2);
    state({status(6, "cancelled")});
    EXPECT_EQ(spend(), "0");
    EXPECT_FALSE(totals_of(ann_customer).last_purchase_at);
    EXPECT_EQ(totals_of(ann_customer).order_count, 1);
}

TEST_P(StatedOrderTest, AnErpsFileAndTheTrackersMessagesAreOneOrderInAnyOrder) {
    const auto file = [&] { import(order("A1", bob, {line("x", "2", "12.5")}), erp); };
    const auto paid = [&] { state({completed(0, "27.5", {line("x", "2", "12.5")})}); };
    const auto back = [&] { state({refund("m1", 3, "5")}); };
    std::vector<std::function<void()>> said{file, paid, back, file, paid};
    std::string first;
    std::vector<int> order_of{0, 1, 2, 3, 4};
    do {
        forget();
        for (const int i : order_of)
            said[std::size_t(i)]();
        if (first.empty())
            first = record();
        ASSERT_EQ(record(), first);
    } while (std::ranges::next_permutation(order_of).found);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM record_order"), 1);
    EXPECT_EQ(ask("SELECT total FROM record_order"), 25'000'000) << "the ERP is trusted more";
    EXPECT_EQ(ask("SELECT refunded FROM record_order"), 5'000'000) << "and says nothing of refunds";
    EXPECT_EQ(ask("SELECT node_id FROM record_order"), bob.value);
}

TEST_P(StatedOrderTest, TheSameFileASecondTimeChangesNothingAlsoWhereOthersSpokeSince) {
    const auto draft = order("A1", ann, {line("x", "1", "25")});
    EXPECT_EQ(import(draft, shop).saved, (std::vector{Saved::created}));
    EXPECT_EQ(ask("SELECT COUNT(*) FROM order_statement"), 0) << "nobody else spoke";
    OrderStatement newer = completed(0, "30");
    newer.total->at = time_of("2026-02-01T00:00:01Z"); // after the import
    state({newer});
    EXPECT_EQ(ask("SELECT COUNT(*) FROM order_statement"), 2);
    EXPECT_EQ(spend(), "30");
    EXPECT_EQ(import(draft, shop).saved, (std::vector{Saved::unchanged}));
    EXPECT_EQ(spend(), "30");
    EXPECT_EQ(import(draft, erp).saved, (std::vector{Saved::updated})) << "a more trusted one that shares the scope";
    EXPECT_EQ(spend(), "25");
}

TEST_P(StatedOrderTest, TwoSourcesFilesThatShareAScopeAreOneOrder) {
    import(order("A1", ann, {line("x", "1", "25")}), shop);
    import(order("A1", ann, {line("x", "1", "26")}), erp);
    EXPECT_EQ(spend(), "26");
    EXPECT_EQ(import(order("A1", ann, {line("x", "1", "25")}), shop).saved, (std::vector{Saved::unchanged}));
    EXPECT_EQ(spend(), "26");
}

TEST_P(StatedOrderTest, ARefundBeforeItsOrderCountsOnceTheOrderComes) {
    EXPECT_TRUE(state({refund("m1", 5)}).saved.empty());
    EXPECT_EQ(ask("SELECT COUNT(*) FROM record_order"), 0);
    state({completed(0, "27.5")});
    EXPECT_EQ(spend(), "0");
    EXPECT_EQ(ask("SELECT COUNT(*) FROM record_order WHERE status = 'refunded'"), 1);
}

} // namespace
} // namespace onefold::object
