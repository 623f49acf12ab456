#include "identity/resolve.h"

#include <gtest/gtest.h>
#include <map>

namespace onefold::identity {
namespace {

// A component written down by hand: `claims("a", {"phone:1"})`.
class Story {
  public:
    NodeId node(const std::string& name, NodeKind kind = NodeKind::person) {
        auto [place, is_new] = nodes_.try_emplace(name, NodeId{std::int64_t(nodes_.size()) + 1});
        if (is_new)
            component.members.push_back({place->second, kind, name, {}});
        return place->second;
    }
    // "type[@scope]:value"
    void claim(const std::string& name, const std::string& reference, std::int64_t first_at = 0) {
        const NodeId id = node(name);
        const auto parsed = parse_reference(reference);
        ASSERT_TRUE(parsed) << reference;
        auto [place, is_new] = identifiers_.try_emplace(reference, IdentifierId{std::int64_t(identifiers_.size()) + 1});
        if (is_new)
            component.identifiers.push_back(
                {place->second, parsed->type.type, parsed->type.scope.value_or(""), reference});
        const auto member = std::ranges::find(component.members, id, &Member::node);
        member->claims.push_back({place->second, first_at});
    }
    void close(const std::string& reference) {
        for (MemberIdentifier& identifier : component.identifiers)
            if (identifier.id == identifiers_.at(reference))
                identifier.is_open = false;
    }
    void separate(const std::vector<std::string>& left, const std::vector<std::string>& right) {
        Separation& separation = component.separations.emplace_back();
        for (const std::string& name : left)
            separation.sides[0].push_back(node(name));
        for (const std::string& name : right)
            separation.sides[1].push_back(node(name));
    }
    void link(const std::string& a, const std::string& b, std::int64_t at = 0) {
        component.links.push_back({node(a), node(b), at, std::int64_t(component.links.size())});
    }
    bool are_one(const std::string& a, const std::string& b) {
        for (const auto& part : resolve(component).parts) {
            const bool has_a = std::ranges::count(part, node(a)) > 0, has_b = std::ranges::count(part, node(b)) > 0;
            if (has_a || has_b)
                return has_a && has_b;
        }
        return false;
    }

    Component component;

  private:
    std::map<std::string, NodeId> nodes_;
    std::map<std::string, IdentifierId> identifiers_;
};

TEST(Resolve, OneStrongIdentifierMakesOneCustomer) {
    Story story;
    story.claim("shop", "unionid:u");
    story.claim("app", "unionid:u");
    story.claim("other", "unionid:v");
    EXPECT_TRUE(story.are_one("shop", "app"));
    EXPECT_FALSE(story.are_one("shop", "other"));
    EXPECT_EQ(resolve(story.component).joins.size(), 1u);
}

TEST(Resolve, PhoneAndEmailJoinInAChain) {
    Story story;
    story.claim("a", "phone:1");
    story.claim("b", "phone:1");
    story.claim("b", "email:x@y.cn");
    story.claim("c", "email:x@y.cn");
    EXPECT_TRUE(story.are_one("a", "c"));
}

TEST(Resolve, TwoMemberNumbersOfOneShopAreNeverJoinedByAPhone) {
    Story story;
    story.claim("a", "member_no@shop:1");
    story.claim("a", "phone:1");
    story.claim("b", "member_no@shop:2");
    story.claim("b", "phone:1");
    EXPECT_FALSE(story.are_one("a", "b"));
    const auto partition = resolve(story.component);
    ASSERT_EQ(partition.refused.size(), 1u);
    EXPECT_EQ(partition.refused[0].a, story.node("a"));
    EXPECT_EQ(partition.refused[0].b, story.node("b"));
}

TEST(Resolve, MemberNumbersOfTwoShopsAreJoinedByAPhone) {
    Story story;
    story.claim("a", "member_no@shop:1");
    story.claim("a", "phone:1");
    story.claim("b", "member_no@store:2");
    story.claim("b", "phone:1");
    EXPECT_TRUE(story.are_one("a", "b"));
}

TEST(Resolve, AConflictAlsoHoldsOverOthersInBetween) {
    Story story;
    story.claim("a", "member_no@shop:1", 1);
    story.claim("a", "phone:1", 1);
    story.claim("between", "phone:1", 2);
    story.claim("between", "email:x@y.cn", 2);
    story.claim("b", "email:x@y.cn", 3);
    story.claim("b", "member_no@shop:2", 3);
    EXPECT_FALSE(story.are_one("a", "b"));
    EXPECT_TRUE(story.are_one("a", "between")); // the phone was seen first
}

TEST(Resolve, AStrongIdentifierJoinsAcrossAConflict) {
    Story story;
    story.claim("a", "member_no@shop:1");
    story.claim("a", "unionid:u");
    story.claim("b", "member_no@shop:2");
    story.claim("b", "unionid:u");
    EXPECT_TRUE(story.are_one("a", "b"));
}

TEST(Resolve, ASeparationHoldsAgainstEveryIdentifier) {
    Story story;
    story.claim("a", "unionid:u");
    story.claim("b", "unionid:u");
    story.claim("c", "unionid:u");
    story.separate({"a"}, {"b"});
    EXPECT_FALSE(story.are_one("a", "b"));
    EXPECT_EQ(resolve(story.component).parts.size(), 2u);
}

TEST(Resolve, BlockedAndSharedIdentifiersJoinNobody) {
    Story story;
    story.claim("a", "phone:1");
    story.claim("b", "phone:1");
    story.close("phone:1");
    EXPECT_FALSE(story.are_one("a", "b"));
}

TEST(Resolve, ASharedBrowserBelongsToTheUserWithTheEarliestEvent) {
    for (const bool is_second_earlier : {false, true}) {
        Story story;
        story.claim("first", "user_id:1");
        story.claim("first", "anonymous_id:browser", 10);
        story.claim("second", "user_id:2");
        story.claim("second", "anonymous_id:browser", is_second_earlier ? 5 : 15);
        story.claim("visitor", "anonymous_id:browser", 7);
        EXPECT_FALSE(story.are_one("first", "second"));
        EXPECT_EQ(story.are_one("visitor", "first"), !is_second_earlier);
        EXPECT_EQ(story.are_one("visitor", "second"), is_second_earlier);
    }
}

TEST(Resolve, ATabletOfSeveralPeopleJoinsNoneOfThem) {
    Story story;
    story.claim("visitor", "device:tablet", 0);
    story.claim("ann", "device:tablet", 1);
    story.claim("ann", "phone:1");
    story.claim("bob", "device:tablet", 2);
    story.claim("bob", "phone:2");
    story.claim("cas", "device:tablet", 3);
    story.claim("cas", "email:c@y.cn");
    EXPECT_FALSE(story.are_one("ann", "bob"));
    EXPECT_FALSE(story.are_one("ann", "cas"));
    EXPECT_TRUE(story.are_one("visitor", "ann")) << "the first who is somebody";
    Story alone;
    alone.claim("form", "device:phone", 1);
    alone.claim("form", "email:a@y.cn");
    alone.claim("account", "device:phone", 2);
    alone.claim("account", "user_id:1");
    EXPECT_TRUE(alone.are_one("form", "account")) << "nothing speaks against it";
}

TEST(Resolve, AHandJoinsWhatNoIdentifierMay) {
    Story story;
    story.claim("a", "member_no@shop:1");
    story.claim("b", "member_no@shop:2");
    story.link("a", "b");
    EXPECT_TRUE(story.are_one("a", "b"));
    ASSERT_EQ(resolve(story.component).joins.size(), 1u);
    EXPECT_FALSE(resolve(story.component).joins[0].identifier);
    story.node("firm", NodeKind::organisation);
    story.link("a", "firm");
    EXPECT_FALSE(story.are_one("a", "firm"));
}

TEST(Resolve, ASeparationHoldsAgainstHandsOlderAndYounger) {
    Story story;
    story.link("a", "b", 1);
    story.link("b", "c", 2);
    story.separate({"a", "x"}, {"c", "y"});
    EXPECT_TRUE(story.are_one("a", "b")) << "said first";
    EXPECT_FALSE(story.are_one("b", "c"));
    EXPECT_EQ(resolve(story.component).refused.size(), 1u);
}

TEST(Resolve, ASeparationOfTwoSidesHoldsBetweenAllOfThemAgainstEvidenceThatComesFirst) {
    Story story;
    story.claim("a1", "phone:1", 5);
    story.claim("a2", "phone:1", 5);
    story.claim("b", "email:x@y.cn", 5);
    story.separate({"a1", "a2"}, {"b"});
    // Both are stronger and earlier than what holds a1 and a2 together.
    story.claim("a2", "unionid:u", 1);
    story.claim("new", "unionid:u", 1);
    story.claim("new", "unionid:v", 1);
    story.claim("b", "unionid:v", 1);
    EXPECT_TRUE(story.are_one("a1", "a2"));
    EXPECT_FALSE(story.are_one("a2", "b"));
    EXPECT_FALSE(story.are_one("a1", "b"));
}

TEST(Resolve, KindsNeverMix) {
    Story story;
    story.node("firm", NodeKind::organisation);
    for (const std::string reference : {"user_id:1", "phone:1", "email:x@y.cn", "web_domain:y.cn"}) {
        story.claim("person", reference);
        story.claim("firm", reference);
    }
    EXPECT_FALSE(story.are_one("person", "firm"));
}

TEST(Resolve, APersonsPhoneNeverJoinsOrganisationsAndADomainNeverPersons) {
    Story story;
    story.node("one", NodeKind::organisation);
    story.node("two", NodeKind::organisation);
    for (const std::string name : {"one", "two"})
        story.claim(name, "phone:1");
    for (const std::string name : {"ann", "bob"})
        story.claim(name, "web_domain:y.cn");
    EXPECT_FALSE(story.are_one("one", "two"));
    EXPECT_FALSE(story.are_one("ann", "bob"));
    for (const std::string name : {"one", "two"})
        story.claim(name, "web_domain:y.cn");
    EXPECT_TRUE(story.are_one("one", "two"));
}

TEST(Resolve, AMegaComponentOfAThousandNodesComesOutWhole) {
    Story story;
    for (int i = 0; i < 1000; ++i) {
        story.claim(fmt::format("n{}", i), fmt::format("phone:{}", i / 2));
        story.claim(fmt::format("n{}", i), fmt::format("email:{}@y.cn", (i + 1) / 2));
    }
    const auto partition = resolve(story.component);
    ASSERT_EQ(partition.parts.size(), 1u);
    EXPECT_EQ(partition.parts[0].size(), 1000u);
    EXPECT_EQ(partition.joins.size(), 999u);
}

} // namespace
} // namespace onefold::identity
