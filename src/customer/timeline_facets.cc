#include "customer/members.h"
#include "note/note.h"

namespace onefold::customer {
namespace {

constexpr std::size_t names_max = 200;

using Counts = std::map<std::string, std::int64_t>;

std::vector<TimelineFacets::Count> most_first(const Counts& counts) {
    std::vector<TimelineFacets::Count> list;
    for (const auto& [value, count] : counts)
        list.push_back({value, count});
    std::ranges::stable_sort(list, std::greater{}, &TimelineFacets::Count::count);
    return list;
}

constexpr std::size_t events_counted_max = 10'000'000;

} // namespace

Result<TimelineFacets> Customers::timeline_facets(CustomerId id, Of of) const {
    return database_.read([&](store::Session& session) -> Result<TimelineFacets> {
        const CustomerId customer = TRY(living(session, id));
        const auto kind = of == Of::own ? identity::NodeKind::person : TRY(kind_of(session, customer));
        std::vector<MemberNode> all;
        if (kind != identity::NodeKind::person)
            all = TRY(list_member_nodes(session, customer, kind));
        for (const auto& [node, source] : TRY(identity_.list_sourced_nodes(session, customer)))
            all.push_back({node, source, {}});

        Counts kinds, sources;
        std::map<std::pair<std::string, std::string>, std::int64_t> names;
        std::map<NodeId, SourceId> source_of;
        const auto count = [&](NodeId node, const timeline::Name& name, std::int64_t times) {
            kinds[name.kind] += times;
            sources[source_name(source_of[node])] += times;
            if (name.name && !name.name->empty())
                names[{name.kind, *name.name}] += times;
        };
        std::vector<NodeId> whole;
        std::vector<object::NodeSpan> spans;
        for (const MemberNode& one : all) {
            source_of[one.node] = one.source;
            spans.push_back({one.node, one.from, one.to});
            if (one.is_always()) {
                whole.push_back(one.node);
                continue;
            }
            timeline::Filter within;
            within.from = one.from == Instant::min() ? std::nullopt : std::optional(one.from);
            within.to = one.to == Instant::max() ? std::nullopt : std::optional(one.to);
            for (const auto& entry : timeline_.list_newest({one.node}, within, {}, events_counted_max).entries)
                count(one.node, timeline_.name_of(entry.name), 1);
        }
        TimelineFacets facets{.is_rebuilding = !timeline_.missing().empty()};
        for (const timeline::Tally& tally : timeline_.tally(whole))
            count(tally.node, tally.name, tally.count);
        const auto records = TRY(object::count_records_within(session, spans));
        for (const auto& [object, counts] :
            {std::pair("order", &records.orders), std::pair("ticket", &records.tickets)})
            for (const auto& [source, number] : *counts) {
                kinds[object] += number;
                sources[source_name(source)] += number;
            }
        if (const auto notes = TRY(note::count(session, TRY(identity_.list_nodes(session, customer)))); notes > 0)
            kinds["note"] = notes;
        facets.kinds = most_first(kinds);
        facets.sources = most_first(sources);
        for (const auto& [name, number] : names)
            facets.names.push_back({name.first, name.second, number});
        std::ranges::stable_sort(facets.names, std::greater{}, &TimelineFacets::NameCount::count);
        if (facets.names.size() > names_max)
            facets.names.resize(names_max);
        return facets;
    });
}

} // namespace onefold::customer
