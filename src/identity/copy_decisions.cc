// What people decided, carried into another database: there the same nodes have other ids.
#include "identity/component.h"
#include "identity/facts.h"
#include "identity/membership.h"
#include "source/source.h"

#include <map>
#include <set>

namespace onefold::identity {
namespace {

constexpr std::int64_t page_nodes = 1000;

struct Pair {
    Identity::NodeKey a, b;
    store::Values rest; // of its row, as it stands
};

Identity::NodeKey node_key(const store::Row& row, int first_column) {
    return {SourceId{row.integer(first_column)}, kind_named(row.text(first_column + 1)),
        std::string(row.text(first_column + 2))};
}

Result<std::vector<Pair>> list_pairs(
    store::Session& session, std::string_view table, const std::string& columns, std::string_view condition) {
    const std::string sql =
        fmt::format("SELECT a.source_id, a.kind, a.subject_key, b.source_id, b.kind, b.subject_key, {} FROM {} t JOIN "
                    "node a ON a.id = t.node_a JOIN node b ON b.id = t.node_b WHERE {} ORDER BY t.id",
            columns, table, condition);
    return session.list(sql, {}, [](const store::Row& row) {
        Pair pair{node_key(row, 0), node_key(row, 3), {}};
        for (int column = 6; column < row.columns(); ++column)
            pair.rest.push_back(row.value(column));
        return pair;
    });
}

// Both nodes' ids in front of each row; pairs of which one is not there are left out.
Result<std::vector<store::Values>> rows_of(
    const Identity& identity, store::Session& to, const std::vector<Pair>& pairs) {
    std::vector<Identity::NodeKey> keys;
    for (const Pair& pair : pairs) {
        keys.push_back(pair.a);
        keys.push_back(pair.b);
    }
    const auto ids = TRY(identity.find_node_ids(to, keys));
    std::vector<store::Values> rows;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (!ids[2 * i] || !ids[2 * i + 1])
            continue;
        store::Values row{ids[2 * i].value, ids[2 * i + 1].value};
        row.insert(row.end(), pairs[i].rest.begin(), pairs[i].rest.end());
        rows.push_back(std::move(row));
    }
    return rows;
}

void add_ends(const std::vector<store::Values>& rows, std::set<NodeId>& touched) {
    for (const store::Values& row : rows)
        for (const std::size_t column : {0, 1})
            touched.insert(NodeId{std::get<std::int64_t>(row[column])});
}

// Of each separation the first node of either side stands in its row, the others in rows of their own.
Result<> copy_separations(
    const Identity& identity, store::Session& from, store::Session& to, std::set<NodeId>& touched) {
    auto rows = TRY(rows_of(
        identity, to, TRY(list_pairs(from, "separation", "t.made_by, t.at, t.reason, t.id", "t.ended_at IS NULL"))));
    std::vector<std::int64_t> there;
    for (store::Values& row : rows) {
        there.push_back(std::get<std::int64_t>(row.back()));
        row.pop_back();
    }
    std::map<std::int64_t, std::int64_t> here;
    TRY(to.each_many("INSERT INTO separation (node_a, node_b, made_by, at, reason) VALUES ($1, $2, $3, $4, $5) "
                     "RETURNING id",
        rows, [&](std::size_t index, const store::Row& row) -> Result<> {
            here[there[index]] = row.integer(0);
            return {};
        }));
    add_ends(rows, touched);
    std::vector<Identity::NodeKey> keys;
    std::vector<store::Values> others;
    TRY(from.each(
        "SELECT n.source_id, n.kind, n.subject_key, o.separation_id, o.side FROM separation_node o JOIN node n "
        "ON n.id = o.node_id JOIN separation s ON s.id = o.separation_id WHERE s.ended_at IS NULL",
        {}, [&](const store::Row& row) -> Result<> {
            if (const auto found = here.find(row.integer(3)); found != here.end()) {
                keys.push_back(node_key(row, 0));
                others.push_back({0, found->second, row.integer(4)});
            }
            return {};
        }));
    const auto ids = TRY(identity.find_node_ids(to, keys));
    for (std::size_t i = 0; i < ids.size(); ++i) {
        others[i][0] = ids[i].value;
        touched.insert(ids[i]);
    }
    std::erase_if(others, [](const store::Values& row) { return std::get<std::int64_t>(row[0]) == 0; });
    touched.erase(NodeId{});
    TRY(to.execute_many("INSERT INTO separation_node (node_id, separation_id, side) VALUES ($1, $2, $3)", others));
    return {};
}

Result<> copy_links(const Identity& identity, store::Session& from, store::Session& to, std::set<NodeId>& touched) {
    const auto rows = TRY(rows_of(identity, to,
        TRY(list_pairs(from, "link", "t.rule, t.rule_version, t.evidence, t.made_by, t.at", "t.by_hand = 1"))));
    TRY(to.execute_many("INSERT INTO link (node_a, node_b, rule, rule_version, evidence, made_by, at, by_hand) VALUES "
                        "($1, $2, $3, $4, $5, $6, $7, 1)",
        rows));
    add_ends(rows, touched);
    return {};
}

// That a person checked an identifier of a node.
Result<> copy_checks(const Identity& identity, store::Session& from, store::Session& to) {
    std::vector<Identity::NodeKey> keys;
    std::vector<store::Values> rows;
    TRY(from.each(
        "SELECT n.source_id, n.kind, n.subject_key, c.checked_by, c.checked_at, i.digest, i.type, i.scope FROM "
        "claim c JOIN node n ON n.id = c.node_id JOIN identifier i ON i.id = c.identifier_id WHERE "
        "c.checked_by IS NOT NULL",
        {}, [&](const store::Row& row) -> Result<> {
            keys.push_back(node_key(row, 0));
            rows.push_back({row.value(3), row.value(4), NodeId{}.value, store::Blob{std::string(row.blob(5))},
                row.value(6), row.value(7)});
            return {};
        }));
    const auto ids = TRY(identity.find_node_ids(to, keys));
    for (std::size_t i = 0; i < ids.size(); ++i)
        rows[i][2] = ids[i].value;
    TRY(to.execute_many("UPDATE claim SET checked_by = $1, checked_at = $2 WHERE node_id = $3 AND identifier_id IN "
                        "(SELECT id FROM identifier WHERE digest = $4 AND type = $5 AND scope = $6)",
        rows));
    return {};
}

} // namespace

// A node that people made, as what would be said to make it: its facts, and each claim at its own times.
Result<std::vector<Subject>> Identity::list_manual_subjects(store::Session& session, NodeKey& after) const {
    std::vector<Subject> subjects;
    std::vector<store::Values> ids;
    TRY(session.each("SELECT id, kind, subject_key, facts, first_at FROM node WHERE source_id = $1 AND (kind, "
                     "subject_key) > ($2, $3) ORDER BY kind, subject_key LIMIT $4",
        {source::manual.value, after.key.empty() ? std::string() : std::string(to_string(after.kind)), after.key,
            page_nodes},
        [&](const store::Row& row) -> Result<> {
            ids.push_back({row.integer(0)});
            subjects.push_back({source::manual, kind_named(row.text(1)), std::string(row.text(2)), {},
                facts_of(row.text(3)), instant_of(row.integer(4)), "manual"});
            return {};
        }));
    if (!subjects.empty())
        after = {source::manual, subjects.back().kind, subjects.back().key};
    const std::size_t nodes = subjects.size();
    TRY(session.each_many("SELECT i.type, i.scope, i.sealed_value, i.state, c.first_at, i.digest FROM claim c JOIN "
                          "identifier i ON i.id = c.identifier_id WHERE c.node_id = $1",
        ids, [&](std::size_t index, const store::Row& row) -> Result<> {
            const StoredIdentifier identifier = TRY(opened(row, 0));
            VERIFY(index < nodes);
            Subject said = subjects[index];
            said.facts.clear();
            said.identifiers = {{find_identifier_type(identifier.type), identifier.scope, identifier.value,
                identifier.state == "blocked", std::string(row.blob(5))}};
            said.at = instant_of(row.integer(4));
            subjects.push_back(std::move(said));
            return {};
        }));
    return subjects;
}

Result<Absorbed> Identity::copy_decisions(store::Session& from, store::Session& to, CustomerBook& book) const {
    Absorbed all;
    std::set<CustomerId> changed;
    for (NodeKey after;;) {
        const auto subjects = TRY(list_manual_subjects(from, after));
        if (subjects.empty())
            break;
        const auto absorbed = TRY(absorb(to, subjects, book));
        changed.insert(absorbed.changed.begin(), absorbed.changed.end());
        all.opened.insert(all.opened.end(), absorbed.opened.begin(), absorbed.opened.end());
    }
    std::set<NodeId> touched;
    TRY(copy_separations(*this, from, to, touched));
    TRY(copy_links(*this, from, to, touched));
    TRY(copy_states(from, to, touched));
    TRY(copy_memberships(*this, from, to));
    TRY(copy_checks(*this, from, to));
    if (!touched.empty()) {
        const auto component = TRY(load_component(to, {touched.begin(), touched.end()}, component_nodes_max));
        const auto written = TRY(write_partition(to, component, resolve(component.graph), book, clock_.now()));
        changed.insert(written.changed.begin(), written.changed.end());
        all.learned.placed = written.placed;
    }
    all.changed.assign(changed.begin(), changed.end());
    return all;
}

} // namespace onefold::identity
