#include "customer/customer_rig.h"

#include <random>

namespace onefold::customer {
namespace {

Instant day(std::string_view text) {
    return *parse_rfc3339(fmt::format("2025-{}T00:00:00Z", text));
}

class MembersTest : public CustomerRig {
  protected:
    void SetUp() override {
        CustomerRig::SetUp();
        caller_.principal = {Principal::Kind::local, 0, Role::admin};
    }
    ImportedMessage row(const std::string& member, identity::MembershipWords words, Instant at) {
        return {.subject_key = "member_no@shop:" + member,
            .identifiers = {{identity::find_identifier_type("member_no"), "shop", member}},
            .facts = {{"name", "Person " + member}},
            .at = at,
            .organisation =
                ImportedMessage::Organisation{identity::NodeKind::organisation, "credit_code:91330100799655058B",
                    {{identity::find_identifier_type("credit_code"), "", "91330100799655058B"}}, {{"name", "Works"}},
                    std::move(words)}};
    }
    void say(const std::string& member, identity::MembershipWords words, Instant at) {
        append(row(member, std::move(words), at), event_log::FrameKind::claim);
    }
    CustomerId firm() { return find("credit_code:91330100799655058B"); }
    CustomerId person(const std::string& member) { return find("member_no:" + member); }
    std::vector<Membership> memberships(CustomerId id, const std::string& sort = "") {
        auto page = customers_->memberships(id, 200, "", sort);
        VERIFY(page);
        return std::move(page->items);
    }
    Membership only(CustomerId id) {
        auto all = memberships(id);
        VERIFY(all.size() == 1);
        return all.front();
    }
    Computed with_members(CustomerId id) {
        const auto all = customers_->with_members(id);
        VERIFY(all);
        return all->computed;
    }
    std::vector<TimelineItem> timeline_with_members(CustomerId id, int limit = 200) {
        std::vector<TimelineItem> all;
        for (std::string after;;) {
            auto page = customers_->timeline(id, limit, after, {.of = Of::with_members});
            VERIFY(page);
            all.insert(all.end(), page->items.begin(), page->items.end());
            if ((after = page->next).empty())
                return all;
        }
    }
    void track(const std::string& user, std::string_view at, const std::string& name) {
        append({fmt::format(
            R"({{"type":"track","userId":"{}","event":"{}","timestamp":"2025-{}T00:00:00Z"}})", user, name, at)});
    }
    Caller caller_;
};
ON_BOTH_DATABASES(MembersTest);

TEST_P(MembersTest, ARowWithACompanyAndAContactIsAnOrganisationAndItsMember) {
    say("1", {"buyer", "Head of tools", true, day("01-01"), {}}, day("05-01"));
    say("2", {}, day("05-02"));
    take_in();
    const auto works = get(firm());
    EXPECT_EQ(works.kind, "organisation");
    EXPECT_EQ(works.fields.at("name"), "Works");
    EXPECT_EQ(get(person("1")).kind, "person");
    const auto members = memberships(works.id);
    ASSERT_EQ(members.size(), 2u);
    EXPECT_EQ(members[0].customer, person("1"));
    EXPECT_EQ(members[0].words, (identity::MembershipWords{"buyer", "Head of tools", true, day("01-01"), {}}));
    EXPECT_EQ(members[0].source, "shop");
    EXPECT_EQ(members[1].words, identity::MembershipWords{});
    EXPECT_EQ(members[1].known_since, day("05-02"));
    EXPECT_EQ(only(person("1")).customer, works.id);
}

TEST_P(MembersTest, TheNewestWordsStandInWhateverOrderTheyCome) {
    std::vector<std::pair<identity::MembershipWords, Instant>> said{{{"buyer", "Clerk", true, {}, {}}, day("05-01")},
        {{"manager", "", {}, day("02-01"), {}}, day("05-03")}, {{"", "Head", false, {}, day("09-01")}, day("05-02")},
        {{"director", "", {}, {}, {}}, day("05-03")}};
    std::mt19937_64 dice{7};
    for (int order = 0; order < 6; ++order) {
        std::ranges::shuffle(said, dice);
        const std::string member = std::to_string(100 + order);
        for (const auto& [words, at] : said) {
            say(member, words, at);
            if (dice() % 2)
                take_in();
        }
        take_in();
        const auto one = only(person(member));
        EXPECT_EQ(one.words, (identity::MembershipWords{"manager", "Head", false, day("02-01"), day("09-01")}));
        EXPECT_EQ(one.known_since, day("05-01"));
    }
}

TEST_P(MembersTest, WhatAPersonSaysStandsBeforeSourcesAndFollowsAMerge) {
    say("1", {"buyer", "Clerk", {}, {}, {}}, day("05-01"));
    take_in();
    ASSERT_TRUE(customers_->put_membership(caller_, firm(), person("1"), {"owner", "", true, {}, {}}));
    say("1", {"clerk", "", false, {}, {}}, day("06-01"));
    take_in();
    EXPECT_EQ(only(firm()).words, (identity::MembershipWords{"owner", "Clerk", true, {}, {}}));
    EXPECT_TRUE(only(firm()).is_by_hand);

    append({R"({"type":"identify","userId":"u1","timestamp":"2025-01-01T00:00:00Z"})"});
    take_in();
    const CustomerId visitor = find("user_id:u1"), buyer = person("1");
    const auto merged = customers_->merge(caller_, {buyer, visitor, {}}, Doing::really);
    ASSERT_TRUE(merged);
    EXPECT_EQ(only(find("user_id:u1")).words.role, "owner");
    ASSERT_TRUE(customers_->undo(caller_, merged->decision));
    EXPECT_TRUE(memberships(find("user_id:u1")).empty());
    EXPECT_EQ(only(person("1")).words.role, "owner");
}

TEST_P(MembersTest, WhoWasTakenOutStaysOutWhateverSourcesSay) {
    say("1", {}, day("05-01"));
    take_in();
    ASSERT_TRUE(customers_->delete_membership(caller_, person("1"), firm()));
    EXPECT_EQ(customers_->delete_membership(caller_, person("1"), firm()).error().code, "customer.no_such_membership");
    say("1", {"buyer", "", {}, {}, {}}, day("06-01"));
    take_in();
    EXPECT_TRUE(memberships(firm()).empty());
    EXPECT_EQ(with_members(firm()).event_count, 0);
    ASSERT_TRUE(customers_->put_membership(caller_, person("1"), firm(), {}));
    EXPECT_EQ(only(firm()).words.role, "buyer");
}

TEST_P(MembersTest, AMembershipByHandAloneGoesWhole) {
    say("1", {}, day("05-01"));
    track("u2", "05-01", "Opened");
    take_in();
    ASSERT_TRUE(customers_->put_membership(caller_, find("user_id:u2"), firm(), {"friend", "", {}, {}, {}}));
    EXPECT_EQ(only(find("user_id:u2")).source, "manual");
    ASSERT_TRUE(customers_->delete_membership(caller_, firm(), find("user_id:u2")));
    EXPECT_EQ(memberships(firm()).size(), 1u);
    EXPECT_EQ(customers_->put_membership(caller_, person("1"), find("user_id:u2"), {}).error().code,
        "customer.no_membership_between");
    EXPECT_EQ(
        customers_->put_membership(caller_, person("1"), firm(), {"", "", {}, day("02-01"), day("02-01")}).error().code,
        "customer.bad_membership");
}

TEST_P(MembersTest, FiguresWithMembersCountWhatLiesWithinTheirTime) {
    say("1", {}, day("05-01"));
    say("2", {"", "", {}, day("03-01"), day("04-01")}, day("05-01"));
    append({R"({"type":"group","userId":"u1","groupId":"g","timestamp":"2025-01-05T00:00:00Z"})"});
    for (const std::string at : {"02-01", "03-01", "03-15", "04-01"})
        track("u2", at, "Visit " + at);
    take_in();
    const CustomerId always = person("1");
    ASSERT_TRUE(customers_->merge(caller_, {person("2"), find("user_id:u2"), {}}, Doing::really));
    const CustomerId once = person("2");
    save({order("A", node_of(always), "2025-02-01T00:00:00Z", "10"),
        order("B", node_of(once), "2025-02-01T00:00:00Z", "100"),
        order("C", node_of(once), "2025-03-20T00:00:00Z", "7"),
        order("D", node_of(firm()), "2025-04-20T00:00:00Z", "0.5")});
    EXPECT_EQ(get(firm()).computed.order_count, 1);
    const auto all = with_members(firm());
    EXPECT_EQ(all.order_count, 3);
    EXPECT_EQ(all.total_spend, "17.5");
    EXPECT_EQ(all.event_count, 2) << "of 1 March and 15 March";
    EXPECT_EQ(all.first_seen_at, day("02-01"));
    EXPECT_EQ(all.last_seen_at, day("04-20"));
    EXPECT_EQ(all.last_purchase_at, day("04-20"));
    EXPECT_EQ(customers_->with_members(firm())->member_count, 2);
    EXPECT_EQ(with_members(always).order_count, 1) << "a person has no members";

    const std::vector<std::string> expected{"D", "C", "Visit 03-15", "Visit 03-01", "A"};
    EXPECT_EQ(names(timeline_with_members(firm())), expected);
    EXPECT_EQ(names(timeline_with_members(firm(), 2)), expected);
    const auto items = timeline_with_members(firm());
    EXPECT_FALSE(items[0].member);
    EXPECT_EQ(items[1].member, once);
    EXPECT_EQ(items[2].member_name, "Person 2");
    EXPECT_EQ(names(timeline_of(firm())), (std::vector<std::string>{"D"}));
    const auto facets = customers_->timeline_facets(firm(), Of::with_members);
    ASSERT_TRUE(facets);
    EXPECT_EQ(facets->kinds[0].value, "order");
    EXPECT_EQ(facets->kinds[0].count, 3);
    EXPECT_EQ(facets->kinds[1].count, 2);

    // Two records of one member, and two employers of one person.
    say("1", {"", "", {}, {}, {}}, day("06-01"));
    take_in();
    EXPECT_EQ(with_members(firm()).order_count, 3) << "each person once";
}

TEST_P(MembersTest, MembersAreSorted) {
    for (const std::string member : {"1", "2", "3"})
        say(member, {}, day("05-01"));
    take_in();
    save({order("A", node_of(person("2")), "2025-02-01T00:00:00Z", "10"),
        order("B", node_of(person("3")), "2025-03-01T00:00:00Z", "4")});
    const auto ids = [&](const std::string& sort) {
        std::vector<CustomerId> ids;
        for (const Membership& one : memberships(firm(), sort))
            ids.push_back(one.customer);
        return ids;
    };
    EXPECT_EQ(ids("-total_spend"), (std::vector{person("2"), person("3"), person("1")}));
    EXPECT_EQ(ids("-last_seen_at"), (std::vector{person("3"), person("2"), person("1")}));
    EXPECT_EQ(ids("name"), (std::vector{person("1"), person("2"), person("3")}));
    EXPECT_EQ(customers_->memberships(firm(), 2, "", "shoes").error().code, "customer.bad_sort");
    const auto first = customers_->memberships(firm(), 2, "", "-total_spend");
    const auto second = customers_->memberships(firm(), 2, first->next, "-total_spend");
    ASSERT_EQ(second->items.size(), 1u);
    EXPECT_EQ(second->items[0].customer, person("1"));
    EXPECT_EQ(second->next, "");
}

TEST_P(MembersTest, AnIdentifyWithACompanyMakesAMember) {
    append(
        {R"({"type":"identify","userId":"u1","traits":{"name":"Ann","title":"Buyer","company":{"name":"Acme","website":"https://acme.example"}}})",
            R"({"type":"identify","userId":"u2","traits":{"company":"ＡＣＭＥ"}})",
            R"({"type":"identify","userId":"u3","traits":{"company":{"id":7,"name":"Acme"}}})",
            R"({"type":"identify","userId":"u4","traits":{"company":"n/a"}})"});
    take_in();
    const auto acme = get("web_domain:acme.example");
    EXPECT_EQ(acme.kind, "organisation");
    EXPECT_EQ(only(find("user_id:u1")).words.title, "Buyer");
    EXPECT_EQ(only(find("user_id:u3")).customer, find("group_id:7"));
    EXPECT_EQ(only(find("user_id:u2")).customer, find("organisation_name:acme"));
    EXPECT_TRUE(memberships(find("user_id:u4")).empty());
}

TEST_P(MembersTest, AHouseholdHasMembersToo) {
    ImportedMessage message = row("1", {"child", "", {}, {}, {}}, day("05-01"));
    message.organisation->kind = identity::NodeKind::household;
    message.organisation->key = "name:smith";
    message.organisation->identifiers.clear();
    append(message, event_log::FrameKind::claim);
    take_in();
    const auto home = only(person("1"));
    EXPECT_EQ(home.kind, "household");
    EXPECT_EQ(home.name, "Works");
    EXPECT_EQ(only(home.customer).words.role, "child");
    EXPECT_EQ(customers_->with_members(home.customer)->member_count, 1);
}

} // namespace
} // namespace onefold::customer
