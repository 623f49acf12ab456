// Which organisations a person belongs to, and who belongs to an organisation.
#include "customer/customer.h"

namespace onefold::customer {

Result<MembershipPage> Customers::memberships(CustomerId id, int limit, const std::string& after) const {
    const std::int64_t edge = after.empty() ? 0 : parse_id(after).value_or(-1);
    if (edge < 0) {
        const LocalText message{"This is no cursor of this list.", "分页游标无效。"};
        return fail(ErrorKind::invalid, "customer.bad_cursor", message, {{"/after", "customer.bad_cursor", message}});
    }
    return database_.read([&](store::Session& session) -> Result<MembershipPage> {
        const CustomerId customer = TRY(living(session, id));
        const auto kind = TRY(session.find("SELECT kind FROM customer WHERE id = $1", {customer.value},
            [](const store::Row& row) { return identity::kind_named(row.text(0)); }));
        const bool is_organisation = kind == identity::NodeKind::organisation;
        const std::string sql = fmt::format(
            "SELECT o.customer_id, c.kind, c.name, MIN(m.valid_from), MAX(m.role), MAX(m.title), "
            "MAX(m.is_decision_maker), MAX(m.valid_to), MIN(m.source_id) FROM node n JOIN membership m ON m.{} = n.id "
            "JOIN node o ON o.id = m.{} JOIN customer c ON c.id = o.customer_id WHERE n.customer_id = $1 AND "
            "o.customer_id > $2 GROUP BY o.customer_id, c.kind, c.name ORDER BY o.customer_id LIMIT $3",
            is_organisation ? "organisation_node" : "person_node",
            is_organisation ? "person_node" : "organisation_node");
        const auto instant_in = [](const store::Row& row, int column) {
            const auto micros = row.optional_integer(column);
            return micros ? std::optional(instant_of(*micros)) : std::nullopt;
        };
        MembershipPage page;
        page.items = TRY(session.list(sql, {customer.value, edge, std::int64_t(limit) + 1}, [&](const store::Row& row) {
            return Membership{CustomerId{row.integer(0)}, std::string(row.text(1)), std::string(row.text(2)),
                std::string(row.text(4)), std::string(row.text(5)), row.integer(6) != 0, instant_in(row, 3),
                instant_in(row, 7), source_name(SourceId{row.integer(8)})};
        }));
        if (page.items.size() > std::size_t(limit)) {
            page.items.pop_back();
            page.next = to_string(page.items.back().customer);
        }
        return page;
    });
}

} // namespace onefold::customer
