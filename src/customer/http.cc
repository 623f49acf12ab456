#include "customer/customer.h"
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
    std::optional<std::string> identifier, filter, sort, after;
    std::optional<std::int64_t> limit;
};
BOOST_DESCRIBE_STRUCT(ListCustomers, (), (identifier, filter, sort, after, limit))

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
    std::optional<std::string> after;
    static http::Rules rules() {
        return {{.member = "kind", .length_max = 50}, {.member = "source", .length_max = 50},
            {.member = "limit", .minimum = 1, .maximum = 200}};
    }
};
BOOST_DESCRIBE_STRUCT(GetTimeline, (), (id, kind, source, name, from, to, limit, after))

struct TimelineItemView {
    Instant at;
    std::string kind, name, source;
    std::optional<std::string> position;
    boost::json::object properties;
};
BOOST_DESCRIBE_STRUCT(TimelineItemView, (), (at, kind, name, source, position, properties))

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

struct ListMemberships {
    CustomerId id;
    std::optional<std::int64_t> limit;
    std::optional<std::string> after;
    static http::Rules rules() { return {{.member = "limit", .minimum = 1, .maximum = 200}}; }
};
BOOST_DESCRIBE_STRUCT(ListMemberships, (), (id, limit, after))

struct MembershipView {
    CustomerId customer;
    std::string kind;
    std::optional<std::string> name, role, title;
    bool is_decision_maker;
    std::optional<Instant> valid_from, valid_to;
    std::string source;
};
BOOST_DESCRIBE_STRUCT(
    MembershipView, (), (customer, kind, name, role, title, is_decision_maker, valid_from, valid_to, source))

struct MembershipList {
    std::vector<MembershipView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(MembershipList, (), (items, next))

std::optional<std::string> text_or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
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
            {"Customers, by identifier or filter", "客户列表（可按标识符或条件查询）"}},
        [this](const Caller&, const ListCustomers& request) -> Result<CustomerList> {
            const auto page = TRY(list({request.identifier, TRY(object::filter_of(request.filter)),
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
            {"What happened, newest first; `kind` and `source` may repeat",
                "客户时间线（最新在前）；kind 与 source 可重复"}},
        [this](const Caller&, const GetTimeline& request) -> Result<TimelineList> {
            const auto page = TRY(timeline(request.id, int(request.limit.value_or(50)), request.after.value_or(""),
                {request.kind, request.source, request.name, request.from, request.to}));
            TimelineList answer{{}, text_or_null(page.next), page.is_rebuilding};
            for (const TimelineItem& item : page.items)
                answer.items.push_back({item.at, item.kind, item.name, item.source,
                    item.position ? std::optional(to_string(*item.position)) : std::nullopt, item.properties});
            return answer;
        });
    contract.add<GetCustomer, TimelineFacetsView>({Method::get, "/api/v1/customers/{id}/timeline/facets",
                                                      "customer.timeline_facets", http::may_read, http::not_audited,
                                                      {"The kinds, sources and names on a timeline, with their counts",
                                                          "客户时间线可筛选的类型、来源和名称及次数"}},
        [this](const Caller&, const GetCustomer& request) -> Result<TimelineFacetsView> {
            const auto facets = TRY(timeline_facets(request.id));
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
    contract.add<ListMemberships, MembershipList>(
        {Method::get, "/api/v1/customers/{id}/memberships", "customer.memberships", http::may_read, http::not_audited,
            {"The organisations of a person, or the members of an organisation", "个人所属的组织，或组织的成员"}},
        [this](const Caller&, const ListMemberships& request) -> Result<MembershipList> {
            const auto page = TRY(memberships(request.id, int(request.limit.value_or(50)), request.after.value_or("")));
            MembershipList answer{{}, text_or_null(page.next)};
            for (const Membership& one : page.items)
                answer.items.push_back({one.customer, one.kind, text_or_null(one.name), text_or_null(one.role),
                    text_or_null(one.title), one.is_decision_maker, one.valid_from, one.valid_to, one.source});
            return answer;
        });
    add_decision_routes(contract);
    add_golden_routes(contract);
    add_problem_routes(contract, database_, sources_);
}

} // namespace onefold::customer
