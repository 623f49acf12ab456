#include "customer/interest.h"

#include <gtest/gtest.h>

namespace onefold::customer {
namespace {

using namespace std::chrono_literals;

const Instant now = Instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
constexpr auto day = std::chrono::hours(24);

std::vector<std::string> words(const std::vector<Mention>& mentions) {
    constexpr std::string_view kinds[] = {"product", "category", "page", "search"};
    std::vector<std::string> all;
    for (const Mention& mention : mentions)
        all.push_back(std::string(kinds[int(mention.kind)]) + ":" + mention.name);
    return all;
}
std::vector<std::string> said(std::string_view kind, std::string_view name, std::string_view properties) {
    return words(mentions_in(kind, name, boost::json::parse(properties).as_object(), now));
}
using Words = std::vector<std::string>;

TEST(Interest, IsReadFromTheNamesThatShopsUse) {
    EXPECT_EQ(said("track", "Product Viewed", R"({"sku":"S-1","name":" Green tea ","category":"Tea"})"),
        (Words{"product:Green tea", "category:Tea"}));
    EXPECT_EQ(said("track", "Product Viewed", R"({"product_id":507})"), Words{"product:507"});
    EXPECT_EQ(
        said("track", "Cart Viewed",
            R"({"products":[{"sku":"1","name":"壶","category":"茶具"},{"product_name":"Cup"},7,{"name":"no number"}]})"),
        (Words{"product:壶", "product:Cup", "category:茶具"}));
    EXPECT_EQ(said("track", "Products Searched", R"({"query":"oolong"})"), Words{"search:oolong"});
    EXPECT_EQ(said("page", "Pricing", R"({"title":"Prices"})"), Words{"page:Pricing"});
}

TEST(Interest, IsNotWhatIsNoProductOrIsToldByAnOrder) {
    EXPECT_EQ(said("track", "Form Submitted", R"({"name":"contact","title":"Contact us"})"), Words{});
    EXPECT_EQ(said("track", "Order Completed", R"({"products":[{"sku":"1","name":"Pot"}],"category":"Tea"})"), Words{});
    EXPECT_EQ(said("identify", "", R"({"sku":"1","category":"Tea"})"), Words{});
    EXPECT_EQ(
        said("track", "Product Viewed", R"({"sku":"  ","name":"Pot","category":["Tea"],"query":{"a":1}})"), Words{});
}

TEST(Interest, OfOneEventHasALimit) {
    std::string products;
    for (int i = 0; i < 1000; ++i)
        products += (i ? "," : "") + std::string(R"({"sku":")") + std::to_string(i) + R"("})";
    EXPECT_EQ(said("track", "Product List Viewed", "{\"products\":[" + products + "]}").size(), 100u);
    const auto longest = said("track", "Viewed", R"({"sku":")" + std::string(5000, 'x') + "\"}");
    ASSERT_EQ(longest.size(), 1u);
    EXPECT_LT(longest[0].size(), 200u);
}

TEST(Interest, WeighsWhatIsNewAndWhatWasBoughtMore) {
    const auto product = [](std::string name, Instant at, bool is_purchase = false) {
        return Mention{InterestKind::product, std::move(name), at, is_purchase};
    };
    std::vector<Mention> mentions{product("old", now - 360 * day), product("old", now - 370 * day),
        product("new", now - 1 * day), product("bought", now - 90 * day, true),
        {InterestKind::page, "Pricing", now + 1h}};
    const auto all = interests_of(mentions, now, 9);
    ASSERT_EQ(all.size(), 4u);
    EXPECT_EQ(all[0].name, "bought"); // 5 halved once
    EXPECT_EQ((std::pair{all[0].seen, all[0].bought}), (std::pair<std::int64_t, std::int64_t>{0, 1}));
    EXPECT_EQ(all[1].name, "new");
    EXPECT_EQ(all[2].name, "old");
    EXPECT_EQ(all[2].seen, 2);
    EXPECT_EQ(all[2].last_at, now - 360 * day);
    EXPECT_EQ(all[3].kind, InterestKind::page);
    std::ranges::reverse(mentions);
    EXPECT_EQ(interests_of(mentions, now, 9)[1].name, "new");
    EXPECT_EQ(interests_of(mentions, now, 1).size(), 2u); // one of each kind
}

} // namespace
} // namespace onefold::customer
