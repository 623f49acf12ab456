// What people see of refused messages, and what they do with them.
#include "http/bind.h"
#include "tracking/door.h"

namespace onefold::tracking {

BOOST_DESCRIBE_ENUM(RefusedState, open, replayed)

namespace {

using http::Method;

struct RefusedView {
    std::string id;
    Instant at;
    std::string code, path, reason, message, call;
    std::optional<Instant> replayed_at;
    std::int64_t times; // that it came
    Instant last_at;
};
BOOST_DESCRIBE_STRUCT(RefusedView, (), (id, at, code, path, reason, message, call, replayed_at, times, last_at))

struct RefusedList {
    std::vector<RefusedView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(RefusedList, (), (items, next))

struct ListRefused {
    SourceId id;
    std::optional<std::int64_t> limit;
    std::optional<std::string> after, code, path;
    std::optional<RefusedState> state;
    static http::Rules rules() {
        http::Rule limit{.member = "limit"};
        limit.minimum = 1;
        limit.maximum = 1000;
        return {limit};
    }
};
BOOST_DESCRIBE_STRUCT(ListRefused, (), (id, limit, after, code, path, state))

struct ReasonView {
    std::string code, path, reason;
    std::int64_t count;
};
BOOST_DESCRIBE_STRUCT(ReasonView, (), (code, path, reason, count))

struct ReasonList {
    std::vector<ReasonView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ReasonList, (), (items, next))

struct OfSource {
    SourceId id;
};
BOOST_DESCRIBE_STRUCT(OfSource, (), (id))

struct ReplayOne {
    RefusedId id;
    std::optional<boost::json::value> message;
};
BOOST_DESCRIBE_STRUCT(ReplayOne, (), (id, message))

struct DiscardOne {
    RefusedId id;
};
BOOST_DESCRIBE_STRUCT(DiscardOne, (), (id))

struct OfReason {
    SourceId id;
    std::string code;
    std::optional<std::string> path;
};
BOOST_DESCRIBE_STRUCT(OfReason, (), (id, code, path))

struct ReplayedView {
    std::int64_t accepted, duplicates, refused;
};
BOOST_DESCRIBE_STRUCT(ReplayedView, (), (accepted, duplicates, refused))

struct DiscardedView {
    std::int64_t discarded;
};
BOOST_DESCRIBE_STRUCT(DiscardedView, (), (discarded))

Result<std::optional<RefusedId>> cursor_of(const std::optional<std::string>& after) {
    if (!after)
        return std::nullopt;
    if (const auto id = parse_id(*after))
        return RefusedId{*id};
    const LocalText message{"This is no cursor of this list.", "分页游标无效。"};
    return fail(ErrorKind::invalid, "tracking.bad_cursor", message, {{"/after", "tracking.bad_cursor", message}});
}

RefusedFilter filter_of(const OfReason& request) {
    return {RefusedState::open, request.code, request.path};
}

ReplayedView view_of(const Replayed& replayed) {
    return {replayed.accepted, replayed.duplicates, replayed.refused};
}

void add_list_routes(http::Contract& contract, const std::shared_ptr<Door>& door) {
    contract.add<ListRefused, RefusedList>(
        {Method::get, "/api/v1/sources/{id}/refused_messages", "refused_message.list", http::may_edit,
            http::not_audited,
            {"What this source sent and was refused, newest first", "该来源被拒收的消息（最新在前）"}},
        [door](const Caller& caller, const ListRefused& request) -> Result<RefusedList> {
            TRY(door->sources().get(request.id));
            const std::int64_t limit = request.limit.value_or(50);
            const RefusedFilter filter{request.state.value_or(RefusedState::open), request.code, request.path};
            RefusedList answer;
            for (auto& one : TRY(door->refused().list(request.id, filter, TRY(cursor_of(request.after)), limit)))
                answer.items.push_back({to_string(one.id), one.at, one.code, one.path,
                    std::string(text_of(one.code, one.path, one.message).in(caller.locale)), std::move(one.message),
                    one.call, one.replayed_at, one.times, one.last_at});
            if (std::int64_t(answer.items.size()) == limit)
                answer.next = answer.items.back().id;
            return answer;
        });
    contract.add<OfSource, ReasonList>(
        {Method::get, "/api/v1/sources/{id}/refused_reasons", "refused_message.reasons", http::may_edit,
            http::not_audited,
            {"Why messages of this source were refused, and how many", "该来源消息被拒收的原因及数量"}},
        [door](const Caller& caller, const OfSource& request) -> Result<ReasonList> {
            TRY(door->sources().get(request.id));
            ReasonList answer;
            for (auto& one : TRY(door->refused().list_reasons(request.id)))
                answer.items.push_back(
                    {one.code, one.path, std::string(text_of(one.code, one.path).in(caller.locale)), one.count});
            return answer;
        });
}

} // namespace

void add_refused_routes(http::Contract& contract, const std::shared_ptr<Door>& door) {
    add_list_routes(contract, door);
    contract.add<ReplayOne, ReplayedView>(
        {Method::post, "/api/v1/refused_messages/{id}/replay", "refused_message.replay", http::may_edit,
            http::audited{"refused_message.replay"},
            {"Take a refused message after all, as it is or corrected", "重放一条被拒收的消息（可先更正）"}},
        [door](const Caller&, const ReplayOne& request) -> Result<ReplayedView> {
            return view_of(TRY(door->replay(request.id, request.message)));
        });
    contract.add<OfReason, ReplayedView>(
        {Method::post, "/api/v1/sources/{id}/refused_messages/replay", "refused_message.replay_all", http::may_edit,
            http::audited{"refused_message.replay_all"},
            {"Take all that were refused for one reason, now that it is mended", "重放因同一原因被拒收的全部消息"}},
        [door](const Caller&, const OfReason& request) -> Result<ReplayedView> {
            return view_of(TRY(door->replay_all(request.id, filter_of(request))));
        });
    contract.add<DiscardOne, void>(
        {Method::post, "/api/v1/refused_messages/{id}/discard", "refused_message.discard", http::may_edit,
            http::audited{"refused_message.discard"}, {"Throw a refused message away", "丢弃一条被拒收的消息"}},
        [door](const Caller&, const DiscardOne& request) -> Result<> {
            TRY(door->refused().get(request.id));
            TRY(door->refused().discard(request.id));
            return {};
        });
    contract.add<OfReason, DiscardedView>(
        {Method::post, "/api/v1/sources/{id}/refused_messages/discard", "refused_message.discard_all", http::may_edit,
            http::audited{"refused_message.discard_all"},
            {"Throw away all that were refused for one reason", "丢弃因同一原因被拒收的全部消息"}},
        [door](const Caller&, const OfReason& request) -> Result<DiscardedView> {
            TRY(door->sources().get(request.id));
            return DiscardedView{TRY(door->refused().discard_all(request.id, filter_of(request)))};
        });
}

} // namespace onefold::tracking
