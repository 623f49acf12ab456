#include "extract/extract_store.h"

namespace onefold::extract {
namespace {

namespace json = boost::json;

json::value json_of(const std::optional<std::string>& text) {
    return text ? json::value(*text) : json::value(nullptr);
}
std::optional<std::string> text_of(const json::value& value) {
    return value.is_string() ? std::optional(std::string(value.get_string())) : std::nullopt;
}

json::object question_of(const Wish& wish) {
    return {{"columns", json::value_from(wish.words.columns)}, {"filter", json_of(wish.filter)},
        {"condition", json_of(wish.condition)}, {"sort", json_of(wish.sort)}, {"ids", json::value_from(wish.ids)}};
}

State state_named(std::string_view name) {
    for (const auto state : {State::waiting, State::running, State::finished, State::cancelled})
        if (to_string(state) == name)
            return state;
    return State::failed;
}

constexpr std::string_view columns =
    "id, object, format, question, principal, locale, state, row_count, bytes, created_at, finished_at, error";

Extract extract_of(const store::Row& row) {
    Extract extract{.id = ExtractId{row.integer(0)},
        .wish = {},
        .principal = std::string(row.text(4)),
        .state = state_named(row.text(6)),
        .rows = row.integer(7),
        .bytes = row.integer(8),
        .created_at = instant_of(row.integer(9)),
        .finished_at = {},
        .error = {}};
    const auto question = json::parse(row.text(3));
    extract.wish.words = {std::string(row.text(1)), json::value_to<std::vector<std::string>>(question.at("columns")),
        std::string(row.text(5))};
    extract.wish.format = row.text(2) == "xlsx" ? Format::xlsx : Format::csv;
    extract.wish.filter = text_of(question.at("filter"));
    extract.wish.condition = text_of(question.at("condition"));
    extract.wish.sort = text_of(question.at("sort"));
    extract.wish.ids = json::value_to<std::vector<std::int64_t>>(question.at("ids"));
    if (!row.is_null(10))
        extract.finished_at = instant_of(row.integer(10));
    if (!row.is_null(11)) {
        const auto texts = json::parse(row.text(11));
        extract.error = LocalText(texts.at("en").as_string(), texts.at("zh").as_string());
    }
    return extract;
}

} // namespace

std::string_view to_string(State state) {
    static constexpr std::array<std::string_view, 5> names{"waiting", "running", "finished", "failed", "cancelled"};
    return names[std::size_t(state)];
}

Result<ExtractId> insert(store::Session& session, const Extract& extract) {
    const Wish& wish = extract.wish;
    const auto id = TRY(session.find_integer(
        "INSERT INTO extract (object, format, question, principal, locale, state, row_count, bytes, created_at) VALUES "
        "($1, $2, $3, $4, $5, $6, 0, 0, $7) RETURNING id",
        {wish.words.object, std::string(to_string(wish.format)), json::serialize(question_of(wish)), extract.principal,
            std::string(wish.words.locale), std::string(to_string(extract.state)), micros_of(extract.created_at)}));
    return ExtractId{id.value_or(0)};
}

Result<bool> end_extract(store::Session& session, const Extract& extract) {
    store::Value error;
    if (extract.error)
        error = json::serialize(json::object{{"en", extract.error->in("en")}, {"zh", extract.error->in("zh-CN")}});
    const auto changed = TRY(session.execute(
        "UPDATE extract SET state = $1, row_count = $2, bytes = $3, finished_at = $4, error = $5 WHERE id = $6 AND "
        "state IN ('waiting', 'running')",
        {std::string(to_string(extract.state)), extract.rows, extract.bytes, store::micros_or_null(extract.finished_at),
            error, extract.id.value}));
    return changed > 0;
}

Result<std::int64_t> sum_bytes(store::Session& session, std::string_view principal, Instant since) {
    const auto sum = TRY(session.find_integer("SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM extract WHERE "
                                              "state = 'finished' AND principal = $1 AND finished_at >= $2",
        {std::string(principal), micros_of(since)}));
    return sum.value_or(0);
}

Result<std::optional<Extract>> find(store::Session& session, ExtractId id) {
    return session.find(
        fmt::format("SELECT {} FROM extract WHERE id = $1 AND state <> 'deleted'", columns), {id.value}, extract_of);
}

Result<> mark_deleted(store::Session& session, ExtractId id) {
    TRY(session.execute(
        "UPDATE extract SET state = 'deleted' WHERE id = $1 AND state NOT IN ('waiting', 'running')", {id.value}));
    return {};
}

Result<std::vector<Extract>> list_of(store::Session& session, std::string_view principal, Instant since) {
    return session.list(fmt::format("SELECT {} FROM extract WHERE principal = $1 AND state <> 'deleted' AND "
                                    "(finished_at IS NULL OR finished_at >= $2) ORDER BY id DESC LIMIT {}",
                            columns, listed_max),
        {std::string(principal), micros_of(since)}, extract_of);
}

Result<std::vector<Extract>> list_unfinished(store::Session& session) {
    return session.list(
        fmt::format("SELECT {} FROM extract WHERE state IN ('waiting', 'running') ORDER BY id", columns), {},
        extract_of);
}

Result<> remove_before(store::Session& session, Instant then) {
    TRY(session.execute("DELETE FROM extract WHERE finished_at < $1", {micros_of(then)}));
    return {};
}

Result<bool> is_known(store::Session& session, std::int64_t id) {
    return TRY(session.find_integer("SELECT 1 FROM extract WHERE id = $1 AND state <> 'deleted'", {id})).has_value();
}

std::string words_of(const Extract& extract) {
    auto question = question_of(extract.wish);
    question["ids"] = std::int64_t(extract.wish.ids.size());
    return fmt::format("{}: {} rows of {} as {} for {} {}", to_string(extract.id), extract.rows,
        extract.wish.words.object, to_string(extract.wish.format), extract.principal, json::serialize(question));
}

} // namespace onefold::extract
