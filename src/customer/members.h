#pragma once
// Who stands on the other side of a customer's memberships. For this room's own files.
#include "customer/customer.h"
#include "object/record.h"

namespace onefold::customer {

// One row a customer on the other side of $1 (a living customer of the kind): customer_id, known_at, from_at, to_at:
// the time for which it holds, NULL where nobody states it. What a person says of it goes before what sources say;
// where one source states no beginning, there is none.
const std::string& members_sql(identity::NodeKind kind);

struct MemberNode {
    NodeId node;
    SourceId source;
    CustomerId customer;
    Instant from = Instant::min(), to = Instant::max();
    bool is_always() const { return from == Instant::min() && to == Instant::max(); }
    bool covers(Instant at) const { return from <= at && at < to; }
};
Result<std::vector<MemberNode>> list_member_nodes(
    store::Session& session, CustomerId customer, identity::NodeKind kind);

Result<identity::NodeKind> kind_of(store::Session& session, CustomerId customer);

// One currency stands for itself; of several, the company's is the total and the others are shown beside it.
struct SpendSummary {
    Decimal total;
    std::string currency;
    store::Value unconverted;
};
SpendSummary summarise(const std::vector<std::pair<std::string, Decimal>>& spend, const std::string& company_currency);

} // namespace onefold::customer
