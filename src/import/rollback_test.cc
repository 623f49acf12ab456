#include "import/rollback_world_test.h"
#include "testing/postgres.h"

#include <random>

namespace onefold::import {
namespace {

class RollbackTest : public testing::OnBothDatabases {
  protected:
    World& world() {
        if (!world_)
            world_ = std::make_unique<World>(url());
        return *world_;
    }
    void minute() { world().outside.clock.advance(std::chrono::minutes{1}); }

    std::unique_ptr<World> world_;
};
ON_BOTH_DATABASES(RollbackTest);

constexpr const char* people =
    R"({"identifiers":{"member":"member_no","phone":"phone","email":"email"},"fields":{"name":"name","city":"city"}})";
constexpr const char* order_map =
    R"({"identifiers":{"member":"member_no"},"order":{"number":"no","time":"at","status":"status","lines":{"sku":"sku","quantity":"n","price":"price"}}})";
constexpr const char* ticket_map =
    R"({"identifiers":{"member":"member_no"},"ticket":{"number":"no","time":"at","subject":"subject","status":"status","rating":"stars"}})";
constexpr const char* event_map =
    R"({"identifiers":{"member":"member_no"},"fields":{"name":"name"},"event":{"name":"event","time":"at"}})";

void expect_same(const Knowledge& a, const Knowledge& b) {
    EXPECT_EQ(a.nodes, b.nodes);
    EXPECT_EQ(a.customers, b.customers);
    EXPECT_EQ(a.orders, b.orders);
    EXPECT_EQ(a.tickets, b.tickets);
    EXPECT_EQ(a.memberships, b.memberships);
}

TEST_P(RollbackTest, WhatAnImportMadeGoesAndWhatItChangedReturns) {
    auto& w = world();
    w.say(R"({"type":"identify","userId":"u1","traits":{"name":"Ann","phone":"13912345678"}})");
    w.import(Kind::customer, "member,name,city,phone,email\n1,Bo,Bern,,bo@example.com\n", people);
    const Knowledge before = w.state();
    minute();
    const auto import = w.import(Kind::customer,
        "member,name,city,phone,email\n1,Bob,Basel,,bo@example.com\n2,Cy,,13912345678,\n3,Di,,,di@example.com\n",
        people);
    EXPECT_EQ(import.counts.created, 2);
    EXPECT_EQ(w.name_of("member_no@shop:1"), "Bob");
    const CustomerId di = w.find("email:di@example.com");
    EXPECT_EQ(w.find("member_no@shop:2"), w.find("phone:13912345678"));
    const Knowledge during = w.state();

    const Rollback preview = w.roll_back(import.id, Purpose::dry_run);
    EXPECT_EQ(preview.state, RollbackState::previewed);
    EXPECT_EQ(preview.counts.customers, (Fates{2, 1, 0}));
    expect_same(w.state(), during);

    const Rollback rollback = w.roll_back(import.id);
    EXPECT_EQ(rollback.state, RollbackState::finished) << (rollback.error ? rollback.error->in("en") : "");
    EXPECT_EQ(rollback.counts.customers, (Fates{2, 1, 0}));
    EXPECT_EQ(rollback.counts.customers_gone, 1);
    expect_same(w.state(), before);
    EXPECT_EQ(w.name_of("member_no@shop:1"), "Bo");
    EXPECT_EQ(w.customers->get(di)->state, "withdrawn");
    EXPECT_EQ(w.customers->timeline(di, 10, "").error().code, "customer.withdrawn");
    EXPECT_EQ(w.differences(), "");
    EXPECT_TRUE(w.log->verify()->damages.empty());

    EXPECT_EQ(w.roll_back(import.id).started_at, rollback.started_at) << "two of one import are one";
    minute();
    const auto again = w.import(Kind::customer,
        "member,name,city,phone,email\n1,Bob,Basel,,bo@example.com\n2,Cy,,13912345678,\n3,Di,,,di@example.com\n",
        people);
    EXPECT_EQ(again.counts.created, 2);
    EXPECT_EQ(again.counts.updated, 1);
    EXPECT_EQ(w.find("email:di@example.com"), di) << "the old id lives again";
    EXPECT_EQ(w.differences(), "");
}

TEST_P(RollbackTest, RecordsThatWereChangedOrUsedSinceStay) {
    auto& w = world();
    const auto import = w.import(Kind::customer,
        "member,name,city,phone,email\n1,Ann,,,\n2,Bo,,,\n3,Cy,,,\n4,Di,,,\n5,Ed,,,\n6,Fy,,,\n", people);
    minute();
    w.import(Kind::customer, "member,name,city,phone,email\n1,Anna,,,\n", people); // changed
    const CustomerId bo = w.find("member_no@shop:2");
    ASSERT_TRUE(
        w.customers->edit(w.caller, {bo, w.customers->get(bo)->version, {{"city", "Bern"}}, {}, {}, {}, {}, {}}));
    w.import(Kind::order, "member,no,at,status,sku,n,price\n3,O1,2026-01-02,paid,a,1,5\n",
        order_map);                                                              // used, and said again
    w.import(Kind::customer, "member,name,city,phone,email\n4,Di,,,\n", people); // said again
    ASSERT_TRUE(w.customers->create_note(w.caller, w.find("member_no@shop:5"), {"Called.", false}));
    const Rollback rollback = w.roll_back(import.id);
    EXPECT_EQ(rollback.counts.customers, (Fates{1, 0, 5}));
    std::map<std::string, std::string> reasons;
    for (const RollbackRecord& one : w.left(import.id))
        reasons[one.name] = one.reason;
    EXPECT_EQ(reasons, (std::map<std::string, std::string>{{"Anna", "changed"}, {"Bo", "edited"}, {"Cy", "said_again"},
                           {"Di", "said_again"}, {"Ed", "edited"}}));
    EXPECT_EQ(w.find("member_no@shop:6"), CustomerId{});
    EXPECT_EQ(w.name_of("member_no@shop:1"), "Anna");
    EXPECT_EQ(w.differences(), "");
    const auto csv = w.imports->rollbacks().left_csv(import.id, 1, "en");
    ASSERT_TRUE(csv);
    EXPECT_NE(csv->find("Customer,Bo,"), csv->npos);
}

TEST_P(RollbackTest, TheSameFileAgainChangesNothingAndKeepsWhatTheFirstBrought) {
    auto& w = world();
    const std::string file = "member,name,city,phone,email\n1,Ann,,,\n1,Anna,,,\n2,Bo,,,\n";
    const auto first = w.import(Kind::customer, file, people);
    minute();
    const auto second = w.import(Kind::customer, file, people);
    EXPECT_EQ(second.counts.unchanged, 3) << "also the row that a later one contradicts";
    const Rollback rollback = w.roll_back(first.id);
    EXPECT_EQ(rollback.counts.customers, (Fates{0, 0, 2})) << w.left_words(first.id);
    EXPECT_EQ(w.name_of("member_no@shop:1"), "Anna");
    EXPECT_EQ(w.differences(), "");
}

TEST_P(RollbackTest, OrdersAndTicketsGoOrReturn) {
    auto& w = world();
    w.import(Kind::order,
        "member,no,at,status,sku,n,price\n1,O1,2026-01-02,paid,a,1,5\n1,O1,2026-01-02,paid,b,2,1.5\n2,O2,2026-01-03,,c,"
        "1,9\n",
        order_map);
    w.import(Kind::ticket, "member,no,at,subject,status,stars\n1,T1,2026-01-02,Late,open,3\n", ticket_map);
    const Knowledge before = w.state();
    minute();
    const auto orders = w.import(Kind::order,
        "member,no,at,status,sku,n,price\n1,O1,2026-01-02,refunded,a,1,5\n2,O2,2026-01-03,,c,1,9\n3,O3,2026-01-04,,d,1,"
        "7\n",
        order_map);
    minute();
    const auto tickets = w.import(Kind::ticket,
        "member,no,at,subject,status,stars\n1,T1,2026-01-02,Late,closed,5\n3,T2,2026-01-02,Lost,open,\n", ticket_map);
    const Rollback second = w.roll_back(tickets.id);
    EXPECT_EQ(second.counts.tickets, (Fates{1, 1, 0}));
    const Rollback first = w.roll_back(orders.id);
    EXPECT_EQ(first.counts.orders, (Fates{1, 1, 0})) << w.left_words(orders.id);
    EXPECT_EQ(first.state, RollbackState::finished);
    expect_same(w.state(), before);
    EXPECT_EQ(w.differences(), "");
}

TEST_P(RollbackTest, AnOrderOfWhichSeveralSpeakBecomesWhatTheOthersSay) {
    auto& w = world();
    w.say_as_shop(
        R"({"type":"track","userId":"u1","event":"Order Completed","timestamp":"2025-12-05T02:00:00Z","properties":{"order_id":"O1","total":20,"currency":"CNY","products":[{"sku":"a","quantity":2,"price":10}]}})");
    const Knowledge before = w.state();
    ASSERT_EQ(before.orders.size(), 1u);
    minute();
    const auto import =
        w.import(Kind::order, "member,no,at,status,sku,n,price\n7,O1,2026-01-02,paid,a,3,10\n", order_map);
    EXPECT_NE(w.state().orders, before.orders);
    w.roll_back(import.id);
    expect_same(w.state(), before);
    EXPECT_EQ(w.differences(), "");
}

TEST_P(RollbackTest, ImportedEventsAreRetractedAndMayComeAgain) {
    auto& w = world();
    w.import(Kind::event, "member,name,event,at\n1,Ann,Visited,2026-01-01\n", event_map);
    const Knowledge before = w.state();
    minute();
    const std::string file =
        "member,name,event,at\n1,Anne,Bought,2026-01-02\n2,Bo,Bought,2026-01-03\n2,Bo,Bought,2026-01-03\n";
    const auto import = w.import(Kind::event, file, event_map);
    EXPECT_EQ(w.customers->get(w.find("member_no@shop:1"))->computed.event_count, 2);
    for (int round = 0; round < 3; ++round) {
        const auto id = round == 0 ? import.id : w.import(Kind::event, file, event_map).id;
        EXPECT_EQ(w.imports->get(id)->counts.created, 3) << "round " << round;
        w.settle();
        const auto rollback = w.roll_back(id);
        EXPECT_EQ(rollback.counts.events, (Fates{3, 0, 0}));
        expect_same(w.state(), before);
        EXPECT_EQ(w.retracted.size(), std::size_t(3 * (round + 1)));
        minute();
    }
    EXPECT_EQ(w.customers->timeline(w.find("member_no@shop:1"), 10, "")->items.size(), 1u);
    EXPECT_EQ(w.log->verify()->redacted, 9u);
    EXPECT_EQ(w.differences(), "");
}

TEST_P(RollbackTest, ARowStaysWholeWhereItsOrganisationWasChanged) {
    auto& w = world();
    const std::string map =
        R"({"organisation":{"fields":{"company":"name","town":"city"}},"person":{"identifiers":{"member":"member_no"},"fields":{"name":"name"}},"membership":{"role":"role"}})";
    const auto import =
        w.import(Kind::customer, "member,name,company,town,role\n1,Ann,Acme,Bern,buyer\n2,Bo,Brick,Basel,boss\n", map);
    minute();
    w.import(Kind::customer, "member,name,company,town,role\n3,Cy,Acme,Chur,\n", map);
    const auto rollback = w.roll_back(import.id);
    EXPECT_EQ(rollback.counts.customers, (Fates{2, 0, 2})) << w.left_words(import.id);
    EXPECT_NE(w.find("member_no@shop:1"), CustomerId{});
    EXPECT_EQ(w.find("member_no@shop:2"), CustomerId{});
    EXPECT_EQ(w.state().memberships.size(), 2u);
    EXPECT_EQ(w.differences(), "");
}

TEST_P(RollbackTest, OnlyWhatHasEndedAndChangedSomethingIsRolledBack) {
    auto& w = world();
    EXPECT_EQ(
        w.imports->rollbacks().create(w.caller, ImportId{99}, Purpose::import).error().code, "import.no_such_import");
    EXPECT_EQ(w.imports->rollbacks().get(ImportId{99}).error().code, "import.no_rollback");
    const auto import = w.import(Kind::customer, "member,name,city,phone,email\n1,Ann,,,\n", people);
    for (const auto& [sql, code] : {std::pair("UPDATE import SET state = 'running'", "import.still_running"),
             std::pair("UPDATE import SET state = 'finished', is_dry = 1", "import.was_dry_run"),
             std::pair("UPDATE import SET is_dry = 0, log_from = 0", "import.not_reversible")}) {
        ASSERT_TRUE(w.database->write([&](store::Session& session) -> Result<> {
            TRY(session.execute(sql));
            return {};
        }));
        EXPECT_EQ(w.imports->rollbacks().create(w.caller, import.id, Purpose::import).error().code, code);
    }
}

} // namespace
} // namespace onefold::import
