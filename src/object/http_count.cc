#include "http/bind.h"
#include "object/listing.h"
#include "object/object.h"
#include "object/shipped.h"

namespace onefold::object {
namespace {

constexpr std::chrono::milliseconds patience{250};

struct CountQuestion {
    std::string object;
    std::optional<boost::json::value> filter;
};
BOOST_DESCRIBE_STRUCT(CountQuestion, (), (object, filter))

// Not exact: there are at least so many.
struct CountAnswer {
    std::int64_t count;
    bool is_exact;
};
BOOST_DESCRIBE_STRUCT(CountAnswer, (), (count, is_exact))

} // namespace

void add_count_route(http::Contract& contract, store::Database& database, const runtime::Clock& clock) {
    contract.add<CountQuestion, CountAnswer>(
        {http::Method::post, "/api/v1/query/count", "query.count", http::may_read, http::not_audited,
            {"How many records meet a filter; at least so many where counting would take long",
                "满足条件的记录数；耗时过长时给出下限"}},
        [&database, &clock](const Caller&, const CountQuestion& question) -> Result<CountAnswer> {
            query::Query query;
            query.object = question.object;
            query.now = clock.now();
            if (question.filter)
                query.filter = TRY(expression_at("/filter", *question.filter));
            return database.read([&](store::Session& session) -> Result<CountAnswer> {
                const auto counted = TRY(query::count(session, query, shipped_catalogue(), patience));
                return CountAnswer{counted.count, counted.is_exact};
            });
        });
}

} // namespace onefold::object
