#include "core/text.h"
#include "saved_list/saved_list.h"

#include <fmt/format.h>

namespace onefold::saved_list {
namespace {

constexpr std::string_view columns = "id, version, owner, name, is_shared, question, made_at, edited_at, deleted_at";

constexpr std::size_t depth_max = 4 * formula::depth_max; // of JSON: a call lies two levels deep

boost::json::value parsed(std::string_view question) {
    boost::json::parse_options options;
    options.max_depth = depth_max;
    return boost::json::parse(question, {}, options);
}

SavedList list_of(const store::Row& row) {
    return {SavedListId{row.integer(0)}, row.integer(1), std::string(row.text(2)), std::string(row.text(3)),
        row.integer(4) != 0, question_of(parsed(row.text(5))), instant_of(row.integer(6)), instant_of(row.integer(7)),
        row.optional_instant(8)};
}

Failure no_such_list() {
    return fail(ErrorKind::not_found, "saved_list.no_such_list",
        {"There is no such list, or it is not shared with you.", "没有这个列表，或它未与你共享。"});
}

Failure refused(std::string_view code, std::string_view path, const LocalText& message) {
    return fail(ErrorKind::invalid, code, message, {{std::string(path), std::string(code), message}});
}

boost::json::object values_of(const SavedList& list) {
    return {{"owner", list.owner}, {"name", list.name}, {"is_shared", list.is_shared},
        {"question", to_json(list.question)}, {"is_deleted", list.deleted_at.has_value()}};
}

Result<std::string> checked(std::string_view name) {
    const std::string_view kept = trimmed(name);
    if (!kept.empty() && length_of(kept) <= name_code_points_max && kept.find('\0') == kept.npos)
        return std::string(kept);
    return refused("saved_list.bad_name", "/name",
        {fmt::format("A list has a name of 1 to {} characters.", name_code_points_max),
            fmt::format("列表名称应为 1 至 {} 个字。", name_code_points_max)});
}

Result<> check_free(store::Session& session, const SavedList& list) {
    const auto other = TRY(session.find_integer(
        "SELECT id FROM saved_list WHERE owner = $1 AND name = $2 AND deleted_at IS NULL AND id <> $3",
        {list.owner, list.name, list.id.value}));
    if (other)
        return refused("saved_list.name_taken", "/name",
            {"Another list of the same owner has this name.", "该所有者已有同名列表。"});
    return {};
}

Result<> check_count(store::Session& session, const std::string& owner) {
    const auto count =
        TRY(session.find_integer("SELECT COUNT(*) FROM saved_list WHERE owner = $1 AND deleted_at IS NULL", {owner}));
    if (count.value_or(0) >= lists_max)
        return refused("saved_list.too_many", "/name",
            {fmt::format("One owner has at most {} lists. Delete one first.", lists_max),
                fmt::format("每人最多保存 {} 个列表，请先删除一个。", lists_max)});
    return {};
}

Result<> check_sharing(const Principal& principal) {
    if (principal.role >= Role::editor)
        return {};
    return fail(ErrorKind::forbidden, "saved_list.may_not_share",
        {"Sharing a list takes an editor. Keep it for yourself, or ask one.",
            "共享列表需要编辑者权限；可仅自己使用，或请编辑者共享。"});
}

Result<SavedList> find_any(store::Session& session, const Principal& principal, SavedListId id) {
    auto found =
        TRY(session.find(fmt::format("SELECT {} FROM saved_list WHERE id = $1", columns), {id.value}, list_of));
    if (!found || !may_open(principal, *found))
        return no_such_list();
    return std::move(*found);
}

Result<> check_change(const Principal& principal, const SavedList& list) {
    if (may_change(principal, list))
        return {};
    return fail(ErrorKind::forbidden, "saved_list.not_yours",
        {"This list is somebody else's. Save it as a list of your own.", "这是他人的列表，请另存为自己的列表。"});
}

Result<> write_index(store::Session& session, const SavedList& list) {
    return field_use::write(session, field_use::Kind::saved_list, list.id.value,
        list.deleted_at ? field_use::Uses{} : uses_of(list.question));
}

// Writes `after` as the next version, with its change row and what it uses.
Result<SavedList> write(
    store::Session& session, const change::Author& author, const SavedList& before, SavedList after) {
    after.version = before.version + 1;
    TRY(session.execute("UPDATE saved_list SET name = $1, is_shared = $2, question = $3, edited_at = $4, deleted_at = "
                        "$5, version = $6 WHERE id = $7",
        {after.name, std::int64_t{after.is_shared}, boost::json::serialize(to_json(after.question)),
            micros_of(after.edited_at), store::micros_or_null(after.deleted_at), after.version, after.id.value}));
    TRY(write_index(session, after));
    const auto op = after.deleted_at && !before.deleted_at ? change::Op::delete_ : change::Op::update;
    TRY(change::append(session, author,
        {{change::object_ids::saved_list, after.id.value, after.version, op, values_of(before), values_of(after)}}));
    return after;
}

} // namespace

bool may_open(const Principal& principal, const SavedList& list) {
    return list.is_shared || list.owner == to_string(principal);
}

bool may_change(const Principal& principal, const SavedList& list) {
    return list.owner == to_string(principal) || (list.is_shared && principal.role == Role::admin);
}

Result<std::vector<SavedList>> list(
    store::Session& session, const Principal& principal, std::int64_t after, std::int64_t limit) {
    return session.list(fmt::format("SELECT {} FROM saved_list WHERE (is_shared = 1 OR owner = $1) AND deleted_at IS "
                                    "NULL AND id > $2 ORDER BY id LIMIT $3",
                            columns),
        {to_string(principal), after, limit}, list_of);
}

Result<SavedList> get(store::Session& session, const Principal& principal, SavedListId id) {
    SavedList list = TRY(find_any(session, principal, id));
    if (list.deleted_at)
        return no_such_list();
    return list;
}

Result<SavedList> create(store::Session& session, const change::Author& author, const Draft& draft) {
    SavedList list{{}, 1, to_string(author.principal), TRY(checked(draft.name)), draft.is_shared, draft.question,
        author.at, author.at, {}};
    if (list.is_shared)
        TRY(check_sharing(author.principal));
    TRY(check_free(session, list));
    TRY(check_count(session, list.owner));
    const auto id = TRY(session.find_integer(
        "INSERT INTO saved_list (owner, name, is_shared, question, made_at, edited_at, version) VALUES ($1, $2, $3, "
        "$4, $5, $6, 1) RETURNING id",
        {list.owner, list.name, std::int64_t{list.is_shared}, boost::json::serialize(to_json(list.question)),
            micros_of(list.made_at), micros_of(list.edited_at)}));
    VERIFY(id);
    list.id = SavedListId{*id};
    TRY(write_index(session, list));
    TRY(change::append(session, author,
        {{change::object_ids::saved_list, *id, 1, change::Op::create, std::nullopt, values_of(list)}}));
    return list;
}

Result<SavedList> update(
    store::Session& session, const change::Author& author, SavedListId id, std::int64_t version, const Edit& edit) {
    const SavedList before = TRY(get(session, author.principal, id));
    TRY(check_change(author.principal, before));
    if (before.version != version)
        return fail(ErrorKind::precondition_failed, "saved_list.version_changed",
            {"Somebody changed this list in the meantime. Nothing was saved; load it again and repeat your change.",
                "该列表刚刚被他人修改。你的修改未保存，请重新加载后再改。"});
    SavedList after = before;
    if (edit.name)
        after.name = TRY(checked(*edit.name));
    after.is_shared = edit.is_shared.value_or(before.is_shared);
    if (after.is_shared && !before.is_shared)
        TRY(check_sharing(author.principal));
    if (edit.question)
        after.question = *edit.question;
    if (after.name == before.name && after.is_shared == before.is_shared && after.question == before.question)
        return before;
    TRY(check_free(session, after));
    after.edited_at = author.at;
    return write(session, author, before, std::move(after));
}

Result<> archive(store::Session& session, const change::Author& author, SavedListId id) {
    const SavedList before = TRY(get(session, author.principal, id));
    TRY(check_change(author.principal, before));
    SavedList after = before;
    after.deleted_at = author.at;
    TRY(write(session, author, before, std::move(after)));
    return {};
}

Result<SavedList> restore(store::Session& session, const change::Author& author, SavedListId id) {
    const SavedList before = TRY(find_any(session, author.principal, id));
    TRY(check_change(author.principal, before));
    if (!before.deleted_at)
        return before;
    if (before.is_shared)
        TRY(check_sharing(author.principal));
    TRY(check_free(session, before));
    TRY(check_count(session, before.owner));
    SavedList after = before;
    after.deleted_at.reset();
    return write(session, author, before, std::move(after));
}

Result<std::vector<SavedList>> list_all(store::Session& session) {
    return session.list(fmt::format("SELECT {} FROM saved_list ORDER BY id", columns), {}, list_of);
}

Result<std::vector<field_use::UsedIn>> find_uses(
    store::Session& session, const Caller& caller, std::optional<FieldId> field) {
    std::vector<field_use::UsedIn> found;
    for (auto& [id, uses] : TRY(field_use::list(session, field_use::Kind::saved_list, field))) {
        const auto list = get(session, caller.principal, SavedListId{id});
        if (!list && list.error().kind != ErrorKind::not_found)
            return fail(list.error());
        found.push_back({field_use::Kind::saved_list,
            list ? std::optional(field_use::Place{list->name, fmt::format("/customers?list={}", id)}) : std::nullopt,
            std::move(uses)});
    }
    return found;
}

} // namespace onefold::saved_list
