#include "formula/check.h"
#include "formula/language.h"
#include "formula/names.h"

#include <gtest/gtest.h>
#include <map>

namespace onefold::formula {
namespace {

// A kind of record whose fields have an id, and a name that may change; both can be written.
class Kept : public Shape {
  public:
    struct Entry {
        std::string id, name;
        Type type;
        const Shape* target = nullptr;
    };
    explicit Kept(std::vector<Entry> entries) : entries(std::move(entries)) {}
    std::optional<Slot> find(std::string_view written) const override {
        for (const auto part : {&Entry::id, &Entry::name})
            for (std::size_t i = 0; i < entries.size(); ++i)
                if (entries[i].*part == written)
                    return Slot{i, entries[i].type, entries[i].target};
        return std::nullopt;
    }
    std::vector<std::string> names() const override { return {}; }
    std::vector<Entry> entries;
};

struct World {
    Kept order{{{"f7", "金额", {Kind::number}}, {"f8", "City", {Kind::text}}}};
    Kept customer{{{"f1", "City", {Kind::text}}, {"f2", "Total spend", {Kind::number}},
        {"f3", "orders", {Kind::records}, &order}, {"f4", "twin", {Kind::record}, nullptr}}};
    World() { customer.entries[3].target = &customer; }

    static const Kept::Entry& entry(const NamedField& field) {
        return static_cast<const Kept*>(field.of)->entries[field.slot];
    }
    Expression kept(std::string_view text) const {
        return renamed(*parse(text), {customer}, [](const NamedField& field) { return entry(field).id; }).value();
    }
    std::string shown(const Expression& tree) const {
        return print(renamed(tree, {customer}, [](const NamedField& field) { return entry(field).name; }).value());
    }
    std::string used(std::string_view text) const {
        std::string ids;
        const auto fields = fields_used(*parse(text), {customer});
        for (const NamedField& field : *fields)
            ids += entry(field).id + ' ';
        return ids;
    }
};

TEST(Names, ARenameChangesNoFormula) {
    World world;
    const auto tree = world.kept("City = \"x\" AND COUNT(orders, 金额 > 5) > 1 AND SUM(orders.金额) < 'Total spend'");
    EXPECT_EQ(print(tree), "f1 = \"x\" AND COUNT(f3, f7 > 5) > 1 AND SUM(f3.f7) < f2");
    world.customer.entries[0].name = "城市";
    world.order.entries[0].name = "amount paid";
    EXPECT_EQ(world.shown(tree),
        "城市 = \"x\" AND COUNT(orders, 'amount paid' > 5) > 1 AND SUM(orders.'amount paid') < 'Total spend'");
    EXPECT_EQ(world.kept(world.shown(tree)), tree);
}

TEST(Names, WhatWouldMeanAnotherFieldKeepsItsName) {
    World world;
    const auto outer = world.kept("COUNT(orders, f1 = \"x\") > 0"); // the customer's city, not the order's
    EXPECT_EQ(world.shown(outer), "COUNT(orders, f1 = \"x\") > 0");
    EXPECT_EQ(world.kept(world.shown(outer)), outer);
    world.customer.entries[1].name = "City"; // two of one name: it means the first
    EXPECT_EQ(world.shown(world.kept("f2 > 1 AND f1 = \"x\"")), "f2 > 1 AND City = \"x\"");
    world.customer.entries[0].name = "f2"; // named as another's id
    EXPECT_EQ(world.shown(world.kept("f1 = \"x\"")), "f1 = \"x\"");
}

TEST(Names, WhatWasKeptWithAWordThatIsRefusedIsStillRead) {
    World world;
    const std::string text = "City = \"x\" AND TODAY() > AGO(3, \"dayz\")";
    EXPECT_EQ(check(*parse(text), {world.customer}).error().code, "formula.bad_argument");
    EXPECT_EQ(world.shown(world.kept(text)), text);
}

TEST(Names, EveryFieldAndRelationIsUsedOnce) {
    World world;
    std::map<std::string, std::string> uses;
    for (const std::string_view text : {"City = City", "COUNT(orders, 金额 > 'Total spend') > 1",
             "twin.twin.City = \"x\"", "1 + 1 = 2", "SUM(orders.金额, 金额 > 1) > 2"})
        uses[std::string(text)] = world.used(text);
    const auto sorted = [](std::string ids) {
        std::vector<std::string> each;
        for (std::size_t i = 0; i < ids.size(); i += 3)
            each.push_back(ids.substr(i, 2));
        std::ranges::sort(each);
        return each;
    };
    using Ids = std::vector<std::string>;
    EXPECT_EQ(sorted(uses["City = City"]), Ids{"f1"});
    EXPECT_EQ(sorted(uses["COUNT(orders, 金额 > 'Total spend') > 1"]), (Ids{"f2", "f3", "f7"}));
    EXPECT_EQ(sorted(uses["twin.twin.City = \"x\""]), (Ids{"f1", "f4"}));
    EXPECT_EQ(sorted(uses["1 + 1 = 2"]), Ids{});
    EXPECT_EQ(sorted(uses["SUM(orders.金额, 金额 > 1) > 2"]), (Ids{"f3", "f7"}));
    EXPECT_EQ(fields_used(*parse("nobody > 1"), {world.customer}).error().code, "formula.unknown_field");
}

} // namespace
} // namespace onefold::formula
