#include "core/text.h"
#include "query/cursor.h"
#include "query/known_ids.h"
#include "query/query.h"
#include "query/run.h"

#include <boost/json.hpp>
#include <optional>

namespace onefold::query {
namespace {

// What a filter's rarest value leads to: long, since without it everybody's records are looked through.
constexpr std::chrono::milliseconds seed_patience{400};

using Ids = std::vector<std::int64_t>;

// nullopt where there are more than `most`, or it takes longer.
Result<std::optional<Ids>> read_ids(
    store::Session& session, const Compiled& compiled, std::int64_t most, std::chrono::milliseconds patience) {
    Ids ids;
    const bool is_whole =
        TRY(session.each_within(patience, compiled.sql, compiled.values, [&](const store::Row& row) -> Result<> {
            ids.push_back(row.integer(0));
            return {};
        }));
    if (!is_whole || std::int64_t(ids.size()) > most)
        return std::nullopt;
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    return ids;
}

// Restricts the query to the records of its rarest value.
Result<> plant(store::Session& session, Query& query, const Catalogue& catalogue, std::chrono::milliseconds patience) {
    if (query.among || !query.filter)
        return {};
    for (const Seed& seed : TRY(compile_seeds(query, catalogue, session.dialect()))) {
        auto ids = TRY(read_ids(session, seed.ids, seed.most, patience));
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

// Whether it asks only for what stands in other tables: gathering would look there for everybody, a walk only until
// its page is full.
bool is_elsewhere(const formula::Expression& part, const ObjectEntry& object) {
    const auto is_of_records = [&](const formula::Expression& first) {
        const auto* field = std::get_if<formula::Field>(&first.part);
        return field &&
               std::ranges::find(object.records, field->path.front(), &RecordsEntry::code) != object.records.end();
    };
    if (const auto* call = std::get_if<formula::Call>(&part.part))
        return (!call->args.empty() && is_of_records(call->args.front())) ||
               std::ranges::all_of(call->args, [&](const auto& arg) { return is_elsewhere(arg, object); });
    const auto* field = std::get_if<formula::Field>(&part.part);
    if (!field)
        return true;
    const auto is_named = [&](const auto& entry) {
        const auto& name = field->path.front();
        return entry.code == name || entry.label.in("en") == name || entry.label.in("zh-CN") == name;
    };
    const auto own = std::ranges::find_if(object.fields, is_named);
    return own == object.fields.end() ? std::ranges::any_of(object.records, is_named)
                                      : !own->steps.empty() && own->held.empty();
}

// Whether the glance met anybody who meets the filter: where many do and it met none, they stand far from where it
// began.
enum class Near { some, none };

// All that meets the filter, in place of it; or the filter still, where that takes too long or ids are too great.
Result<> gather(store::Session& session, Query& query, const Catalogue& catalogue, std::chrono::milliseconds patience) {
    const auto keys = TRY(compile_keys(query, catalogue, session.dialect(), INT64_MAX));
    auto ids = TRY(read_ids(session, keys, INT64_MAX, patience));
    if (!ids || !have_bits(*ids))
        return {};
    query.among = std::move(*ids);
    query.filter.reset();
    return {};
}

Result<Table> walk(
    store::Session& session, Query query, const Catalogue& catalogue, const ListLimits& limits, Near near) {
    const auto half = [&](Way way) -> Result<Table> {
        return rows_of(session, query, TRY(compile(query, catalogue, session.dialect(), way)));
    };
    if (is_among_blanks(query))
        return half(Way::blank);
    const auto filled = TRY(compile(query, catalogue, session.dialect(), Way::filled));
    std::optional<Table> met;
    if (query.filter && limits.walk.count() > 0 && near == Near::some)
        met = TRY(rows_within(session, query, filled, limits.walk)).page;
    const auto* object = catalogue.find_object(query.object);
    const bool is_set = query.filter && !(limits.walk.count() > 0 && is_elsewhere(*query.filter, *object));
    if (!met && is_set && session.dialect() == store::Dialect::sqlite)
        TRY(gather(session, query, catalogue, std::chrono::minutes{1}));
    auto table = met ? std::move(*met) : TRY(half(is_set && query.filter ? Way::filled_of_set : Way::filled));
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

// The page, where many meet the filter.
Result<RowsWithin> glance(
    store::Session& session, const Query& query, const Catalogue& catalogue, const ListLimits& limits) {
    if (limits.walk.count() <= 0 || limits.glance.count() <= 0 || is_among_blanks(query))
        return RowsWithin{std::nullopt, 1};
    auto seen =
        TRY(rows_within(session, query, TRY(compile(query, catalogue, session.dialect(), Way::filled)), limits.glance));
    if (seen.page && seen.page->next.empty())
        return RowsWithin{std::nullopt, 1};
    return seen;
}

} // namespace

Result<Table> list(store::Session& session, const Query& asked, const Catalogue& catalogue, const ListLimits& limits) {
    Query query = asked;
    Near near = Near::some;
    if (query.filter) {
        if (!query.among) {
            auto seen = TRY(glance(session, query, catalogue, limits));
            if (seen.page)
                return std::move(*seen.page);
            const bool may_have_met =
                seen.met > 0 || session.dialect() == store::Dialect::postgres; // it tells all or nothing
            near = may_have_met ? Near::some : Near::none;
        }
        TRY(plant(session, query, catalogue, seed_patience));
        const bool is_dear = is_elsewhere(*query.filter, *catalogue.find_object(query.object));
        const auto patience = is_dear ? limits.look : 5 * limits.look;
        if (near == Near::none && !is_dear) {
            TRY(gather(session, query, catalogue, patience));
            if (!query.filter && std::int64_t(query.among->size()) > limits.few)
                return walk(session, std::move(query), catalogue, limits, near);
        } else if (auto ids = TRY(read_ids(session,
                       TRY(compile_keys(query, catalogue, session.dialect(), limits.few + 1)), limits.few, patience))) {
            query.among = std::move(*ids);
            query.filter.reset();
        }
    }
    const bool is_for_sorting = query.among && std::int64_t(query.among->size()) <= limits.few;
    return is_for_sorting ? run(session, query, catalogue) : walk(session, std::move(query), catalogue, limits, near);
}

Result<Count> count(
    store::Session& session, const Query& asked, const Catalogue& catalogue, std::chrono::milliseconds patience) {
    Query query = asked;
    const auto begun = std::chrono::steady_clock::now();
    TRY(plant(session, query, catalogue, std::min(patience * 2 / 3, seed_patience)));
    const auto taken = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
    const auto keys = TRY(compile_keys(query, catalogue, session.dialect(), INT64_MAX));
    Count counted;
    counted.is_exact = TRY(session.each_within(
        std::max(patience - taken, patience / 3), keys.sql, keys.values, [&](const store::Row&) -> Result<> {
            ++counted.count;
            return {};
        }));
    return counted;
}

} // namespace onefold::query
