// What people see of refused messages.
#include "http/bind.h"
#include "tracking/door.h"

namespace onefold::tracking {
namespace {

struct RefusedView {
    std::string id;
    Instant at;
    std::string code, path, reason, message;
};
BOOST_DESCRIBE_STRUCT(RefusedView, (), (id, at, code, path, reason, message))

struct RefusedList {
    std::vector<RefusedView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(RefusedList, (), (items, next))

struct ListRefused {
    SourceId id;
    std::optional<std::int64_t> limit;
    std::optional<std::string> after;
    static http::Rules rules() {
        http::Rule limit{.member = "limit"};
        limit.minimum = 1;
        limit.maximum = 1000;
        return {limit};
    }
};
BOOST_DESCRIBE_STRUCT(ListRefused, (), (id, limit, after))

Result<std::optional<std::int64_t>> cursor_of(const std::optional<std::string>& after) {
    if (!after)
        return std::nullopt;
    if (const auto id = parse_id(*after))
        return id;
    const LocalText message{"This is no cursor of this list.", "分页游标无效。"};
    return fail(ErrorKind::invalid, "tracking.bad_cursor", message, {{"/after", "tracking.bad_cursor", message}});
}

} // namespace

void add_refused_routes(http::Contract& contract, const std::shared_ptr<Door>& door) {
    contract.add<ListRefused, RefusedList>(
        {http::Method::get, "/api/v1/sources/{id}/refused_messages", "refused_message.list", http::may_edit,
            http::not_audited,
            {"What this source sent and was refused, newest first", "该来源被拒收的消息（最新在前）"}},
        [door](const Caller& caller, const ListRefused& request) -> Result<RefusedList> {
            TRY(door->sources().get(request.id));
            const std::int64_t limit = request.limit.value_or(50);
            RefusedList answer;
            for (auto& one : TRY(door->refused().list(request.id, TRY(cursor_of(request.after)), limit)))
                answer.items.push_back({std::to_string(one.id), one.at, one.code, one.path,
                    std::string(text_of(one.code, one.path).in(caller.locale)), std::move(one.message)});
            if (std::int64_t(answer.items.size()) == limit)
                answer.next = answer.items.back().id;
            return answer;
        });
}

} // namespace onefold::tracking
