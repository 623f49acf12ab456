#include "customer/view.h"

namespace onefold::customer {
namespace {

// `sort` is name, last_seen_at, order_count or total_spend, with - before it descending; by id where it is left out.
struct ListMemberships {
    CustomerId id;
    std::optional<std::int64_t> limit;
    std::optional<std::string> after, sort;
    static http::Rules rules() { return {{.member = "limit", .minimum = 1, .maximum = 200}}; }
};
BOOST_DESCRIBE_STRUCT(ListMemberships, (), (id, limit, after, sort))

// `customer` is the other side, `computed` all that it did. `valid_from` is what somebody states, else since when it is
// known; `is_dated` says that somebody stated a beginning or an end.
struct MembershipView {
    CustomerId customer;
    std::string kind;
    std::optional<std::string> name, role, title;
    bool is_decision_maker;
    std::optional<Instant> valid_from, valid_to;
    bool is_dated;
    std::string source;
    bool is_by_hand;
    ComputedView computed;
};
BOOST_DESCRIBE_STRUCT(MembershipView, (),
    (customer, kind, name, role, title, is_decision_maker, valid_from, valid_to, is_dated, source, is_by_hand,
        computed))

struct MembershipList {
    std::vector<MembershipView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(MembershipList, (), (items, next))

// All that a person says of it; what is left out is as sources say it.
struct PutMembership {
    CustomerId id, other;
    std::optional<std::string> role, title;
    std::optional<bool> is_decision_maker;
    std::optional<Instant> valid_from, valid_to;
};
BOOST_DESCRIBE_STRUCT(PutMembership, (), (id, other, role, title, is_decision_maker, valid_from, valid_to))

struct DeleteMembership {
    CustomerId id, other;
};
BOOST_DESCRIBE_STRUCT(DeleteMembership, (), (id, other))

struct GetWithMembers {
    CustomerId id;
};
BOOST_DESCRIBE_STRUCT(GetWithMembers, (), (id))

struct WithMembersView {
    std::int64_t member_count;
    ComputedView computed;
};
BOOST_DESCRIBE_STRUCT(WithMembersView, (), (member_count, computed))

std::optional<std::string> text_or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

MembershipView view_of(const Membership& one) {
    const identity::MembershipWords& words = one.words;
    return {one.customer, one.kind, text_or_null(one.name), text_or_null(words.role), text_or_null(words.title),
        words.is_decision_maker.value_or(false), words.valid_from ? words.valid_from : one.known_since, words.valid_to,
        words.valid_from || words.valid_to, one.source, one.is_by_hand, customer::view_of(one.computed)};
}

} // namespace

void Customers::add_membership_routes(http::Contract& contract) {
    using http::Method;
    contract.add<ListMemberships, MembershipList>(
        {Method::get, "/api/v1/customers/{id}/memberships", "customer.memberships", http::may_read, http::not_audited,
            {"The organisations of a person, or the members of an organisation", "个人所属的组织，或组织的成员"}},
        [this](const Caller&, const ListMemberships& request) -> Result<MembershipList> {
            const auto page = TRY(memberships(
                request.id, int(request.limit.value_or(50)), request.after.value_or(""), request.sort.value_or("")));
            MembershipList answer{{}, text_or_null(page.next)};
            for (const Membership& one : page.items)
                answer.items.push_back(view_of(one));
            return answer;
        });
    contract.add<PutMembership, MembershipView>(
        {Method::put, "/api/v1/customers/{id}/memberships/{other}", "membership.put", http::may_edit,
            http::audited{"membership.put"},
            {"Say that a person is a member of an organisation, and as what; goes before what sources say",
                "登记个人在组织中的成员关系（优先于各来源的说法）"}},
        [this](const Caller& caller, const PutMembership& request) -> Result<MembershipView> {
            TRY(put_membership(caller, request.id, request.other,
                {request.role.value_or(""), request.title.value_or(""), request.is_decision_maker, request.valid_from,
                    request.valid_to}));
            return view_of(TRY(get_membership(request.id, request.other)));
        });
    contract.add<DeleteMembership, void>(
        {Method::delete_, "/api/v1/customers/{id}/memberships/{other}", "membership.delete", http::may_edit,
            http::audited{"membership.delete"},
            {"Say that there is no membership, whatever sources say", "移除成员关系（不论各来源的说法）"}},
        [this](const Caller& caller, const DeleteMembership& request) -> Result<> {
            return delete_membership(caller, request.id, request.other);
        });
    contract.add<GetWithMembers, WithMembersView>(
        {Method::get, "/api/v1/customers/{id}/with_members", "customer.with_members", http::may_read, http::not_audited,
            {"What a customer and its members add up to, each person once, while they were members",
                "客户及其成员的合计（每人只计一次，且只计其在任期间）"}},
        [this](const Caller&, const GetWithMembers& request) -> Result<WithMembersView> {
            const auto all = TRY(with_members(request.id));
            return WithMembersView{all.member_count, customer::view_of(all.computed)};
        });
}

} // namespace onefold::customer
