#include "customer/customer.h"
#include "customer/growth.h"
#include "customer/message_problem.h"
#include "customer/view.h"
#include "object/listing.h"
#include "object/shipped.h"

namespace onefold::customer {
namespace {

struct CustomerList {
    std::vector<CustomerView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(CustomerList, (), (items, next))

struct ListCustomers {
    std::optional<std::string> identifier, filter, condition, sort, after;
    std::optional<std::int64_t> limit;
};
BOOST_DESCRIBE_STRUCT(ListCustomers, (), (identifier, filter, condition, sort, after, limit))

struct GetCustomer {
    CustomerId id;
};
BOOST_DESCRIBE_STRUCT(GetCustomer, (), (id))

// `kind` and `source` may repeat: one of them is enough.
struct GetTimeline {
    CustomerId id;
    std::vector<std::string> kind, source;
    std::optional<std::string> name;
    std::optional<Instant> from, to;
    std::optional<std::int64_t> limit;
    std::optional<std::string> after, of;
    static http::Rules rules() {
        return {{.member = "kind", .length_max = 50}, {.member = "source", .length_max = 50},
            {.member = "limit", .minimum = 1, .maximum = 200}};
    }
};
BOOST_DESCRIBE_STRUCT(GetTimeline, (), (id, kind, source, name, from, to, limit, after, of))

struct GetTimelineFacets {
    CustomerId id;
    std::optional<std::string> of;
};
BOOST_DESCRIBE_STRUCT(GetTimelineFacets, (), (id, of))

// Whose an entry is, where it is not the customer's own.
struct TimelineMemberView {
    CustomerId customer;
    std::optional<std::string> name;
};
BOOST_DESCRIBE_STRUCT(TimelineMemberView, (), (customer, name))

struct TimelineItemView {
    Instant at;
    std::string kind, name, source;
    std::optional<std::string> position;
    boost::json::object properties;
    std::optional<TimelineMemberView> member;
};
BOOST_DESCRIBE_STRUCT(TimelineItemView, (), (at, kind, name, source, position, properties, member))

struct TimelineList {
    std::vector<TimelineItemView> items;
    std::optional<std::string> next;
    bool is_rebuilding;
};
BOOST_DESCRIBE_STRUCT(TimelineList, (), (items, next, is_rebuilding))

struct KindCountView {
    std::string kind;
    std::int64_t count;
};
BOOST_DESCRIBE_STRUCT(KindCountView, (), (kind, count))

struct SourceCountView {
    std::string source;
    std::int64_t count;
};
BOOST_DESCRIBE_STRUCT(SourceCountView, (), (source, count))

struct NameCountView {
    std::string kind, name;
    std::int64_t count;
};
BOOST_DESCRIBE_STRUCT(NameCountView, (), (kind, name, count))

struct TimelineFacetsView {
    std::vector<KindCountView> kinds;
    std::vector<SourceCountView> sources;
    std::vector<NameCountView> names;
    bool is_rebuilding;
};
BOOST_DESCRIBE_STRUCT(TimelineFacetsView, (), (kinds, sources, names, is_rebuilding))

struct NodeView {
    std::string id;
    std::string source, kind, subject_key;
    Instant first_at;
    std::vector<IdentifierView> identifiers;
    boost::json::object facts;
};
BOOST_DESCRIBE_STRUCT(NodeView, (), (id, source, kind, subject_key, first_at, identifiers, facts))

struct LineageView {
    std::vector<NodeView> nodes;
    std::vector<LinkView> links;
};
BOOST_DESCRIBE_STRUCT(LineageView, (), (nodes, links))

std::optional<std::string> text_or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

Result<Of> of_named(const std::optional<std::string>& name) {
    if (!name || *name == "own")
        return Of::own;
    if (*name == "with_members")
        return Of::with_members;
    const LocalText message{"`of` is own or with_members.", "of 应为 own 或 with_members。"};
    return fail(ErrorKind::invalid, "customer.bad_of", message, {{"/of", "customer.bad_of", message}});
}

NodeView view_of(const identity::StoredNode& node, const std::string& source) {
    NodeView view{to_string(node.id), source, std::string(identity::to_string(node.kind)), node.subject_key,
        node.first_at, views_of(node.identifiers), {}};
    for (const identity::Fact& fact : node.facts) {
        if (fact.value.empty() || fact.mark == identity::Mark::confirmed) // says nothing of its own
            continue;
        if (const auto* field = object::find_golden_field(fact.field))
            view.facts[field->code] = fact.value;
    }
    return view;
}

} // namespace

void Customers::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<ListCustomers, CustomerList>(
        {Method::get, "/api/v1/customers", "customer.list", http::may_read, http::not_audited,
            {"Customers, by identifier, filter or a condition written as a formula",
                "客户列表（可按标识、条件树或公式条件查询）"}},
        [this](const Caller&, const ListCustomers& request) -> Result<CustomerList> {
            const auto page =
                TRY(list({request.identifier, TRY(object::condition_of(request.filter, request.condition)),
                    TRY(object::sort_of(request.sort)), TRY(object::page_of(request.limit, request.after))}));
            CustomerList answer{{}, text_or_null(page.next)};
            for (const Customer& customer : page.items)
                answer.items.push_back(view_of(customer));
            return answer;
        });
    contract.add<GetCustomer, CustomerDetail>(
        {Method::get, "/api/v1/customers/{id}", "customer.get", http::may_read, http::not_audited,
            {"One customer with where each value came from", "客户详情（含各字段来源）"}},
        [this](const Caller&, const GetCustomer& request) -> Result<CustomerDetail> {
            return detail_of(TRY(get(request.id)), TRY(get_provenance(request.id)));
        });
    contract.add<GetTimeline, TimelineList>(
        {Method::get, "/api/v1/customers/{id}/timeline", "customer.timeline", http::may_read, http::not_audited,
            {"What happened, newest first; `kind` and `source` may repeat; `of` is own or with_members",
                "客户时间线（最新在前）；kind 与 source 可重复；of 为 own 或 with_members"}},
        [this](const Caller&, const GetTimeline& request) -> Result<TimelineList> {
            const auto page = TRY(timeline(request.id, int(request.limit.value_or(50)), request.after.value_or(""),
                {request.kind, request.source, request.name, request.from, request.to, TRY(of_named(request.of))}));
            TimelineList answer{{}, text_or_null(page.next), page.is_rebuilding};
            for (const TimelineItem& item : page.items)
                answer.items.push_back({item.at, item.kind, item.name, item.source,
                    item.position ? std::optional(to_string(*item.position)) : std::nullopt, item.properties,
                    item.member ? std::optional(TimelineMemberView{item.member, text_or_null(item.member_name)})
                                : std::nullopt});
            return answer;
        });
    contract.add<GetTimelineFacets, TimelineFacetsView>(
        {Method::get, "/api/v1/customers/{id}/timeline/facets", "customer.timeline_facets", http::may_read,
            http::not_audited,
            {"The kinds, sources and names on a timeline, with their counts",
                "客户时间线可筛选的类型、来源和名称及次数"}},
        [this](const Caller&, const GetTimelineFacets& request) -> Result<TimelineFacetsView> {
            const auto facets = TRY(timeline_facets(request.id, TRY(of_named(request.of))));
            TimelineFacetsView view{{}, {}, {}, facets.is_rebuilding};
            for (const auto& [kind, count] : facets.kinds)
                view.kinds.push_back({kind, count});
            for (const auto& [source, count] : facets.sources)
                view.sources.push_back({source, count});
            for (const auto& [kind, name, count] : facets.names)
                view.names.push_back({kind, name, count});
            return view;
        });
    contract.add<GetCustomer, LineageView>(
        {Method::get, "/api/v1/customers/{id}/lineage", "customer.lineage", http::may_read, http::not_audited,
            {"Which records make up this customer, and why", "客户由哪些记录合并而成及依据"}},
        [this](const Caller&, const GetCustomer& request) -> Result<LineageView> {
            const auto lineage = TRY(this->lineage(request.id));
            LineageView answer;
            for (const auto& node : lineage.nodes)
                answer.nodes.push_back(view_of(node, source_name(node.source)));
            for (const auto& link : lineage.links)
                answer.links.push_back(view_of(link));
            return answer;
        });
    add_membership_routes(contract);
    add_decision_routes(contract);
    add_golden_routes(contract);
    add_growth_route(contract, database_, outside_.clock);
    add_note_routes(contract);
    add_event_routes(contract);
    add_interest_routes(contract);
    add_problem_routes(contract, database_, sources_);
}

} // namespace onefold::customer
