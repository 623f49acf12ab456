// Merging, unmerging and undo: each writes what a person said, then resolves the component again.
#include "identity/component.h"
#include "identity/decision_store.h"
#include "identity/edits.h"
#include "identity/memory.h"
#include "source/source.h"

#include <ranges>
#include <set>

namespace onefold::identity {
namespace {

struct Own {
    NodeId id;
    NodeKind kind = NodeKind::person;
    SourceId source;
    std::string key;
    CustomerId anchor_of;
    bool is_edits() const { return source == source::manual && key.starts_with(edits_prefix); }
};

Result<std::vector<Own>> list_own(store::Session& session, CustomerId customer) {
    return session.list(
        "SELECT id, kind, source_id, subject_key, anchor_of FROM node WHERE customer_id = $1 ORDER BY id",
        {customer.value}, [](const store::Row& row) {
            return Own{NodeId{row.integer(0)}, kind_named(row.text(1)), SourceId{row.integer(2)},
                std::string(row.text(3)), CustomerId{row.integer(4)}};
        });
}

// Those that sources told of; what people typed follows them.
std::set<NodeId> told(const std::vector<Own>& nodes) {
    std::set<NodeId> ids;
    for (const Own& node : nodes)
        if (!node.is_edits())
            ids.insert(node.id);
    return ids;
}

const Own& anchor_of(CustomerId customer, const std::vector<Own>& nodes) {
    const auto found = std::ranges::find(nodes, customer, &Own::anchor_of);
    VERIFY(found != nodes.end());
    return *found;
}

Result<> check_may_merge(const MergeDraft& draft, const std::vector<Own>& own, const std::vector<Own>& other) {
    if (draft.customer == draft.other)
        return fail(ErrorKind::conflict, "identity.already_one",
            {"These are one customer already. Nothing was changed.", "这已经是同一个客户，未做任何更改。"});
    if (own.front().kind != other.front().kind)
        return fail(ErrorKind::conflict, "identity.kinds_differ",
            {"A person, an organisation and a household are never the same customer. Nothing was changed; a person "
             "belongs "
             "to an organisation as a member.",
                "个人、组织与家庭不能合并为同一客户。未做任何更改；个人可作为成员归属于组织。"});
    if (own.size() + other.size() > Identity::component_nodes_max)
        return fail(ErrorKind::conflict, "identity.too_wide",
            {fmt::format("Together they would have more than {} records, which no single customer has. Nothing was "
                         "changed.",
                 Identity::component_nodes_max),
                fmt::format(
                    "合并后记录将超过 {} 条，不可能是同一个客户。未做任何更改。", Identity::component_nodes_max)});
    return {};
}

// What keeps the two sides apart ends between them, and stands between everybody else.
Result<> lift_separations(
    store::Session& session, DecisionRows& rows, const std::set<NodeId>& own, const std::set<NodeId>& other) {
    for (const auto& [id, separation] : TRY(list_separations_between(session, own, other))) {
        TRY(rows.end_separation(id));
        const bool own_is_left =
            std::ranges::any_of(separation.sides[0], [&](NodeId node) { return own.contains(node); });
        const auto& left = own_is_left ? own : other;
        const auto& right = own_is_left ? other : own;
        Separation without_left = separation, of_left = separation;
        std::erase_if(without_left.sides[0], [&](NodeId node) { return left.contains(node); });
        std::erase_if(of_left.sides[0], [&](NodeId node) { return !left.contains(node); });
        std::erase_if(of_left.sides[1], [&](NodeId node) { return right.contains(node); });
        for (const Separation& rest : {without_left, of_left})
            if (!rest.sides[0].empty() && !rest.sides[1].empty())
                TRY(rows.separate(rest));
    }
    return {};
}

// One of the two customers that become one.
struct Side {
    NodeId anchor;
    std::set<NodeId> nodes;
};

// Links between the two sides until all of them are one; as many as needed, mostly one. Each goes across, so that
// parting the sides ends all of them.
Result<Partition> link_all(
    DecisionRows& rows, Component& graph, const Side& older, const Side& younger, const Say& say) {
    std::int64_t number = INT64_MAX - std::int64_t(Identity::component_nodes_max) * 4;
    const auto link = [&](NodeId a, NodeId b) -> Result<> {
        graph.links.push_back({a, b, micros_of(say.at), ++number});
        return rows.link(a, b);
    };
    TRY(link(older.anchor, younger.anchor));
    for (;;) {
        Partition partition = resolve(graph);
        bool is_whole = true;
        for (const auto& part : partition.parts) {
            if (std::ranges::binary_search(part, older.anchor))
                continue;
            const auto left_out = std::ranges::find_if(
                part, [&](NodeId node) { return older.nodes.contains(node) || younger.nodes.contains(node); });
            if (left_out == part.end())
                continue;
            is_whole = false;
            TRY(older.nodes.contains(*left_out) ? link(*left_out, younger.anchor) : link(older.anchor, *left_out));
        }
        if (is_whole)
            return partition;
    }
}

// The node that they stand on.
Result<NodeId> write_edits(
    store::Session& session, DecisionRows& rows, NodeId anchor, const std::vector<Edit>& edits, const Say& say) {
    const NodeId node = TRY(find_or_create_edits(session, anchor, say));
    Edits on(session);
    std::vector<WrittenEdit> written;
    for (const auto& [field, value] : edits)
        written.push_back(TRY(on.set(node, field, Fact{field, value, say.at})));
    TRY(on.keep());
    TRY(rows.keep_edits(written));
    return node;
}

// ---- what an unmerge ends ----

Result<std::vector<DecisionId>> end_links_across(
    store::Session& session, DecisionRows& rows, const std::set<NodeId>& going, const std::set<NodeId>& staying) {
    std::set<DecisionId> cut;
    for (const HandLink& link : TRY(list_hand_links(session, {going.begin(), going.end()}))) {
        const bool is_across = (going.contains(link.a) && staying.contains(link.b)) ||
                               (going.contains(link.b) && staying.contains(link.a));
        if (!is_across)
            continue;
        TRY(rows.end_link(link.number));
        if (const auto decision =
                TRY(session.find_integer("SELECT decision_id FROM link WHERE id = $1", {link.number})))
            cut.insert(DecisionId{*decision});
    }
    return std::vector<DecisionId>(cut.begin(), cut.end());
}

// Values that were chosen for a merge go with it, once nothing of it stands.
Result<std::vector<WrittenEdit>> take_back_edits(
    store::Session& session, Edits& edits_on, const std::vector<DecisionId>& merges) {
    std::vector<WrittenEdit> all;
    for (const DecisionId merge : merges | std::views::reverse) {
        const auto edits =
            TRY(session.find("SELECT edits FROM identity_decision WHERE id = $1 AND NOT EXISTS (SELECT 1 "
                             "FROM link WHERE decision_id = $1 AND by_hand = 1)",
                {merge.value}, [](const store::Row& row) { return std::string(row.text(0)); }));
        if (!edits)
            continue;
        const auto taken = TRY(edits_on.take_back(edits_of(*edits)));
        all.insert(all.end(), taken.begin(), taken.end());
    }
    return all;
}

void note_parts(const std::set<NodeId>& nodes, Decided& decided) {
    std::map<CustomerId, std::vector<NodeId>> parts;
    for (const auto& [node, customer] : decided.placed)
        if (nodes.contains(node))
            parts[customer].push_back(node);
    for (auto& [customer, part] : parts) {
        std::ranges::sort(part);
        decided.parts.push_back({customer, std::move(part)});
    }
}

} // namespace

void Identity::note(const Written& written, Decided& decided) const {
    resolved_nodes_ += written.placed.size();
    memory_->forget_customers(written.placed);
    decided.changed = written.changed;
    decided.placed = written.placed;
}

// Resolves what the nodes hang together with; the customers of `touched` count as changed.
Result<> Identity::settle(store::Session& session, const std::vector<NodeId>& touched, const Say& say,
    CustomerBook& book, Decided& decided) const {
    const auto component = TRY(load_component(session, touched, component_nodes_max));
    note(TRY(write_partition(session, component, resolve(component.graph), book, say.at)), decided);
    std::set<CustomerId> changed(decided.changed.begin(), decided.changed.end());
    for (const auto& [node, customer] : decided.placed)
        if (std::ranges::find(touched, node) != touched.end())
            changed.insert(customer);
    decided.changed.assign(changed.begin(), changed.end());
    return {};
}

Result<Decided> Identity::merge(
    store::Session& session, const MergeDraft& draft, const Say& say, CustomerBook& book) const {
    const auto own = TRY(list_own(session, draft.customer)), other = TRY(list_own(session, draft.other));
    VERIFY(!own.empty() && !other.empty());
    TRY(check_may_merge(draft, own, other));
    Decided decided{TRY(DecisionRows::create(session, DecisionKind::merge, draft.customer, draft.other, say)),
        DecisionKind::merge, false, {}, {}, {}};
    DecisionRows rows(session, decided.id, say);
    Side older{anchor_of(draft.customer, own).id, told(own)}, younger{anchor_of(draft.other, other).id, told(other)};
    TRY(lift_separations(session, rows, older.nodes, younger.nodes));
    if (draft.other < draft.customer)
        std::swap(older, younger);
    std::vector<NodeId> touched{older.anchor, younger.anchor};
    if (!draft.edits.empty())
        touched.push_back(TRY(write_edits(session, rows, older.anchor, draft.edits, say)));
    auto component = TRY(load_component(session, touched, component_nodes_max));
    const Partition partition = TRY(link_all(rows, component.graph, older, younger, say));
    note(TRY(write_partition(session, component, partition, book, say.at)), decided);
    older.nodes.merge(younger.nodes);
    note_parts(older.nodes, decided);
    return decided;
}

Result<Decided> Identity::unmerge(
    store::Session& session, const UnmergeDraft& draft, const Say& say, CustomerBook& book) const {
    const auto own = TRY(list_own(session, draft.customer));
    const std::set<NodeId> nodes = told(own);
    std::set<NodeId> going, staying;
    for (std::size_t i = 0; i < draft.nodes.size(); ++i) {
        if (nodes.contains(draft.nodes[i])) {
            going.insert(draft.nodes[i]);
            continue;
        }
        const LocalText message{
            fmt::format("Record {} is none of this customer's. Nothing was changed.", draft.nodes[i].value),
            fmt::format("记录 {} 不属于该客户。未做任何更改。", draft.nodes[i].value)};
        return fail(ErrorKind::invalid, "identity.no_such_node", message,
            {{fmt::format("/nodes/{}", i), "identity.no_such_node", message}});
    }
    std::ranges::set_difference(nodes, going, std::inserter(staying, staying.end()));
    if (going.empty() || staying.empty())
        return fail(ErrorKind::invalid, "identity.nothing_left",
            {"Name at least one record that goes, and leave at least one that stays. Nothing was changed.",
                "请至少选择一条要分出的记录，并至少保留一条。未做任何更改。"});
    Decided decided{TRY(DecisionRows::create(session, DecisionKind::unmerge, draft.customer, {}, say)),
        DecisionKind::unmerge, false, {}, {}, {}};
    DecisionRows rows(session, decided.id, say);
    const auto cut = TRY(end_links_across(session, rows, going, staying));
    TRY(rows.separate({{{{going.begin(), going.end()}, {staying.begin(), staying.end()}}}}));
    Edits edits_on(session);
    TRY(rows.keep_edits(TRY(take_back_edits(session, edits_on, cut))));
    TRY(edits_on.keep());
    TRY(settle(session, {nodes.begin(), nodes.end()}, say, book, decided));
    note_parts(nodes, decided);
    return decided;
}

Result<Decided> Identity::keep_apart(
    store::Session& session, CustomerId customer, CustomerId other, const Say& say, CustomerBook& book) const {
    const auto left = told(TRY(list_own(session, customer))), right = told(TRY(list_own(session, other)));
    if (customer == other)
        return fail(ErrorKind::conflict, "identity.already_one",
            {"These are one customer already. Nothing was changed.", "这已经是同一个客户，未做任何更改。"});
    VERIFY(!left.empty() && !right.empty());
    if (!TRY(list_separations_between(session, left, right)).empty())
        return fail(ErrorKind::conflict, "identity.already_apart",
            {"Somebody said already that these are two. Nothing was changed.",
                "已有人确认这是两个不同的客户，未做任何更改。"});
    Decided decided{TRY(DecisionRows::create(session, DecisionKind::keep_apart, customer, other, say)),
        DecisionKind::keep_apart, false, {}, {}, {}};
    DecisionRows rows(session, decided.id, say);
    TRY(rows.separate({{{{left.begin(), left.end()}, {right.begin(), right.end()}}}}));
    std::vector<NodeId> touched(left.begin(), left.end());
    touched.insert(touched.end(), right.begin(), right.end());
    TRY(settle(session, touched, say, book, decided));
    note_parts({touched.begin(), touched.end()}, decided);
    return decided;
}

Result<Decided> Identity::undo(store::Session& session, DecisionId decision, const Say& say, CustomerBook& book) const {
    struct Known {
        DecisionKind kind;
        std::string edits;
        bool is_undone;
    };
    const auto known = TRY(session.find("SELECT kind, edits, undone_at FROM identity_decision WHERE id = $1",
        {decision.value}, [](const store::Row& row) {
            return Known{decision_kind_named(row.text(0)), std::string(row.text(1)), !row.is_null(2)};
        }));
    if (!known)
        return fail(ErrorKind::not_found, "identity.no_such_decision",
            {"There is no such decision.", "没有这个合并或拆分操作。"});
    if (known->is_undone)
        return fail(ErrorKind::conflict, "identity.already_undone",
            {"This was undone already. Nothing was changed.", "该操作已撤销过，未做任何更改。"});
    if (TRY(is_overruled(session, decision)))
        return fail(ErrorKind::conflict, "identity.overruled",
            {"Somebody has decided otherwise since. Nothing was changed; undo the later decision first.",
                "此后已有人作出不同的决定。未做任何更改；请先撤销后来的操作。"});
    Decided decided{decision, known->kind, true, {}, {}, {}};
    auto touched = TRY(DecisionRows(session, decision, say).take_back());
    const std::set<NodeId> nodes(touched.begin(), touched.end());
    Edits edits_on(session);
    TRY(edits_on.take_back(edits_of(known->edits)));
    TRY(edits_on.keep());
    for (const NodeId node : edits_on.nodes())
        touched.push_back(node);
    TRY(settle(session, touched, say, book, decided));
    note_parts(nodes, decided);
    return decided;
}

} // namespace onefold::identity
