#include "formula/language.h"
#include "query/kept.h"

#include <gtest/gtest.h>

namespace onefold::query {
namespace {

// Customers and orders whose names a test gives; their ids stay.
class Named : public Catalogue {
  public:
    struct Names {
        std::string city = "city", orders = "orders", amount = "amount", currency = "currency";
        bool has_city = true;
    };
    explicit Named(const Names& names) {
        const auto field = [](std::int64_t id, const std::string& code, LocalText label, FieldType type) {
            FieldEntry entry;
            entry.id = FieldId{id};
            entry.code = entry.column = code;
            entry.label = std::move(label);
            entry.type = type;
            return entry;
        };
        const Step step{"order", "customer_id", ""};
        ObjectEntry customer{ObjectId{1}, "customer", {"Customer", "客户"}, "customer", "id", {},
            {field(1, "id", {"ID", "编号"}, FieldType::integer),
                field(11, names.currency, {"Their currency", "客户货币"}, FieldType::text)},
            std::nullopt, {{names.orders, {"Orders", "订单"}, ObjectId{2}, {step}, FieldId{71}}}};
        if (names.has_city)
            customer.fields.push_back(field(10, names.city, {"City", "城市"}, FieldType::text));
        ObjectEntry order{ObjectId{2}, "order", {"Order", "订单"}, "order", "id", {},
            {field(100, "id", {"ID", "编号"}, FieldType::integer),
                field(106, names.amount, {"Amount", "金额"}, FieldType::integer),
                field(107, "currency", {"Currency", "货币"}, FieldType::text)},
            std::nullopt, {}};
        objects_ = {std::move(customer), std::move(order)};
    }
    const ObjectEntry* find_object(std::string_view code) const override {
        return code == "customer" ? &objects_[0] : code == "order" ? &objects_[1] : nullptr;
    }
    const ObjectEntry* find_object(ObjectId id) const override {
        return id.value == 1 ? &objects_[0] : id.value == 2 ? &objects_[1] : nullptr;
    }
    About about() const { return {*this, objects_[0], {}}; }

  private:
    std::vector<ObjectEntry> objects_;
};

formula::Expression tree_of(std::string_view text) {
    auto tree = formula::parse(text);
    EXPECT_TRUE(tree) << text;
    return std::move(*tree);
}
std::string text_of(const Result<formula::Expression>& tree) {
    return tree ? formula::print(*tree) : tree.error().code;
}
std::set<std::int64_t> ids_of(const formula::Expression& kept) {
    std::set<std::int64_t> ids;
    for (const FieldId id : fields_of(kept))
        ids.insert(id.value);
    return ids;
}

TEST(Kept, NamesFieldsByIdsAndAnswersTheNamesOfToday) {
    const Named before({}), after({"town", "purchases", "sum", "currency", true});
    const auto kept_tree = kept(tree_of(R"(city = "Bern" AND SUM(orders.amount) > 5)"), before.about());
    ASSERT_TRUE(kept_tree);
    EXPECT_EQ(text_of(kept_tree), R"('#10' = "Bern" AND SUM('#71'.'#106') > 5)");
    EXPECT_EQ(text_of(shown(*kept_tree, before.about())), R"(city = "Bern" AND SUM(orders.amount) > 5)");
    EXPECT_EQ(text_of(shown(*kept_tree, after.about())), R"(town = "Bern" AND SUM(purchases.sum) > 5)");
}

TEST(Kept, IsTheSameHoweverAFieldWasCalled) {
    const Named company({});
    const auto of = [&](std::string_view text) { return text_of(kept(tree_of(text), company.about())); };
    EXPECT_EQ(of(R"(城市 = "上海")"), of(R"(City = "上海")"));
    EXPECT_EQ(of("COUNT(订单, 金额 > 3) > 1"), of("COUNT(orders, amount > 3) > 1"));
}

TEST(Kept, KnowsTheFieldsOfRelatedRecordsAndTheRelation) {
    const Named company({});
    const auto fields = [&](std::string_view text) {
        const auto tree = kept(tree_of(text), company.about());
        EXPECT_TRUE(tree) << text;
        return ids_of(*tree);
    };
    EXPECT_EQ(fields(R"(city = "Bern")"), (std::set<std::int64_t>{10}));
    EXPECT_EQ(fields("SUM(orders.amount) > 5"), (std::set<std::int64_t>{71, 106}));
    EXPECT_EQ(fields("COUNT(orders, amount > 3 AND city = \"Bern\") > 1"), (std::set<std::int64_t>{10, 71, 106}));
    EXPECT_EQ(fields("COUNT(orders) > 1"), (std::set<std::int64_t>{71}));
    EXPECT_EQ(fields("1 > 0"), (std::set<std::int64_t>{}));
}

TEST(Kept, TakesALabelWhereSomethingNearerHasTheSameCode) {
    const Named company({});
    const auto text = R"(COUNT(orders, currency = 'Their currency') > 0 AND currency = "CHF")";
    const auto tree = kept(tree_of(text), company.about());
    ASSERT_TRUE(tree);
    EXPECT_EQ(ids_of(*tree), (std::set<std::int64_t>{11, 71, 107}));
    const auto again = shown(*tree, company.about());
    EXPECT_EQ(fields_of(*again), std::set<FieldId>{});
    EXPECT_EQ(text_of(kept(*again, company.about())), text_of(tree));
}

TEST(Kept, OfAFieldThatIsNotThereIsUnknown) {
    const Named before({}), after({.has_city = false});
    const auto tree = kept(tree_of(R"(city = "Bern")"), before.about());
    ASSERT_TRUE(tree);
    EXPECT_EQ(text_of(shown(*tree, after.about())), "formula.unknown_field");
    EXPECT_EQ(ids_of(*tree), (std::set<std::int64_t>{10}));
    EXPECT_EQ(text_of(kept(tree_of("colour = 1"), before.about())), "formula.unknown_field");
    EXPECT_EQ(text_of(kept(tree_of("LEN(city)"), before.about())), "formula.wrong_type");
}

} // namespace
} // namespace onefold::query
