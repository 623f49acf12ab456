// What people say of single fields and identifiers of a customer, without a decision about who is who.
#include "identity/component.h"
#include "identity/edits.h"
#include "identity/facts.h"
#include "source/source.h"

#include <set>

namespace onefold::identity {
namespace {

// What people said last of a field, and whether another node than ours says anything of it.
struct Spoken {
    std::optional<Fact> last;
    bool is_elsewhere = false;
};

Spoken spoken_of(FieldId field, NodeId ours, const std::vector<NodeFacts>& edits) {
    Spoken spoken;
    for (const auto& [node, source, facts, types] : edits)
        for (const Fact& fact : facts) {
            if (fact.field != field)
                continue;
            spoken.is_elsewhere |= node != ours;
            const auto said = [](const Fact& one) { return std::tie(one.at, one.value, one.mark); };
            if (!spoken.last || said(*spoken.last) < said(fact))
                spoken.last = fact;
        }
    return spoken;
}

bool is_typed(const std::optional<Fact>& fact) {
    return fact && !fact->value.empty() && (fact->mark == Mark::said || fact->mark == Mark::verified);
}

std::optional<Fact> fact_after(const FieldEdit& edit, const Spoken& spoken, Instant now) {
    const Instant at = spoken.last ? std::max(now, spoken.last->at + std::chrono::microseconds{1}) : now;
    // What another node says stays there, for the day on which that node goes; here stands that it does not hold.
    const auto automatic =
        spoken.is_elsewhere ? std::optional(Fact{edit.field, "", at, Mark::said}) : std::optional<Fact>();
    switch (edit.kind) {
    case FieldEdit::Kind::type:
        return Fact{edit.field, edit.value, at, Mark::said};
    case FieldEdit::Kind::hide:
        return Fact{edit.field, "", at, Mark::hidden};
    case FieldEdit::Kind::automatic:
        return automatic;
    case FieldEdit::Kind::confirm:
        return Fact{edit.field, edit.value, at, is_typed(spoken.last) ? Mark::verified : Mark::confirmed};
    case FieldEdit::Kind::doubt:
        return is_typed(spoken.last) ? std::optional(Fact{edit.field, spoken.last->value, at, Mark::said}) : automatic;
    }
    return automatic;
}

} // namespace

Result<std::vector<NodeFacts>> Identity::list_edits(store::Session& session, CustomerId customer) const {
    return session.list("SELECT id, source_id, facts FROM node WHERE customer_id = $1 AND source_id = $2 ORDER BY id",
        {customer.value, source::manual.value}, [](const store::Row& row) {
            return NodeFacts{NodeId{row.integer(0)}, SourceId{row.integer(1)}, facts_of(row.text(2))};
        });
}

Result<NodeId> Identity::get_anchor(store::Session& session, CustomerId customer) const {
    const auto anchor = TRY(session.find_integer(
        "SELECT id FROM node WHERE customer_id = $1 AND anchor_of = $1 ORDER BY id LIMIT 1", {customer.value}));
    VERIFY(anchor);
    return NodeId{*anchor};
}

Result<Edited> Identity::edit(store::Session& session, CustomerId customer, const std::vector<FieldEdit>& edits,
    const Say& say, CustomerBook& book) const {
    const NodeId anchor = TRY(get_anchor(session, customer));
    Edited edited;
    edited.node = TRY(find_or_create_edits(session, anchor, say));
    const auto spoken = TRY(list_edits(session, customer));
    Edits on(session);
    for (const FieldEdit& edit : edits) {
        const auto after = fact_after(edit, spoken_of(edit.field, edited.node, spoken), say.at);
        const auto written = TRY(on.set(edited.node, edit.field, after));
        edited.written.push_back({edit.field, written.before, written.after});
    }
    TRY(on.keep());
    edited.changed = {customer};
    const bool is_placed = std::ranges::find(spoken, edited.node, &NodeFacts::node) != spoken.end();
    if (is_placed)
        return edited;
    Decided settled;
    TRY(settle(session, {anchor, edited.node}, say, book, settled));
    edited.changed = std::move(settled.changed);
    return edited;
}

Result<bool> Identity::check_identifier(
    store::Session& session, CustomerId customer, IdentifierId identifier, IsRight is_right, const Say& say) const {
    const bool is_checked = is_right == IsRight::yes;
    const auto changed = TRY(session.execute(
        "UPDATE claim SET checked_by = $1, checked_at = $2 WHERE identifier_id = $3 AND node_id IN (SELECT id FROM "
        "node WHERE customer_id = $4)",
        {is_checked ? store::Value{say.by} : store::Value{},
            is_checked ? store::Value{micros_of(say.at)} : store::Value{}, identifier.value, customer.value}));
    return changed > 0;
}

} // namespace onefold::identity
