#include "company/company.h"
#include "http/bind.h"
#include "object/listing.h"
#include "object/shipped.h"
#include "survivorship/survivorship.h"

#include <set>

namespace onefold::survivorship {
namespace {

enum class ConflictState { open, left };
BOOST_DESCRIBE_ENUM(ConflictState, open, left)

struct ListConflicts : http::PageRequest {
    std::optional<std::string> field;
    std::optional<ConflictState> state; // open where none is named
};
BOOST_DESCRIBE_STRUCT(ListConflicts, (http::PageRequest), (field, state))

struct ClaimView {
    std::string value, source;
    Instant at;
};
BOOST_DESCRIBE_STRUCT(ClaimView, (), (value, source, at))

// `claims` begin with the value that stands in the golden record.
struct ConflictView {
    ConflictId id;
    std::int64_t version;
    CustomerId customer;
    std::int64_t customer_version;
    std::string kind;
    std::optional<std::string> name;
    std::string field;
    ConflictState state;
    std::vector<ClaimView> claims;
    Instant since;
    std::optional<std::string> left_by, left_by_name;
    std::optional<Instant> left_at;
};
BOOST_DESCRIBE_STRUCT(ConflictView, (),
    (id, version, customer, customer_version, kind, name, field, state, claims, since, left_by, left_by_name, left_at))

struct ConflictList {
    std::vector<ConflictView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ConflictList, (), (items, next))

struct FieldCountView {
    std::string field;
    std::int64_t open, left;
};
BOOST_DESCRIBE_STRUCT(FieldCountView, (), (field, open, left))

struct ConflictCounts {
    std::vector<FieldCountView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ConflictCounts, (), (items, next))

struct AttendConflict {
    ConflictId id;
    std::int64_t if_match;
};
BOOST_DESCRIBE_STRUCT(AttendConflict, (), (id, if_match))

struct Attended {
    ConflictId id;
    std::int64_t version;
    ConflictState state;
};
BOOST_DESCRIBE_STRUCT(Attended, (), (id, version, state))

using boost::json::value;

std::optional<std::string> text_in(const value& json) {
    return json.is_string() ? std::optional(std::string(json.get_string())) : std::nullopt;
}
std::int64_t integer_in(const value& json) {
    return json.is_int64() ? json.get_int64() : 0;
}
std::optional<Instant> instant_in(const value& json) {
    const auto text = text_in(json);
    const auto at = text ? parse_rfc3339(*text) : fail(Error{});
    return at ? std::optional(*at) : std::nullopt;
}

formula::Expression equals(std::string_view field, std::string text) {
    return formula::call(
        formula::Operator::equal, {formula::field({std::string(field)}), formula::literal(std::move(text))});
}

query::Query question_of(const ListConflicts& request) {
    query::Query query;
    query.object = "conflict";
    for (const std::string_view path : {"id", "version", "customer", "customer.version", "customer.kind",
             "customer.name", "field", "state", "claims", "since", "left_by", "left_at"})
        query.select.push_back({object::path_of(path)});
    query.filter = equals("state", request.state == ConflictState::left ? "left" : "open");
    if (request.field)
        query.filter =
            formula::call(formula::Operator::and_, {std::move(*query.filter), equals("field", *request.field)});
    query.sort = {{{"id"}, query::Direction::descending}};
    return query;
}

ConflictView view_of(const std::vector<value>& row, const SourceName& source_name) {
    ConflictView view{ConflictId{parse_id(text_in(row[0]).value_or("")).value_or(0)}, integer_in(row[1]),
        CustomerId{parse_id(text_in(row[2]).value_or("")).value_or(0)}, integer_in(row[3]),
        text_in(row[4]).value_or(""), text_in(row[5]), text_in(row[6]).value_or(""),
        text_in(row[7]) == "left" ? ConflictState::left : ConflictState::open, {},
        instant_in(row[9]).value_or(Instant{}), text_in(row[10]), {}, instant_in(row[11])};
    if (const auto* claims = row[8].if_array())
        for (const value& claim : *claims)
            view.claims.push_back({std::string(claim.at("value").as_string()),
                source_name(SourceId{claim.at("source").to_number<std::int64_t>()}),
                instant_of(claim.at("at").to_number<std::int64_t>())});
    return view;
}

Result<ConflictList> list(store::Session& session, const ListConflicts& request, const SourceName& source_name) {
    query::Query query = question_of(request);
    query.page = TRY(object::page_of(request.limit, request.after));
    const auto table = TRY(query::run(session, query, object::shipped_catalogue()));
    ConflictList answer{{}, table.next.empty() ? std::nullopt : std::optional(table.next)};
    for (const auto& row : table.rows) {
        answer.items.push_back(view_of(row, source_name));
        ConflictView& view = answer.items.back();
        if (view.left_by)
            view.left_by_name = company::name_of(session, *view.left_by);
    }
    return answer;
}

Result<ConflictCounts> count(store::Session& session) {
    query::Query query;
    query.object = "conflict";
    query.select = {{{"field"}}, {{"state"}}, {{"id"}, query::Aggregate::count}};
    query.group = {{"field"}, {"state"}};
    query.page.limit = query::Page::limit_max;
    std::map<std::string, FieldCountView> counts;
    const auto table = TRY(query::run(session, query, object::shipped_catalogue()));
    for (const auto& row : table.rows) {
        const std::string field = text_in(row[0]).value_or("");
        FieldCountView& view = counts.try_emplace(field, field, 0, 0).first->second;
        (text_in(row[1]) == "left" ? view.left : view.open) = integer_in(row[2]);
    }
    ConflictCounts answer;
    for (const object::GoldenField& field : object::golden_fields())
        if (const auto found = counts.find(std::string(field.code)); found != counts.end())
            answer.items.push_back(found->second);
    return answer;
}

} // namespace

void add_conflict_routes(
    http::Contract& contract, store::Database& database, const runtime::Outside& outside, SourceName source_name) {
    using http::Method;
    contract.add<ListConflicts, ConflictList>(
        {Method::get, "/api/v1/quality/conflicts", "conflict.list", http::may_read, http::not_audited,
            {"Fields of which sources of equal standing say different things, the newest first",
                "同等来源取值不一致的字段（最新在前）"}},
        [&database, source_name](const Caller&, const ListConflicts& request) -> Result<ConflictList> {
            return database.read([&](store::Session& session) { return list(session, request, source_name); });
        });
    contract.add<http::Nothing, ConflictCounts>(
        {Method::get, "/api/v1/quality/conflicts/counts", "conflict.count", http::may_read, http::not_audited,
            {"How many conflicts each field has", "各字段的冲突数"}},
        [&database](const Caller&, const http::Nothing&) -> Result<ConflictCounts> {
            return database.read([](store::Session& session) { return count(session); });
        });
    const auto attend_to = [&](std::string_view path, std::string_view name, LocalText summary, Attention attention) {
        contract.add<AttendConflict, Attended>(
            {Method::post, path, name, http::may_edit, http::audited{name}, std::move(summary)},
            [&database, &outside, attention](const Caller& caller, const AttendConflict& request) -> Result<Attended> {
                const auto author = company::author_of(caller, outside);
                TRY(database.write([&](store::Session& session) {
                    return attend(session, author, request.id, request.if_match, attention);
                }));
                const auto version = TRY(database.read([&](store::Session& session) {
                    return session.find_integer("SELECT version FROM conflict WHERE id = $1", {request.id.value});
                }));
                return Attended{request.id, version.value_or(request.if_match + 1),
                    attention == Attention::left ? ConflictState::left : ConflictState::open};
            });
    };
    attend_to("/api/v1/quality/conflicts/{id}/leave", "conflict.leave",
        {"Leave a conflict as it is, until a source says something new", "搁置冲突，直到有来源给出新的值"},
        Attention::left);
    attend_to("/api/v1/quality/conflicts/{id}/reopen", "conflict.reopen",
        {"Attend to a conflict again that was left", "重新处理已搁置的冲突"}, Attention::open);
}

} // namespace onefold::survivorship
