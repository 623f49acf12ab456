#include "company/company.h"
#include "formula/language.h"
#include "http/bind.h"
#include "object/listing.h"
#include "query/kept.h"
#include "saved_list/saved_list.h"

#include <fmt/format.h>

namespace onefold::saved_list {
namespace {

enum class KindName { person, organisation, household };
BOOST_DESCRIBE_ENUM(KindName, person, organisation, household)

// `field` is a code; `identifiers` is the column that shows them. Without `width`, the usual one.
struct SavedColumnView {
    std::string field;
    std::optional<std::int64_t> width;
    std::optional<bool> is_frozen;
    static http::Rules rules() { return {{.member = "width", .minimum = width_min, .maximum = width_max}}; }
};
BOOST_DESCRIBE_STRUCT(SavedColumnView, (), (field, width, is_frozen))

// `condition` is a formula's text, `sort` as lists take it: "-total_spend".
struct SavedQuestionView {
    std::optional<std::string> condition;
    std::optional<KindName> kind;
    std::optional<std::string> sort;
    std::vector<SavedColumnView> columns;
    static http::Rules rules() { return {{.member = "columns", .length_max = columns_max}}; }
};
BOOST_DESCRIBE_STRUCT(SavedQuestionView, (), (condition, kind, sort, columns))

struct CreateSavedList {
    std::string name;
    std::optional<bool> is_shared;
    SavedQuestionView question;
};
BOOST_DESCRIBE_STRUCT(CreateSavedList, (), (name, is_shared, question))

struct UpdateSavedList {
    SavedListId id;
    std::int64_t if_match;
    std::optional<std::string> name;
    std::optional<bool> is_shared;
    std::optional<SavedQuestionView> question;
};
BOOST_DESCRIBE_STRUCT(UpdateSavedList, (), (id, if_match, name, is_shared, question))

struct GetSavedList {
    SavedListId id;
};
BOOST_DESCRIBE_STRUCT(GetSavedList, (), (id))

// `problem` says why the condition is not told.
struct SavedListView {
    SavedListId id;
    std::int64_t version;
    std::string name;
    bool is_shared, is_own, may_change;
    std::string owner;
    std::optional<std::string> owner_name;
    SavedQuestionView question;
    std::optional<std::string> problem;
    Instant made_at, edited_at;
};
BOOST_DESCRIBE_STRUCT(SavedListView, (),
    (id, version, name, is_shared, is_own, may_change, owner, owner_name, question, problem, made_at, edited_at))

struct SavedListPage {
    std::vector<SavedListView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(SavedListPage, (), (items, next))

struct ListSavedLists : http::PageRequest {};
BOOST_DESCRIBE_STRUCT(ListSavedLists, (http::PageRequest), ())

constexpr std::string_view identifiers = "identifiers", identifier_types = "identifier_types";

Failure unknown_field(const std::string& path) {
    const LocalText message{"There is no such field.", "没有这个字段。"};
    return fail(ErrorKind::invalid, "saved_list.unknown_field", message, {{path, "saved_list.unknown_field", message}});
}

// Between what people read and write and what is kept.
struct Names {
    const query::Catalogue& catalogue;
    const query::ObjectEntry& object;
    Zone zone;
    store::Dialect dialect;
    Instant now;

    query::About about() const { return {catalogue, object, zone}; }

    const query::FieldEntry* find(std::string_view code) const {
        const auto found = std::ranges::find(object.fields, code, &query::FieldEntry::code);
        return found == object.fields.end() ? nullptr : &*found;
    }
    const query::FieldEntry* find(FieldId id) const {
        const auto found = std::ranges::find(object.fields, id, &query::FieldEntry::id);
        return found == object.fields.end() ? nullptr : &*found;
    }

    // It can be asked of the database, too.
    Result<formula::Expression> check(const std::string& text) const {
        const auto tree = TRY(formula::parse(text));
        auto kept = TRY(query::kept(tree, about()));
        query::Query question{.object = object.code, .select = {{{"id"}}}};
        question.filter = tree;
        question.now = now;
        question.zone = zone;
        TRY(query::compile(question, catalogue, dialect));
        TRY(formula::parse_json(formula::to_json(kept)));
        return kept;
    }
    Result<formula::Expression> condition_of(const std::string& text) const {
        auto kept = check(text);
        if (kept)
            return kept;
        Error error = std::move(kept).error();
        for (FieldError& field : error.fields) {
            if (field.path.starts_with("/filter"))
                field.path.erase(0, std::string_view("/filter").size());
            field.path.insert(
                0, field.path.empty() || field.path.starts_with('/') ? "/question/condition" : "/question/condition/");
        }
        return fail(std::move(error));
    }

    Result<Question> kept(const SavedQuestionView& view) const {
        Question question;
        if (view.condition && !view.condition->empty())
            question.condition = TRY(condition_of(*view.condition));
        if (view.kind)
            question.kind = CustomerKind(int(*view.kind) + 1);
        if (view.sort) {
            const auto sort = TRY(object::sort_of(view.sort));
            const auto* field = sort.size() == 1 && sort[0].path.size() == 1 ? find(sort[0].path[0]) : nullptr;
            if (!field || !field->steps.empty())
                return unknown_field("/question/sort");
            question.sort = Sort{field->id, sort[0].direction};
        }
        for (std::size_t i = 0; i < view.columns.size(); ++i) {
            const SavedColumnView& column = view.columns[i];
            const auto* field = find(column.field == identifiers ? identifier_types : column.field);
            if (!field)
                return unknown_field(fmt::format("/question/columns/{}/field", i));
            question.columns.push_back({field->id, int(column.width.value_or(0)), column.is_frozen.value_or(false)});
        }
        return question;
    }

    // What is not there any more is left out; a condition that names it is not told at all, which `problem` says.
    SavedQuestionView shown(const Question& question, std::optional<LocalText>& problem) const {
        SavedQuestionView view;
        if (question.condition) {
            if (const auto tree = query::shown(*question.condition, about()))
                view.condition = formula::print(*tree);
            else
                problem = LocalText{"This list asks for a field that is not there, or that you may not see. It cannot "
                                    "be opened.",
                    "该列表用到了不存在或你无权查看的字段，无法打开。"};
        }
        if (question.kind != CustomerKind::any)
            view.kind = KindName(int(question.kind) - 1);
        if (question.sort)
            if (const auto* field = find(question.sort->field))
                view.sort =
                    (question.sort->direction == query::Direction::descending ? "-" : "") + std::string(field->code);
        for (const Column& column : question.columns)
            if (const auto* field = find(column.field))
                view.columns.push_back({field->code == identifier_types ? std::string(identifiers) : field->code,
                    column.width == 0 ? std::nullopt : std::optional(std::int64_t{column.width}),
                    column.is_frozen ? std::optional(true) : std::nullopt});
        return view;
    }
};

Result<Names> names_in(store::Session& session, const query::Catalogue& catalogue, Instant now) {
    const auto* object = catalogue.find_object(change::object_ids::customer);
    VERIFY(object);
    return Names{catalogue, *object, TRY(object::zone_of(session)), session.dialect(), now};
}

SavedListView view_of(store::Session& session, const Caller& caller, const Names& names, const SavedList& list) {
    std::optional<LocalText> problem;
    SavedQuestionView question = names.shown(list.question, problem);
    return {list.id, list.version, list.name, list.is_shared, list.owner == to_string(caller.principal),
        may_change(caller.principal, list), list.owner, company::name_of(session, list.owner), std::move(question),
        problem ? std::optional(std::string(problem->in(caller.locale))) : std::nullopt, list.made_at, list.edited_at};
}

Result<std::int64_t> place_in(const std::optional<std::string>& after) {
    if (!after)
        return 0;
    if (const auto id = parse_id(*after))
        return *id;
    const LocalText message{"This is no cursor of this list.", "分页游标无效。"};
    return fail(ErrorKind::invalid, "saved_list.bad_cursor", message, {{"/after", "saved_list.bad_cursor", message}});
}

} // namespace

void add_routes(http::Contract& contract, store::Database& database, const runtime::Outside& outside,
    const query::Catalogue& catalogue) {
    using http::Method;
    const auto names_of = [&](store::Session& session) { return names_in(session, catalogue, outside.clock.now()); };
    contract.add<ListSavedLists, SavedListPage>(
        {Method::get, "/api/v1/saved_lists", "saved_list.list", http::may_read, http::not_audited,
            {"One's own saved lists and those that are shared", "自己保存的列表与他人共享的列表"}},
        [&database, names_of](const Caller& caller, const ListSavedLists& request) -> Result<SavedListPage> {
            const auto after = TRY(place_in(request.after));
            return database.read([&](store::Session& session) -> Result<SavedListPage> {
                const Names names = TRY(names_of(session));
                auto lists = TRY(list(session, caller.principal, after, request.limit_or_default() + 1));
                SavedListPage page;
                if (std::int64_t(lists.size()) > request.limit_or_default()) {
                    lists.pop_back();
                    page.next = to_string(lists.back().id);
                }
                for (const SavedList& one : lists)
                    page.items.push_back(view_of(session, caller, names, one));
                return page;
            });
        });
    contract.add<CreateSavedList, SavedListView>(
        {Method::post, "/api/v1/saved_lists", "saved_list.create", http::may_read, http::audited{"saved_list.create"},
            {"Keep a question about customers under a name", "将当前客户列表的条件保存为列表"},
            http::Creates::something},
        [&database, &outside, names_of](const Caller& caller, const CreateSavedList& request) -> Result<SavedListView> {
            return database.write([&](store::Session& session) -> Result<SavedListView> {
                const Names names = TRY(names_of(session));
                const auto made = TRY(create(session, company::author_of(caller, outside),
                    {request.name, request.is_shared.value_or(false), TRY(names.kept(request.question))}));
                return view_of(session, caller, names, made);
            });
        });
    contract.add<GetSavedList, SavedListView>({Method::get, "/api/v1/saved_lists/{id}", "saved_list.get",
                                                  http::may_read, http::not_audited, {"A saved list", "保存的列表"}},
        [&database, names_of](const Caller& caller, const GetSavedList& request) -> Result<SavedListView> {
            return database.read([&](store::Session& session) -> Result<SavedListView> {
                const Names names = TRY(names_of(session));
                return view_of(session, caller, names, TRY(get(session, caller.principal, request.id)));
            });
        });
    contract.add<UpdateSavedList, SavedListView>(
        {Method::patch, "/api/v1/saved_lists/{id}", "saved_list.update", http::may_read,
            http::audited{"saved_list.update"},
            {"Rename a saved list, share it, or change what it asks", "重命名、共享或更新保存的列表"}},
        [&database, &outside, names_of](const Caller& caller, const UpdateSavedList& request) -> Result<SavedListView> {
            return database.write([&](store::Session& session) -> Result<SavedListView> {
                const Names names = TRY(names_of(session));
                Edit edit{request.name, request.is_shared, {}};
                if (request.question)
                    edit.question = TRY(names.kept(*request.question));
                const auto saved =
                    TRY(update(session, company::author_of(caller, outside), request.id, request.if_match, edit));
                return view_of(session, caller, names, saved);
            });
        });
    contract.add<GetSavedList, void>(
        {Method::delete_, "/api/v1/saved_lists/{id}", "saved_list.delete", http::may_read,
            http::audited{"saved_list.delete"}, {"Delete a saved list; restore brings it back", "删除列表（可恢复）"}},
        [&database, &outside](const Caller& caller, const GetSavedList& request) -> Result<> {
            return database.write([&](store::Session& session) {
                return archive(session, company::author_of(caller, outside), request.id);
            });
        });
    contract.add<GetSavedList, SavedListView>(
        {Method::post, "/api/v1/saved_lists/{id}/restore", "saved_list.restore", http::may_read,
            http::audited{"saved_list.restore"}, {"Bring a deleted list back", "恢复已删除的列表"}},
        [&database, &outside, names_of](const Caller& caller, const GetSavedList& request) -> Result<SavedListView> {
            return database.write([&](store::Session& session) -> Result<SavedListView> {
                const Names names = TRY(names_of(session));
                return view_of(
                    session, caller, names, TRY(restore(session, company::author_of(caller, outside), request.id)));
            });
        });
}

} // namespace onefold::saved_list
