#include "identity/identity.h"

#include "core/text.h"
#include "identity/component.h"
#include "identity/facts.h"
#include "identity/memory.h"

#include <map>
#include <set>

namespace onefold::identity {

std::string_view to_string(NodeKind kind) {
    switch (kind) {
    case NodeKind::person:
        return "person";
    case NodeKind::organisation:
        return "organisation";
    case NodeKind::household:
        return "household";
    }
    return "person";
}

NodeKind kind_named(std::string_view name) {
    if (name == "organisation")
        return NodeKind::organisation;
    return name == "household" ? NodeKind::household : NodeKind::person;
}

std::string subject_key(
    const access::Keys& keys, const std::vector<IdentifierValue>& identifiers, std::string_view name) {
    const auto strongest = std::ranges::min_element(identifiers, {},
        [](const IdentifierValue& value) { return std::tuple(value.is_blocked, value.type->strength); });
    if (strongest == identifiers.end() || strongest->is_blocked)
        return "";
    const bool is_plain = strongest->type->strength == Strength::strong && !strongest->type->is_secret;
    std::string key =
        fmt::format("{}{}{}:", strongest->type->code, strongest->scope.empty() ? "" : "@", strongest->scope);
    key += is_plain ? strongest->value : to_hex(keys.digest("subject", strongest->value));
    if (strongest->type->strength == Strength::joining && !trimmed(name).empty())
        key += "/" + to_hex(keys.digest("subject", folded(trimmed(name)))).substr(0, 16);
    return key;
}

std::string alias_key(std::string_view name) {
    return fmt::format("{}{}", alias_prefix, name);
}

Identity::Identity(const access::Keys& keys, const runtime::Clock& clock)
    : keys_(keys), clock_(clock), memory_(std::make_unique<Memory>(Memory::Limits{})) {}
Identity::~Identity() = default;

std::string Identity::digest_of(const IdentifierValue& identifier) const {
    if (!identifier.digest.empty())
        return identifier.digest;
    return keys_.digest("identifier", fmt::format("{}\n{}", identifier.type->code, identifier.value));
}

void Identity::remember(const Learned& learned) const {
    memory_->remember(learned);
}

void Identity::forget_customers() const {
    memory_->forget_customers();
}

Result<StoredIdentifier> Identity::opened(const store::Row& row, int first_column) const {
    const std::string type{row.text(first_column)};
    const std::string_view sealed = row.blob(first_column + 2);
    return StoredIdentifier{type, std::string(row.text(first_column + 1)),
        sealed.empty() ? std::string() : TRY(keys_.open_sealed("identifier", type, sealed)),
        std::string(row.text(first_column + 3)), {}, false, {}, {}};
}

Result<std::vector<CustomerId>> Identity::find_customers(
    store::Session& session, const Reference& reference, const std::vector<std::string>& regions) const {
    std::set<std::string> digests;
    std::optional<Error> unreadable;
    for (const std::string& region : regions) {
        const auto normal = normalise(*reference.type.type, reference.value, region);
        if (normal)
            digests.insert(digest_of({reference.type.type, "", normal->value}));
        else
            unreadable = normal.error();
    }
    if (digests.empty() && unreadable)
        return fail(*unreadable);
    std::vector<store::Values> keys;
    for (const std::string& digest : digests)
        keys.push_back({store::Blob{digest}, std::string(reference.type.type->code),
            std::string(reference.type.scope ? "" : "*"), reference.type.scope.value_or("")});
    std::set<CustomerId> customers;
    TRY(session.each_many(
        "SELECT DISTINCT n.customer_id FROM identifier i JOIN claim c ON c.identifier_id = i.id JOIN node n ON n.id = "
        "c.node_id "
        "WHERE i.digest = $1 AND i.type = $2 AND ($3 = '*' OR i.scope = $4) ORDER BY n.customer_id LIMIT 1000",
        keys, [&](std::size_t, const store::Row& row) -> Result<> {
            customers.insert(CustomerId{row.integer(0)});
            return {};
        }));
    return std::vector<CustomerId>(customers.begin(), customers.end());
}

Result<std::vector<std::vector<StoredIdentifier>>> Identity::list_identifiers(
    store::Session& session, const std::vector<CustomerId>& customers) const {
    std::vector<std::vector<StoredIdentifier>> lists(customers.size());
    std::vector<store::Values> keys;
    for (const CustomerId customer : customers)
        keys.push_back({customer.value});
    std::vector<std::map<IdentifierId, StoredIdentifier>> found(customers.size());
    TRY(session.each_many("SELECT i.type, i.scope, i.sealed_value, i.state, i.id, c.verified, c.checked_by, "
                          "c.checked_at FROM node n JOIN claim c ON c.node_id = n.id JOIN identifier i ON i.id = "
                          "c.identifier_id WHERE n.customer_id = $1",
        keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            const IdentifierId id{row.integer(4)};
            auto [place, is_first] = found[index].try_emplace(id);
            StoredIdentifier& identifier = place->second;
            if (is_first) {
                identifier = TRY(opened(row, 0));
                identifier.id = id;
            }
            identifier.is_verified |= row.integer(5) != 0 || !row.is_null(6);
            const auto checked_at = row.optional_integer(7);
            if (checked_at && (!identifier.verified_at || *identifier.verified_at < instant_of(*checked_at))) {
                identifier.verified_by = row.text(6);
                identifier.verified_at = instant_of(*checked_at);
            }
            return {};
        }));
    for (std::size_t i = 0; i < found.size(); ++i)
        for (auto& [id, identifier] : found[i])
            lists[i].push_back(std::move(identifier));
    for (auto& list : lists)
        std::ranges::sort(list, {}, [](const StoredIdentifier& i) { return std::tie(i.type, i.scope, i.value); });
    return lists;
}

Result<std::vector<std::vector<NodeFacts>>> Identity::list_facts(
    store::Session& session, const std::vector<CustomerId>& customers) const {
    std::vector<std::vector<NodeFacts>> lists(customers.size());
    std::vector<store::Values> keys;
    for (const CustomerId customer : customers)
        keys.push_back({customer.value});
    TRY(session.each_many("SELECT id, source_id, facts, identifier_types FROM node WHERE customer_id = $1 ORDER BY id",
        keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            lists[index].push_back(
                {NodeId{row.integer(0)}, SourceId{row.integer(1)}, facts_of(row.text(2)), std::string(row.text(3))});
            return {};
        }));
    return lists;
}

Result<std::vector<Identity::FoundNode>> Identity::find_nodes(
    store::Session& session, const std::vector<NodeKey>& keys) const {
    std::vector<FoundNode> found(keys.size());
    std::vector<store::Values> rows;
    for (const NodeKey& key : keys)
        rows.push_back({key.source.value, std::string(to_string(key.kind)), key.key});
    TRY(session.each_many("SELECT n.id, n.customer_id, n.facts, c.identifier_id, c.verified FROM node n LEFT JOIN "
                          "claim c ON c.node_id = n.id "
                          "WHERE n.source_id = $1 AND n.kind = $2 AND n.subject_key = $3",
        rows, [&](std::size_t index, const store::Row& row) -> Result<> {
            FoundNode& node = found[index];
            if (!node.node)
                node = {NodeId{row.integer(0)}, CustomerId{row.integer(1)}, facts_of(row.text(2)), {}, {}};
            if (!row.is_null(3))
                node.identifiers.push_back(IdentifierId{row.integer(3)});
            if (row.integer(4) != 0)
                node.verified.push_back(IdentifierId{row.integer(3)});
            return {};
        }));
    return found;
}

Result<std::vector<bool>> Identity::have_claims(store::Session& session, const std::vector<FoundNode>& nodes,
    const std::vector<const std::vector<IdentifierValue>*>& identifiers) const {
    std::vector<std::size_t> missing(nodes.size(), 0), of;
    std::vector<bool> is_verified; // wanted, one a key
    std::vector<store::Values> keys;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        missing[i] = nodes[i].node ? identifiers[i]->size() : 1;
        if (!nodes[i].node)
            continue;
        for (const IdentifierValue& value : *identifiers[i]) {
            keys.push_back({store::Blob{digest_of(value)}, std::string(value.type->code), value.scope});
            of.push_back(i);
            is_verified.push_back(value.is_verified);
        }
    }
    TRY(session.each_many("SELECT id FROM identifier WHERE digest = $1 AND type = $2 AND scope = $3", keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            const std::size_t i = of[index];
            const auto& known = is_verified[index] ? nodes[i].verified : nodes[i].identifiers;
            if (std::ranges::find(known, IdentifierId{row.integer(0)}) != known.end())
                --missing[i];
            return {};
        }));
    std::vector<bool> have;
    for (const std::size_t count : missing)
        have.push_back(count == 0);
    return have;
}

Result<std::vector<CustomerId>> Identity::list_customers(
    store::Session& session, const std::vector<NodeId>& nodes, const Learned& learned) const {
    const boost::unordered_flat_map<NodeId, CustomerId, std::hash<NodeId>> placed(
        learned.placed.begin(), learned.placed.end());
    std::vector<CustomerId> customers;
    std::vector<std::size_t> unknown;
    std::vector<store::Values> keys;
    for (const NodeId node : nodes) {
        const auto found = placed.find(node);
        customers.push_back(found != placed.end() ? found->second : memory_->customer_of(node));
        if (customers.back())
            continue;
        unknown.push_back(customers.size() - 1);
        keys.push_back({node.value});
    }
    TRY(session.each_many(
        "SELECT customer_id FROM node WHERE id = $1", keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            customers[unknown[index]] = CustomerId{row.integer(0)};
            return {};
        }));
    return customers;
}

Result<std::vector<NodeId>> Identity::list_nodes(store::Session& session, CustomerId customer) const {
    return session.list("SELECT id FROM node WHERE customer_id = $1 ORDER BY id", {customer.value},
        [](const store::Row& row) { return NodeId{row.integer(0)}; });
}

Result<std::vector<NodeId>> Identity::find_node_ids(store::Session& session, const std::vector<NodeKey>& keys) const {
    std::vector<NodeId> found(keys.size());
    std::vector<store::Values> rows;
    for (const NodeKey& key : keys)
        rows.push_back({key.source.value, std::string(to_string(key.kind)), key.key});
    TRY(session.each_many("SELECT id FROM node WHERE source_id = $1 AND kind = $2 AND subject_key = $3", rows,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            found[index] = NodeId{row.integer(0)};
            return {};
        }));
    return found;
}

Result<std::vector<Identity::SourcedNode>> Identity::list_sourced_nodes(
    store::Session& session, CustomerId customer) const {
    return session.list("SELECT id, source_id FROM node WHERE customer_id = $1 ORDER BY id", {customer.value},
        [](const store::Row& row) { return SourcedNode{NodeId{row.integer(0)}, SourceId{row.integer(1)}}; });
}

} // namespace onefold::identity
