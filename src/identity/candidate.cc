#include "identity/candidate.h"

#include "identity/identity.h"

#include <charconv>
#include <map>
#include <set>

namespace onefold::identity {
namespace {

constexpr std::int64_t records_max = 1000;

template <class Id>
std::string list_of(const std::vector<Id>& ids) {
    std::string list;
    for (const Id id : ids)
        list += fmt::format("{}{}", list.empty() ? "" : ",", id.value);
    return list;
}

template <class Id>
void add_ids(std::string_view list, std::set<Id>& ids) {
    for (const char* at = list.data(); at < list.data() + list.size(); ++at) {
        std::int64_t id = 0;
        at = std::from_chars(at, list.data() + list.size(), id).ptr;
        ids.insert(Id{id});
    }
}

struct Standing {
    const IdentifierType* type = nullptr;
    ValueState state = ValueState::open;
    StateCause cause = StateCause::frequency;
};

Result<std::optional<Standing>> read_standing(store::Session& session, IdentifierId identifier) {
    return session.find("SELECT i.type, i.state, s.cause FROM identifier i LEFT JOIN identifier_state s ON "
                        "s.identifier_id = i.id AND s.ended_at IS NULL WHERE i.id = $1",
        {identifier.value}, [](const store::Row& row) {
            const auto state = row.text(1);
            return Standing{find_identifier_type(row.text(0)),
                state == "open"      ? ValueState::open
                : state == "blocked" ? ValueState::blocked
                                     : ValueState::shared,
                row.text(2) == to_string(StateCause::hand) ? StateCause::hand : StateCause::frequency};
        });
}

// Those who hold it by kind; nobody where too many records do.
Result<std::map<NodeKind, std::set<CustomerId>>> read_sharers(store::Session& session, IdentifierId identifier) {
    std::map<NodeKind, std::set<CustomerId>> sharers;
    std::int64_t records = 0;
    TRY(session.each("SELECT n.kind, n.customer_id FROM (SELECT node_id FROM claim WHERE identifier_id = $1 LIMIT $2) "
                     "c JOIN node n ON n.id = c.node_id",
        {identifier.value, records_max + 1}, [&](const store::Row& row) -> Result<> {
            ++records;
            if (const CustomerId customer{row.integer(1)})
                sharers[kind_named(row.text(0))].insert(customer);
            return {};
        }));
    if (records > records_max)
        sharers.clear();
    return sharers;
}

using Sides = std::map<std::int64_t, std::set<int>>;

Result<Sides> read_sides(store::Session& session, CustomerId customer) {
    Sides sides;
    TRY(session.each("SELECT s.id, CAST(0 AS BIGINT) FROM node n JOIN separation s ON s.node_a = n.id WHERE "
                     "n.customer_id = $1 AND s.ended_at IS NULL UNION ALL "
                     "SELECT s.id, CAST(1 AS BIGINT) FROM node n JOIN separation s ON s.node_b = n.id WHERE "
                     "n.customer_id = $1 AND s.ended_at IS NULL UNION ALL "
                     "SELECT s.id, m.side FROM node n JOIN separation_node m ON m.node_id = n.id JOIN separation s ON "
                     "s.id = m.separation_id WHERE n.customer_id = $1 AND s.ended_at IS NULL",
        {customer.value}, [&](const store::Row& row) -> Result<> {
            sides[row.integer(0)].insert(int(row.integer(1)));
            return {};
        }));
    return sides;
}

} // namespace

std::string_view to_string(Doubt doubt) {
    switch (doubt) {
    case Doubt::conflict:
        return "conflict";
    case Doubt::limited:
        return "limited";
    case Doubt::shared:
        return "shared";
    case Doubt::weak:
        break;
    }
    return "weak";
}

Doubt doubt_named(std::string_view name) {
    for (const Doubt doubt : {Doubt::conflict, Doubt::limited, Doubt::shared})
        if (to_string(doubt) == name)
            return doubt;
    return Doubt::weak;
}

std::optional<Doubt> doubt_of(const IdentifierType& type, ValueState state, StateCause cause, NodeKind kind) {
    if (state == ValueState::blocked)
        return std::nullopt;
    if (state == ValueState::shared)
        return cause == StateCause::hand ? std::nullopt : std::optional(Doubt::shared);
    if (!type.is_joining || !joins_kind(type, kind))
        return Doubt::limited;
    return type.strength == Strength::weak ? Doubt::weak : Doubt::conflict;
}

std::size_t sharers_max(Doubt doubt) {
    return doubt == Doubt::conflict ? 10 : 5;
}

Result<std::vector<CandidatePair>> list_candidates(store::Session& session, IdentifierId identifier) {
    std::vector<CandidatePair> candidates;
    const auto standing = TRY(read_standing(session, identifier));
    if (!standing || !standing->type || standing->state == ValueState::blocked)
        return candidates;
    for (const auto& [kind, customers] : TRY(read_sharers(session, identifier))) {
        const auto doubt = doubt_of(*standing->type, standing->state, standing->cause, kind);
        if (!doubt || customers.size() < 2 || customers.size() > sharers_max(*doubt))
            continue;
        for (auto low = customers.begin(); low != customers.end(); ++low)
            for (auto high = std::next(low); high != customers.end(); ++high)
                candidates.push_back({*low, *high, identifier, *doubt});
    }
    std::ranges::sort(candidates);
    return candidates;
}

Result<bool> may_be_one(store::Session& session, CustomerId a, CustomerId b) {
    for (const CustomerId customer : {a, b})
        if (!TRY(session.find_integer("SELECT id FROM node WHERE customer_id = $1 LIMIT 1", {customer.value})))
            return false;
    const Sides own = TRY(read_sides(session, a));
    if (own.empty())
        return true;
    for (const auto& [separation, sides] : TRY(read_sides(session, b)))
        if (const auto found = own.find(separation);
            found != own.end() && (found->second.size() > 1 || found->second != sides))
            return false;
    return true;
}

Result<> note_touched(store::Session& session, const std::vector<NodeId>& nodes,
    const std::vector<IdentifierId>& identifiers, const std::vector<CustomerId>& customers) {
    if (nodes.empty() && identifiers.empty() && customers.empty())
        return {};
    TRY(session.execute("INSERT INTO identity_touched (nodes, identifiers, customers) VALUES ($1, $2, $3)",
        {list_of(nodes), list_of(identifiers), list_of(customers)}));
    return {};
}

Result<Touched> read_touched(store::Session& session, std::size_t nodes_max) {
    Touched touched;
    std::set<NodeId> nodes;
    std::set<IdentifierId> identifiers;
    std::set<CustomerId> customers;
    while (nodes.size() + customers.size() < nodes_max) {
        std::int64_t id = 0;
        TRY(session.each("SELECT id, nodes, identifiers, customers FROM identity_touched WHERE id > $1 ORDER BY id "
                         "LIMIT 1",
            {touched.last}, [&](const store::Row& row) -> Result<> {
                id = row.integer(0);
                add_ids(row.text(1), nodes);
                add_ids(row.text(2), identifiers);
                add_ids(row.text(3), customers);
                return {};
            }));
        if (id == 0)
            break;
        touched.last = id;
    }
    std::vector<store::Values> keys;
    for (const NodeId node : nodes)
        keys.push_back({node.value});
    TRY(session.each_many("SELECT identifier_id FROM claim WHERE node_id = $1", keys,
        [&](std::size_t, const store::Row& row) -> Result<> {
            identifiers.insert(IdentifierId{row.integer(0)});
            return {};
        }));
    TRY(session.each_many(
        "SELECT customer_id FROM node WHERE id = $1", keys, [&](std::size_t, const store::Row& row) -> Result<> {
            customers.insert(CustomerId{row.integer(0)});
            return {};
        }));
    touched.identifiers.assign(identifiers.begin(), identifiers.end());
    touched.customers.assign(customers.begin(), customers.end());
    return touched;
}

Result<> forget_touched(store::Session& session, std::int64_t last) {
    TRY(session.execute("DELETE FROM identity_touched WHERE id <= $1", {last}));
    return {};
}

Result<HeldValues> list_held_values(store::Session& session, std::int64_t after, std::int64_t limit) {
    HeldValues held;
    TRY(session.each("SELECT i.id, (SELECT COUNT(*) FROM (SELECT c.node_id FROM claim c WHERE c.identifier_id = i.id "
                     "LIMIT 2) two) FROM (SELECT id FROM identifier WHERE id > $1 ORDER BY id LIMIT $2) i ORDER BY "
                     "i.id",
        {after, limit}, [&](const store::Row& row) -> Result<> {
            held.last = row.integer(0);
            if (row.integer(1) > 1)
                held.identifiers.push_back(IdentifierId{row.integer(0)});
            return {};
        }));
    return held;
}

} // namespace onefold::identity
