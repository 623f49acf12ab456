#include "customer/view.h"
#include "object/shipped.h"

namespace onefold::customer {

namespace {

// `preview` shows what would become of the customers and changes nothing.
struct MergeCustomer {
    CustomerId id;
    CustomerId other;
    std::optional<std::map<std::string, std::string>> values;
    std::optional<bool> preview;
};
BOOST_DESCRIBE_STRUCT(MergeCustomer, (), (id, other, values, preview))

struct UnmergeCustomer {
    CustomerId id;
    std::vector<NodeId> nodes;
    std::optional<std::string> reason;
    std::optional<bool> preview;
    static http::Rules rules() { return {{.member = "nodes", .length_max = 1000}}; }
};
BOOST_DESCRIBE_STRUCT(UnmergeCustomer, (), (id, nodes, reason, preview))

struct UndoDecision {
    identity::DecisionId id;
};
BOOST_DESCRIBE_STRUCT(UndoDecision, (), (id))

// `customer` is null where a preview would open one.
struct DecisionPartView {
    std::optional<CustomerId> customer;
    std::string kind;
    boost::json::object fields;
    ComputedView computed;
    std::vector<HeldIdentifierView> identifiers;
    std::vector<NodeId> nodes;
};
BOOST_DESCRIBE_STRUCT(DecisionPartView, (), (customer, kind, fields, computed, identifiers, nodes))

struct DecisionOutcomeView {
    std::optional<identity::DecisionId> decision;
    std::string kind;
    std::vector<DecisionPartView> parts;
};
BOOST_DESCRIBE_STRUCT(DecisionOutcomeView, (), (decision, kind, parts))

struct AskWhy {
    CustomerId id;
    NodeId node_a, node_b;
};
BOOST_DESCRIBE_STRUCT(AskWhy, (), (id, node_a, node_b))

struct WhyView {
    std::vector<LinkView> links;
};
BOOST_DESCRIBE_STRUCT(WhyView, (), (links))

struct ListDecisions {
    CustomerId id;
    std::optional<std::int64_t> limit;
    std::optional<std::string> after;
    static http::Rules rules() { return {{.member = "limit", .minimum = 1, .maximum = 200}}; }
};
BOOST_DESCRIBE_STRUCT(ListDecisions, (), (id, limit, after))

// Of an unmerge `nodes` are the records that went. `may_undo` is false where it was undone, or overruled by a later
// one.
struct DecisionView {
    identity::DecisionId id;
    std::string kind;
    CustomerId customer;
    std::optional<CustomerId> other;
    std::vector<NodeId> nodes;
    std::vector<std::string> fields;
    std::string by;
    std::optional<std::string> by_name, reason;
    Instant at;
    std::optional<std::string> undone_by, undone_by_name;
    std::optional<Instant> undone_at;
    bool may_undo;
};
BOOST_DESCRIBE_STRUCT(DecisionView, (),
    (id, kind, customer, other, nodes, fields, by, by_name, reason, at, undone_by, undone_by_name, undone_at, may_undo))

struct DecisionList {
    std::vector<DecisionView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(DecisionList, (), (items, next))

std::optional<std::string> text_or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

DecisionOutcomeView view_of(const DecisionOutcome& outcome) {
    DecisionOutcomeView view{outcome.decision ? std::optional(outcome.decision) : std::nullopt,
        std::string(identity::to_string(outcome.kind)), {}};
    for (const auto& [customer, nodes] : outcome.parts)
        view.parts.push_back({customer.id ? std::optional(customer.id) : std::nullopt, customer.kind, customer.fields,
            customer::view_of(customer.computed), held_views_of(customer.identifiers), nodes});
    return view;
}

DecisionView view_of(const identity::StoredDecision& decision, const std::map<std::string, std::string>& names) {
    const auto name_of = [&](const std::string& principal) {
        const auto found = names.find(principal);
        return found == names.end() ? std::nullopt : std::optional(found->second);
    };
    DecisionView view{decision.id, std::string(identity::to_string(decision.kind)), decision.customer,
        decision.other ? std::optional(decision.other) : std::nullopt, decision.left, {}, decision.by,
        name_of(decision.by), text_or_null(decision.reason), decision.at, text_or_null(decision.undone_by),
        name_of(decision.undone_by), decision.undone_at, !decision.undone_at && !decision.is_overruled};
    for (const FieldId id : decision.edited)
        if (const auto* field = object::find_golden_field(id))
            view.fields.emplace_back(field->code);
    return view;
}

Doing doing_of(const std::optional<bool>& preview, http::Answer& answer) {
    answer.is_preview = preview.value_or(false);
    return answer.is_preview ? Doing::preview : Doing::really;
}

} // namespace

void Customers::add_decision_routes(http::Contract& contract) {
    using http::Method;
    contract.add<MergeCustomer, DecisionOutcomeView>(
        {Method::post, "/api/v1/customers/{id}/merge", "customer.merge", http::may_edit,
            http::audited{"customer.merge"},
            {"Say that two customers are one; the older keeps its id", "将两个客户合并为一个（保留较早的编号）"}},
        [this](
            const Caller& caller, const MergeCustomer& request, http::Answer& answer) -> Result<DecisionOutcomeView> {
            const Doing doing = doing_of(request.preview, answer);
            return view_of(TRY(merge(caller,
                {request.id, request.other, request.values.value_or(std::map<std::string, std::string>{})}, doing)));
        });
    contract.add<UnmergeCustomer, DecisionOutcomeView>(
        {Method::post, "/api/v1/customers/{id}/unmerge", "customer.unmerge", http::may_edit,
            http::audited{"customer.unmerge"},
            {"Say that some records are not this customer's", "将不属于该客户的记录分出"}},
        [this](
            const Caller& caller, const UnmergeCustomer& request, http::Answer& answer) -> Result<DecisionOutcomeView> {
            const Doing doing = doing_of(request.preview, answer);
            return view_of(TRY(unmerge(caller, {request.id, request.nodes, request.reason.value_or("")}, doing)));
        });
    contract.add<UndoDecision, DecisionOutcomeView>(
        {Method::post, "/api/v1/identity_decisions/{id}/undo", "identity_decision.undo", http::may_edit,
            http::audited{"identity_decision.undo"}, {"Take a merge or unmerge back", "撤销一次合并或拆分"}},
        [this](const Caller& caller, const UndoDecision& request) -> Result<DecisionOutcomeView> {
            return view_of(TRY(undo(caller, request.id)));
        });
    contract.add<ListDecisions, DecisionList>(
        {Method::get, "/api/v1/customers/{id}/decisions", "customer.decisions", http::may_read, http::not_audited,
            {"What people decided about a customer's records, newest first",
                "对该客户记录所作的合并与拆分（最新在前）"}},
        [this](const Caller&, const ListDecisions& request) -> Result<DecisionList> {
            const auto page =
                TRY(list_decisions(request.id, int(request.limit.value_or(50)), request.after.value_or("")));
            DecisionList answer{{}, text_or_null(page.next)};
            for (const auto& decision : page.items)
                answer.items.push_back(view_of(decision, page.names));
            return answer;
        });
    contract.add<AskWhy, WhyView>(
        {Method::get, "/api/v1/customers/{id}/why", "customer.why", http::may_read, http::not_audited,
            {"Why two records are one customer: the shortest chain of evidence",
                "两条记录为何属于同一客户：最短证据链"}},
        [this](const Caller&, const AskWhy& request) -> Result<WhyView> {
            WhyView view;
            for (const auto& link : TRY(why(request.id, request.node_a, request.node_b)))
                view.links.push_back(customer::view_of(link));
            return view;
        });
}

} // namespace onefold::customer
