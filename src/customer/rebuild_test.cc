#include "customer/customer_rig.h"
#include "customer/edit.h"
#include "customer/rebuild.h"
#include "object/order_statement_store.h"
#include "object/shipped.h"

#include <filesystem>

namespace onefold::customer {
namespace {

class RebuildTest : public CustomerRig {
  protected:
    Rebuilt rebuild() {
        Rebuild rebuild{{*database_, *keys_, outside_.all, *sources_, *log_, *timeline_, customers_->activity()},
            folder_.file("rebuild")};
        VERIFY(rebuild.begin());
        EXPECT_EQ(rebuild.begin().error().code, "customer.rebuilding");
        while (rebuild.status().is_running)
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        return *rebuild.status().last_rebuilt;
    }
    void plant(const std::string& sql) {
        ASSERT_TRUE(database_->write([&](store::Session& session) -> Result<> {
            EXPECT_GT(TRY(session.execute(sql)), 0) << sql;
            return {};
        })) << sql;
    }
    static std::string words(const Comparison& comparison) {
        std::string all;
        for (const Difference& one : comparison.first_differences)
            all += fmt::format("{} [{}] {}: {} / {}\n", one.what, one.key, one.field, one.live.value_or("-"),
                one.rebuilt.value_or("-"));
        return all;
    }
    void expect_equal() {
        const Rebuilt rebuilt = rebuild();
        ASSERT_FALSE(rebuilt.trouble) << rebuilt.trouble->message.in("en");
        EXPECT_EQ(rebuilt.comparison.differences, 0) << words(rebuilt.comparison);
        EXPECT_EQ(rebuilt.position, log_->end());
    }
    static std::int64_t count(const Rebuilt& rebuilt, std::string_view what) {
        for (const auto& [name, live, made] : rebuilt.comparison.counts)
            if (name == what)
                return made;
        return 0;
    }
    // Merges, a split by late evidence, an alias, members, orders by events and by files, claims of an import.
    void tell_a_mixed_history() {
        append({
            R"({"type":"page","anonymousId":"b1","name":"Home","timestamp":"2025-05-02T00:00:00Z"})",
            R"({"type":"identify","userId":"u1","traits":{"name":"Ann","email":"ann@example.com"},"timestamp":"2025-05-03T00:00:00Z"})",
            R"({"type":"identify","userId":"u2","traits":{"name":"Ben","phone":"13912345678"},"timestamp":"2025-05-04T00:00:00Z"})",
        });
        take_in();
        append({
            R"({"type":"track","userId":"u1","anonymousId":"b1","event":"Seen","timestamp":"2025-05-05T00:00:00Z"})",
            R"({"type":"group","userId":"u1","groupId":"g1","traits":{"name":"Acme","role":"buyer"},"timestamp":"2025-05-05T01:00:00Z"})",
            R"({"type":"track","userId":"u2","event":"Order Completed","properties":{"order_id":"1001","total":20,"currency":"CNY","products":[{"sku":"a","quantity":2,"price":10}]},"timestamp":"2025-05-05T02:00:00Z"})",
            R"({"type":"track","userId":"u1","event":"Order Completed","properties":{"revenue":3},"timestamp":"2025-05-05T02:00:00Z"})",
        });
        take_in();
        append({
            R"({"type":"track","userId":"u2","anonymousId":"b1","event":"Seen earlier","timestamp":"2025-05-01T00:00:00Z"})",
            R"({"type":"alias","previousId":"b7","userId":"u2","timestamp":"2025-05-06T00:00:00Z"})",
            R"({"type":"track","userId":"u2","event":"Order Refunded","properties":{"order_id":"1001","total":5},"timestamp":"2025-05-07T00:00:00Z"})",
            R"({"type":"page","anonymousId":"b7","name":"Cart","context":{"active":false},"timestamp":"2025-05-08T00:00:00Z"})",
        });
        ImportedMessage claim;
        claim.subject_key = "member_no@shop:1";
        claim.identifiers = {{identity::find_identifier_type("member_no"), "shop", "1", false},
            {identity::find_identifier_type("email"), "", "ann@example.com", false}};
        claim.facts = {{"name", "Ann Lee"}, {"city", "Suzhou"}};
        claim.at = *parse_rfc3339("2025-01-01T00:00:00Z");
        append(claim, event_log::FrameKind::claim);
        take_in();
        const NodeId member = node_of(find("member_no@shop:1"));
        save({order("7", member, "2025-03-01T00:00:00Z", "12.50"), order("8", NodeId{}, "2025-03-02T00:00:00Z", "1")});
        ASSERT_TRUE(database_->write([&](store::Session& session) -> Result<> {
            const change::Author author{{Principal::Kind::local, 0, Role::admin}, outside_.clock.now(), "import", "1"};
            object::OrderDraft spoken = order("1001", member, "2025-05-05T02:00:00Z", "21");
            spoken.number_scope = "web";
            TRY(object::import_orders(session, author, {spoken}, [](SourceId) { return 50; }));
            const object::TicketDraft ticket{"shop", "T1", shop_, member, parse_rfc3339("2025-04-01T00:00:00Z").value(),
                "Where is it?", "open", std::nullopt};
            TRY(object::save_tickets(session, author, {ticket}));
            const auto all = TRY(
                session.list("SELECT id FROM node", {}, [](const store::Row& row) { return NodeId{row.integer(0)}; }));
            return customers_->refresh_activity_of(session, all);
        }));
    }
};
ON_BOTH_DATABASES(RebuildTest);

TEST_P(RebuildTest, AMixedHistoryComesOutTheSame) {
    tell_a_mixed_history();
    ASSERT_NE(find("user_id:u1"), find("user_id:u2"));
    ASSERT_EQ(find("anonymous_id:b1"), find("user_id:u2")) << "the split took place";
    const Rebuilt rebuilt = rebuild();
    ASSERT_FALSE(rebuilt.trouble) << rebuilt.trouble->message.in("en");
    EXPECT_EQ(rebuilt.comparison.differences, 0) << words(rebuilt.comparison);
    EXPECT_EQ(rebuilt.events, 12);
    EXPECT_EQ(rebuilt.position, log_->end());
    EXPECT_GE(count(rebuilt, "node"), 7);
    EXPECT_GE(count(rebuilt, "claim"), 9);
    EXPECT_EQ(count(rebuilt, "customer"), 3);
    EXPECT_EQ(count(rebuilt, "activity"), 3);
    EXPECT_EQ(count(rebuilt, "membership"), 1);
    EXPECT_EQ(count(rebuilt, "order"), 1);
    EXPECT_EQ(count(rebuilt, "order_line"), 1);
    EXPECT_EQ(count(rebuilt, "order_statement"), 1);
    EXPECT_EQ(count(rebuilt, "message_problem"), 1);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.file("rebuild"))) << "the second file goes";
}

TEST_P(RebuildTest, AnEmptyLogIsEqualToNothing) {
    expect_equal();
}

TEST_P(RebuildTest, EveryPlantedDifferenceIsFound) {
    tell_a_mixed_history();
    const std::string node_of_u1 = "(SELECT id FROM node WHERE subject_key = 'user_id:u1')";
    const std::string node_of_b7 = "(SELECT id FROM node WHERE subject_key = 'anonymous_id:b7')";
    const std::string customer_of_u1 = "(SELECT customer_id FROM node WHERE subject_key = 'user_id:u1')";
    const std::string customer_of_u2 = "(SELECT customer_id FROM node WHERE subject_key = 'user_id:u2')";
    const std::string first_order = "(SELECT id FROM record_order WHERE number = '1001')";
    struct Planted {
        std::string what, field, sql;
        std::string back; // "" where the damage stays
    };
    const std::vector<Planted> planted{
        {"customer", "name", "UPDATE customer SET name = 'Eve' WHERE id = " + customer_of_u1,
            "UPDATE customer SET name = 'Ann' WHERE id = " + customer_of_u1},
        {"customer", "city", "UPDATE customer SET city = NULL WHERE id = " + customer_of_u1,
            "UPDATE customer SET city = 'Suzhou' WHERE id = " + customer_of_u1},
        {"customer", "provenance of name",
            "UPDATE customer SET provenance = REPLACE(provenance, 'most_recent', 'longest') WHERE id = " +
                customer_of_u1,
            "UPDATE customer SET provenance = REPLACE(provenance, 'longest', 'most_recent') WHERE id = " +
                customer_of_u1},
        {"activity", "event_count", "UPDATE customer_activity SET event_count = event_count + 1",
            "UPDATE customer_activity SET event_count = event_count - 1"},
        {"activity", "total_spend", "UPDATE customer_activity SET total_spend = total_spend + 1",
            "UPDATE customer_activity SET total_spend = total_spend - 1"},
        {"activity", "ticket_count", "UPDATE customer_activity SET ticket_count = ticket_count + 1",
            "UPDATE customer_activity SET ticket_count = ticket_count - 1"},
        {"node", "event_count", "UPDATE node_activity SET event_count = event_count + 1 WHERE node_id = " + node_of_u1,
            "UPDATE node_activity SET event_count = event_count - 1 WHERE node_id = " + node_of_u1},
        {"node", "last_event_at", "UPDATE node_activity SET last_at = last_at + 1000000 WHERE node_id = " + node_of_u1,
            "UPDATE node_activity SET last_at = last_at - 1000000 WHERE node_id = " + node_of_u1},
        {"node", "first_at", "UPDATE node SET first_at = first_at + 1000000 WHERE id = " + node_of_u1,
            "UPDATE node SET first_at = first_at - 1000000 WHERE id = " + node_of_u1},
        {"node", "fact name", "UPDATE node SET facts = REPLACE(facts, 'Ann\"', 'Anna\"') WHERE id = " + node_of_u1,
            "UPDATE node SET facts = REPLACE(facts, 'Anna\"', 'Ann\"') WHERE id = " + node_of_u1},
        {"node", "customer",
            "UPDATE node SET customer_id = " + customer_of_u2 + " WHERE subject_key = 'member_no@shop:1'",
            "UPDATE node SET customer_id = " + customer_of_u1 + " WHERE subject_key = 'member_no@shop:1'"},
        {"node", "merged_into", "UPDATE customer SET merged_into = NULL WHERE state = 'merged'", ""},
        {"order", "total", "UPDATE record_order SET total = total + 1 WHERE number = '1001'",
            "UPDATE record_order SET total = total - 1 WHERE number = '1001'"},
        {"order", "buyer", "UPDATE record_order SET node_id = " + node_of_b7 + " WHERE number = '1001'", ""},
        {"order_line", "quantity", "UPDATE record_order_line SET quantity = 0 WHERE order_id = " + first_order, ""},
        {"order_line", "", "DELETE FROM record_order_line WHERE order_id = " + first_order, ""},
        {"order_statement", "refunds",
            "UPDATE order_statement SET statement = REPLACE(statement, '\"amount\":\"5\"', "
            "'\"amount\":\"6\"') WHERE medium = 'message'",
            ""},
        {"order", "", "DELETE FROM record_order WHERE number = '1001'", ""},
        {"membership", "role", "UPDATE membership SET role = 'owner'", ""},
        {"membership", "", "DELETE FROM membership", ""},
        {"message_problem", "", "DELETE FROM message_problem", ""},
        {"claim", "state", "UPDATE identifier SET state = 'shared' WHERE type = 'phone'", ""},
        {"claim", "", "DELETE FROM claim WHERE node_id = " + node_of_u1, ""},
        {"customer", "", "INSERT INTO customer (kind, state, version, provenance) VALUES ('person', 'active', 1, '')",
            ""},
        {"node", "",
            "INSERT INTO node (source_id, kind, subject_key, customer_id, facts, first_at, cause) SELECT "
            "source_id, kind, 'user_id:nobody', customer_id, '{}', 0, 'x' FROM node WHERE id = " +
                node_of_u1,
            ""},
    };
    expect_equal();
    for (const auto& [what, field, sql, back] : planted) {
        plant(sql);
        const Rebuilt rebuilt = rebuild();
        ASSERT_FALSE(rebuilt.trouble) << rebuilt.trouble->message.in("en");
        EXPECT_TRUE(std::ranges::any_of(rebuilt.comparison.first_differences,
            [&](const Difference& one) { return one.what == what && one.field == field && one.live != one.rebuilt; }))
            << sql << "\n"
            << words(rebuilt.comparison);
        if (!back.empty())
            plant(back);
    }
}

TEST_P(RebuildTest, WhatADifferenceSaysLetsAPersonFindIt) {
    tell_a_mixed_history();
    plant("UPDATE customer SET name = 'Eve' WHERE name = 'Ben'");
    plant("DELETE FROM claim WHERE identifier_id IN (SELECT id FROM identifier WHERE type = 'phone')");
    const auto all = rebuild().comparison.first_differences;
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].what, "customer");
    EXPECT_EQ(all[0].field, "name");
    EXPECT_EQ(all[0].live, "Eve");
    EXPECT_EQ(all[0].rebuilt, "Ben");
    EXPECT_EQ(all[1].what, "claim");
    EXPECT_FALSE(all[1].live);
    EXPECT_TRUE(all[1].key.starts_with("web person user_id:u2: phone ")) << all[1].key;
    EXPECT_TRUE(all[1].key.ends_with(" = +8613912345678")) << all[1].key;
}

TEST_P(RebuildTest, WhatPeopleDecidedIsKept) {
    append({R"({"type":"identify","userId":"u1","traits":{"name":"Ann","email":"home@example.com"},"timestamp":"2025-05-01T00:00:00Z"})",
        R"({"type":"identify","anonymousId":"b1","traits":{"name":"Ben","email":"home@example.com"},"timestamp":"2025-05-02T00:00:00Z"})"});
    take_in();
    ASSERT_EQ(find("user_id:u1"), find("anonymous_id:b1"));
    plant("INSERT INTO separation (node_a, node_b, made_by, at, reason) SELECT a.id, b.id, 'ann', 1, 'two people' FROM "
          "node a, node b WHERE a.subject_key = 'user_id:u1' AND b.subject_key = 'anonymous_id:b1'");
    const Rebuilt before = rebuild();
    EXPECT_GT(before.comparison.differences, 0) << "the live tables have not followed yet";
    append(
        {R"({"type":"identify","userId":"u1","traits":{"email":"home@example.com"},"timestamp":"2025-04-30T00:00:00Z"})"});
    take_in();
    ASSERT_NE(find("user_id:u1"), find("anonymous_id:b1"));
    expect_equal();

    // What was typed into the golden record: a node of the source `manual`.
    const identity::Subject typed{source::manual, identity::NodeKind::person, "anchor:1",
        {{identity::find_identifier_type("user_id"), "", "u1", false}},
        {{object::find_golden_field("name")->id, "Anne", *parse_rfc3339("2025-06-01T00:00:00Z")}},
        *parse_rfc3339("2025-06-01T00:00:00Z"), "ann"};
    identity::Absorbed absorbed;
    ASSERT_TRUE(database_->write([&](store::Session& session) -> Result<> {
        Book book;
        absorbed = TRY(customers_->identity().absorb(session, {typed}, book));
        return customers_->refresh(session, absorbed.changed);
    }));
    customers_->identity().remember(absorbed.learned);
    ASSERT_EQ(get("user_id:u1").fields.at("name"), "Anne");
    expect_equal();
}

TEST_P(RebuildTest, MergesAndUnmergesByHandAreKept) {
    append(
        {R"({"type":"identify","userId":"u1","anonymousId":"b1","traits":{"name":"Ann"},"timestamp":"2025-05-01T00:00:00Z"})",
            R"({"type":"track","anonymousId":"b1","event":"E","timestamp":"2025-05-01T01:00:00Z"})",
            R"({"type":"track","anonymousId":"b2","event":"E","timestamp":"2025-05-02T00:00:00Z"})",
            R"({"type":"identify","userId":"u3","traits":{"name":"Ben"},"timestamp":"2025-05-03T00:00:00Z"})"});
    take_in();
    Caller caller;
    caller.principal = {Principal::Kind::local, 0, Role::admin};
    const auto merged =
        customers_->merge(caller, {find("user_id:u1"), find("user_id:u3"), {{"name", "Anne"}}}, Doing::really);
    ASSERT_TRUE(merged) << merged.error().message.in("en");
    ASSERT_EQ(get("user_id:u3").fields.at("name"), "Anne");
    expect_equal();
    const auto browser = database_->read([](store::Session& session) {
        return session.find_integer("SELECT id FROM node WHERE subject_key = 'anonymous_id:b1'");
    });
    ASSERT_TRUE(customers_->unmerge(caller, {find("user_id:u1"), {NodeId{**browser}}, ""}, Doing::really));
    ASSERT_NE(find("user_id:u1"), get("anonymous_id:b2").id);
    expect_equal();
    ASSERT_TRUE(customers_->undo(caller, merged->decision));
    expect_equal();
}

TEST_P(RebuildTest, MarksByHandOnIdentifiersAndWhatIsKeptApartAreKept) {
    append(
        {R"({"type":"identify","userId":"u1","traits":{"phone":"13912345678","email":"a@example.com"},"timestamp":"2025-05-01T00:00:00Z"})",
            R"({"type":"identify","userId":"u2","traits":{"phone":"13912345678"},"timestamp":"2025-05-02T00:00:00Z"})"});
    take_in();
    Caller caller;
    caller.principal = {Principal::Kind::user, 3, Role::editor};
    const Customer ann = get("user_id:u1");
    EditRequest checked{ann.id, ann.version, {}, {}, {}, {}, {}, {}};
    for (const auto& identifier : ann.identifiers)
        if (identifier.type == "email")
            checked.verified_identifiers.push_back(identifier.id);
    ASSERT_TRUE(customers_->edit(caller, checked));
    ASSERT_TRUE(customers_->keep_apart(caller, {find("user_id:u1"), find("user_id:u2"), "sisters"}));
    append({R"({"type":"identify","userId":"u1","traits":{"email":"b@example.com"},"timestamp":"2025-05-03T00:00:00Z"})",
        R"({"type":"identify","anonymousId":"b2","traits":{"email":"b@example.com","phone":"13912345678"},"timestamp":"2025-05-04T00:00:00Z"})",
        R"({"type":"identify","userId":"u2","traits":{"email":"b@example.com"},"timestamp":"2025-05-05T00:00:00Z"})"});
    take_in();
    ASSERT_NE(find("user_id:u1"), find("user_id:u2"));
    expect_equal();
}

TEST_P(RebuildTest, ComparesAtOnePositionWhileEventsComeIn) {
    tell_a_mixed_history();
    std::atomic<bool> is_over = false;
    std::thread sender([&] {
        for (int i = 0; !is_over; ++i)
            append({fmt::format(
                R"({{"type":"identify","userId":"u{}","anonymousId":"b{}","timestamp":"2025-06-01T00:00:{:02}Z"}})",
                i % 9, i % 4, i % 60)});
    });
    for (int i = 0; i < 3; ++i) {
        const Rebuilt rebuilt = rebuild();
        EXPECT_FALSE(rebuilt.trouble);
        EXPECT_EQ(rebuilt.comparison.differences, 0) << words(rebuilt.comparison);
    }
    is_over = true;
    sender.join();
    take_in();
    expect_equal();
}

TEST_P(RebuildTest, ALogThatEndsEarlyIsNotTakenForDifferences) {
    tell_a_mixed_history();
    plant(fmt::format("UPDATE intake_cursor SET position = {}", log_->end().value + 100));
    const Rebuilt rebuilt = rebuild();
    ASSERT_TRUE(rebuilt.trouble);
    EXPECT_EQ(rebuilt.trouble->code, "customer.log_has_a_gap");
    EXPECT_EQ(rebuilt.comparison.differences, 0);
}

TEST_P(RebuildTest, IsStoppedInTheMiddle) {
    tell_a_mixed_history();
    Rebuild rebuild{{*database_, *keys_, outside_.all, *sources_, *log_, *timeline_, customers_->activity()},
        folder_.file("rebuild")};
    ASSERT_TRUE(rebuild.begin());
    rebuild.stop();
    EXPECT_FALSE(rebuild.status().is_running);
    ASSERT_TRUE(rebuild.status().last_rebuilt);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.file("rebuild")));
}

} // namespace
} // namespace onefold::customer
