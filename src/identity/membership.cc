#include "identity/membership.h"

#include "source/source.h"

#include <fmt/format.h>
#include <map>

namespace onefold::identity {
namespace {

// A word with the time at which it was said; at none, it was not.
template <class T>
using Stamped = std::optional<std::pair<std::int64_t, T>>;

// The newest words of one pair, and the earliest time.
struct Span {
    std::int64_t from = INT64_MAX;
    Stamped<std::string> role, title;
    Stamped<std::int64_t> is_decision_maker, valid_from, valid_to;
};

template <class T>
void keep_newest(Stamped<T>& kept, std::int64_t at, std::optional<T> word) {
    if (word)
        kept = std::max(kept, Stamped<T>(std::pair(at, std::move(*word))));
}

std::optional<std::string> text_or_none(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}
std::optional<std::int64_t> micros_or_none(const std::optional<Instant>& at) {
    return at ? std::optional(micros_of(*at)) : std::nullopt;
}

void add(Span& span, const MembershipWords& words, std::int64_t at) {
    span.from = std::min(span.from, at);
    keep_newest(span.role, at, text_or_none(words.role));
    keep_newest(span.title, at, text_or_none(words.title));
    keep_newest(span.is_decision_maker, at,
        words.is_decision_maker ? std::optional<std::int64_t>(*words.is_decision_maker) : std::nullopt);
    keep_newest(span.valid_from, at, micros_or_none(words.valid_from));
    keep_newest(span.valid_to, at, micros_or_none(words.valid_to));
}

template <class T>
void add_word(store::Values& row, const Stamped<T>& word) {
    row.push_back(word ? store::Value{word->second} : store::Value{});
    row.emplace_back(std::int64_t(word ? word->first : 0));
}

// Each word's column with that of its time.
struct Column {
    std::string_view word, at, unknown;
};
constexpr Column word_columns[] = {{"role", "said_at", "membership.role IS NULL"},
    {"title", "title_at", "membership.title IS NULL"},
    {"is_decision_maker", "decision_maker_at", "membership.decision_maker_at = 0"},
    {"stated_from", "stated_from_at", "membership.stated_from IS NULL"},
    {"valid_to", "valid_to_at", "membership.valid_to IS NULL"}};

std::string newest_wins() {
    const std::string is_earlier = "(excluded.valid_from < membership.valid_from)";
    std::string set =
        fmt::format("valid_from = CASE WHEN {} THEN excluded.valid_from ELSE membership.valid_from END", is_earlier);
    std::string any = is_earlier;
    for (const auto& [word, at, unknown] : word_columns) {
        const std::string said = word == "is_decision_maker" ? fmt::format("excluded.{} <> 0", at)
                                                             : fmt::format("excluded.{} IS NOT NULL", word);
        const std::string is_newer = fmt::format("({0} AND ({3} OR excluded.{2} > membership.{2} OR (excluded.{2} = "
                                                 "membership.{2} AND excluded.{1} > membership.{1})))",
            said, word, at, unknown);
        for (const std::string_view column : {word, at})
            set += fmt::format(", {0} = CASE WHEN {1} THEN excluded.{0} ELSE membership.{0} END", column, is_newer);
        any += " OR " + is_newer;
    }
    return fmt::format("{} WHERE {}", set, any);
}

constexpr std::string_view insert =
    "INSERT INTO membership (person_node, organisation_node, source_id, valid_from, role, said_at, title, title_at, "
    "is_decision_maker, decision_maker_at, stated_from, stated_from_at, valid_to, valid_to_at, is_removed) VALUES ($1, "
    "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (person_node, "
    "organisation_node, source_id) DO UPDATE SET ";

store::Values row_of(NodeId person, NodeId organisation, SourceId source, const Span& span) {
    store::Values row{person.value, organisation.value, source.value,
        span.from == INT64_MAX ? store::Value{} : store::Value{span.from}};
    add_word(row, span.role);
    add_word(row, span.title);
    add_word(row, span.is_decision_maker ? span.is_decision_maker : Stamped<std::int64_t>(std::pair(0, 0)));
    add_word(row, span.valid_from);
    add_word(row, span.valid_to);
    row.emplace_back(std::int64_t(0));
    return row;
}

} // namespace

Result<> save_memberships(store::Session& session, const std::vector<Membership>& memberships) {
    std::map<std::tuple<NodeId, NodeId, SourceId>, Span> spans;
    for (const auto& [person, organisation, words, at, source] : memberships)
        add(spans[{person, organisation, source}], words, micros_of(at));
    std::vector<store::Values> rows;
    for (const auto& [pair, span] : spans)
        rows.push_back(row_of(std::get<0>(pair), std::get<1>(pair), std::get<2>(pair), span));
    static const std::string sql = std::string(insert) + newest_wins();
    TRY(session.execute_many(sql, rows));
    return {};
}

Result<std::vector<bool>> know_memberships(store::Session& session, const std::vector<Membership>& memberships) {
    std::vector<store::Values> keys;
    for (const Membership& one : memberships)
        keys.push_back({one.person.value, one.organisation.value, one.source.value});
    std::vector<bool> known(memberships.size());
    TRY(session.each_many("SELECT role, title, is_decision_maker, decision_maker_at, stated_from, valid_to FROM "
                          "membership WHERE person_node = $1 AND organisation_node = $2 AND source_id = $3",
        keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            const MembershipWords& said = memberships[index].words;
            const auto is_time = [&](const std::optional<Instant>& at, int column) {
                return !at || row.optional_integer(column) == micros_of(*at);
            };
            known[index] = (said.role.empty() || said.role == row.text(0)) &&
                           (said.title.empty() || said.title == row.text(1)) &&
                           (!said.is_decision_maker ||
                               (row.integer(3) != 0 && *said.is_decision_maker == (row.integer(2) != 0))) &&
                           is_time(said.valid_from, 4) && is_time(said.valid_to, 5);
            return {};
        }));
    return known;
}

Result<> put_membership(store::Session& session, const HandMembership& said) {
    const std::int64_t at = micros_of(said.at);
    Span span;
    if (said.words)
        add(span, *said.words, at);
    store::Values row = row_of(said.person, said.organisation, source::manual, span);
    row[3] = at;
    row[5] = at; // which of several hands is the newest
    row.back() = std::int64_t(said.words ? 0 : 1);
    static const std::string sql = [] {
        std::string set(insert);
        for (const std::string_view column : {"valid_from", "role", "said_at", "title", "title_at", "is_decision_maker",
                 "decision_maker_at", "stated_from", "stated_from_at", "valid_to", "valid_to_at", "is_removed"})
            set += fmt::format("{}{} = excluded.{}", column == "valid_from" ? "" : ", ", column, column);
        return set;
    }();
    TRY(session.execute(sql, row));
    return {};
}

} // namespace onefold::identity
