#include "traffic/store.h"

#include "traffic/traffic.h"

#include <charconv>

namespace onefold::traffic {
namespace {

std::deque<Position> positions_of(std::string_view text) {
    std::deque<Position> positions;
    std::int64_t value = 0;
    for (const char* at = text.data(); at < text.data() + text.size();) {
        const auto [end, error] = std::from_chars(at, text.data() + text.size(), value);
        if (error != std::errc())
            break;
        positions.push_back(Position{value});
        at = end + 1;
    }
    return positions;
}

std::string text_of(const std::deque<Position>& positions) {
    std::string text;
    for (const Position position : positions) {
        if (!text.empty())
            text += ' ';
        text += to_string(position);
    }
    return text;
}

Count count_of(const store::Row& row, int column) {
    return {row.integer(column), row.integer(column + 1), row.integer(column + 2), row.integer(column + 3)};
}

void add_rows(std::vector<store::Values>& rows, SourceId source, Span span, const Counts& counts) {
    for (const auto& [at, count] : counts)
        rows.push_back({source.value, std::int64_t(span), micros_of(at), count.accepted, count.duplicates,
            count.refused, count.limited});
}

} // namespace

Result<Kept> read_kept(store::Session& session) {
    Kept kept;
    TRY(session.each(
        "SELECT source_id, last_event_at, newest FROM traffic_source", {}, [&](const store::Row& row) -> Result<> {
            kept.seen[SourceId{row.integer(0)}] = {instant_of(row.integer(1)), positions_of(row.text(2))};
            return {};
        }));
    kept.cursor = TRY(counted_up_to(session));
    return kept;
}

Result<std::optional<Position>> counted_up_to(store::Session& session) {
    const auto cursor = TRY(session.find_integer("SELECT position FROM traffic_cursor WHERE id = 1"));
    return cursor ? std::optional(Position{*cursor}) : std::nullopt;
}

Result<> keep(store::Session& session, const News& news) {
    std::vector<store::Values> counts, seen;
    for (const auto& [source, minutes] : news.minutes) {
        add_rows(counts, source, Span::minute, minutes);
        Counts quarters;
        for (const auto& [at, count] : minutes)
            quarters[begin_of(Span::quarter, at)] += count;
        add_rows(counts, source, Span::quarter, quarters);
    }
    for (const auto& [source, one] : news.seen)
        seen.push_back({source.value, micros_of(one.last_event_at), text_of(one.newest)});
    TRY(session.execute_many(
        "INSERT INTO traffic (source_id, span_s, at, accepted, duplicates, refused, limited) VALUES ($1, $2, $3, $4, "
        "$5, $6, $7) ON CONFLICT (source_id, span_s, at) DO UPDATE SET accepted = traffic.accepted + "
        "excluded.accepted, duplicates = traffic.duplicates + excluded.duplicates, refused = traffic.refused + "
        "excluded.refused, limited = traffic.limited + excluded.limited",
        counts));
    TRY(session.execute_many("INSERT INTO traffic_source (source_id, last_event_at, newest) VALUES ($1, $2, $3) ON "
                             "CONFLICT (source_id) DO UPDATE SET last_event_at = excluded.last_event_at, newest = "
                             "excluded.newest",
        seen));
    TRY(session.execute("INSERT INTO traffic_cursor (id, position) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET "
                        "position = excluded.position",
        {news.cursor.value}));
    return {};
}

Result<> forget(store::Session& session, Span span, Instant before) {
    TRY(session.execute("DELETE FROM traffic WHERE span_s = $1 AND at < $2", {std::int64_t(span), micros_of(before)}));
    return {};
}

Result<Counts> read_counts(store::Session& session, SourceId source, Span span, Instant from) {
    Counts counts;
    TRY(session.each("SELECT at, accepted, duplicates, refused, limited FROM traffic WHERE source_id = $1 AND span_s = "
                     "$2 AND at >= $3",
        {source.value, std::int64_t(span), micros_of(from)}, [&](const store::Row& row) -> Result<> {
            counts[instant_of(row.integer(0))] = count_of(row, 1);
            return {};
        }));
    return counts;
}

Result<std::map<SourceId, Counts>> read_all_counts(store::Session& session, Span span, Instant from) {
    std::map<SourceId, Counts> all;
    TRY(session.each("SELECT source_id, at, accepted, duplicates, refused, limited FROM traffic WHERE span_s = $1 AND "
                     "at >= $2",
        {std::int64_t(span), micros_of(from)}, [&](const store::Row& row) -> Result<> {
            all[SourceId{row.integer(0)}][instant_of(row.integer(1))] = count_of(row, 2);
            return {};
        }));
    return all;
}

} // namespace onefold::traffic
