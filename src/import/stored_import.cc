#include "import/stored_import.h"

#include "import/stored_principal.h"

namespace onefold::import {
namespace {

namespace json = boost::json;

std::string text_in(const json::value& value, std::string_view key) {
    return std::string(value.at(key).as_string());
}

std::string json_of(const std::vector<Problem>& problems) {
    json::array list;
    for (const Problem& problem : problems)
        list.push_back({{"is_warning", problem.severity == Severity::warning}, {"line", problem.line},
            {"column", problem.column}, {"code", problem.code}, {"message", to_json(problem.message)}});
    return json::serialize(list);
}

std::vector<Problem> problems_of(std::string_view text) {
    std::vector<Problem> problems;
    const auto parsed = json::parse(text);
    for (const auto& entry : parsed.as_array())
        problems.push_back({entry.at("is_warning").as_bool() ? Severity::warning : Severity::failure,
            entry.at("line").to_number<std::uint64_t>(), text_in(entry, "column"), text_in(entry, "code"),
            local_text_of(entry.at("message"))});
    return problems;
}

std::string json_of(const std::vector<Joined>& joins) {
    json::array list;
    for (const Joined& one : joins)
        list.push_back({{"line", one.line}, {"name", one.name}, {"customer", one.customer.value},
            {"customer_name", one.customer_name}, {"type", one.type}, {"value", one.value}});
    return json::serialize(list);
}

std::vector<Joined> joins_of(std::string_view text) {
    std::vector<Joined> joins;
    const auto parsed = json::parse(text);
    for (const auto& one : parsed.as_array())
        joins.push_back({one.at("line").to_number<std::uint64_t>(), text_in(one, "name"),
            CustomerId{one.at("customer").to_number<std::int64_t>()}, text_in(one, "customer_name"),
            text_in(one, "type"), text_in(one, "value")});
    return joins;
}

std::string json_of(const sheet::Choice& choice) {
    return json::serialize(json::object{{"sheet", choice.sheet}, {"encoding", choice.encoding},
        {"has_header", choice.header == sheet::Header::found}, {"header_line", choice.header_line}});
}

State state_named(std::string_view name) {
    for (const State state : {State::waiting, State::running, State::finished, State::failed, State::cancelled})
        if (to_string(state) == name)
            return state;
    return State::interrupted;
}

std::string question(std::string_view problems) {
    return fmt::format(
        "SELECT id, source_id, kind, file, state, started_at, finished_at, rows_read, created, updated, unchanged, "
        "failed, warnings, {}, error, sheet, upload_id, batches, resumed_at_row, failed_parts, is_dry, source_name, "
        "joined, joined_in_file, joins, map, path, choice, principal, merged FROM import ",
        problems);
}

Import import_of(const store::Row& row) {
    Import import{.id = ImportId{row.integer(0)},
        .source = SourceId{row.integer(1)},
        .source_name = std::string(row.text(21)),
        .kind = parse_kind(row.text(2)).value_or(Kind::customer),
        .file = std::string(row.text(3)),
        .sheet = std::string(row.text(15)),
        .state = state_named(row.text(4)),
        .started_at = instant_of(row.integer(5))};
    if (!row.is_null(6))
        import.finished_at = instant_of(row.integer(6));
    import.counts = {row.integer(7), row.integer(8), row.integer(9), row.integer(10), row.integer(11)};
    import.warnings = row.integer(12);
    import.problems = problems_of(row.text(13));
    if (!row.is_null(14))
        import.error = local_text_of(json::parse(row.text(14)));
    if (row.integer(16) != 0)
        import.upload = upload::UploadId{row.integer(16)};
    import.batches_done = row.integer(17);
    import.resumed_at_row = row.integer(18);
    import.failed_parts = int(row.integer(19));
    import.is_dry = row.integer(20) != 0;
    import.joined = row.integer(22);
    import.joined_in_file = row.integer(23);
    import.joins = joins_of(row.text(24));
    import.merged = row.integer(29);
    return import;
}

} // namespace

sheet::Choice choice_of(std::string_view text) {
    const auto parsed = json::parse(text);
    if (parsed.as_object().empty())
        return {};
    return {text_in(parsed, "sheet"), text_in(parsed, "encoding"),
        parsed.at("has_header").as_bool() ? sheet::Header::found : sheet::Header::none,
        parsed.at("header_line").to_number<std::uint64_t>()};
}

Result<ImportId> insert(store::Session& session, const QueuedImport& queued) {
    const Import& import = queued.import;
    const auto id = TRY(session.find_integer(
        "INSERT INTO import (source_id, kind, file, map, state, started_at, rows_read, created, updated, unchanged, "
        "failed, warnings, problems, sheet, source_name, path, upload_id, choice, principal, is_dry) VALUES ($1, $2, "
        "$3, $4, 'waiting', $5, 0, 0, 0, 0, 0, 0, '[]', $6, $7, $8, $9, $10, $11, $12) RETURNING id",
        {import.source.value, std::string(to_string(import.kind)), import.file, json::serialize(queued.map),
            micros_of(import.started_at), import.sheet, import.source_name, queued.path,
            import.upload ? import.upload->value : std::int64_t(0), json_of(queued.choice), json_of(queued.principal),
            std::int64_t(import.is_dry)}));
    return ImportId{id.value_or(0)};
}

Result<> update(store::Session& session, const Import& import) {
    TRY(session.execute(
        "UPDATE import SET state = $1, finished_at = $2, rows_read = $3, created = $4, updated = $5, unchanged = $6, "
        "failed = $7, warnings = $8, problems = $9, error = $10, resumed_at_row = $11, failed_parts = $12, joined = "
        "$13, joined_in_file = $14, joins = $15, merged = $16 WHERE id = $17",
        {std::string(to_string(import.state)), store::micros_or_null(import.finished_at), import.counts.read,
            import.counts.created, import.counts.updated, import.counts.unchanged, import.counts.failed,
            import.warnings, json_of(import.problems),
            import.error ? store::Value{json::serialize(to_json(*import.error))} : store::Value{},
            import.resumed_at_row, std::int64_t(import.failed_parts), import.joined, import.joined_in_file,
            json_of(import.joins), import.merged, import.id.value}));
    return {};
}

Result<std::optional<Import>> find(store::Session& session, ImportId id) {
    return session.find(question("problems") + "WHERE id = $1", {id.value}, import_of);
}

Result<std::vector<Import>> list_newest(store::Session& session, int limit) {
    return session.list(
        question("'[]'") + "WHERE is_dry = 0 ORDER BY id DESC LIMIT $1", {std::int64_t(limit)}, import_of);
}

Result<std::vector<QueuedImport>> list_unfinished(store::Session& session) {
    return session.list(
        question("'[]'") + "WHERE state IN ('waiting', 'running') ORDER BY id", {}, [](const store::Row& row) {
            return QueuedImport{import_of(row), json::parse(row.text(25)), std::string(row.text(26)),
                choice_of(row.text(27)), principal_of(row.text(28))};
        });
}

} // namespace onefold::import
