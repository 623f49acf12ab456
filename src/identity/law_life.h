#pragma once
// Random lives of a store, with faults planted on wish; and what the store says, read as a whole beside the room's own
// walk. For the laws.
#include "identity/component.h"
#include "identity/decision_store.h"
#include "identity/facts.h"
#include "identity/identity_rig.h"

#include <cstdio>
#include <functional>

namespace onefold::identity {

using Violation = std::optional<std::string>;
using Parts = std::set<std::set<NodeId>>;

struct Dice {
    std::mt19937_64 engine;
    std::size_t below(std::size_t n) { return engine() % n; }
    bool one_in(std::size_t n) { return below(n) == 0; }
};

// ---- what may be said ----

inline std::string random_reference(Dice& dice, std::size_t width) {
    const auto number = dice.below(width);
    switch (dice.below(9)) {
    case 0:
        return fmt::format("member_no@{}:{}", dice.one_in(2) ? "shop" : "mall", number);
    case 1:
        return fmt::format("user_id:u{}", number);
    case 2:
        return fmt::format("unionid:w{}", number);
    case 3:
    case 4:
        return fmt::format("email:p{}@example.cn", number);
    case 5:
        return fmt::format("anonymous_id:b{}", number / 2);
    case 6:
        return fmt::format("device:t{}", number / 4);
    default:
        return fmt::format("phone:139123{:05}", number);
    }
}

inline Subject random_subject(Dice& dice, std::size_t keys, std::size_t width) {
    std::vector<std::string> references;
    for (auto n = 1 + dice.below(3); n > 0; --n)
        references.push_back(random_reference(dice, width));
    Subject subject = subject_of(dice.one_in(2) ? shop : app, fmt::format("k{}", dice.below(keys)), references,
        std::int64_t(1 + dice.below(60)));
    if (dice.one_in(8))
        subject.kind = NodeKind::organisation;
    if (dice.one_in(3))
        subject.facts = {{FieldId{std::int64_t(10 + dice.below(3))}, fmt::format("v{}", dice.below(4)), subject.at}};
    return subject;
}

// ---- what the store says, read as a whole ----

inline Component whole_graph(World& world) {
    Component graph;
    std::vector<NodeId> nodes;
    VERIFY(world.session.each(
        "SELECT id, kind, source_id, subject_key FROM node ORDER BY id", {}, [&](const store::Row& row) -> Result<> {
            nodes.push_back(NodeId{row.integer(0)});
            graph.members.push_back(
                {nodes.back(), kind_named(row.text(1)), fmt::format("{}\n{}", row.integer(2), row.text(3)), {}});
            return {};
        }));
    VERIFY(world.session.each(
        "SELECT id, type, scope, digest, state FROM identifier", {}, [&](const store::Row& row) -> Result<> {
            const IdentifierType* type = find_identifier_type(row.text(1));
            graph.identifiers.push_back({IdentifierId{row.integer(0)}, type, std::string(row.text(2)),
                std::string(row.blob(3)), row.text(4) == "open" && type->is_joining});
            return {};
        }));
    VERIFY(world.session.each(
        "SELECT node_id, identifier_id, first_at FROM claim", {}, [&](const store::Row& row) -> Result<> {
            const auto member = std::ranges::lower_bound(graph.members, NodeId{row.integer(0)}, {}, &Member::node);
            member->claims.push_back({IdentifierId{row.integer(1)}, row.integer(2)});
            return {};
        }));
    graph.links = *list_hand_links(world.session, nodes);
    graph.separations = *list_separations(world.session, nodes);
    return graph;
}

inline Parts stored_partition(World& world) {
    std::map<CustomerId, std::set<NodeId>> parts;
    for (const auto& [node, customer] : world.owners())
        parts[customer].insert(node);
    Parts partition;
    for (const auto& [customer, part] : parts)
        partition.insert(part);
    return partition;
}

inline Parts as_set(const Partition& partition) {
    Parts set;
    for (const auto& part : partition.parts)
        set.emplace(part.begin(), part.end());
    return set;
}

// Resolved at once from everything: the same parts, each under the oldest anchor in it, and who is gone says where.
inline Violation differs_from_batch(World& world) {
    const Partition batch = resolve(whole_graph(world));
    if (stored_partition(world) != as_set(batch))
        return "the parts differ from those of one batch";
    std::map<CustomerId, CustomerId> oldest, of_anchor;
    VERIFY(world.session.each("SELECT customer_id, anchor_of FROM node WHERE anchor_of IS NOT NULL", {},
        [&](const store::Row& row) -> Result<> {
            const CustomerId customer{row.integer(0)}, anchored{row.integer(1)};
            of_anchor[anchored] = customer;
            auto& first = oldest.try_emplace(customer, anchored).first->second;
            first = std::min(first, anchored);
            return {};
        }));
    for (const auto& [customer, first] : oldest)
        if (customer != first)
            return fmt::format("customer {} has the anchor of {}", customer.value, first.value);
    for (const auto& [anchored, customer] : of_anchor)
        if (world.ledger.into.at(anchored) != (anchored == customer ? CustomerId{} : customer))
            return fmt::format("customer {} does not say where it went", anchored.value);
    return std::nullopt;
}

// What hangs together with some nodes, by anything that could join: found without the room's own walk.
inline std::set<NodeId> reach(const Component& graph, const std::set<NodeId>& from) {
    std::map<NodeId, std::set<NodeId>> next;
    std::map<IdentifierId, std::vector<NodeId>> holders;
    std::set<IdentifierId> open;
    for (const auto& identifier : graph.identifiers)
        if (identifier.is_open)
            open.insert(identifier.id);
    for (const Member& member : graph.members)
        for (const MemberClaim& claim : member.claims)
            if (open.contains(claim.identifier))
                holders[claim.identifier].push_back(member.node);
    for (const auto& [identifier, nodes] : holders)
        for (const NodeId node : nodes) {
            next[nodes.front()].insert(node);
            next[node].insert(nodes.front());
        }
    for (const HandLink& link : graph.links) {
        next[link.a].insert(link.b);
        next[link.b].insert(link.a);
    }
    std::set<NodeId> seen = from;
    std::vector<NodeId> queue(from.begin(), from.end());
    for (std::size_t at = 0; at < queue.size(); ++at)
        for (const NodeId node : next[queue[at]])
            if (seen.insert(node).second)
                queue.push_back(node);
    return seen;
}

// ---- one random life of a store ----

enum class Fault {
    none,
    by_arrival,           // who was seen first is who arrived first
    no_separation,        // an unmerge forgets its separation
    not_resolved,         // what was taken back is not resolved again
    edits_stay,           // values chosen for a merge outlive it
    a_stranger_moves,     // somebody untouched gets another id
    too_much_resolved,    // all is resolved again each time
    no_strength,          // a tablet counts as an e-mail
    frequency_by_arrival, // how many came at once decides what is shared
};

class Life {
  public:
    Life(World& world, Dice& dice, Fault fault) : world_(world), dice_(dice), fault_(fault) {}

    // One random act: mostly what sources say, now and then what people decide.
    void act() {
        const auto kind = dice_.below(20);
        if (kind < 11)
            say(random_subject(dice_, 60, 24));
        else if (kind < 13)
            say(random_subject(dice_, 2000, 60)); // mostly somebody new
        else if (kind < 15)
            take_back_claim();
        else if (kind < 17)
            merge();
        else if (kind < 19)
            unmerge();
        else
            undo();
    }
    void say(const Subject& subject) {
        const auto absorbed = world_.absorb({subject});
        touched = {absorbed.nodes.begin(), absorbed.nodes.end()};
        said.push_back(subject);
        if (fault_ == Fault::too_much_resolved && !world_.ledger.into.empty()) {
            // A claim of everybody makes all one component.
            std::vector<Subject> all = said;
            for (Subject& one : all)
                one.at -= std::chrono::hours{1};
            world_.absorb(all);
        }
    }
    // A source says no longer that its subject holds a value.
    void take_back_claim() {
        const auto all = nodes();
        touched.clear();
        if (all.empty())
            return;
        const NodeId node = all[dice_.below(all.size())];
        const auto identifier = world_.session.find_integer(
            "SELECT identifier_id FROM claim WHERE node_id = $1 ORDER BY identifier_id LIMIT 1", {node.value});
        VERIFY(identifier);
        if (!*identifier)
            return;
        std::vector<NodeId> around{node};
        VERIFY(world_.session.each("SELECT node_id FROM claim WHERE identifier_id = $1", {**identifier},
            [&](const store::Row& row) -> Result<> {
                around.push_back(NodeId{row.integer(0)});
                return {};
            }));
        VERIFY(world_.session.execute(
            "DELETE FROM claim WHERE node_id = $1 AND identifier_id = $2", {node.value, **identifier}));
        touched = {around.begin(), around.end()};
        if (fault_ == Fault::not_resolved)
            return;
        const auto component = load_component(world_.session, around, 1000);
        VERIFY(component);
        VERIFY(write_partition(world_.session, *component, resolve(component->graph), world_.ledger, world_.say().at));
        world_.forget();
    }
    void merge() {
        const auto [a, b] = two_customers();
        touched.clear();
        if (!a || a == b)
            return;
        const auto before = nodes_of(a), other = nodes_of(b);
        const auto decided = world_.merge(a, b,
            dice_.one_in(2) ? std::vector<Edit>{{FieldId{10}, fmt::format("typed{}", dice_.below(9))}}
                            : std::vector<Edit>{});
        if (decided)
            note(*decided, before, other);
    }
    void unmerge() {
        const auto [a, b] = two_customers();
        touched.clear();
        if (!a)
            return;
        const auto all = nodes_of(a);
        std::vector<NodeId> going;
        for (const NodeId node : all)
            if (dice_.one_in(2))
                going.push_back(node);
        const auto decided = world_.unmerge(a, going);
        if (!decided)
            return;
        if (fault_ == Fault::no_separation)
            VERIFY(world_.session.execute(
                "UPDATE separation SET ended_at = 1 WHERE decision_id = $1", {decided->id.value}));
        note(*decided, all, {});
    }
    void undo() {
        touched.clear();
        if (decisions_.empty())
            return;
        const auto decided =
            world_.undo(decisions_[decisions_.size() - 1 - dice_.below(std::min<std::size_t>(decisions_.size(), 4))]);
        if (decided)
            for (const auto& [node, customer] : decided->placed)
                touched.insert(node);
    }
    std::vector<NodeId> nodes() {
        std::vector<NodeId> all;
        for (const auto& [node, customer] : world_.owners())
            all.push_back(node);
        return all;
    }
    std::vector<NodeId> nodes_of(CustomerId customer) {
        auto list = world_.session.list("SELECT id FROM node WHERE customer_id = $1 AND source_id <> 1 ORDER BY id",
            {customer.value}, [](const store::Row& row) { return NodeId{row.integer(0)}; });
        VERIFY(list);
        return std::move(*list);
    }
    // The second has the first's kind where there is one.
    std::pair<CustomerId, CustomerId> two_customers() {
        std::vector<std::pair<CustomerId, std::string>> all;
        VERIFY(world_.session.each("SELECT DISTINCT customer_id, kind FROM node ORDER BY customer_id", {},
            [&](const store::Row& row) -> Result<> {
                all.emplace_back(CustomerId{row.integer(0)}, std::string(row.text(1)));
                return {};
            }));
        if (all.empty())
            return {};
        const auto& [a, kind] = all[dice_.below(all.size())];
        for (int attempt = 0; attempt < 5; ++attempt)
            if (const auto& [b, other] = all[dice_.below(all.size())]; other == kind && a != b)
                return {a, b};
        return {a, a};
    }

    std::set<NodeId> touched; // by the act before
    std::vector<Subject> said;

  private:
    void note(const Decided& decided, const std::vector<NodeId>& one, const std::vector<NodeId>& other) {
        decisions_.push_back(decided.id);
        touched = {one.begin(), one.end()};
        touched.insert(other.begin(), other.end());
    }
    World& world_;
    Dice& dice_;
    const Fault fault_;
    std::vector<DecisionId> decisions_;
};

// ---- how a law is told ----

struct Cases {
    int count = 0, conflicts = 0;
    void add(bool has_conflict) {
        ++count;
        conflicts += has_conflict ? 1 : 0;
    }
    void report(std::string_view law) const {
        std::printf("%s: %d of %d cases met a conflict\n", std::string(law).c_str(), conflicts, count);
        EXPECT_GE(conflicts * 5, count) << law;
    }
};

// What is one, by keys: to compare worlds in which the same came otherwise.
inline Parts parts_by_key(World& world) {
    std::map<std::int64_t, std::set<NodeId>> parts; // by a number that content alone gives
    std::map<std::string, std::int64_t> numbers;
    std::vector<std::pair<std::string, std::int64_t>> rows;
    VERIFY(world.session.each(
        "SELECT source_id, kind, subject_key, customer_id FROM node", {}, [&](const store::Row& row) -> Result<> {
            rows.emplace_back(fmt::format("{}/{}/{}", row.integer(0), row.text(1), row.text(2)), row.integer(3));
            return {};
        }));
    std::ranges::sort(rows);
    for (std::size_t i = 0; i < rows.size(); ++i)
        parts[rows[i].second].insert(NodeId{std::int64_t(i)});
    Parts partition;
    for (const auto& [customer, part] : parts)
        partition.insert(part);
    return partition;
}

// A law holds, and finds the fault that is planted for it.
using Law = std::function<Violation(World&, Fault, Cases&)>;

inline void expect_law(World& world, std::string_view name, Fault planted, const Law& law) {
    Cases cases, unreported;
    const Violation violation = law(world, Fault::none, cases);
    EXPECT_FALSE(violation) << name << ": " << violation.value_or("");
    cases.report(name);
    EXPECT_TRUE(law(world, planted, unreported)) << name << " does not find the planted fault";
}

} // namespace onefold::identity
