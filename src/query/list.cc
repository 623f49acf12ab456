#include "core/text.h"
#include "query/cursor.h"
#include "query/query.h"
#include "query/run.h"

#include <boost/json.hpp>
#include <optional>

namespace onefold::query {
namespace {

// Values of a field with steps whose records are looked up one by one.
constexpr std::int64_t seeds_max = 5000;

using Ids = std::vector<std::int64_t>;

// nullopt where there are more than `most`.
Result<std::optional<Ids>> read_ids(store::Session& session, const Compiled& compiled, std::int64_t most) {
    Ids ids;
    TRY(session.each(compiled.sql, compiled.values, [&](const store::Row& row) -> Result<> {
        ids.push_back(row.integer(0));
        return {};
    }));
    if (std::int64_t(ids.size()) > most)
        return std::nullopt;
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    return ids;
}

// Restricts the query to the records of its rarest value.
Result<> plant(store::Session& session, Query& query, const Catalogue& catalogue) {
    if (query.among || !query.filter)
        return {};
    for (const Compiled& seed : TRY(compile_seeds(query, catalogue, session.dialect(), seeds_max + 1))) {
        auto ids = TRY(read_ids(session, seed, seeds_max));
        if (ids && (!query.among || ids->size() < query.among->size()))
            query.among = std::move(*ids);
    }
    return {};
}

bool is_among_blanks(const Query& query) {
    boost::json::error_code error;
    const auto cursor = boost::json::parse(from_base64url(query.page.after), error);
    const auto* parts = error ? nullptr : cursor.if_array();
    const auto* values = parts && parts->size() == 2 ? (*parts)[1].if_array() : nullptr;
    return values && !values->empty() && values->front().is_null();
}

Result<Table> walk(store::Session& session, Query query, const Catalogue& catalogue, const ListLimits& limits) {
    const auto half = [&](Way way) -> Result<Table> {
        return rows_of(session, query, TRY(compile(query, catalogue, session.dialect(), way)));
    };
    if (is_among_blanks(query))
        return half(Way::blank);
    const auto filled = TRY(compile(query, catalogue, session.dialect(), Way::filled));
    std::optional<Table> met;
    if (query.filter && limits.walk.count() > 0)
        met = TRY(rows_within(session, query, filled, limits.walk));
    auto table = met ? std::move(*met) : TRY(half(query.filter ? Way::filled_of_set : Way::filled));
    if (!table.next.empty() || !filled.may_be_blank)
        return table;
    // The others begin on the same page; where there is no room left, it is asked only whether there are any.
    const bool is_full = table.rows.size() == std::size_t(query.page.limit);
    query.page.after.clear();
    query.page.limit = is_full ? 1 : query.page.limit - int(table.rows.size());
    auto blank = TRY(half(Way::blank));
    if (is_full) {
        table.next = blank.rows.empty() ? "" : table.last;
        return table;
    }
    std::ranges::move(blank.rows, std::back_inserter(table.rows));
    table.next = std::move(blank.next);
    table.last = std::move(blank.last);
    return table;
}

} // namespace

Result<Table> list(store::Session& session, const Query& asked, const Catalogue& catalogue, const ListLimits& limits) {
    Query query = asked;
    if (query.filter) {
        TRY(plant(session, query, catalogue));
        const auto keys = TRY(compile_keys(query, catalogue, session.dialect(), limits.few + 1));
        if (auto ids = TRY(read_ids(session, keys, limits.few))) {
            query.among = std::move(*ids);
            query.filter.reset();
        }
    }
    return query.among ? run(session, query, catalogue) : walk(session, std::move(query), catalogue, limits);
}

Result<Count> count(
    store::Session& session, const Query& asked, const Catalogue& catalogue, std::chrono::milliseconds patience) {
    Query query = asked;
    TRY(plant(session, query, catalogue));
    const auto keys = TRY(compile_keys(query, catalogue, session.dialect(), INT64_MAX));
    Count counted;
    counted.is_exact = TRY(session.each_within(patience, keys.sql, keys.values, [&](const store::Row&) -> Result<> {
        ++counted.count;
        return {};
    }));
    return counted;
}

} // namespace onefold::query
