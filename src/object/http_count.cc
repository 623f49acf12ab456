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
    std::optional<std::string> condition; // as a formula
};
BOOST_DESCRIBE_STRUCT(CountQuestion, (), (object, filter, condition))

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
            query.filter = TRY(
                condition_of(question.filter ? std::optional(boost::json::serialize(*question.filter)) : std::nullopt,
                    question.condition));
            return database.read([&](store::Session& session) -> Result<CountAnswer> {
                if (query.filter)
                    query.zone = TRY(zone_of(session));
                const auto counted = TRY(query::count(session, query, shipped_catalogue(), patience));
                return CountAnswer{counted.count, counted.is_exact};
            });
        });
}

} // namespace onefold::object
