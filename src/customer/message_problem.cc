#include "customer/message_problem.h"

#include "http/bind.h"

#include <set>

namespace onefold::customer {
namespace {

struct MessageProblemView {
    std::string position;
    Instant at;
    std::string name, code, path, message;
};
BOOST_DESCRIBE_STRUCT(MessageProblemView, (), (position, at, name, code, path, message))

struct MessageProblemList {
    std::vector<MessageProblemView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(MessageProblemList, (), (items, next))

struct ListMessageProblems {
    SourceId id;
    std::optional<std::int64_t> limit;
    std::optional<std::string> after;
    static http::Rules rules() { return {{.member = "limit", .minimum = 1, .maximum = 200}}; }
};
BOOST_DESCRIBE_STRUCT(ListMessageProblems, (), (id, limit, after))

Result<std::int64_t> edge_of(const std::optional<std::string>& after) {
    if (!after)
        return INT64_MAX;
    if (const auto position = parse_id(*after))
        return *position;
    const LocalText message{"This is no cursor of this list.", "分页游标无效。"};
    return fail(ErrorKind::invalid, "customer.bad_cursor", message, {{"/after", "customer.bad_cursor", message}});
}

} // namespace

Result<> keep_problems(store::Session& session, const std::vector<KeptProblem>& problems) {
    if (problems.empty())
        return {};
    std::vector<store::Values> rows, clearings;
    std::set<SourceId> sources;
    for (const auto& [source, position, at, name, problem] : problems) {
        rows.push_back({source.value, position.value, micros_of(at), name, std::string(problem.code), problem.path});
        if (sources.insert(source).second)
            clearings.push_back({source.value, problems_kept_max});
    }
    TRY(session.execute_many("INSERT INTO message_problem (source_id, position, at, name, code, path) VALUES ($1, $2, "
                             "$3, $4, $5, $6) ON CONFLICT (source_id, position) DO NOTHING",
        rows));
    TRY(session.execute_many(
        "DELETE FROM message_problem WHERE source_id = $1 AND position <= (SELECT position FROM message_problem WHERE "
        "source_id = $1 ORDER BY position DESC LIMIT 1 OFFSET $2)",
        clearings));
    return {};
}

void add_problem_routes(http::Contract& contract, store::Database& database, const source::Sources& sources) {
    contract.add<ListMessageProblems, MessageProblemList>(
        {http::Method::get, "/api/v1/sources/{id}/problems", "message_problem.list", http::may_edit, http::not_audited,
            {"Accepted messages that had not all their effect, newest first", "已接收但未完全生效的消息（最新在前）"}},
        [&database, &sources](const Caller& caller, const ListMessageProblems& request) -> Result<MessageProblemList> {
            TRY(sources.get(request.id));
            const std::int64_t limit = request.limit.value_or(50), edge = TRY(edge_of(request.after));
            MessageProblemList answer;
            answer.items = TRY(database.read([&](store::Session& session) {
                return session.list("SELECT position, at, name, code, path FROM message_problem WHERE source_id = $1 "
                                    "AND position < $2 ORDER BY position DESC LIMIT $3",
                    {request.id.value, edge, limit}, [&](const store::Row& row) {
                        return MessageProblemView{std::to_string(row.integer(0)), instant_of(row.integer(1)),
                            std::string(row.text(2)), std::string(row.text(3)), std::string(row.text(4)),
                            std::string(text_of(row.text(3), row.text(4)).in(caller.locale))};
                    });
            }));
            if (std::int64_t(answer.items.size()) == limit)
                answer.next = answer.items.back().position;
            return answer;
        });
}

} // namespace onefold::customer
