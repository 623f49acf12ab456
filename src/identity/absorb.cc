#include "identity/component.h"
#include "identity/facts.h"
#include "identity/memory.h"

#include <map>
#include <set>

namespace onefold::identity {
namespace {

// How much later a claim must be repeated to be written again: 30 days.
constexpr std::int64_t touch_interval_us = 30 * 86'400'000'000;

using NodePlace = std::tuple<SourceId, NodeKind, std::string>;
using IdentifierPlace = std::tuple<std::string, std::string, std::string>; // digest, type, scope

struct WorkNode {
    NodeId id;
    CustomerId customer;
    std::vector<Fact> facts;
    std::int64_t first_at = 0;
    std::string cause;
    bool is_new = false, has_new_facts = false, is_older = false, is_touched = false;
};
struct WorkIdentifier {
    IdentifierId id;
    const IdentifierValue* value = nullptr;
    bool is_blocked = false, is_new = false;
};
struct WorkClaim {
    std::int64_t first_at = 0, last_at = 0;
    std::string cause;
    bool is_new = true, is_changed = true, is_older = false;
};

// One batch on its way into the store: every table is read once and written once.
class Batch {
  public:
    Batch(store::Session& session, const access::Keys& keys) : session_(session), keys_(keys) {}

    std::map<NodePlace, WorkNode> nodes;
    std::map<IdentifierPlace, WorkIdentifier> identifiers;
    std::map<std::pair<NodePlace, IdentifierPlace>, WorkClaim> claims;

    Result<> find_or_create_nodes() {
        std::vector<store::Values> keys;
        std::vector<WorkNode*> of;
        for (auto& [place, node] : nodes) {
            keys.push_back(key_of(place));
            of.push_back(&node);
            node.is_new = true;
        }
        TRY(session_.each_many(
            "SELECT id, customer_id, facts, first_at FROM node WHERE source_id = $1 AND kind = $2 AND subject_key = $3",
            keys, [&](std::size_t index, const store::Row& row) -> Result<> {
                WorkNode& node = *of[index];
                node.id = NodeId{row.integer(0)};
                node.customer = CustomerId{row.integer(1)};
                std::vector<Fact> facts = facts_of(row.text(2));
                node.has_new_facts = merge_facts(facts, node.facts);
                node.facts = std::move(facts);
                node.is_new = false;
                node.is_older = node.first_at < row.integer(3);
                node.first_at = std::min(node.first_at, row.integer(3));
                return {};
            }));
        std::vector<store::Values> inserts, updates;
        std::vector<WorkNode*> inserted;
        for (auto& [place, node] : nodes) {
            if (node.is_new) {
                store::Values row = key_of(place);
                row.insert(row.end(), {json_of(node.facts), node.first_at, node.cause});
                inserts.push_back(std::move(row));
                inserted.push_back(&node);
            } else if (node.has_new_facts || node.is_older) {
                updates.push_back({json_of(node.facts), node.first_at, node.id.value});
            }
        }
        TRY(session_.each_many("INSERT INTO node (source_id, kind, subject_key, customer_id, facts, first_at, cause) "
                               "VALUES ($1, $2, $3, 0, $4, $5, $6) RETURNING id",
            inserts, [&](std::size_t index, const store::Row& row) -> Result<> {
                inserted[index]->id = NodeId{row.integer(0)};
                return {};
            }));
        TRY(session_.execute_many("UPDATE node SET facts = $1, first_at = $2 WHERE id = $3", updates));
        return {};
    }

    Result<> find_or_create_identifiers() {
        std::vector<store::Values> keys;
        std::vector<WorkIdentifier*> of;
        for (auto& [place, identifier] : identifiers) {
            keys.push_back(key_of(place));
            of.push_back(&identifier);
            identifier.is_new = true;
        }
        TRY(session_.each_many("SELECT id FROM identifier WHERE digest = $1 AND type = $2 AND scope = $3", keys,
            [&](std::size_t index, const store::Row& row) -> Result<> {
                of[index]->id = IdentifierId{row.integer(0)};
                of[index]->is_new = false;
                return {};
            }));
        std::vector<store::Values> inserts;
        std::vector<WorkIdentifier*> inserted;
        for (auto& [place, identifier] : identifiers) {
            if (!identifier.is_new)
                continue;
            const auto sealed = TRY(keys_.seal("identifier", std::get<1>(place), identifier.value->value));
            store::Values row = key_of(place);
            row.insert(row.end(), {store::Blob{sealed}, std::string(identifier.is_blocked ? "blocked" : "open")});
            inserts.push_back(std::move(row));
            inserted.push_back(&identifier);
        }
        return session_.each_many("INSERT INTO identifier (digest, type, scope, sealed_value, state) VALUES ($1, $2, "
                                  "$3, $4, $5) RETURNING id",
            inserts, [&](std::size_t index, const store::Row& row) -> Result<> {
                inserted[index]->id = IdentifierId{row.integer(0)};
                return {};
            });
    }

    Result<> write_claims() {
        std::vector<store::Values> keys;
        std::vector<WorkClaim*> of;
        for (auto& [place, claim] : claims) {
            const WorkNode& node = nodes.at(place.first);
            const WorkIdentifier& identifier = identifiers.at(place.second);
            if (node.is_new || identifier.is_new)
                continue;
            keys.push_back({node.id.value, identifier.id.value});
            of.push_back(&claim);
        }
        TRY(session_.each_many("SELECT first_at, last_at FROM claim WHERE node_id = $1 AND identifier_id = $2", keys,
            [&](std::size_t index, const store::Row& row) -> Result<> {
                WorkClaim& claim = *of[index];
                claim.is_new = false;
                claim.is_older = claim.first_at < row.integer(0); // who was first decides between claimants
                claim.is_changed = claim.is_older || claim.last_at > row.integer(1) + touch_interval_us;
                claim.first_at = std::min(claim.first_at, row.integer(0));
                claim.last_at = claim.is_changed ? std::max(claim.last_at, row.integer(1)) : row.integer(1);
                return {};
            }));
        std::vector<store::Values> inserts, updates;
        for (auto& [place, claim] : claims) {
            if (claim.is_new || claim.is_older)
                nodes.at(place.first).is_touched = true;
            const auto node = nodes.at(place.first).id.value, identifier = identifiers.at(place.second).id.value;
            if (claim.is_new) {
                inserts.push_back({node, identifier, claim.first_at, claim.last_at, claim.cause});
            } else if (claim.is_changed) {
                updates.push_back({claim.first_at, claim.last_at, node, identifier});
            }
        }
        TRY(session_.execute_many("INSERT INTO claim (node_id, identifier_id, first_at, last_at, verified, cause) "
                                  "VALUES ($1, $2, $3, $4, 0, $5)",
            inserts));
        TRY(session_.execute_many(
            "UPDATE claim SET first_at = $1, last_at = $2 WHERE node_id = $3 AND identifier_id = $4", updates));
        return {};
    }

  private:
    static store::Values key_of(const NodePlace& place) {
        return {std::get<0>(place).value, std::string(to_string(std::get<1>(place))), std::get<2>(place)};
    }
    static store::Values key_of(const IdentifierPlace& place) {
        return {store::Blob{std::get<0>(place)}, std::get<1>(place), std::get<2>(place)};
    }

    store::Session& session_;
    const access::Keys& keys_;
};

// Whose the batch's nodes are, the components of those that something new touches resolved anew; adds those who
// changed.
Result<std::map<NodeId, CustomerId>> place_nodes(store::Session& session, const Batch& batch, CustomerBook& book,
    const runtime::Clock& clock, std::set<CustomerId>& changed) {
    std::vector<NodeId> touched;
    std::map<NodeId, CustomerId> placed;
    for (const auto& [place, node] : batch.nodes) {
        if (node.is_new || node.is_touched)
            touched.push_back(node.id);
        else
            placed[node.id] = node.customer;
        if (node.has_new_facts && node.customer)
            changed.insert(node.customer);
    }
    if (touched.empty())
        return placed;
    const auto component = TRY(load_component(session, touched, Identity::component_nodes_max));
    const auto written = TRY(write_partition(session, component, resolve(component.graph), book, clock.now()));
    changed.insert(written.changed.begin(), written.changed.end());
    for (const auto& [node, customer] : written.placed)
        placed[node] = customer;
    for (const NodeId node : touched) // facts may have come to a customer that kept its nodes
        changed.insert(placed.at(node));
    return placed;
}

} // namespace

std::string Identity::digest_of(const IdentifierValue& identifier) const {
    return keys_.digest("identifier", fmt::format("{}\n{}", identifier.type->code, identifier.value));
}

namespace {

void add_node(Batch& batch, const NodePlace& place, const Subject& subject) {
    const auto at = micros_of(subject.at);
    auto [node, is_first] = batch.nodes.try_emplace(place);
    if (is_first) {
        node->second.first_at = at;
        node->second.cause = subject.cause;
    }
    node->second.first_at = std::min(node->second.first_at, at);
    merge_facts(node->second.facts, subject.facts);
}

void add_claim(
    Batch& batch, const NodePlace& node, IdentifierPlace place, const IdentifierValue& value, const Subject& subject) {
    WorkIdentifier& identifier = batch.identifiers[place];
    identifier.value = &value;
    identifier.is_blocked |= value.is_blocked;
    const auto at = micros_of(subject.at);
    auto [claim, is_first] = batch.claims.try_emplace({node, std::move(place)});
    if (is_first)
        claim->second = {at, at, subject.cause};
    claim->second.first_at = std::min(claim->second.first_at, at);
    claim->second.last_at = std::max(claim->second.last_at, at);
}

} // namespace

Result<Absorbed> Identity::absorb(
    store::Session& session, const std::vector<Subject>& subjects, CustomerBook& book) const {
    Absorbed absorbed;
    absorbed.nodes.resize(subjects.size());
    Batch batch(session, keys_);
    std::vector<std::size_t> news;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        const Subject& subject = subjects[i];
        const auto recalled = memory_->recall(subject);
        if (recalled && recalled->news.empty() && subject.facts.empty()) {
            absorbed.nodes[i] = recalled->node;
            continue;
        }
        news.push_back(i);
        const NodePlace place{subject.source, subject.kind, subject.key};
        add_node(batch, place, subject);
        auto add = [&](const IdentifierValue& value) {
            add_claim(batch, place, {digest_of(value), std::string(value.type->code), value.scope}, value, subject);
        };
        if (recalled)
            for (const std::uint32_t at : recalled->news)
                add(subject.identifiers[at]);
        else
            std::ranges::for_each(subject.identifiers, add);
    }
    TRY(batch.find_or_create_nodes());
    TRY(batch.find_or_create_identifiers());
    TRY(batch.write_claims());

    std::set<CustomerId> changed;
    const auto placed = TRY(place_nodes(session, batch, book, clock_, changed));
    for (const std::size_t i : news)
        absorbed.nodes[i] = batch.nodes.at({subjects[i].source, subjects[i].kind, subjects[i].key}).id;
    for (const NodeId node : absorbed.nodes) {
        const auto found = placed.find(node);
        absorbed.customers.push_back(found != placed.end() ? found->second : memory_->customer_of(node));
        VERIFY(absorbed.customers.back());
    }
    absorbed.changed.assign(changed.begin(), changed.end());
    absorbed.learned.placed.assign(placed.begin(), placed.end());
    for (const auto& [place, node] : batch.nodes)
        absorbed.learned.nodes.push_back(
            {memory_->mark_of(std::get<0>(place), std::get<1>(place), std::get<2>(place)), node.id, node.first_at});
    for (const auto& [place, claim] : batch.claims)
        absorbed.learned.claims.push_back(
            {memory_->mark_of(batch.nodes.at(place.first).id, *batch.identifiers.at(place.second).value),
                claim.first_at, claim.last_at + touch_interval_us});
    return absorbed;
}

} // namespace onefold::identity
