#include "identity/batch.h"
#include "identity/component.h"
#include "identity/memory.h"

#include <map>
#include <set>

namespace onefold::identity {
namespace {

// Whose the batch's nodes are, the components of those that something new touches resolved anew; tells who changed.
Result<std::map<NodeId, CustomerId>> place_nodes(
    store::Session& session, const Batch& batch, CustomerBook& book, const runtime::Clock& clock, Absorbed& absorbed) {
    std::vector<NodeId> touched;
    std::map<NodeId, CustomerId> placed;
    std::set<CustomerId> changed, restated;
    for (const WorkNode& node : batch.nodes()) {
        if (!node.is_alone && (node.is_new || node.is_touched))
            touched.push_back(node.id);
        else
            placed[node.id] = node.customer;
        if (node.is_alone || !node.customer)
            continue;
        if (node.has_new_types || node.has_new_number)
            changed.insert(node.customer);
        else if (node.has_new_facts)
            restated.insert(node.customer);
    }
    const auto tell = [&] {
        std::ranges::set_difference(restated, changed, std::back_inserter(absorbed.restated));
        std::ranges::set_union(restated, changed, std::back_inserter(absorbed.changed));
    };
    if (touched.empty()) {
        tell();
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
        else if (node.is_new && !node.is_alone && (!node.facts.empty() || !node.identifier_types.empty()))
            changed.insert(placed.at(node.id));
    changed.insert(regrouped.begin(), regrouped.end());
    tell();
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
                    claim.first_at});
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
            absorbed.opened.push_back(
                {node.customer, node.place.kind, {node.id, node.place.source, node.facts, node.identifier_types}});
    absorbed.learned = learned_of(batch, *memory_);
    absorbed.learned.generation = memory_->generation();
    absorbed.learned.placed.assign(placed.begin(), placed.end());
    return absorbed;
}

} // namespace onefold::identity
