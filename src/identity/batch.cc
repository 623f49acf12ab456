#include "identity/batch.h"

#include "identity/component.h"
#include "identity/facts.h"
#include "identity/held.h"

namespace onefold::identity {
namespace {

// The items as their index in the store has them, so that neighbours are found and written one after the other.
template <class Item, class Wanted>
std::vector<Item*> in_order(std::vector<Item>& items, Wanted is_wanted) {
    std::vector<Item*> order;
    for (Item& item : items)
        if (is_wanted(item))
            order.push_back(&item);
    std::ranges::sort(order, {}, [](const Item* item) { return std::cref(item->place); });
    return order;
}

store::Values key_of(const NodePlace& place) {
    return {place.source.value, std::string(to_string(place.kind)), place.key};
}
store::Values key_of(const IdentifierPlace& place) {
    return {store::Blob{place.digest}, std::string(place.type), place.scope};
}

} // namespace

std::uint32_t Batch::add_node(const Subject& subject) {
    NodePlace place{subject.source, subject.kind, subject.key};
    const auto at = micros_of(subject.at);
    const auto [number, is_first] = nodes_.add(place);
    WorkNode& node = nodes_.items[number];
    if (is_first) {
        node.place = std::move(place);
        node.first_at = at;
        node.cause = subject.cause;
    }
    node.first_at = std::min(node.first_at, at);
    merge_facts(node.facts, subject.facts);
    return number;
}

void Batch::add_claim(std::uint32_t node, const IdentifierValue& value, std::string digest, const Subject& subject) {
    IdentifierPlace place{std::move(digest), value.type->code, value.scope};
    const auto [number, is_first] = identifiers_.add(place);
    WorkIdentifier& identifier = identifiers_.items[number];
    if (is_first)
        identifier.place = std::move(place);
    identifier.value = &value;
    identifier.is_blocked |= value.is_blocked;
    const auto at = micros_of(subject.at);
    const auto [claim_number, is_first_claim] = claims_.add(std::uint64_t{node} << 32 | number);
    WorkClaim& claim = claims_.items[claim_number];
    if (is_first_claim) {
        claim = {node, number, at, subject.cause};
        ++identifier.claimants;
        add_held(nodes_.items[node].identifier_types, held_of(value.type->code));
    }
    claim.is_verified |= value.is_verified;
    claim.first_at = std::min(claim.first_at, at);
}

Result<> Batch::write(CustomerBook& book) {
    TRY(find_nodes());
    TRY(find_identifiers());
    TRY(open_newcomers(book));
    TRY(write_nodes());
    TRY(create_identifiers());
    return write_claims();
}

Result<> Batch::find_nodes() {
    std::vector<store::Values> keys;
    const auto nodes = in_order(nodes_.items, [](const WorkNode&) { return true; });
    for (const WorkNode* node : nodes)
        keys.push_back(key_of(node->place));
    return session_.each_many(
        "SELECT id, customer_id, facts, first_at, identifier_types FROM node WHERE source_id = $1 AND kind = $2 AND "
        "subject_key = $3",
        keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            WorkNode& node = *nodes[index];
            node.id = NodeId{row.integer(0)};
            node.customer = CustomerId{row.integer(1)};
            std::vector<Fact> facts = facts_of(row.text(2));
            node.has_new_facts = merge_facts(facts, node.facts);
            node.facts = std::move(facts);
            node.is_new = false;
            node.is_withdrawn = node.is_touched = !node.customer;
            node.is_older = node.first_at < row.integer(3);
            node.first_at = std::min(node.first_at, row.integer(3));
            std::string types(row.text(4));
            node.has_new_types = add_held(types, node.identifier_types);
            node.identifier_types = std::move(types);
            return {};
        });
}

Result<> Batch::find_identifiers() {
    std::vector<store::Values> keys;
    const auto identifiers = in_order(identifiers_.items, [](const WorkIdentifier&) { return true; });
    for (const WorkIdentifier* identifier : identifiers)
        keys.push_back(key_of(identifier->place));
    return session_.each_many("SELECT id FROM identifier WHERE digest = $1 AND type = $2 AND scope = $3", keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            identifiers[index]->id = IdentifierId{row.integer(0)};
            identifiers[index]->is_new = false;
            return {};
        });
}

// Whoever is new and shares nothing with anybody needs no look at the graph.
Result<> Batch::open_newcomers(CustomerBook& book) {
    for (const WorkClaim& claim : claims_.items) {
        const WorkIdentifier& identifier = identifiers_.items[claim.identifier];
        nodes_.items[claim.node].is_alone &= identifier.is_new && identifier.claimants == 1;
    }
    std::vector<NodeKind> kinds;
    std::vector<WorkNode*> newcomers;
    for (WorkNode& node : nodes_.items) {
        node.is_alone &= node.is_new;
        if (!node.is_alone)
            continue;
        kinds.push_back(node.place.kind);
        newcomers.push_back(&node);
    }
    const auto opened = TRY(book.reserve(session_, kinds));
    for (std::size_t i = 0; i < newcomers.size(); ++i)
        newcomers[i]->customer = opened[i];
    return {};
}

Result<> Batch::write_nodes() {
    std::vector<store::Values> inserts, updates;
    const auto inserted = in_order(nodes_.items, [](const WorkNode& node) { return node.is_new; });
    for (const WorkNode* node : inserted) {
        store::Values row = key_of(node->place);
        row.insert(
            row.end(), {node->customer.value, node->customer ? store::Value{node->customer.value} : store::Value{},
                           json_of(node->facts), node->first_at, node->cause, node->identifier_types});
        inserts.push_back(std::move(row));
    }
    for (const WorkNode& node : nodes_.items)
        if (!node.is_new && (node.has_new_facts || node.has_new_types || node.is_older))
            updates.push_back({json_of(node.facts), node.first_at, node.id.value, node.identifier_types});
    const auto ids =
        TRY(session_.insert_many("INSERT INTO node (source_id, kind, subject_key, customer_id, anchor_of, facts, "
                                 "first_at, cause, identifier_types) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            inserts));
    for (std::size_t i = 0; i < ids.size(); ++i)
        inserted[i]->id = NodeId{ids[i]};
    TRY(session_.execute_many(
        "UPDATE node SET facts = $1, first_at = $2, identifier_types = $4 WHERE id = $3", updates));
    std::vector<store::Values> revived;
    for (const WorkNode& node : nodes_.items)
        if (node.is_withdrawn)
            revived.push_back({node.cause, node.id.value});
    TRY(session_.execute_many("UPDATE node SET cause = $1 WHERE id = $2", revived));
    return {};
}

Result<> Batch::create_identifiers() {
    std::vector<store::Values> inserts;
    const auto inserted = in_order(identifiers_.items, [](const WorkIdentifier& one) { return one.is_new; });
    for (const WorkIdentifier* identifier : inserted) {
        std::string sealed;
        if (!identifier->value->type->is_digest_only)
            sealed = TRY(keys_.seal("identifier", identifier->place.type, identifier->value->value));
        store::Values row = key_of(identifier->place);
        row.insert(
            row.end(), {store::Blob{std::move(sealed)}, std::string(identifier->is_blocked ? "blocked" : "open")});
        inserts.push_back(std::move(row));
    }
    const auto ids = TRY(session_.insert_many(
        "INSERT INTO identifier (digest, type, scope, sealed_value, state) VALUES ($1, $2, $3, $4, $5)", inserts));
    std::vector<IdentifierId> blocked;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        inserted[i]->id = IdentifierId{ids[i]};
        if (inserted[i]->is_blocked)
            blocked.push_back(inserted[i]->id);
    }
    return write_placeholders(session_, blocked, now_);
}

Result<> Batch::write_claims() {
    TRY(find_claims());
    std::vector<store::Values> inserts, updates;
    for (const WorkClaim& claim : claims_.items) {
        nodes_.items[claim.node].is_touched |= claim.is_older || (claim.is_new && !is_private(claim));
        nodes_.items[claim.node].has_new_number |= claim.is_new && is_number(claim);
        const auto node = nodes_.items[claim.node].id.value;
        const auto identifier = identifiers_.items[claim.identifier].id.value;
        if (claim.is_new)
            inserts.push_back({node, identifier, claim.first_at, std::int64_t(claim.is_verified), claim.cause});
        else if (claim.is_changed)
            updates.push_back({claim.first_at, std::int64_t(claim.is_verified), node, identifier});
    }
    std::ranges::sort(inserts, {}, [](const store::Values& row) {
        return std::pair(std::get<std::int64_t>(row[0]), std::get<std::int64_t>(row[1]));
    });
    TRY(session_.execute_many(
        "INSERT INTO claim (node_id, identifier_id, first_at, verified, cause) VALUES ($1, $2, $3, $4, $5)", inserts));
    TRY(session_.execute_many(
        "UPDATE claim SET first_at = $1, verified = $2 WHERE node_id = $3 AND identifier_id = $4", updates));
    return {};
}

// Customers are found by the ends of their numbers: one more is news of them. A new node with a number that is
// known joins those who hold it, and tells nothing new.
bool Batch::is_number(const WorkClaim& claim) const {
    const WorkIdentifier& identifier = identifiers_.items[claim.identifier];
    return identifier.value->type->code == "phone" && (identifier.is_new || !nodes_.items[claim.node].is_new);
}

// A weak identifier that nobody else holds joins nobody, and parts nobody as a stronger one may.
bool Batch::is_private(const WorkClaim& claim) const {
    const WorkIdentifier& identifier = identifiers_.items[claim.identifier];
    return identifier.is_new && identifier.claimants == 1 && identifier.value->type->strength == Strength::weak;
}

Result<> Batch::find_claims() {
    std::vector<store::Values> keys;
    std::vector<WorkClaim*> of;
    for (WorkClaim& claim : claims_.items) {
        const WorkNode& node = nodes_.items[claim.node];
        const WorkIdentifier& identifier = identifiers_.items[claim.identifier];
        if (node.is_new || identifier.is_new)
            continue;
        keys.push_back({node.id.value, identifier.id.value});
        of.push_back(&claim);
    }
    return session_.each_many("SELECT first_at, verified FROM claim WHERE node_id = $1 AND identifier_id = $2", keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            WorkClaim& claim = *of[index];
            claim.is_new = false;
            claim.is_older = claim.first_at < row.integer(0); // who was first decides between claimants
            const bool was_verified = row.integer(1) != 0;
            claim.is_changed = claim.is_older || (claim.is_verified && !was_verified);
            claim.is_verified |= was_verified;
            claim.first_at = std::min(claim.first_at, row.integer(0));
            return {};
        });
}

} // namespace onefold::identity
