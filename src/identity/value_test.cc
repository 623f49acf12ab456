// Which values join nobody, by frequency and by hand; and what a change of policy does.
#include "identity/identity_rig.h"
#include "identity/value_store.h"

namespace onefold::identity {
namespace {

class Values : public IdentityRig {
  protected:
    void TearDown() override { ASSERT_TRUE(install(default_policy())); }
};
ON_BOTH_DATABASES(Values);

std::string shared_phone = "phone:13912345678";

void contacts(World& world, int from, int to, const std::vector<std::string>& also = {}) {
    std::vector<Subject> subjects;
    for (int i = from; i < to; ++i) {
        std::vector<std::string> references{shared_phone};
        for (const std::string& one : also)
            references.push_back(one + std::to_string(i));
        subjects.push_back(subject_of(shop, fmt::format("c{}", i), references, i + 1));
    }
    world.absorb(subjects);
}

StoredValue only(World& world, ValueFilter filter = {}) {
    const auto page = world.identity->list_values(world.session, filter, {"CN"});
    VERIFY(page);
    EXPECT_EQ(page->items.size(), 1u);
    return page->items.empty() ? StoredValue{} : page->items.front();
}

ValueFilter phone() {
    ValueFilter filter;
    filter.value = "139-1234-5678";
    return filter;
}

std::int64_t customers(World& world) {
    return world.ask("SELECT COUNT(DISTINCT customer_id) FROM node");
}

void sweep_all(World& world) {
    for (;;) {
        const auto step = world.identity->next_sweep(world.session);
        ASSERT_TRUE(step);
        if (!*step)
            return;
        ASSERT_TRUE(world.identity->sweep(world.session, **step, world.say(), world.ledger));
    }
}

TEST_P(Values, AFamilySharesAPhoneAndASwitchboardDoesNot) {
    tell([](World& world) {
        contacts(world, 0, 4, {"user_id:u"});
        EXPECT_EQ(only(world, phone()).state, ValueState::open);
        contacts(world, 4, 10, {"user_id:u"}); // ten accounts: nobody's own any more
        const StoredValue value = only(world);
        EXPECT_EQ(value.state, ValueState::shared);
        EXPECT_EQ(value.cause, StateCause::frequency);
        EXPECT_EQ(value.value, "+8613912345678");
        EXPECT_EQ(value.by, "system");
        EXPECT_TRUE(value.since);
        EXPECT_EQ(value.records, 10);
        EXPECT_EQ(value.customers, 10);
    });
}

TEST_P(Values, TwentyRecordsOfOnePhoneArePartedAndNineteenAreNot) {
    tell([](World& world) {
        contacts(world, 0, 19);
        EXPECT_EQ(customers(world), 1);
        contacts(world, 19, 20);
        EXPECT_EQ(customers(world), 20);
        EXPECT_EQ(only(world).state, ValueState::shared);
        contacts(world, 20, 40);
        EXPECT_EQ(customers(world), 40);
        EXPECT_EQ(only(world).records, 40);
    });
}

TEST_P(Values, APlaceholderIsListedWithItsReason) {
    tell([](World& world) {
        world.absorb({subject_of(shop, "a", {"phone:13800138000"}), subject_of(shop, "b", {"phone:13800138000"})});
        const StoredValue value = only(world);
        EXPECT_EQ(value.state, ValueState::blocked);
        EXPECT_EQ(value.cause, StateCause::placeholder);
        EXPECT_EQ(value.records, 2);
        ValueFilter filter;
        filter.state = ValueState::shared;
        EXPECT_TRUE(world.identity->list_values(world.session, filter, {"CN"})->items.empty());
    });
}

TEST_P(Values, APersonsWordOutlivesTheRule) {
    tell([](World& world) {
        contacts(world, 0, 25);
        const IdentifierId id = only(world).id;
        const auto opened =
            world.identity->decide_value(world.session, id, ValueState::open, world.say(), world.ledger);
        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->customers_before, 25u);
        EXPECT_EQ(opened->customers_after, 1u);
        contacts(world, 25, 30);
        EXPECT_EQ(customers(world), 1);
        EXPECT_EQ(only(world).cause, StateCause::hand);
        const auto again = world.identity->decide_value(world.session, id, ValueState::open, world.say(), world.ledger);
        ASSERT_FALSE(again);
        EXPECT_EQ(again.error().code, "identity.same_state");
        const auto back = world.identity->decide_value(world.session, id, std::nullopt, world.say(), world.ledger);
        ASSERT_TRUE(back);
        EXPECT_EQ(back->after, ValueState::shared);
        EXPECT_EQ(customers(world), 30);
        EXPECT_EQ(only(world).cause, StateCause::frequency);
    });
}

TEST_P(Values, ABlockedValueOfTwoPartsThemAndComesBack) {
    tell([](World& world) {
        contacts(world, 0, 2);
        const IdentifierId id = only(world, phone()).id;
        ASSERT_TRUE(world.identity->decide_value(world.session, id, ValueState::blocked, world.say(), world.ledger));
        EXPECT_EQ(customers(world), 2);
        ASSERT_TRUE(world.identity->decide_value(world.session, id, std::nullopt, world.say(), world.ledger));
        EXPECT_EQ(customers(world), 1);
        EXPECT_TRUE(world.identity->list_values(world.session, {}, {"CN"})->items.empty());
        const auto none =
            world.identity->decide_value(world.session, IdentifierId{999}, std::nullopt, world.say(), world.ledger);
        ASSERT_FALSE(none);
        EXPECT_EQ(none.error().code, "identity.no_such_value");
    });
}

TEST_P(Values, WhatMoreThanAThousandHoldIsNotOpened) {
    tell([](World& world) {
        contacts(world, 0, 1001);
        const auto opened =
            world.identity->decide_value(world.session, only(world).id, ValueState::open, world.say(), world.ledger);
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, "identity.too_wide");
    });
}

TEST_P(Values, OfAnIdentityCardOnlyADigestIsKept) {
    tell([](World& world) {
        world.absorb({subject_of(shop, "a", {"id_card:11010519491231002X"}),
            subject_of(app, "b", {"id_card:11010519491231002x"})});
        EXPECT_TRUE(world.are_one("a", "b"));
        EXPECT_EQ(world.ask("SELECT COUNT(*) FROM identifier WHERE length(sealed_value) > 0"), 0);
        const auto found =
            world.identity->find_customers(world.session, *parse_reference("id_card:11010519491231002X"), {"CN"});
        ASSERT_TRUE(found);
        EXPECT_EQ(*found, (std::vector{world.customer("a")}));
        ValueFilter filter;
        filter.value = "11010519491231002X";
        filter.type = "id_card";
        EXPECT_EQ(only(world, filter).value, "");
    });
}

// ---- policy ----

TypePolicy dealer_no() {
    TypePolicy type;
    type.code = "dealer_no";
    type.label = {"Dealer number", "经销商编号"};
    type.strength = Strength::strong;
    type.joins = Joins::either;
    type.spelling = {Writing::text, true, "d-[0-9]+", {"As in D-100.", "例如 D-100。"}, 3, 12};
    return type;
}

TypePolicy& type_in(Policy& policy, std::string_view code) {
    return *std::ranges::find(policy.types, code, &TypePolicy::code);
}

TEST_P(Values, AnAddedTypeJoinsAsABuiltInOneDoes) {
    tell([](World& world) {
        Policy policy = read_policy(world.session)->policy;
        policy.types.push_back(dealer_no());
        const auto written = write_policy(world.session, 0, policy, world.say());
        ASSERT_TRUE(written) << written.error().fields.at(0).message.in("en");
        EXPECT_EQ(written->version, 1);
        EXPECT_EQ(read_policy(world.session)->policy, policy);
        const IdentifierType* phone_before = find_identifier_type("phone");
        ASSERT_TRUE(install(policy));
        EXPECT_EQ(phone_before->code, "phone"); // and lives on
        world.absorb({subject_of(shop, "a", {"dealer_no:D-100"}), subject_of(app, "b", {"dealer_no: d-100 "})});
        EXPECT_TRUE(world.are_one("a", "b"));
        const auto wrong = normalise(*find_identifier_type("dealer_no"), "X100", "CN");
        ASSERT_FALSE(wrong);
        EXPECT_EQ(wrong.error().message.in("zh-CN"), "例如 D-100。");
        EXPECT_FALSE(normalise(*find_identifier_type("dealer_no"), "D-10000000000", "CN"));
        EXPECT_EQ(list_policies(world.session, INT64_MAX, 10)->size(), 2u);
        EXPECT_EQ(write_policy(world.session, 0, policy, world.say()).error().code, "identity.policy_changed");
    });
}

TEST_P(Values, ARetiredTypeIsKnownAndJoinsNobody) {
    tell([](World& world) {
        Policy policy = default_policy();
        policy.types.push_back(dealer_no());
        ASSERT_TRUE(write_policy(world.session, 0, policy, world.say()));
        ASSERT_TRUE(install(policy));
        world.absorb({subject_of(shop, "a", {"dealer_no:D-1"}), subject_of(app, "b", {"dealer_no:D-1"})});
        sweep_all(world);
        EXPECT_TRUE(world.are_one("a", "b"));
        policy.types.back().is_joining = false;
        ASSERT_TRUE(write_policy(world.session, 1, policy, world.say()));
        ASSERT_TRUE(install(policy));
        sweep_all(world);
        EXPECT_FALSE(world.are_one("a", "b"));
        EXPECT_TRUE(parse_type("dealer_no"));
        policy.types.pop_back(); // not named: still there
        const auto kept = write_policy(world.session, 2, policy, world.say());
        ASSERT_TRUE(kept);
        EXPECT_EQ(kept->policy.types.back().code, "dealer_no");
    });
}

TEST_P(Values, ChangedLimitsReachWhatIsStored) {
    tell([](World& world) {
        contacts(world, 0, 12);
        Policy policy = default_policy();
        for (const auto& [version, records, expected] : {std::tuple(0, 5, 12), std::tuple(1, 50, 1)}) {
            type_in(policy, "phone").limits.records_max = records;
            ASSERT_TRUE(write_policy(world.session, version, policy, world.say()));
            ASSERT_TRUE(install(policy));
            sweep_all(world);
            EXPECT_EQ(customers(world), expected);
        }
    });
}

TEST_P(Values, APolicyThatCannotBeIsRefusedFieldByField) {
    tell([](World& world) {
        Policy policy = default_policy();
        type_in(policy, "phone").strength = Strength::strong;
        TypePolicy wrong = dealer_no();
        wrong.joins = Joins::persons;
        wrong.code = "Dealer no";
        wrong.spelling.pattern = "(";
        wrong.limits.records_max = -1;
        wrong.label = {};
        policy.types.push_back(wrong);
        const auto refused = write_policy(world.session, 0, policy, world.say());
        ASSERT_FALSE(refused);
        std::set<std::string> paths;
        for (const FieldError& error : refused.error().fields)
            paths.insert(error.path);
        EXPECT_EQ(paths, (std::set<std::string>{"/types/3", "/types/14/code", "/types/14/label", "/types/14/pattern",
                             "/types/14/limits/records"}));
        EXPECT_EQ(read_policy(world.session)->version, 0);
        policy = default_policy();
        policy.types.push_back(dealer_no());
        ASSERT_TRUE(write_policy(world.session, 0, policy, world.say()));
        policy.types.back().spelling.pattern = "x-[0-9]+"; // the log would say something else than it said
        EXPECT_EQ(write_policy(world.session, 1, policy, world.say()).error().fields.at(0).path, "/types/14");
    });
}

} // namespace
} // namespace onefold::identity
