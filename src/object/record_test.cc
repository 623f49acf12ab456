#include "object/object_rig.h"

#include <random>

namespace onefold::object {
namespace {

class RecordTest : public ObjectRig {};
ON_BOTH_DATABASES(RecordTest);

TEST_P(RecordTest, AnOrderIsCreatedThenUnchangedThenUpdated) {
    const auto draft = order("A1", ann, {line("x", "2", "9.95")});
    auto saved = save(std::vector{draft});
    EXPECT_EQ(saved.saved, (std::vector{Saved::created}));
    EXPECT_EQ(saved.nodes, (std::vector{ann}));
    saved = save(std::vector{draft});
    EXPECT_EQ(saved.saved, (std::vector{Saved::unchanged}));
    EXPECT_TRUE(saved.nodes.empty());
    saved = save(std::vector{order("A1", bob, {line("x", "3", "9.95")})});
    EXPECT_EQ(saved.saved, (std::vector{Saved::updated}));
    EXPECT_EQ(saved.nodes, (std::vector{ann, bob})) << "the old owner and the new one";
    EXPECT_EQ(ask("SELECT COUNT(*) FROM record_order"), 1);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM record_order_line"), 1);
    EXPECT_EQ(ask("SELECT version FROM record_order"), 2);
    EXPECT_EQ(totals_of(ann_customer).order_count, 0);
    EXPECT_EQ(totals_of(bob_customer).spend.at(0).second.to_string(), "29.85");
}

TEST_P(RecordTest, OneNumberInTwoScopesIsTwoOrders) {
    auto other = order("A1", ann, {line("x", "1", "1")});
    other.number_scope = "store";
    EXPECT_EQ(save(std::vector{order("A1", ann, {line("x", "1", "1")}), other}).saved,
        (std::vector{Saved::created, Saved::created}));
}

TEST_P(RecordTest, OfTwoDraftsWithOneNumberTheLaterWins) {
    const auto saved = save(std::vector{order("A1", ann, {line("x", "1", "1")}), order("B", ann, {line("x", "1", "7")}),
        order("A1", ann, {line("x", "1", "2")})});
    EXPECT_EQ(saved.saved, (std::vector{Saved::unchanged, Saved::created, Saved::created}));
    EXPECT_EQ(totals_of(ann_customer).spend.at(0).second.to_string(), "9");
}

TEST_P(RecordTest, EqualLinesStayInTheirOrder) {
    save(std::vector{order("A1", ann, {line("y", "1", "2.5"), line("x", "1", "2.5"), line("y", "1", "2.5")})});
    EXPECT_EQ(ask("SELECT COUNT(*) FROM record_order_line WHERE sku = 'y'"), 2);
    EXPECT_EQ(ask("SELECT line_number FROM record_order_line WHERE sku = 'x'"), 2);
    EXPECT_EQ(ask("SELECT line_count FROM record_order"), 3);
    EXPECT_EQ(save(std::vector{order("A1", ann, {line("y", "1", "2.5"), line("x", "1", "2.5")})}).saved,
        (std::vector{Saved::updated}))
        << "one line fewer";
    EXPECT_EQ(totals_of(ann_customer).spend.at(0).second.to_string(), "5");
}

TEST_P(RecordTest, OnlyAnotherOrderOfLinesIsAnUpdateToo) {
    save(std::vector{order("A1", ann, {line("x", "1", "1"), line("y", "1", "1")})});
    EXPECT_EQ(save(std::vector{order("A1", ann, {line("y", "1", "1"), line("x", "1", "1")})}).saved,
        (std::vector{Saved::updated}));
    EXPECT_EQ(ask("SELECT line_number FROM record_order_line WHERE sku = 'y'"), 1);
}

TEST_P(RecordTest, TotalsOfManyOrdersAreExact) {
    std::mt19937_64 engine{3};
    std::vector<OrderDraft> drafts;
    Decimal sum;
    for (int i = 0; i < 300; ++i) {
        std::vector<OrderLineDraft> lines;
        for (auto n = 1 + engine() % 5; n > 0; --n) {
            lines.push_back({"x", "", Decimal::of(std::int64_t(engine() % 200) - 50),
                Decimal::of_scaled(std::int64_t(engine() % 100'000), 3)});
            sum = *sum.plus(*lines.back().quantity.times(lines.back().price));
        }
        drafts.push_back(order(fmt::format("N{}", i), i % 2 ? ann : ann_in_app, std::move(lines)));
    }
    save(drafts);
    const auto totals = totals_of(ann_customer);
    EXPECT_EQ(totals.order_count, 300);
    EXPECT_EQ(totals.spend.at(0).second.to_string(), sum.to_string());
}

TEST_P(RecordTest, ACreditCountsReducesSpendAndIsNoPurchase) {
    save(std::vector{order("A1", ann, {line("x", "2", "10")}, "2026-01-02T00:00:00Z"),
        order("C1", ann, {line("x", "-1", "10")}, "2026-01-05T00:00:00Z")});
    const auto totals = totals_of(ann_customer);
    EXPECT_EQ(totals.order_count, 2);
    EXPECT_EQ(totals.spend.at(0).second.to_string(), "10");
    EXPECT_EQ(totals.last_purchase_at, time_of("2026-01-02T00:00:00Z"));
    EXPECT_EQ(totals.last_at, time_of("2026-01-05T00:00:00Z"));
    EXPECT_EQ(ask("SELECT is_credit FROM record_order WHERE number = 'C1'"), 1);
}

TEST_P(RecordTest, EachCurrencyIsSummedForItself) {
    save(std::vector{order("A1", ann, {line("x", "1", "10")}),
        order("A2", ann, {line("x", "1", "3.5")}, "2026-01-04T00:00:00Z", "USD"),
        order("A3", ann, {line("x", "1", "1.25")}, "2026-01-04T00:00:00Z", "USD")});
    const auto totals = totals_of(ann_customer);
    ASSERT_EQ(totals.spend.size(), 2u);
    EXPECT_EQ(totals.spend[0].first, "CNY");
    EXPECT_EQ(totals.spend[1].first, "USD");
    EXPECT_EQ(totals.spend[1].second.to_string(), "4.75");
    EXPECT_EQ(totals.order_count, 3);
}

TEST_P(RecordTest, AnOrderOfNobodyIsKept) {
    const auto saved = save(std::vector{order("A1", NodeId{}, {line("x", "1", "10")})});
    EXPECT_EQ(saved.saved, (std::vector{Saved::created}));
    EXPECT_TRUE(saved.nodes.empty());
    EXPECT_EQ(ask("SELECT COUNT(*) FROM record_order WHERE node_id IS NULL"), 1);
    EXPECT_EQ(save(std::vector{order("A1", ann, {line("x", "1", "10")})}).nodes, (std::vector{ann}));
}

TEST_P(RecordTest, ChangesSayWhatWasAndWhatIs) {
    save(std::vector{order("A1", ann, {line("x", "2", "9.95")})});
    save(std::vector{order("A1", ann, {line("x", "3", "9.95")})});
    save(std::vector{order("A1", ann, {line("x", "3", "9.95")})});
    const auto all = changes();
    ASSERT_EQ(all.size(), 2u) << "an unchanged record writes none";
    EXPECT_EQ(all[0].entry.op, change::Op::create);
    EXPECT_FALSE(all[0].entry.before);
    EXPECT_EQ(all[0].entry.after->at("101"), "A1");
    EXPECT_EQ(all[0].cause_kind, "import");
    EXPECT_EQ(all[1].entry.op, change::Op::update);
    EXPECT_EQ(all[1].entry.version, 2);
    EXPECT_EQ(all[1].entry.record, all[0].entry.record);
    EXPECT_EQ(all[1].entry.before->at("106"), "19.9");
    EXPECT_EQ(all[1].entry.after->at("106"), "29.85");
    EXPECT_EQ(all[1].entry.after->at("lines").at(0), (boost::json::array{"x", "name of x", "3", "9.95"}));
}

TEST_P(RecordTest, TicketsAreSavedLikewise) {
    auto draft = ticket("T1", ann, "发票没收到");
    draft.rating = decimal("4.5");
    EXPECT_EQ(
        save(std::vector{draft, ticket("T2", ann, "second")}).saved, (std::vector{Saved::created, Saved::created}));
    EXPECT_EQ(save(std::vector{draft}).saved, (std::vector{Saved::unchanged}));
    draft.status = "closed";
    draft.time.reset();
    EXPECT_EQ(save(std::vector{draft}).saved, (std::vector{Saved::updated}));
    EXPECT_EQ(ask("SELECT rating FROM record_ticket WHERE number = 'T1'"), 450);
    const auto totals = totals_of(ann_customer);
    EXPECT_EQ(totals.ticket_count, 2);
    EXPECT_EQ(totals.first_at, time_of("2026-01-03T00:00:00Z"));
    EXPECT_EQ(totals_of(bob_customer).ticket_count, 0);
    EXPECT_FALSE(totals_of(bob_customer).first_at);
}

TEST(TotalOf, RefusesWhatTheColumnsCannotHoldExactly) {
    EXPECT_EQ(total_of({line("x", "0.5", "0.00001"), line("y", "-2", "3")})->to_string(), "-5.999995");
    EXPECT_EQ(total_of({line("x", "0.125", "0.33333")}).error().code, "decimal.out_of_range");
    EXPECT_EQ(total_of({line("x", "9000000", "1000000"), line("x", "9000000", "1000000")}).error().code,
        "decimal.out_of_range");
    EXPECT_EQ(total_of({})->to_string(), "0");
}

TEST_P(RecordTest, AFailedDraftKeepsNothingOfItsCall) {
    const auto failed = database_->write([&](store::Session& session) {
        return save_orders(session, author(),
            {order("A1", ann, {line("x", "1", "1")}), order("A2", ann, {line("x", "9999999999999", "9999999")})});
    });
    EXPECT_FALSE(failed);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM record_order"), 0);
}

} // namespace
} // namespace onefold::object
