#include "customer/customer_rig.h"

#include <set>

namespace onefold::customer {
namespace {

// Every place in SQL where a node's id stands. Records and facts hold a node and never a customer, so that they follow
// a merge and come back; whoever adds a place says here how it follows.
struct Place {
    std::string_view column, how;
};
constexpr Place places[] = {
    {"node.id", "the node itself; its customer_id moves"},
    {"claim.node_id", "read through the node"},
    {"link.node_a", "evidence between nodes"},
    {"link.node_b", "evidence between nodes"},
    {"separation.node_a", "evidence between nodes"},
    {"separation.node_b", "evidence between nodes"},
    {"separation_node.node_id", "evidence between nodes"},
    {"identity_touched.nodes", "to be looked at again: whose they are then"},
    {"identity_decision.edits", "where chosen values stand; taken back with the decision"},
    {"membership.person_node", "joined to the customer"},
    {"membership.organisation_node", "joined to the customer"},
    {"record_order.node_id", "joined to the customer"},
    {"record_order.contact_node_id", "joined to the customer"},
    {"record_ticket.node_id", "joined to the customer"},
    {"note.node_id", "read through the nodes of the customer"},
    {"order_statement.statement", "who bought, as one source says it"},
    {"activity_sweep.swept_to", "a place in the order of nodes, nothing of this node"},
    {"node_activity.node_id", "summed over the customer's nodes"},
    {"customer.provenance", "written anew with the golden record"},
    {"change.record_id", "history: of a node on which a value was chosen or typed"},
    {"change.before", "history: what was, stays"},
    {"change.after", "history: what was, stays"},
};

class NodeColumns : public CustomerRig {
  protected:
    static constexpr std::int64_t first_node = 700'000;

    void SetUp() override {
        CustomerRig::SetUp();
        ASSERT_TRUE(database_->write([&](store::Session& session) -> Result<> {
            TRY(session.execute(
                "INSERT INTO node (id, source_id, kind, subject_key, customer_id, facts, first_at, cause) "
                "VALUES ($1, 0, 'person', 'nobody', 0, '{}', 0, '')",
                {first_node}));
            if (session.dialect() == store::Dialect::postgres)
                TRY(session.execute("ALTER TABLE node ALTER COLUMN id RESTART WITH 700001"));
            return {};
        }));
    }
    struct Found {
        std::string table, column, type;
    };
    std::vector<Found> columns() {
        auto found = database_->read([](store::Session& session) -> Result<std::vector<Found>> {
            const std::string_view sql =
                session.dialect() == store::Dialect::postgres
                    ? "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = "
                      "current_schema()"
                    : "SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE "
                      "m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
            return session.list(sql, {}, [](const store::Row& row) {
                return Found{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2))};
            });
        });
        VERIFY(found);
        return std::move(*found);
    }
    // A number of six digits that begins as the nodes' do.
    static bool names_a_node(std::string_view text) {
        const auto is_digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
        for (std::size_t at = text.find("7000"); at != std::string_view::npos; at = text.find("7000", at + 1)) {
            const bool begins = at == 0 || !is_digit(at - 1);
            if (begins && is_digit(at + 4) && is_digit(at + 5) && !is_digit(at + 6))
                return true;
        }
        return false;
    }
    bool holds_nodes(const Found& column) {
        const auto rows = database_->read([&](store::Session& session) {
            return session.list(fmt::format(R"(SELECT CAST("{}" AS TEXT) FROM "{}")", column.column, column.table), {},
                [](const store::Row& row) { return std::string(row.text(0)); });
        });
        VERIFY(rows);
        return std::ranges::any_of(*rows, names_a_node);
    }
};
ON_BOTH_DATABASES(NodeColumns);

TEST_P(NodeColumns, EveryColumnThatHoldsANodeIsOneOfThoseThatFollowAMerge) {
    append({R"({"type":"identify","userId":"u1","traits":{"name":"Ann","phone":"13912345678"}})",
        R"({"type":"identify","userId":"u2","traits":{"name":"Bob"}})",
        R"({"type":"identify","anonymousId":"b1","traits":{"phone":"13912345678"}})",
        R"({"type":"group","userId":"u1","groupId":"g1","traits":{"name":"Firm"}})",
        R"({"type":"track","userId":"u1","event":"Order Completed","properties":{"order_id":"o1","total":5,"currency":"CNY"}})"});
    take_in();
    const auto a = find("user_id:u1"), b = find("user_id:u2");
    EXPECT_GT(node_of(a).value, first_node);
    save({order("A1", node_of(a), "2025-05-01T00:00:00Z", "10")});
    ASSERT_TRUE(database_->write([&](store::Session& session) -> Result<> {
        const change::Author author{{Principal::Kind::local, 0, Role::admin}, outside_.clock.now(), "import", "1"};
        TRY(object::save_tickets(session, author, {{"desk", "T1", shop_, node_of(b), {}, "Help", "open", {}}}));
        return {};
    }));
    Caller caller;
    caller.principal = {Principal::Kind::user, 1, Role::editor};
    ASSERT_TRUE(customers_->create_note(caller, b, {"Called back.", false}));
    ASSERT_TRUE(customers_->merge(caller, {a, b, {{"name", "Ann"}}}, Doing::really));
    auto nodes = customers_->lineage(a)->nodes;
    ASSERT_GE(nodes.size(), 3u);
    ASSERT_TRUE(customers_->unmerge(caller, {a, {nodes[0].id}, ""}, Doing::really));

    std::set<std::string> known, present;
    for (const Place& place : places)
        known.emplace(place.column);
    int holding = 0;
    for (const Found& column : columns()) {
        const std::string name = column.table + "." + column.column;
        present.insert(name);
        const bool is_text_or_number = column.type != "BLOB" && column.type != "bytea" && column.type != "BYTEA";
        const bool holds = is_text_or_number && holds_nodes(column);
        const bool is_named = column.column.find("node") != std::string::npos;
        holding += holds ? 1 : 0;
        EXPECT_TRUE(known.contains(name) || (!holds && !is_named))
            << name << " holds a node's id: say above how it follows a merge";
    }
    EXPECT_GE(holding, 14) << "the story fills what it looks at";
    for (const std::string& name : known)
        EXPECT_TRUE(present.contains(name)) << name << " is gone";
}

} // namespace
} // namespace onefold::customer
