#include "customer/members.h"

#include <fmt/format.h>

namespace onefold::customer {
namespace {

// The bound that a hand states, else the widest of the sources' where each of them states one.
std::string bound(std::string_view column, std::string_view widest) {
    return fmt::format(
        "COALESCE(MAX(CASE WHEN m.source_id = {0} THEN m.{1} END), CASE WHEN COUNT(CASE WHEN m.source_id "
        "<> {0} THEN 1 END) = COUNT(CASE WHEN m.source_id <> {0} THEN m.{1} END) THEN {2}(CASE WHEN "
        "m.source_id <> {0} THEN m.{1} END) END)",
        source::manual.value, column, widest);
}

std::string sql_of(std::string_view mine, std::string_view theirs) {
    // Of several hands the newest says whether it holds.
    return fmt::format(
        "SELECT o.customer_id, MIN(m.valid_from) AS known_at, {3} AS from_at, {4} AS to_at FROM node n JOIN membership "
        "m ON m.{0} = n.id JOIN node o ON o.id = m.{1} WHERE n.customer_id = $1 GROUP BY o.customer_id HAVING "
        "COALESCE(MAX(CASE WHEN m.source_id = {2} THEN m.said_at * 2 + m.is_removed END), 0) % 2 = 0",
        mine, theirs, source::manual.value, bound("stated_from", "MIN"), bound("valid_to", "MAX"));
}

Instant instant_or(const store::Row& row, int column, Instant otherwise) {
    return row.is_null(column) ? otherwise : instant_of(row.integer(column));
}

} // namespace

const std::string& members_sql(identity::NodeKind kind) {
    static const std::string of_person = sql_of("person_node", "organisation_node"),
                             of_group = sql_of("organisation_node", "person_node");
    return kind == identity::NodeKind::person ? of_person : of_group;
}

Result<std::vector<MemberNode>> list_member_nodes(
    store::Session& session, CustomerId customer, identity::NodeKind kind) {
    return session.list(fmt::format("SELECT p.id, p.source_id, t.customer_id, t.from_at, t.to_at FROM ({}) t JOIN node "
                                    "p ON p.customer_id = t.customer_id",
                            members_sql(kind)),
        {customer.value}, [](const store::Row& row) {
            return MemberNode{NodeId{row.integer(0)}, SourceId{row.integer(1)}, CustomerId{row.integer(2)},
                instant_or(row, 3, Instant::min()), instant_or(row, 4, Instant::max())};
        });
}

Result<identity::NodeKind> kind_of(store::Session& session, CustomerId customer) {
    const auto kind = TRY(session.find("SELECT kind FROM customer WHERE id = $1", {customer.value},
        [](const store::Row& row) { return identity::kind_named(row.text(0)); }));
    return kind.value_or(identity::NodeKind::person);
}

} // namespace onefold::customer
