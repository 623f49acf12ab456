#include "identity/component.h"
#include "identity/facts.h"
#include "identity/memory.h"

#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <set>

namespace onefold::identity {
namespace {

// How much later a claim must be repeated to be written again: 30 days.
constexpr std::int64_t touch_interval_us = 30 * 86'400'000'000;

struct NodePlace {
    SourceId source;
    NodeKind kind = NodeKind::person;
    std::string key;
    friend auto operator<=>(const NodePlace&, const NodePlace&) = default;
    friend std::size_t hash_value(const NodePlace& place) {
        std::size_t hash = boost::hash<std::string_view>()(place.key);
        boost::hash_combine(hash, place.source.value);
        boost::hash_combine(hash, int(place.kind));
        return hash;
    }
};
struct IdentifierPlace {
    std::string digest;
    std::string_view type;
    std::string scope;
    friend auto operator<=>(const IdentifierPlace&, const IdentifierPlace&) = default;
    friend std::size_t hash_value(const IdentifierPlace& place) { // the digest tells type and value apart
        return boost::hash<std::string_view>()(place.digest);
    }
};

struct WorkNode {
    NodePlace place;
    NodeId id;
    CustomerId customer;
    std::vector<Fact> facts;
    std::int64_t first_at = 0;
    std::string cause;
    bool is_new = true, has_new_facts = false, has_new_number = false, is_older = false, is_touched = false;
    bool is_withdrawn = false; // it was there, and nothing that was said of it remained
    bool is_alone = true;      // shares no identifier with anybody, as far as was looked
};
struct WorkIdentifier {
    IdentifierPlace place;
    IdentifierId id;
    const IdentifierValue* value = nullptr;
    std::uint32_t claimants = 0; // in this batch
    bool is_blocked = false, is_new = true;
};
struct WorkClaim {
    std::uint32_t node, identifier; // places in the batch
    std::int64_t first_at = 0, last_at = 0;
    std::string cause;
    bool is_new = true, is_changed = true, is_older = false, is_verified = false;
};

// What was added under each key, in the order in which it came.
template <class Key, class Item>
class Indexed {
  public:
    // The place of the item, and whether it is the first of its key.
    std::pair<std::uint32_t, bool> add(const Key& key) {
        const auto [found, is_first] = places_.try_emplace(key, std::uint32_t(items.size()));
        if (is_first)
            items.emplace_back();
        return {found->second, is_first};
    }
    std::vector<Item> items;

  private:
    boost::unordered_flat_map<Key, std::uint32_t, boost::hash<Key>> places_;
};

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

// One batch on its way into the store: every table is read once and written once.
class Batch {
  public:
    Batch(store::Session& session, const access::Keys& keys, Instant now) : session_(session), keys_(keys), now_(now) {}

    std::uint32_t add_node(const Subject& subject) {
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

    void add_claim(std::uint32_t node, const IdentifierValue& value, std::string digest, const Subject& subject) {
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
            claim = {node, number, at, at, subject.cause};
            ++identifier.claimants;
        }
        claim.is_verified |= value.is_verified;
        claim.first_at = std::min(claim.first_at, at);
        claim.last_at = std::max(claim.last_at, at);
    }

    const std::vector<WorkNode>& nodes() const { return nodes_.items; }
    const std::vector<WorkIdentifier>& identifiers() const { return identifiers_.items; }
    const std::vector<WorkClaim>& claims() const { return claims_.items; }

    // Leaves the nodes of newcomers placed: each is a customer of its own. All others keep the customer that they had.
    Result<> write(CustomerBook& book) {
        TRY(find_nodes());
        TRY(find_identifiers());
        TRY(open_newcomers(book));
        TRY(write_nodes());
        TRY(create_identifiers());
        return write_claims();
    }

  private:
    Result<> find_nodes() {
        std::vector<store::Values> keys;
        const auto nodes = in_order(nodes_.items, [](const WorkNode&) { return true; });
        for (const WorkNode* node : nodes)
            keys.push_back(key_of(node->place));
        return session_.each_many(
            "SELECT id, customer_id, facts, first_at FROM node WHERE source_id = $1 AND kind = $2 AND subject_key = $3",
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
                return {};
            });
    }

    Result<> find_identifiers() {
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
    Result<> open_newcomers(CustomerBook& book) {
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

    Result<> write_nodes() {
        std::vector<store::Values> inserts, updates;
        const auto inserted = in_order(nodes_.items, [](const WorkNode& node) { return node.is_new; });
        for (const WorkNode* node : inserted) {
            store::Values row = key_of(node->place);
            row.insert(
                row.end(), {node->customer.value, node->customer ? store::Value{node->customer.value} : store::Value{},
                               json_of(node->facts), node->first_at, node->cause});
            inserts.push_back(std::move(row));
        }
        for (const WorkNode& node : nodes_.items)
            if (!node.is_new && (node.has_new_facts || node.is_older))
                updates.push_back({json_of(node.facts), node.first_at, node.id.value});
        const auto ids =
            TRY(session_.insert_many("INSERT INTO node (source_id, kind, subject_key, customer_id, anchor_of, facts, "
                                     "first_at, cause) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                inserts));
        for (std::size_t i = 0; i < ids.size(); ++i)
            inserted[i]->id = NodeId{ids[i]};
        TRY(session_.execute_many("UPDATE node SET facts = $1, first_at = $2 WHERE id = $3", updates));
        std::vector<store::Values> revived;
        for (const WorkNode& node : nodes_.items)
            if (node.is_withdrawn)
                revived.push_back({node.cause, node.id.value});
        TRY(session_.execute_many("UPDATE node SET cause = $1 WHERE id = $2", revived));
        return {};
    }

    Result<> create_identifiers() {
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

    Result<> write_claims() {
        TRY(find_claims());
        std::vector<store::Values> inserts, updates;
        for (const WorkClaim& claim : claims_.items) {
            nodes_.items[claim.node].is_touched |= claim.is_older || (claim.is_new && !is_private(claim));
            nodes_.items[claim.node].has_new_number |= claim.is_new && is_number(claim);
            const auto node = nodes_.items[claim.node].id.value;
            const auto identifier = identifiers_.items[claim.identifier].id.value;
            if (claim.is_new)
                inserts.push_back(
                    {node, identifier, claim.first_at, claim.last_at, std::int64_t(claim.is_verified), claim.cause});
            else if (claim.is_changed)
                updates.push_back({claim.first_at, claim.last_at, std::int64_t(claim.is_verified), node, identifier});
        }
        std::ranges::sort(inserts, {}, [](const store::Values& row) {
            return std::pair(std::get<std::int64_t>(row[0]), std::get<std::int64_t>(row[1]));
        });
        TRY(session_.execute_many("INSERT INTO claim (node_id, identifier_id, first_at, last_at, verified, cause) "
                                  "VALUES ($1, $2, $3, $4, $5, $6)",
            inserts));
        TRY(session_.execute_many(
            "UPDATE claim SET first_at = $1, last_at = $2, verified = $3 WHERE node_id = $4 AND identifier_id = $5",
            updates));
        return {};
    }

    // Customers are found by the ends of their numbers: one more is news of them. A new node with a number that is
    // known joins those who hold it, and tells nothing new.
    bool is_number(const WorkClaim& claim) const {
        const WorkIdentifier& identifier = identifiers_.items[claim.identifier];
        return identifier.value->type->code == "phone" && (identifier.is_new || !nodes_.items[claim.node].is_new);
    }

    // A weak identifier that nobody else holds joins nobody, and parts nobody as a stronger one may.
    bool is_private(const WorkClaim& claim) const {
        const WorkIdentifier& identifier = identifiers_.items[claim.identifier];
        return identifier.is_new && identifier.claimants == 1 && identifier.value->type->strength == Strength::weak;
    }

    Result<> find_claims() {
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
        return session_.each_many(
            "SELECT first_at, last_at, verified FROM claim WHERE node_id = $1 AND identifier_id = $2", keys,
            [&](std::size_t index, const store::Row& row) -> Result<> {
                WorkClaim& claim = *of[index];
                claim.is_new = false;
                claim.is_older = claim.first_at < row.integer(0); // who was first decides between claimants
                const bool was_verified = row.integer(2) != 0;
                claim.is_changed = claim.is_older || claim.last_at > row.integer(1) + touch_interval_us ||
                                   (claim.is_verified && !was_verified);
                claim.is_verified |= was_verified;
                claim.first_at = std::min(claim.first_at, row.integer(0));
                claim.last_at = claim.is_changed ? std::max(claim.last_at, row.integer(1)) : row.integer(1);
                return {};
            });
    }

    static store::Values key_of(const NodePlace& place) {
        return {place.source.value, std::string(to_string(place.kind)), place.key};
    }
    static store::Values key_of(const IdentifierPlace& place) {
        return {store::Blob{place.digest}, std::string(place.type), place.scope};
    }

    store::Session& session_;
    const access::Keys& keys_;
    const Instant now_;
    Indexed<NodePlace, WorkNode> nodes_;
    Indexed<IdentifierPlace, WorkIdentifier> identifiers_;
    Indexed<std::uint64_t, WorkClaim> claims_;
};

// Whose the batch's nodes are, the components of those that something new touches resolved anew; tells who changed.
Result<std::map<NodeId, CustomerId>> place_nodes(
    store::Session& session, const Batch& batch, CustomerBook& book, const runtime::Clock& clock, Absorbed& absorbed) {
    std::vector<NodeId> touched;
    std::map<NodeId, CustomerId> placed;
    std::set<CustomerId> changed;
    for (const WorkNode& node : batch.nodes()) {
        if (!node.is_alone && (node.is_new || node.is_touched))
            touched.push_back(node.id);
        else
            placed[node.id] = node.customer;
        if (!node.is_alone && (node.has_new_facts || node.has_new_number) && node.customer)
            changed.insert(node.customer);
    }
    if (touched.empty()) {
        absorbed.changed.assign(changed.begin(), changed.end());
        return placed;
    }
    const auto component = TRY(load_component(session, touched, Identity::component_nodes_max));
    const auto written = TRY(write_partition(session, component, resolve(component.graph), book, clock.now()));
    absorbed.resolved_nodes = written.placed.size();
    std::set<CustomerId> regrouped;
    std::ranges::set_difference(written.changed, written.grown, std::inserter(regrouped, regrouped.end()));
    for (const auto& [node, customer] : written.placed)
        placed[node] = customer;
    for (const WorkNode& node : batch.nodes())
        if (node.is_withdrawn)
            regrouped.insert(placed.at(node.id));
        else if (node.is_new && !node.is_alone && (!node.facts.empty() || node.has_new_number))
            changed.insert(placed.at(node.id));
    changed.insert(regrouped.begin(), regrouped.end());
    absorbed.changed.assign(changed.begin(), changed.end());
    absorbed.regrouped.assign(regrouped.begin(), regrouped.end());
    return placed;
}

Learned learned_of(const Batch& batch, const Memory& memory) {
    Learned learned;
    for (const WorkNode& node : batch.nodes())
        learned.nodes.push_back(
            {memory.mark_of(node.place.source, node.place.kind, node.place.key), node.id, node.first_at});
    for (const WorkClaim& claim : batch.claims())
        for (const bool is_verified : {false, true})
            if (claim.is_verified || !is_verified)
                learned.claims.push_back({memory.mark_of(batch.nodes()[claim.node].id,
                                              *batch.identifiers()[claim.identifier].value, is_verified),
                    claim.first_at, claim.last_at + touch_interval_us});
    return learned;
}

} // namespace

Result<Absorbed> Identity::absorb(
    store::Session& session, const std::vector<Subject>& subjects, CustomerBook& book) const {
    Absorbed absorbed;
    absorbed.nodes.resize(subjects.size());
    Batch batch(session, keys_, clock_.now());
    std::vector<std::pair<std::size_t, std::uint32_t>> news; // subject, place in the batch
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        const Subject& subject = subjects[i];
        const auto recalled = memory_->recall(subject);
        if (recalled && recalled->news.empty() && subject.facts.empty()) {
            absorbed.nodes[i] = recalled->node;
            continue;
        }
        const std::uint32_t node = batch.add_node(subject);
        news.emplace_back(i, node);
        auto add = [&](const IdentifierValue& value) { batch.add_claim(node, value, digest_of(value), subject); };
        if (recalled)
            for (const std::uint32_t at : recalled->news)
                add(subject.identifiers[at]);
        else
            std::ranges::for_each(subject.identifiers, add);
    }
    TRY(batch.write(book));

    const auto placed = TRY(place_nodes(session, batch, book, clock_, absorbed));
    resolved_nodes_ += absorbed.resolved_nodes;
    for (const auto& [subject, node] : news)
        absorbed.nodes[subject] = batch.nodes()[node].id;
    for (const WorkNode& node : batch.nodes())
        if (node.is_alone) // nobody else writes the customer that was reserved
            absorbed.opened.push_back({node.customer, node.place.kind, {node.id, node.place.source, node.facts}});
    absorbed.learned = learned_of(batch, *memory_);
    absorbed.learned.generation = memory_->generation();
    absorbed.learned.placed.assign(placed.begin(), placed.end());
    absorbed.customers = TRY(list_customers(session, absorbed.nodes, absorbed.learned));
    return absorbed;
}

} // namespace onefold::identity
