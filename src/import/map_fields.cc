#include "import/map_fields.h"

#include "object/shipped.h"

namespace onefold::import {
namespace {

void add_field(std::set<FieldId>& fields, std::string_view object, std::string_view code) {
    const auto* entry = object::shipped_catalogue().find_object(object);
    VERIFY(entry);
    const auto found = std::ranges::find(entry->fields, code, &query::FieldEntry::code);
    if (found != entry->fields.end())
        fields.insert(found->id);
}

// "order": {"number": COLUMN, …, "lines": {"sku": COLUMN, …}}: the keys are the fields' codes.
void add_section(std::set<FieldId>& fields, std::string_view object, const boost::json::value& section) {
    for (const auto& [code, column] : section.as_object())
        if (code == "lines")
            add_section(fields, "order_line", column);
        else
            add_field(fields, object, code);
}

void add_customer(std::set<FieldId>& fields, const boost::json::object& of) {
    if (const auto* named = of.if_contains("fields"))
        for (const auto& [column, code] : named->as_object())
            add_field(fields, "customer", code.as_string());
}

} // namespace

std::set<FieldId> fields_of(const boost::json::value& map) {
    std::set<FieldId> fields;
    const auto& object = map.as_object();
    add_customer(fields, object);
    for (const std::string_view group : {"person", "organisation", "household"})
        if (const auto* section = object.if_contains(group))
            add_customer(fields, section->as_object());
    for (const std::string_view kind : {"order", "ticket"})
        if (const auto* section = object.if_contains(kind))
            add_section(fields, kind, *section);
    return fields;
}

Result<std::vector<RememberedMap>> list_remembered_maps(store::Session& session) {
    return session.list(
        "SELECT source_id, kind, map FROM import WHERE id IN (SELECT MAX(id) FROM import WHERE is_dry = 0 AND "
        "state = 'finished' AND created + updated + unchanged > 0 AND NOT EXISTS (SELECT 1 FROM import_rollback WHERE "
        "import_id = import.id) GROUP BY source_id, kind) ORDER BY source_id, kind",
        {}, [](const store::Row& row) {
            boost::system::error_code error;
            const auto map = boost::json::parse(row.text(2), error);
            return RememberedMap{SourceId{row.integer(0)}, parse_kind(row.text(1)).value_or(Kind::customer),
                error || !map.is_object() ? std::set<FieldId>{} : fields_of(map)};
        });
}

} // namespace onefold::import
