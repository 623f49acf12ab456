#include "import/preview.h"

#include "import/cell_value.h"
#include "object/shipped.h"

namespace onefold::import {
namespace {

// The map of the source's last import of this kind whose columns the file has.
Result<std::optional<Map>> last_map(store::Database& database, SourceId source, const MapContext& context) {
    const auto texts = TRY(database.read([&](store::Session& session) {
        return session.list(
            "SELECT map FROM import WHERE source_id = $1 AND kind = $2 AND is_dry = 0 ORDER BY id DESC LIMIT 5",
            {source.value, std::string(to_string(context.kind))},
            [](const store::Row& row) { return std::string(row.text(0)); });
    }));
    for (const std::string& text : texts)
        if (auto map = parse_map(text, context))
            return std::optional(std::move(*map));
    return std::optional<Map>();
}

} // namespace

std::vector<std::string> field_codes() {
    std::vector<std::string> codes;
    for (const auto& field : object::golden_fields())
        codes.emplace_back(field.code);
    return codes;
}

Result<std::vector<Row>> first_rows(sheet::Table& table, std::size_t rows_max) {
    std::vector<Row> rows;
    Row row;
    for (std::size_t bytes = 0; rows.size() < rows_max && bytes < bytes_looked_at_max;) {
        if (!TRY(table.next(row)))
            break;
        for (const std::string& field : row.fields)
            bytes += field.size();
        rows.push_back(row);
    }
    return rows;
}

Result<Preview> Imports::preview(const PreviewRequest& request) const {
    const Rooms& rooms = this->rooms();
    const auto table = TRY(rooms.open_file(request.path, request.choice));
    Preview preview;
    preview.file = table->description();
    preview.rows = TRY(first_rows(*table, rows_looked_at_max));
    preview.rows_looked_at = preview.rows.size();
    Row further;
    preview.is_whole = !TRY(table->next(further));
    preview.notes = table->take_notes();
    const auto source = request.source.empty() ? std::nullopt : rooms.sources.find(request.source);
    preview.understanding = understand(preview.file.header, preview.rows, source ? source->region : "CN");
    preview.kind = request.kind.value_or(preview.understanding.kind);
    for (const Row& row : preview.rows)
        if (row.error && preview.problems.size() < bad_cells_max)
            preview.problems.push_back(*row.error);
    const auto fields = field_codes();
    const MapContext context{preview.kind, preview.file.header, fields};
    if (source)
        preview.map = TRY(last_map(rooms.database, source->id, context));
    preview.is_map_of_source = preview.map.has_value();
    if (!preview.map) {
        auto proposed = propose_map(context, preview.understanding, preview.rows);
        if (proposed)
            preview.map = std::move(*proposed);
        else
            preview.map_missing = proposed.error().message;
    }
    preview.rows.resize(std::min(preview.rows.size(), rows_shown_max));
    return preview;
}

} // namespace onefold::import
