#include "identity/edits.h"

#include "identity/facts.h"
#include "source/source.h"

#include <ranges>

namespace onefold::identity {
namespace {

bool is_same(const std::optional<Fact>& a, const std::optional<Fact>& b) {
    return a.has_value() == b.has_value() && (!a || (a->value == b->value && a->at == b->at && a->mark == b->mark));
}

} // namespace

Result<NodeId> find_or_create_edits(store::Session& session, NodeId anchor, const Say& say) {
    const auto found = TRY(session.find(
        "SELECT kind, source_id, subject_key FROM node WHERE id = $1", {anchor.value}, [](const store::Row& row) {
            return store::Values{source::manual.value, std::string(row.text(0)),
                fmt::format("{}{}:{}", edits_prefix, row.integer(1), row.text(2))};
        }));
    VERIFY(found);
    const store::Values& place = *found;
    const auto known =
        TRY(session.find_integer("SELECT id FROM node WHERE source_id = $1 AND kind = $2 AND subject_key = $3", place));
    if (known)
        return NodeId{*known};
    const auto id = TRY(session.find_integer(
        "INSERT INTO node (source_id, kind, subject_key, customer_id, facts, first_at, cause) VALUES ($1, $2, $3, 0, "
        "'{}', $4, 'hand') RETURNING id",
        {place[0], place[1], place[2], micros_of(say.at)}));
    VERIFY(id);
    TRY(session.execute("INSERT INTO link (node_a, node_b, rule, rule_version, evidence, made_by, at, by_hand) VALUES "
                        "($1, $2, $3, $4, '{}', $5, $6, 1)",
        {anchor.value, *id, std::string(edits_rule), rule_version, say.by, micros_of(say.at)}));
    return NodeId{*id};
}

Result<WrittenEdit> Edits::set(NodeId node, FieldId field, std::optional<Fact> fact) {
    auto& facts = *TRY(facts_at(node));
    WrittenEdit edit{node, field, std::nullopt, fact};
    const auto place = std::ranges::lower_bound(facts, field, {}, &Fact::field);
    const bool is_there = place != facts.end() && place->field == field;
    if (is_there)
        edit.before = *place;
    if (is_there && fact)
        *place = *fact;
    else if (is_there)
        facts.erase(place);
    else if (fact)
        facts.insert(place, *fact);
    return edit;
}

Result<std::vector<WrittenEdit>> Edits::take_back(const std::vector<WrittenEdit>& edits) {
    std::vector<WrittenEdit> taken;
    for (const WrittenEdit& edit : edits | std::views::reverse) {
        const auto& facts = *TRY(facts_at(edit.node));
        const auto place = std::ranges::find(facts, edit.field, &Fact::field);
        const std::optional<Fact> present = place == facts.end() ? std::nullopt : std::optional(*place);
        if (is_same(present, edit.after))
            taken.push_back(TRY(set(edit.node, edit.field, edit.before)));
    }
    return taken;
}

Result<> Edits::keep() {
    std::vector<store::Values> rows;
    for (const auto& [node, facts] : facts_)
        rows.push_back({json_of(facts), node.value});
    TRY(session_.execute_many("UPDATE node SET facts = $1 WHERE id = $2", rows));
    return {};
}

std::vector<NodeId> Edits::nodes() const {
    std::vector<NodeId> nodes;
    for (const auto& [node, facts] : facts_)
        nodes.push_back(node);
    return nodes;
}

Result<std::vector<Fact>*> Edits::facts_at(NodeId node) {
    const auto found = facts_.find(node);
    if (found != facts_.end())
        return &found->second;
    const auto text = TRY(session_.find("SELECT facts FROM node WHERE id = $1", {node.value},
        [](const store::Row& row) { return std::string(row.text(0)); }));
    VERIFY(text);
    return &(facts_[node] = facts_of(*text));
}

} // namespace onefold::identity
