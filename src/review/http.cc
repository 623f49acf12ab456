#include "customer/view.h"
#include "http/bind.h"
#include "review/review.h"

namespace onefold::identity {
BOOST_DESCRIBE_ENUM(Doubt, conflict, limited, shared, weak)
} // namespace onefold::identity

namespace onefold::review {
BOOST_DESCRIBE_ENUM(State, open, later, merged, apart)
namespace {

enum class ListedState { open, later };
BOOST_DESCRIBE_ENUM(ListedState, open, later)

struct ListReviews : http::PageRequest {
    std::optional<ListedState> state; // open where none is named
};
BOOST_DESCRIBE_STRUCT(ListReviews, (http::PageRequest), (state))

// `customer` and `name` of the older one, then those of the other; who has no name is told by an identifier.
struct ReviewView {
    PairId id;
    std::int64_t version;
    State state;
    std::string kind;
    CustomerId customer;
    std::optional<std::string> name;
    std::optional<customer::IdentifierView> identifier;
    CustomerId other;
    std::optional<std::string> other_name;
    std::optional<customer::IdentifierView> other_identifier;
    std::vector<identity::Doubt> doubts;
    Instant since;
    std::optional<Instant> until;
};
BOOST_DESCRIBE_STRUCT(ReviewView, (),
    (id, version, state, kind, customer, name, identifier, other, other_name, other_identifier, doubts, since, until))

struct ReviewList {
    std::vector<ReviewView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ReviewList, (), (items, next))

struct ReviewProgress {
    std::int64_t open, later, decided_today;
    bool is_looking;
    std::int64_t percent;
};
BOOST_DESCRIBE_STRUCT(ReviewProgress, (), (open, later, decided_today, is_looking, percent))

struct GetReview {
    PairId id;
};
BOOST_DESCRIBE_STRUCT(GetReview, (), (id))

struct ReviewSourceView {
    std::string source;
    std::int64_t records;
};
BOOST_DESCRIBE_STRUCT(ReviewSourceView, (), (source, records))

// By which sources either customer holds the value.
struct ReviewEvidenceView {
    IdentifierId value;
    customer::IdentifierView identifier;
    identity::Doubt doubt;
    std::vector<ReviewSourceView> sources, other_sources;
};
BOOST_DESCRIBE_STRUCT(ReviewEvidenceView, (), (value, identifier, doubt, sources, other_sources))

struct ReviewDetail {
    PairId id;
    std::int64_t version;
    State state;
    customer::CustomerView customer, other;
    std::vector<ReviewEvidenceView> evidence;
    Instant since;
    std::optional<Instant> until;
    std::optional<std::string> decided_by, decided_by_name;
    std::optional<Instant> decided_at;
    std::optional<identity::DecisionId> decision;
};
BOOST_DESCRIBE_STRUCT(ReviewDetail, (),
    (id, version, state, customer, other, evidence, since, until, decided_by, decided_by_name, decided_at, decision))

struct MergeReview {
    PairId id;
    std::int64_t if_match;
    std::optional<std::map<std::string, std::string>> values;
};
BOOST_DESCRIBE_STRUCT(MergeReview, (), (id, if_match, values))

struct KeepApart {
    PairId id;
    std::int64_t if_match;
    std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(KeepApart, (), (id, if_match, reason))

// Without `until`: until what is known of either changes.
struct PutOff {
    PairId id;
    std::int64_t if_match;
    std::optional<Instant> until;
};
BOOST_DESCRIBE_STRUCT(PutOff, (), (id, if_match, until))

struct ReopenReview {
    PairId id;
    std::int64_t if_match;
};
BOOST_DESCRIBE_STRUCT(ReopenReview, (), (id, if_match))

// `decision` is undone as any other; `customers` are those that there are now.
struct SettledView {
    PairId id;
    std::int64_t version;
    State state;
    std::optional<Instant> until;
    std::optional<identity::DecisionId> decision;
    std::vector<CustomerId> customers;
};
BOOST_DESCRIBE_STRUCT(SettledView, (), (id, version, state, until, decision, customers))

std::optional<std::string> text_or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

std::vector<ReviewSourceView> view_of(const std::map<std::string, std::int64_t>& records) {
    std::vector<ReviewSourceView> views;
    for (const auto& [source, count] : records)
        views.push_back({source, count});
    return views;
}

ReviewView view_of(const Listed& listed) {
    const Pair& pair = listed.pair;
    const auto shown = [](const std::optional<identity::StoredIdentifier>& identifier) {
        return identifier ? std::optional(customer::view_of(*identifier)) : std::nullopt;
    };
    return {pair.id, pair.version, pair.state, listed.kind, pair.low, text_or_null(listed.low_name),
        shown(listed.low_identifier), pair.high, text_or_null(listed.high_name), shown(listed.high_identifier),
        pair.doubts, pair.since, pair.until};
}

ReviewDetail view_of(const Detail& detail) {
    const Pair& pair = detail.pair;
    ReviewDetail view{pair.id, pair.version, pair.state, customer::view_of(detail.low), customer::view_of(detail.high),
        {}, pair.since, pair.until, text_or_null(pair.decided_by), text_or_null(detail.decided_by_name),
        pair.decided_at, pair.decision ? std::optional(identity::DecisionId{pair.decision}) : std::nullopt};
    for (const Evidence& one : detail.evidence)
        view.evidence.push_back({one.value.id,
            customer::view_of(identity::StoredIdentifier{
                one.value.type, one.value.scope, one.value.value, std::string(identity::to_string(one.value.state))}),
            one.doubt, view_of(one.low_records), view_of(one.high_records)});
    return view;
}

SettledView view_of(const Pair& pair) {
    return {pair.id, pair.version, pair.state, pair.until, std::nullopt, {pair.low, pair.high}};
}

SettledView view_of(const Settled& settled) {
    SettledView view = view_of(settled.pair);
    view.decision = settled.outcome.decision;
    view.customers.clear();
    for (const auto& part : settled.outcome.parts)
        view.customers.push_back(part.customer.id);
    return view;
}

} // namespace

void Reviews::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<ListReviews, ReviewList>(
        {Method::get, "/api/v1/reviews", "review.list", http::may_read, http::not_audited,
            {"Pairs of customers who may be one, those of which most speaks for it first",
                "可能是同一客户的成对记录（依据最多的在前）"}},
        [this](const Caller&, const ListReviews& request) -> Result<ReviewList> {
            const State state = request.state == ListedState::later ? State::later : State::open;
            const auto page = TRY(list(state, request.limit_or_default(), request.after.value_or("")));
            ReviewList answer{{}, text_or_null(page.next)};
            for (const Listed& listed : page.items)
                answer.items.push_back(view_of(listed));
            return answer;
        });
    contract.add<http::Nothing, ReviewProgress>(
        {Method::get, "/api/v1/reviews/progress", "review.progress", http::may_read, http::not_audited,
            {"How many pairs are open, put off, and were decided today", "待审核、已推迟与今日已处理的数量"}},
        [this](const Caller&, const http::Nothing&) -> Result<ReviewProgress> {
            const auto now = TRY(progress());
            return ReviewProgress{now.open, now.later, now.decided_today, now.is_looking, now.percent};
        });
    contract.add<GetReview, ReviewDetail>(
        {Method::get, "/api/v1/reviews/{id}", "review.get", http::may_read, http::not_audited,
            {"Two customers who may be one, and what speaks for it", "可能是同一客户的一对及其依据"}},
        [this](
            const Caller&, const GetReview& request) -> Result<ReviewDetail> { return view_of(TRY(get(request.id))); });
    contract.add<MergeReview, SettledView>(
        {Method::post, "/api/v1/reviews/{id}/merge", "review.merge", http::may_edit, http::audited{"customer.merge"},
            {"Say that the two are one customer", "确认是同一客户并合并"}},
        [this](const Caller& caller, const MergeReview& request) -> Result<SettledView> {
            return view_of(TRY(merge(
                caller, request.id, request.if_match, request.values.value_or(std::map<std::string, std::string>{}))));
        });
    contract.add<KeepApart, SettledView>(
        {Method::post, "/api/v1/reviews/{id}/keep_apart", "review.keep_apart", http::may_edit,
            http::audited{"customer.keep_apart"}, {"Say that the two are different customers", "确认是两个不同的客户"}},
        [this](const Caller& caller, const KeepApart& request) -> Result<SettledView> {
            return view_of(TRY(keep_apart(caller, request.id, request.if_match, request.reason.value_or(""))));
        });
    contract.add<PutOff, SettledView>(
        {Method::post, "/api/v1/reviews/{id}/later", "review.later", http::may_edit, http::audited{"review.later"},
            {"Put a pair off until a time, or until what is known of it changes", "推迟到指定时间，或直到数据有变化"}},
        [this](const Caller& caller, const PutOff& request) -> Result<SettledView> {
            return view_of(TRY(put_off(caller, request.id, request.if_match, request.until)));
        });
    contract.add<ReopenReview, SettledView>(
        {Method::post, "/api/v1/reviews/{id}/reopen", "review.reopen", http::may_edit, http::audited{"review.reopen"},
            {"Put a pair back into the queue", "放回审核队列"}},
        [this](const Caller& caller, const ReopenReview& request) -> Result<SettledView> {
            return view_of(TRY(reopen(caller, request.id, request.if_match)));
        });
}

} // namespace onefold::review
