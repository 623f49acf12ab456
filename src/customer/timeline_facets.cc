#include "customer/customer.h"
#include "object/shipped.h"

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

// Orders or tickets that have a time, by source.
Result<std::vector<std::pair<SourceId, std::int64_t>>> count_records(
    store::Session& session, std::string_view object, CustomerId customer) {
    using formula::Operator;
    query::Query query;
    query.object = object;
    query.select = {{{"source"}}, {{"id"}, query::Aggregate::count}};
    query.filter = formula::call(Operator::and_,
        {formula::call(Operator::equal, {formula::field({"customer"}), formula::literal(to_string(customer))}),
            formula::call(Operator::not_, {formula::call(Operator::blank, {formula::field({"time"})})})});
    query.group = {{"source"}};
    query.page.limit = query::Page::limit_max;
    std::vector<std::pair<SourceId, std::int64_t>> counts;
    for (const auto& row : TRY(query::run(session, query, object::shipped_catalogue())).rows)
        counts.push_back({SourceId{row[0].as_int64()}, row[1].as_int64()});
    return counts;
}

} // namespace

Result<TimelineFacets> Customers::timeline_facets(CustomerId id) const {
    return database_.read([&](store::Session& session) -> Result<TimelineFacets> {
        const CustomerId customer = TRY(living(session, id));
        Counts kinds, sources;
        std::map<std::pair<std::string, std::string>, std::int64_t> names;
        std::map<NodeId, SourceId> source_of;
        std::vector<NodeId> nodes;
        for (const auto& [node, source] : TRY(identity_.list_sourced_nodes(session, customer))) {
            source_of[node] = source;
            nodes.push_back(node);
        }
        TimelineFacets facets{.is_rebuilding = !timeline_.missing().empty()};
        for (const timeline::Tally& tally : timeline_.tally(nodes)) {
            kinds[tally.name.kind] += tally.count;
            sources[source_name(source_of[tally.node])] += tally.count;
            if (tally.name.name && !tally.name.name->empty())
                names[{tally.name.kind, *tally.name.name}] += tally.count;
        }
        for (const std::string_view object : {"order", "ticket"})
            for (const auto& [source, count] : TRY(count_records(session, object, customer))) {
                kinds[std::string(object)] += count;
                sources[source_name(source)] += count;
            }
        facets.kinds = most_first(kinds);
        facets.sources = most_first(sources);
        for (const auto& [name, count] : names)
            facets.names.push_back({name.first, name.second, count});
        std::ranges::stable_sort(facets.names, std::greater{}, &TimelineFacets::NameCount::count);
        if (facets.names.size() > names_max)
            facets.names.resize(names_max);
        return facets;
    });
}

} // namespace onefold::customer
