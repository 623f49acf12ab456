#include "field_use/field_use.h"
#include "http/bind.h"
#include "object/question.h"
#include "object/shipped.h"

#include <algorithm>

namespace onefold::field_use {

BOOST_DESCRIBE_ENUM(Kind, saved_list, survivorship, import_map)
BOOST_DESCRIBE_ENUM(Part, condition, sort, column, rule, map)

namespace {

// `hidden` of the `uses` are places that the caller may not see.
struct FieldUsesView {
    FieldId id;
    std::string object;
    LocalText object_label;
    std::string code;
    LocalText label;
    std::string type;
    bool is_computed;
    std::int64_t uses, hidden;
};
BOOST_DESCRIBE_STRUCT(FieldUsesView, (), (id, object, object_label, code, label, type, is_computed, uses, hidden))

struct FieldUsesList {
    std::vector<FieldUsesView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(FieldUsesList, (), (items, next))

struct GetFieldUses {
    FieldId id;
};
BOOST_DESCRIBE_STRUCT(GetFieldUses, (), (id))

struct FieldPlaceView {
    Kind kind;
    std::string name, link;
    std::vector<Part> parts;
};
BOOST_DESCRIBE_STRUCT(FieldPlaceView, (), (kind, name, link, parts))

struct FieldPlaces {
    FieldId id;
    std::string object, code;
    LocalText label;
    std::vector<FieldPlaceView> items;
    std::int64_t hidden;
};
BOOST_DESCRIBE_STRUCT(FieldPlaces, (), (id, object, code, label, items, hidden))

// Related records count as fields of the object that they belong to.
std::vector<FieldUsesView> all_fields() {
    std::vector<FieldUsesView> fields;
    for (const std::string_view code : {"customer", "order", "order_line", "ticket"}) {
        const query::ObjectEntry* object = object::shipped_catalogue().find_object(code);
        VERIFY(object);
        const auto add = [&](FieldId id, const std::string& name, const LocalText& label, std::string_view type) {
            fields.push_back({id, object->code, object->label, name, label, std::string(type), false, 0, 0});
        };
        for (const query::FieldEntry& field : object->fields) {
            add(field.id, field.code, field.label, object::to_string(field.type));
            fields.back().is_computed = !field.extension.empty() || !field.steps.empty();
        }
        for (const query::RecordsEntry& records : object->records)
            add(records.id, records.code, records.label, "records");
    }
    return fields;
}

struct Asker {
    store::Session& session;
    const Caller& caller;
    const std::vector<Finder>& finders;

    Result<std::vector<UsedIn>> find(std::optional<FieldId> field) const {
        std::vector<UsedIn> all;
        for (const Finder& finder : finders) {
            auto found = TRY(finder(session, caller, field));
            std::ranges::move(found, std::back_inserter(all));
        }
        return all;
    }
};

Result<FieldUsesList> list_fields(const Asker& asker) {
    FieldUsesList answer{all_fields(), {}};
    std::map<FieldId, FieldUsesView*> by_id;
    for (FieldUsesView& field : answer.items)
        by_id[field.id] = &field;
    for (const UsedIn& used : TRY(asker.find(std::nullopt))) {
        std::set<FieldId> fields;
        for (const Use& use : used.uses)
            fields.insert(use.field);
        for (const FieldId id : fields) {
            const auto found = by_id.find(id);
            if (found == by_id.end())
                continue;
            ++found->second->uses;
            found->second->hidden += used.place ? 0 : 1;
        }
    }
    return answer;
}

Result<FieldPlaces> get_places(const Asker& asker, FieldId id) {
    const auto fields = all_fields();
    const auto field = std::ranges::find(fields, id, &FieldUsesView::id);
    if (field == fields.end())
        return fail(ErrorKind::not_found, "field_use.no_such_field", {"There is no such field.", "没有这个字段。"});
    FieldPlaces answer{id, field->object, field->code, field->label, {}, 0};
    for (const UsedIn& used : TRY(asker.find(id))) {
        std::vector<Part> parts;
        for (const Use& use : used.uses)
            if (use.field == id)
                parts.push_back(use.part);
        if (parts.empty())
            continue;
        if (used.place)
            answer.items.push_back({used.kind, used.place->name, used.place->link, std::move(parts)});
        else
            ++answer.hidden;
    }
    return answer;
}

} // namespace

void add_routes(http::Contract& contract, store::Database& database, std::vector<Finder> finders) {
    using http::Method;
    contract.add<http::Nothing, FieldUsesList>(
        {Method::get, "/api/v1/field_uses", "field_use.list", http::may_read, http::not_audited,
            {"All fields, and in how many places each is used", "所有字段及其使用次数"}},
        [&database, finders](const Caller& caller, const http::Nothing&) -> Result<FieldUsesList> {
            return database.read([&](store::Session& session) { return list_fields({session, caller, finders}); });
        });
    contract.add<GetFieldUses, FieldPlaces>(
        {Method::get, "/api/v1/fields/{id}/uses", "field_use.get", http::may_read, http::not_audited,
            {"Where a field is used: saved lists, rules, maps of imports",
                "字段的使用位置：保存的列表、规则、导入映射"}},
        [&database, finders](const Caller& caller, const GetFieldUses& request) -> Result<FieldPlaces> {
            return database.read(
                [&](store::Session& session) { return get_places({session, caller, finders}, request.id); });
        });
}

} // namespace onefold::field_use
