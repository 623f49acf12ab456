#include "http/bind.h"
#include "import/preview.h"

namespace onefold::import {
namespace {

struct PreviewImport {
    std::optional<std::string> path;
    std::optional<upload::UploadId> upload;
    std::optional<std::string> as, source, sheet, encoding;
    std::optional<std::int64_t> header_line;
    std::optional<bool> has_header;
};
BOOST_DESCRIBE_STRUCT(PreviewImport, (), (path, upload, as, source, sheet, encoding, header_line, has_header))

struct PreviewSheet {
    std::string name;
    bool is_hidden;
};
BOOST_DESCRIBE_STRUCT(PreviewSheet, (), (name, is_hidden))

struct PreviewColumn {
    std::string name, kind;
    std::int64_t confidence_percent, filled, blank, bad;
    std::vector<std::string> samples;
    std::optional<std::string> format;
    bool is_ambiguous;
};
BOOST_DESCRIBE_STRUCT(
    PreviewColumn, (), (name, kind, confidence_percent, filled, blank, bad, samples, format, is_ambiguous))

struct PreviewRow {
    std::int64_t line;
    std::vector<std::string> cells;
};
BOOST_DESCRIBE_STRUCT(PreviewRow, (), (line, cells))

struct PreviewBadCell {
    std::int64_t line;
    std::string column, value, code, message;
};
BOOST_DESCRIBE_STRUCT(PreviewBadCell, (), (line, column, value, code, message))

struct PreviewNote {
    std::int64_t line;
    std::string code, message;
};
BOOST_DESCRIBE_STRUCT(PreviewNote, (), (line, code, message))

struct PreviewView {
    std::string format, encoding, delimiter, sheet;
    std::vector<PreviewSheet> sheets;
    std::int64_t header_line;
    std::string as;
    std::int64_t confidence_percent;
    bool is_of_organisations;
    std::vector<PreviewColumn> columns;
    std::vector<PreviewRow> rows;
    std::vector<PreviewBadCell> bad_cells;
    std::vector<PreviewNote> notes;
    std::int64_t rows_looked_at;
    bool is_whole;
    std::optional<boost::json::value> map;
    std::optional<std::string> map_missing;
    bool is_map_of_source;
};
BOOST_DESCRIBE_STRUCT(PreviewView, (),
    (format, encoding, delimiter, sheet, sheets, header_line, as, confidence_percent, is_of_organisations, columns,
        rows, bad_cells, notes, rows_looked_at, is_whole, map, map_missing, is_map_of_source))

std::int64_t percent_of(double share) {
    return std::int64_t(share * 100 + 0.5);
}

PreviewColumn view_of(const UnderstoodColumn& column) {
    return {column.name, std::string(to_string(column.kind)), percent_of(column.confidence),
        std::int64_t(column.filled), std::int64_t(column.blank), std::int64_t(column.bad), column.samples,
        column.format ? std::optional(std::string(to_string(*column.format))) : std::nullopt, column.is_ambiguous};
}

PreviewBadCell view_of(const RowError& error, std::string value, const Locale& locale) {
    return {
        std::int64_t(error.line), error.column, std::move(value), error.code, std::string(error.message.in(locale))};
}

PreviewView view_of(const Preview& preview, const Locale& locale) {
    const auto& file = preview.file;
    PreviewView view{.format = file.format,
        .encoding = file.encoding,
        .delimiter = file.delimiter,
        .sheet = file.sheet,
        .sheets = {},
        .header_line = std::int64_t(file.header_line),
        .as = std::string(to_string(preview.kind)),
        .confidence_percent = percent_of(preview.understanding.confidence),
        .is_of_organisations = preview.understanding.is_of_organisations,
        .columns = {},
        .rows = {},
        .bad_cells = {},
        .notes = {},
        .rows_looked_at = std::int64_t(preview.rows_looked_at),
        .is_whole = preview.is_whole,
        .map = {},
        .map_missing = {},
        .is_map_of_source = preview.is_map_of_source};
    for (const auto& sheet : file.sheets)
        view.sheets.push_back({sheet.name, sheet.is_hidden});
    for (const UnderstoodColumn& column : preview.understanding.columns)
        view.columns.push_back(view_of(column));
    for (const Row& row : preview.rows)
        if (!row.error)
            view.rows.push_back({std::int64_t(row.line), row.fields});
    for (const RowError& problem : preview.problems)
        view.bad_cells.push_back(view_of(problem, "", locale));
    for (const BadCell& cell : preview.understanding.bad_cells)
        view.bad_cells.push_back(view_of(cell.error, cell.value, locale));
    std::ranges::stable_sort(view.bad_cells, {}, &PreviewBadCell::line);
    for (const auto& note : preview.notes)
        view.notes.push_back({std::int64_t(note.line), note.code, std::string(note.message.in(locale))});
    if (preview.map)
        view.map = to_json(*preview.map);
    if (preview.map_missing)
        view.map_missing = preview.map_missing->in(locale);
    return view;
}

} // namespace

void Imports::add_preview_route(http::Contract& contract) {
    contract.add<PreviewImport, PreviewView>(
        {http::Method::post, "/api/v1/imports/preview", "import.preview", http::may_edit, http::not_audited,
            {"What a file holds, before it is imported", "导入前预览文件内容"}},
        [this](const Caller& caller, const PreviewImport& request) -> Result<PreviewView> {
            PreviewRequest asked{
                TRY(path_of(caller, {request.path, request.upload})), std::nullopt, request.source.value_or(""), {}};
            asked.choice = {request.sheet.value_or(""), request.encoding.value_or(""),
                request.has_header.value_or(true) ? sheet::Header::found : sheet::Header::none,
                std::uint64_t(std::max<std::int64_t>(0, request.header_line.value_or(0)))};
            if (request.as) {
                asked.kind = parse_kind(*request.as);
                if (!asked.kind)
                    return unknown_kind();
            }
            return view_of(TRY(preview(asked)), caller.locale);
        });
}

} // namespace onefold::import
