#include "customer/customer_rig.h"

namespace onefold::customer {
namespace {

class CustomerTest : public CustomerRig {
  protected:
    void identify(
        const std::string& user, const std::string& traits, const std::string& time = "2025-05-01T00:00:00Z") {
        append(
            {fmt::format(R"({{"type":"identify","userId":"{}","traits":{},"timestamp":"{}"}})", user, traits, time)});
    }
};
ON_BOTH_DATABASES(CustomerTest);

using Names = std::vector<std::string>;

TEST_P(CustomerTest, OrdersMakeFiguresAndStandOnTheTimeline) {
    identify("u1", R"({"name":"Ann"})", "2025-05-02T00:00:00Z");
    take_in();
    const auto id = find("user_id:u1");
    save({order("A1", node_of(id), "2025-05-01T00:00:00Z", "19.90"),
        order("C1", node_of(id), "2025-05-03T00:00:00Z", "-9.95")});
    const auto computed = get(id).computed;
    EXPECT_EQ(computed.order_count, 2);
    EXPECT_EQ(computed.total_spend, "9.95");
    EXPECT_EQ(to_rfc3339(*computed.last_purchase_at), "2025-05-01T00:00:00Z");
    EXPECT_EQ(to_rfc3339(*computed.first_seen_at), "2025-05-01T00:00:00Z");
    EXPECT_EQ(to_rfc3339(*computed.last_seen_at), "2025-05-03T00:00:00Z");
    const auto items = timeline_of(id);
    EXPECT_EQ(names(items), (Names{"C1", "", "A1"}));
    EXPECT_EQ(items[0].kind, "order");
    EXPECT_EQ(items[0].source, "shop");
    EXPECT_EQ(items[0].properties.at("total"), "-9.95");
    EXPECT_FALSE(items[0].position);
}

TEST_P(CustomerTest, SpendInAnotherCurrencyIsShownAndNotAdded) {
    identify("u1", "{}");
    take_in();
    const auto id = find("user_id:u1");
    save({order("A1", node_of(id), "2025-05-01T00:00:00Z", "10", "USD")});
    EXPECT_EQ(get(id).computed.currency, "USD") << "one currency stands for itself";
    save({order("A2", node_of(id), "2025-05-01T00:00:00Z", "7", "CNY")});
    const auto computed = get(id).computed;
    EXPECT_EQ(computed.currency, "CNY");
    EXPECT_EQ(computed.total_spend, "7");
    ASSERT_EQ(computed.unconverted.size(), 1u);
    EXPECT_EQ(computed.unconverted[0].currency, "USD");
    EXPECT_EQ(computed.unconverted[0].amount, "10");
}

TEST_P(CustomerTest, AMergeBringsOrdersAndFiguresTogether) {
    identify("u1", "{}");
    identify("u2", "{}");
    take_in();
    const auto one = find("user_id:u1"), two = find("user_id:u2");
    save({order("A1", node_of(one), "2025-05-01T00:00:00Z", "10"),
        order("A2", node_of(two), "2025-06-01T00:00:00Z", "5")});
    // One unionid: the two accounts are one person.
    identify("u1", R"({"unionid":"w"})");
    identify("u2", R"({"unionid":"w"})");
    take_in();
    const auto customer = get(one);
    EXPECT_EQ(customer.computed.order_count, 2);
    EXPECT_EQ(customer.computed.total_spend, "15");
    EXPECT_EQ(customer.computed.event_count, 4);
    EXPECT_EQ(get(two).merged_into, one);
    EXPECT_EQ(timeline_of(one).size(), 6u);
    const auto lineage = customers_->lineage(two);
    ASSERT_TRUE(lineage);
    EXPECT_EQ(lineage->nodes.size(), 2u);
    ASSERT_EQ(lineage->links.size(), 1u);
    EXPECT_EQ(lineage->links[0].rule, "same_unionid");
}

TEST_P(CustomerTest, ProvenanceSaysWhereAValueCameFromAndWhatElseWasSaid) {
    identify("u1", R"({"name":"Ann","unionid":"w"})", "2025-05-01T00:00:00Z");
    identify("u2", R"({"name":"Anna","plan":"none","unionid":"w"})", "2025-05-02T00:00:00Z");
    take_in();
    const auto id = find("user_id:u1");
    const auto provenance = customers_->get_provenance(id);
    ASSERT_TRUE(provenance);
    EXPECT_EQ(*provenance,
        boost::json::parse(R"({"name":{"value":"Anna","source":"web","at":"2025-05-02T00:00:00Z","rule":"most_recent",
        "is_verified":false,"others":[{"value":"Ann","source":"web","at":"2025-05-01T00:00:00Z","is_verified":false}]}})"));
    EXPECT_EQ(get(id).fields.at("name"), "Anna");
}

TEST_P(CustomerTest, ListsFilterAndSortByFieldsAndFigures) {
    for (const auto& [user, name] :
        std::vector<std::pair<std::string, std::string>>{{"u1", "Ann"}, {"u2", "Bob"}, {"u3", "Cas"}})
        identify(user, fmt::format(R"({{"name":"{}"}})", name));
    take_in();
    save({order("A1", node_of(find("user_id:u1")), "2025-05-01T00:00:00Z", "10"),
        order("A2", node_of(find("user_id:u3")), "2025-05-01T00:00:00Z", "30")});
    const auto list = [&](const Listing& listing) {
        Names all;
        const auto page = customers_->list(listing);
        EXPECT_TRUE(page);
        if (page)
            for (const Customer& customer : page->items)
                all.emplace_back(customer.fields.at("name").as_string());
        return all;
    };
    EXPECT_EQ(list({std::nullopt, std::nullopt, {{{"total_spend"}, query::Direction::descending}}, {}}),
        (Names{"Cas", "Ann", "Bob"}));
    EXPECT_EQ(
        list({std::nullopt,
            formula::call(formula::Operator::contains, {formula::field({"name"}), formula::literal(std::string("b"))}),
            {}, {}}),
        (Names{"Bob"}));
    EXPECT_EQ(list({"user_id:u2", std::nullopt, {}, {}}), (Names{"Bob"}));
    EXPECT_TRUE(list({"user_id:nobody", std::nullopt, {}, {}}).empty());
    EXPECT_EQ(customers_->list({"colour:red", std::nullopt, {}, {}}).error().code, "identity.unknown_type");
    EXPECT_EQ(customers_->get(CustomerId{999}).error().code, "customer.no_such_customer");
    EXPECT_EQ(customers_->timeline(CustomerId{999}, 10, "").error().code, "customer.no_such_customer");
}

TEST_P(CustomerTest, TheTimelinePagesThroughEqualInstantsWithoutGapsOrRepeats) {
    std::vector<std::string> payloads;
    for (int i = 0; i < 25; ++i)
        payloads.push_back(fmt::format(
            R"({{"type":"track","userId":"u1","event":"e{}","timestamp":"2025-05-0{}T00:00:00Z"}})", i, 1 + i % 3));
    append(payloads);
    take_in();
    const auto id = find("user_id:u1");
    std::vector<object::OrderDraft> orders;
    for (int i = 0; i < 25; ++i)
        orders.push_back(
            order(fmt::format("o{}", i), node_of(id), fmt::format("2025-05-0{}T00:00:00Z", 1 + i % 3), "1"));
    save(orders);
    for (const int limit : {1, 7, 50}) {
        Names all;
        std::string after;
        Instant last = Instant::max();
        do {
            const auto page = customers_->timeline(id, limit, after);
            ASSERT_TRUE(page);
            EXPECT_LE(page->items.size(), std::size_t(limit));
            for (const TimelineItem& item : page->items) {
                EXPECT_LE(item.at, last);
                last = item.at;
                all.push_back(item.name);
            }
            after = page->next;
        } while (!after.empty());
        EXPECT_EQ(all.size(), 50u) << limit;
        std::ranges::sort(all);
        EXPECT_EQ(std::ranges::unique(all).size(), 0u) << limit;
    }
    EXPECT_EQ(customers_->timeline(id, 10, "not a cursor").error().code, "customer.bad_page");
}

} // namespace
} // namespace onefold::customer
