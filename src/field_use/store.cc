#include "field_use/field_use.h"

#include <array>

namespace onefold::field_use {
namespace {

constexpr std::array<std::string_view, 3> kinds{"saved_list", "survivorship", "import_map"};
constexpr std::array<std::string_view, 5> parts{"condition", "sort", "column", "rule", "map"};

std::string word_of(Kind kind) {
    return std::string(kinds[std::size_t(kind)]);
}
Part part_of(std::string_view word) {
    return Part(std::ranges::find(parts, word) - parts.begin());
}

} // namespace

Result<> write(store::Session& session, Kind kind, std::int64_t place, const Uses& uses) {
    TRY(session.execute("DELETE FROM field_use WHERE kind = $1 AND place_id = $2", {word_of(kind), place}));
    std::vector<store::Values> rows;
    for (const Use& use : uses)
        rows.push_back({use.field.value, word_of(kind), place, std::string(parts[std::size_t(use.part)])});
    if (rows.empty())
        return {};
    TRY(session.execute_many("INSERT INTO field_use (field_id, kind, place_id, part) VALUES ($1, $2, $3, $4)", rows));
    return {};
}

Result<std::map<std::int64_t, Uses>> list(store::Session& session, Kind kind, std::optional<FieldId> field) {
    std::map<std::int64_t, Uses> uses;
    const auto take = [&](const store::Row& row) -> Result<> {
        uses[row.integer(0)].insert({FieldId{row.integer(1)}, part_of(row.text(2))});
        return {};
    };
    if (field)
        TRY(session.each("SELECT place_id, field_id, part FROM field_use WHERE kind = $1 AND field_id = $2",
            {word_of(kind), field->value}, take));
    else
        TRY(session.each("SELECT place_id, field_id, part FROM field_use WHERE kind = $1", {word_of(kind)}, take));
    return uses;
}

} // namespace onefold::field_use
