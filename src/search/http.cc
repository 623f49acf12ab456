#include "customer/view.h"
#include "http/bind.h"
#include "search/search.h"

namespace onefold::search {
namespace {

constexpr std::int64_t limit_usual = 10, limit_max = 50;

enum class KindName { person, organisation, household };
BOOST_DESCRIBE_ENUM(KindName, person, organisation, household)

struct SearchRequest {
    std::string q;
    std::optional<KindName> kind;
    std::optional<std::int64_t> limit;
    static http::Rules rules() {
        return {{.member = "q", .length_max = 400}, {.member = "limit", .minimum = 1, .maximum = limit_max}};
    }
};
BOOST_DESCRIBE_STRUCT(SearchRequest, (), (q, kind, limit))

// In UTF-16 units of the field's value, or of the identifier's.
struct MarkView {
    std::string field;
    std::optional<IdentifierId> identifier;
    std::int64_t from, to;
};
BOOST_DESCRIBE_STRUCT(MarkView, (), (field, identifier, from, to))

struct HitView {
    customer::CustomerView customer;
    std::string match;
    std::vector<MarkView> marks;
};
BOOST_DESCRIBE_STRUCT(HitView, (), (customer, match, marks))

struct RecordHitView {
    std::string object, number;
    RecordId id;
    std::optional<Instant> time;
    std::optional<customer::CustomerView> customer;
};
BOOST_DESCRIBE_STRUCT(RecordHitView, (), (object, number, id, time, customer))

struct FoundView {
    std::vector<HitView> items;
    std::vector<RecordHitView> records;
    std::int64_t count;
    bool is_complete;
};
BOOST_DESCRIBE_STRUCT(FoundView, (), (items, records, count, is_complete))

struct SearchRebuiltView {
    Instant at;
    std::int64_t took_ms, customers;
};
BOOST_DESCRIBE_STRUCT(SearchRebuiltView, (), (at, took_ms, customers))

struct SearchIndexView {
    std::string state;
    std::int64_t percent, customers, made_anew;
    std::optional<std::string> trouble;
    std::optional<SearchRebuiltView> last_rebuilt;
};
BOOST_DESCRIBE_STRUCT(SearchIndexView, (), (state, percent, customers, made_anew, trouble, last_rebuilt))

HitView view_of(const Hit& hit) {
    HitView view{customer::view_of(hit.customer), std::string(to_string(hit.match)), {}};
    for (const Mark& mark : hit.marks)
        view.marks.push_back({std::string(code_of(mark.field)),
            mark.identifier ? std::optional(mark.identifier) : std::nullopt, mark.from, mark.to});
    return view;
}

RecordHitView view_of(const RecordHit& hit) {
    const auto& record = hit.record;
    RecordHitView view{record.object, record.number, record.id, record.time, {}};
    if (hit.customer)
        view.customer = customer::view_of(*hit.customer);
    return view;
}

FoundView view_of(const Found& found) {
    FoundView view{{}, {}, found.count, found.is_complete};
    for (const Hit& hit : found.hits)
        view.items.push_back(view_of(hit));
    for (const RecordHit& hit : found.records)
        view.records.push_back(view_of(hit));
    return view;
}

SearchIndexView view_of(const Status& status, const Locale& locale) {
    SearchIndexView view{
        std::string(to_string(status.state)), status.percent, status.customers, status.made_anew, {}, {}};
    if (status.trouble)
        view.trouble = std::string(status.trouble->message.in(locale));
    if (status.last_rebuilt)
        view.last_rebuilt =
            SearchRebuiltView{status.last_rebuilt->at, status.last_rebuilt->took_ms, status.last_rebuilt->customers};
    return view;
}

std::string kind_of(const std::optional<KindName>& kind) {
    if (!kind)
        return "";
    return *kind == KindName::person ? "person" : *kind == KindName::organisation ? "organisation" : "household";
}

} // namespace

void Search::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<SearchRequest, FoundView>(
        {Method::get, "/api/v1/search", "search.find", http::may_read, http::not_audited,
            {"Customers by a part of a name, pinyin, initials, the end of a phone "
             "number or an identifier",
                "按姓名、拼音、首字母、手机尾号或标识搜索客户"}},
        [this](const Caller&, const SearchRequest& request) -> Result<FoundView> {
            return view_of(
                TRY(find(request.q, kind_of(request.kind), std::size_t(request.limit.value_or(limit_usual)))));
        });
    contract.add<http::Nothing, SearchIndexView>(
        {Method::get, "/api/v1/search_index", "search_index.get", http::may_read, http::not_audited,
            {"What is searched, and whether everybody is in it", "搜索索引的状态"}},
        [this](const Caller& caller, const http::Nothing&) -> Result<SearchIndexView> {
            return view_of(status(), caller.locale);
        });
    contract.add<http::Nothing, SearchIndexView>(
        {Method::post, "/api/v1/search_index/rebuild", "search_index.rebuild", http::may_administer,
            http::audited{"search_index.rebuild"}, {"Make anew what is searched", "重建搜索索引"}},
        [this](const Caller& caller, const http::Nothing&) -> Result<SearchIndexView> {
            begin_rebuild();
            return view_of(status(), caller.locale);
        });
}

} // namespace onefold::search
