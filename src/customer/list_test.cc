// The list's own fields: which sources know a customer, what identifiers it has, and how many came when.
#include "customer/customer_rig.h"
#include "customer/growth.h"
#include "formula/function.h"
#include "object/condition_with.h"
#include "object/listing.h"
#include "object/shipped.h"
#include "query/choices.h"

namespace onefold::customer {
namespace {

class CustomerList : public CustomerRig {
  protected:
    void SetUp() override {
        CustomerRig::SetUp();
        append(
            {R"({"type":"identify","userId":"u1","traits":{"name":"Ann","email":"ann@example.com"},"timestamp":"2025-05-01T20:00:00Z"})",
                R"({"type":"identify","userId":"u2","traits":{"name":"Ben"},"timestamp":"2025-05-02T20:00:00Z"})",
                R"({"type":"track","anonymousId":"a3","event":"Viewed","timestamp":"2025-05-02T21:00:00Z"})"});
        take_in();
    }
    std::string found(std::string_view filter) {
        const auto page =
            customers_->list({std::nullopt, formula::parse_json(boost::json::parse(filter)).value(), {{{"id"}}}, {}});
        EXPECT_TRUE(page) << page.error().message.in("en");
        std::string names;
        for (const Customer& customer : page->items)
            names +=
                customer.fields.contains("name") ? std::string(customer.fields.at("name").as_string()) + " " : "- ";
        return names;
    }
};
ON_BOTH_DATABASES(CustomerList);

TEST_P(CustomerList, SourcesAndIdentifiersOfACustomerAreAskedFor) {
    const auto of = [](std::string_view field, std::string_view value) {
        return fmt::format(R"({{"op":"in","args":[{{"field":"{}"}},{{"value":"{}"}}]}})", field, value);
    };
    EXPECT_EQ(found(of("sources", to_string(web_))), "Ann Ben - ");
    EXPECT_EQ(found(of("sources", to_string(shop_))), "");
    EXPECT_EQ(found(of("identifier_types", "email")), "Ann ");
    EXPECT_EQ(found(of("identifier_types", "anonymous_id")), "- ");
    EXPECT_EQ(found(fmt::format(R"({{"op":"not","args":[{}]}})", of("identifier_types", "user_id"))), "- ");
}

TEST_P(CustomerList, AConditionIsWrittenAsAFormula) {
    append({R"({"type":"track","userId":"u1","event":"Order Completed","timestamp":"2025-05-01T00:00:00Z",
                "properties":{"order_id":"A1","total":50,"currency":"CNY","products":[{"sku":"x","price":25,"quantity":2}]}})",
        R"({"type":"track","userId":"u1","event":"Order Completed","timestamp":"2025-05-09T00:00:00Z",
                "properties":{"order_id":"A2","total":30.5,"currency":"CNY","products":[{"sku":"y","price":30.5,"quantity":1}]}})"});
    take_in();
    const auto written = [&](std::string_view text) {
        const auto tree = object::condition_of(std::nullopt, std::string(text));
        EXPECT_TRUE(tree) << text;
        const auto page = customers_->list({std::nullopt, *tree, {{{"id"}}}, {}});
        if (!page)
            return page.error().code;
        std::string names;
        for (const Customer& customer : page->items)
            names +=
                customer.fields.contains("name") ? std::string(customer.fields.at("name").as_string()) + " " : "- ";
        return names;
    };
    EXPECT_EQ(written("COUNT(orders) >= 2"), "Ann ");
    EXPECT_EQ(written("COUNT(orders, time >= DATE(2025, 5, 5)) >= 1 AND NOT (姓名 = \"Ben\")"), "Ann ");
    EXPECT_EQ(written("COUNT(orders, time >= DATE(2025, 6, 1)) >= 1"), "");
    EXPECT_EQ(written("SUM(orders.total) = 80.5"), "Ann ");
    EXPECT_EQ(written("SUM(orders.lines.quantity) = 3"), "Ann ");
    EXPECT_EQ(written("ANY(orders, COUNT(lines, sku = \"y\") = 1)"), "Ann ");
    EXPECT_EQ(written("ISBLANK(orders) AND ISFILLED(name)"), "Ben ");
    EXPECT_EQ(written("TODATE(first_seen_at, \"Asia/Shanghai\") = \"2025-05-03\" AND ISBLANK(tickets)"), "Ben - ");
    EXPECT_EQ(written(fmt::format("HAS(sources, {}) AND LEN(name) = 3", web_.value)), "Ann Ben ");
    EXPECT_EQ(written("kind = \"person\" AND HAS(identifier_types, \"email\")"), "Ann ");
    EXPECT_EQ(written("kind = \"Person\""), "formula.shown_word");
    EXPECT_EQ(written("name = \"Ben\" OR HAS(identifier_types, \"手机号\")"), "formula.shown_word");
    EXPECT_EQ(written("unconverted = 1"), "query.wrong_type");
    EXPECT_EQ(written("COUNT(orderz) > 1"), "formula.unknown_field");
}

TEST_P(CustomerList, EveryFunctionsExampleWithFieldsIsAsked) {
    append({R"({"type":"identify","userId":"u7","timestamp":"2025-05-03T00:00:00Z","traits":{"name":"Lin Mei",
                "firstName":"Mei","lastName":"Lin","grade":"a","city":"shanghai","postalCode":"200040",
                "birthday":"1990-02-28","age":"36","company":"Onefold","email":"info@example.com","note":"vip,new"}})",
        R"({"type":"track","userId":"u7","event":"Order Completed","timestamp":"2026-05-30T00:00:00Z",
                "properties":{"order_id":"B1","total":5000,"currency":"CNY","products":[{"sku":"x","price":5000,"quantity":1}]}})",
        R"({"type":"track","userId":"u7","event":"Order Completed","timestamp":"2026-05-31T00:00:00Z",
                "properties":{"order_id":"B2","total":6000,"currency":"CNY","products":[{"sku":"y","price":6000,"quantity":1}]}})"});
    take_in();
    std::size_t answered = 0, met = 0;
    for (const auto& function : formula::functions()) {
        const auto found = object::find_condition_with(function.name);
        if (!found)
            continue;
        const std::string use(*found);
        const auto page =
            customers_->list({std::nullopt, object::condition_of(std::nullopt, use).value(), {{{"id"}}}, {}});
        if (page) {
            ++answered;
            met += !page->items.empty();
        } else {
            EXPECT_EQ(page.error().code, "query.not_in_sql") << use << ": " << page.error().message.in("en");
        }
    }
    EXPECT_GT(answered, 50u);
    EXPECT_GT(met, 20u);
}

TEST(CustomerFields, IdentifiersAreShownAsIdentityShowsThem) {
    const auto& catalogue = object::shipped_catalogue();
    const auto& fields = catalogue.find_object("customer")->fields;
    const auto field = std::ranges::find(fields, "identifier_types", &query::FieldEntry::code)->id;
    const auto& choices = *dynamic_cast<const query::Choices&>(catalogue).choices_of(field);
    EXPECT_EQ(choices.size(), identity::identifier_types().size());
    for (const auto* type : identity::identifier_types()) {
        const auto found = std::ranges::find(choices, type->code, &formula::Choice::code);
        ASSERT_NE(found, choices.end()) << type->code;
        EXPECT_EQ(found->label, type->label) << type->code;
    }
}

TEST_P(CustomerList, GrowthCountsTheDaysOfAZone) {
    const auto growth_in = [&](std::string_view zone) {
        return database_
            ->read([&](store::Session& session) {
                return list_growth(
                    session, *Zone::named(zone), *parse_rfc3339("2025-05-03T03:00:00Z"), 3, std::chrono::seconds{60});
            })
            .value();
    };
    const auto text_of = [](const std::vector<DayGrowth>& days) {
        std::string text;
        for (const auto& [day, count] : days)
            text += fmt::format("{}:{} ", day, count ? std::to_string(*count) : "?");
        return text;
    };
    EXPECT_EQ(text_of(growth_in("UTC")), "2025-05-03:0 2025-05-02:2 2025-05-01:1 ");
    EXPECT_EQ(text_of(growth_in("Asia/Shanghai")), "2025-05-03:2 2025-05-02:1 2025-05-01:0 ");
}

} // namespace
} // namespace onefold::customer
