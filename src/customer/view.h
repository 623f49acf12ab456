#pragma once
// Shapes of the API that several of this room's routes answer with.
#include "customer/customer.h"
#include "http/bind.h"

namespace onefold::customer {

struct SpendView {
    std::string currency, amount;
};
BOOST_DESCRIBE_STRUCT(SpendView, (), (currency, amount))

struct ComputedView {
    std::optional<Instant> first_seen_at, last_seen_at, last_purchase_at;
    std::int64_t event_count, order_count, ticket_count;
    std::string total_spend, currency;
    std::vector<SpendView> unconverted;
};
BOOST_DESCRIBE_STRUCT(ComputedView, (),
    (first_seen_at, last_seen_at, last_purchase_at, event_count, order_count, ticket_count, total_spend, currency,
        unconverted))

struct IdentifierView {
    std::string type;
    std::optional<std::string> scope;
    std::string value, state;
};
BOOST_DESCRIBE_STRUCT(IdentifierView, (), (type, scope, value, state))

// In a customer's own list. `verified_by` is the principal who checked it by hand.
struct HeldIdentifierView : IdentifierView {
    IdentifierId id;
    bool is_verified;
    std::optional<std::string> verified_by;
    std::optional<Instant> verified_at;
};
BOOST_DESCRIBE_STRUCT(HeldIdentifierView, (IdentifierView), (id, is_verified, verified_by, verified_at))

// `by` is a principal ("user:3"); of what the rules joined, "system". A link by hand names the decision that made it.
struct LinkView {
    std::string node_a, node_b, rule;
    std::optional<IdentifierView> identifier;
    Instant at;
    std::int64_t rule_version;
    std::string by;
    std::optional<identity::DecisionId> decision;
};
BOOST_DESCRIBE_STRUCT(LinkView, (), (node_a, node_b, rule, identifier, at, rule_version, by, decision))

struct CustomerView {
    CustomerId id;
    std::string kind, state;
    std::optional<CustomerId> merged_into;
    std::int64_t version;
    boost::json::object fields;
    ComputedView computed;
    std::vector<HeldIdentifierView> identifiers;
};
BOOST_DESCRIBE_STRUCT(CustomerView, (), (id, kind, state, merged_into, version, fields, computed, identifiers))

struct CustomerDetail {
    CustomerId id;
    std::string kind, state;
    std::optional<CustomerId> merged_into;
    std::int64_t version;
    boost::json::object fields;
    ComputedView computed;
    std::vector<HeldIdentifierView> identifiers;
    boost::json::object provenance;
};
BOOST_DESCRIBE_STRUCT(
    CustomerDetail, (), (id, kind, state, merged_into, version, fields, computed, identifiers, provenance))

CustomerView view_of(const Customer& customer);
CustomerDetail detail_of(const Customer& customer, boost::json::object provenance);
// Of a secret value only its end is shown.
IdentifierView view_of(const identity::StoredIdentifier& identifier);
std::vector<IdentifierView> views_of(const std::vector<identity::StoredIdentifier>& identifiers);
std::vector<HeldIdentifierView> held_views_of(const std::vector<identity::StoredIdentifier>& identifiers);
ComputedView view_of(const Computed& computed);
LinkView view_of(const identity::StoredLink& link);

} // namespace onefold::customer
