#include "import/remembered.h"

#include "import/preview.h"
#include "import/stored_import.h"

#include <algorithm>
#include <set>

namespace onefold::import {
namespace {

constexpr int imports_asked_max = 20;
constexpr std::size_t ways_of_reading_max = 3; // each opens the file once more

struct Header {
    sheet::Choice choice;
    std::vector<std::string> columns;
};

bool is_same(const sheet::Choice& a, const sheet::Choice& b) {
    return a.sheet == b.sheet && a.encoding == b.encoding && a.header == b.header && a.header_line == b.header_line;
}

// Keys and texts of a map are codes or names of columns, in sections of its own.
void add_names(const boost::json::value& map, std::set<std::string_view>& names) {
    if (const auto* text = map.if_string())
        names.insert(*text);
    if (const auto* array = map.if_array())
        for (const auto& part : *array)
            add_names(part, names);
    if (const auto* object = map.if_object())
        for (const auto& [key, part] : *object) {
            names.insert(key);
            add_names(part, names);
        }
}

// How many of the file's columns it speaks of.
std::size_t columns_in(const boost::json::value& map, const std::vector<std::string>& header) {
    std::set<std::string_view> names;
    add_names(map, names);
    return std::size_t(
        std::ranges::count_if(header, [&](const std::string& column) { return names.contains(column); }));
}

Result<std::vector<Remembered>> list_remembered(store::Session& session, SourceId source) {
    return session.list(
        "SELECT kind, map, choice FROM import WHERE source_id = $1 AND is_dry = 0 AND state = 'finished' "
        "AND created + updated + unchanged > 0 AND NOT EXISTS (SELECT 1 FROM import_rollback WHERE "
        "import_id = import.id) ORDER BY id DESC LIMIT $2",
        {source.value, std::int64_t(imports_asked_max)}, [](const store::Row& row) {
            return Remembered{parse_kind(row.text(0)).value_or(Kind::customer), boost::json::parse(row.text(1)),
                choice_of(row.text(2))};
        });
}

} // namespace

Result<std::optional<ImportId>> find_import_of(store::Database& database, upload::UploadId upload) {
    const auto id = TRY(database.read([&](store::Session& session) {
        return session.find_integer(
            "SELECT id FROM import WHERE upload_id = $1 AND is_dry = 0 ORDER BY id DESC LIMIT 1", {upload.value});
    }));
    return id ? std::optional(ImportId{*id}) : std::nullopt;
}

Result<std::optional<Remembered>> find_remembered(
    store::Database& database, const sheet::Opener& open_file, const std::string& path, SourceId source) {
    const auto earlier = TRY(database.read([&](store::Session& session) { return list_remembered(session, source); }));
    const auto fields = field_codes();
    std::vector<Header> headers{{{}, TRY(open_file(path, {}))->header()}};
    const Remembered* best = nullptr;
    std::size_t most = 0;
    bool is_ambiguous = false;
    for (const Remembered& one : earlier) {
        auto header =
            std::ranges::find_if(headers, [&](const Header& known) { return is_same(known.choice, one.choice); });
        if (header == headers.end()) {
            if (headers.size() == ways_of_reading_max)
                continue;
            const auto table = open_file(path, one.choice);
            headers.push_back({one.choice, table ? (*table)->header() : std::vector<std::string>()});
            header = std::prev(headers.end());
        }
        if (!map_from_json(one.map, {one.kind, header->columns, fields}))
            continue;
        const std::size_t columns = columns_in(one.map, header->columns);
        if (best && columns == most)
            is_ambiguous |= one.kind != best->kind;
        if (best && columns <= most)
            continue;
        best = &one;
        most = columns;
        is_ambiguous = false;
    }
    return best && !is_ambiguous ? std::optional(*best) : std::nullopt;
}

} // namespace onefold::import
