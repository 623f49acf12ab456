#include "customer/view.h"

namespace onefold::customer {

IdentifierView view_of(const identity::StoredIdentifier& identifier) {
    const auto* type = identity::find_identifier_type(identifier.type);
    if (type && type->is_digest_only)
        return {identifier.type, identifier.scope.empty() ? std::nullopt : std::optional(identifier.scope), "••••",
            identifier.state};
    const bool is_hidden = type && type->is_secret && identifier.value.size() > 4;
    return {identifier.type, identifier.scope.empty() ? std::nullopt : std::optional(identifier.scope),
        is_hidden ? "****" + identifier.value.substr(identifier.value.size() - 4) : identifier.value, identifier.state};
}

std::vector<HeldIdentifierView> held_views_of(const std::vector<identity::StoredIdentifier>& identifiers) {
    std::vector<HeldIdentifierView> views;
    for (const auto& identifier : identifiers)
        views.push_back({view_of(identifier), identifier.id, identifier.is_verified,
            identifier.verified_by.empty() ? std::nullopt : std::optional(identifier.verified_by),
            identifier.verified_at});
    return views;
}

CustomerView view_of(const Customer& customer) {
    return {customer.id, customer.kind, customer.state, customer.merged_into, customer.version, customer.fields,
        view_of(customer.computed), held_views_of(customer.identifiers)};
}

CustomerDetail detail_of(const Customer& customer, boost::json::object provenance) {
    return {customer.id, customer.kind, customer.state, customer.merged_into, customer.version, customer.fields,
        view_of(customer.computed), held_views_of(customer.identifiers), std::move(provenance)};
}

std::vector<IdentifierView> views_of(const std::vector<identity::StoredIdentifier>& identifiers) {
    std::vector<IdentifierView> views;
    for (const auto& identifier : identifiers)
        views.push_back(view_of(identifier));
    return views;
}

ComputedView view_of(const Computed& computed) {
    ComputedView view{computed.first_seen_at, computed.last_seen_at, computed.last_purchase_at, computed.event_count,
        computed.order_count, computed.ticket_count, computed.total_spend, computed.currency, {}};
    for (const Spend& spend : computed.unconverted)
        view.unconverted.push_back({spend.currency, spend.amount});
    return view;
}

LinkView view_of(const identity::StoredLink& link) {
    return {to_string(link.node_a), to_string(link.node_b), link.rule,
        link.identifier ? std::optional(view_of(*link.identifier)) : std::nullopt, link.at, link.rule_version, link.by,
        link.decision ? std::optional(link.decision) : std::nullopt};
}

} // namespace onefold::customer
