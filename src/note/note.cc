#include "note/note.h"

#include "core/text.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <tuple>

namespace onefold::note {
namespace {

constexpr std::string_view columns =
    "id, node_id, version, text, is_pinned, written_by, written_at, edited_by, edited_at, deleted_at";

Note note_of(const store::Row& row) {
    return {NoteId{row.integer(0)}, NodeId{row.integer(1)}, row.integer(2), std::string(row.text(3)),
        row.integer(4) != 0, std::string(row.text(5)), instant_of(row.integer(6)), std::string(row.text(7)),
        row.optional_instant(8), row.optional_instant(9)};
}

Failure no_such_note() {
    return fail(ErrorKind::not_found, "note.no_such_note", {"There is no such note.", "没有这条备注。"});
}

// Where a note stands in a list: the greater, the earlier.
struct Place {
    std::int64_t is_pinned = 1, at = INT64_MAX, id = INT64_MAX;
    friend auto operator<=>(const Place&, const Place&) = default;
};

Place place_of(const Note& note) {
    return {note.is_pinned ? 1 : 0, micros_of(note.at), note.id.value};
}

Result<Place> place_in(const std::string& cursor) {
    if (cursor.empty())
        return Place{};
    Place place;
    const char *at = cursor.data(), *end = at + cursor.size();
    for (std::int64_t* number : {&place.is_pinned, &place.at, &place.id}) {
        const auto [rest, error] = std::from_chars(at, end, *number);
        const bool ends = number == &place.id;
        if (error != std::errc{} || (ends ? rest != end : rest == end || *rest != '_')) {
            const LocalText message{"This is no cursor of this list.", "分页游标无效。"};
            return fail(ErrorKind::invalid, "note.bad_cursor", message, {{"/after", "note.bad_cursor", message}});
        }
        at = rest + 1;
    }
    return place;
}

Result<std::string> checked(std::string_view text) {
    const std::string_view kept = trimmed(text);
    if (!kept.empty() && length_of(kept) <= text_code_points_max)
        return std::string(kept);
    const LocalText message =
        kept.empty() ? LocalText{"Write something first. Nothing was saved.", "请先填写内容，未保存。"}
                     : LocalText{fmt::format("A note has at most {} characters. Nothing was saved; shorten it "
                                             "or write two.",
                                     text_code_points_max),
                           fmt::format("备注最多 {} 个字，未保存。请缩短或分成两条。", text_code_points_max)};
    return fail(ErrorKind::invalid, "note.bad_text", message, {{"/text", "note.bad_text", message}});
}

boost::json::object values_of(const Note& note) {
    return {{"node", to_string(note.node)}, {"text", note.text}, {"is_pinned", note.is_pinned},
        {"is_deleted", note.deleted_at.has_value()}};
}

Result<Note> find_any(store::Session& session, NoteId id) {
    auto found = TRY(session.find(fmt::format("SELECT {} FROM note WHERE id = $1", columns), {id.value}, note_of));
    if (!found)
        return no_such_note();
    return std::move(*found);
}

// Writes `after` as the next version, with its change row.
Result<Note> write(store::Session& session, const change::Author& author, const Note& before, Note after) {
    after.version = before.version + 1;
    TRY(session.execute("UPDATE note SET text = $1, is_pinned = $2, edited_by = $3, edited_at = $4, deleted_at = $5, "
                        "version = $6 WHERE id = $7",
        {after.text, std::int64_t{after.is_pinned},
            after.edited_by.empty() ? store::Value{} : store::Value{after.edited_by},
            store::micros_or_null(after.edited_at), store::micros_or_null(after.deleted_at), after.version,
            after.id.value}));
    const auto op = after.deleted_at && !before.deleted_at ? change::Op::delete_ : change::Op::update;
    TRY(change::append(session, author,
        {{change::object_ids::note, after.id.value, after.version, op, values_of(before), values_of(after)}}));
    return after;
}

} // namespace

Result<NotePage> list(store::Session& session, const std::vector<NodeId>& nodes, int limit, const std::string& after) {
    const Place before = TRY(place_in(after));
    std::vector<store::Values> keys;
    for (const NodeId node : nodes)
        keys.push_back({node.value, before.is_pinned, before.at, before.id, std::int64_t{limit} + 1});
    NotePage page;
    TRY(session.each_many(fmt::format("SELECT {} FROM note WHERE node_id = $1 AND deleted_at IS NULL AND (is_pinned, "
                                      "written_at, id) < ($2, $3, $4) "
                                      "ORDER BY is_pinned DESC, written_at DESC, id DESC LIMIT $5",
                              columns),
        keys, [&](std::size_t, const store::Row& row) -> Result<> {
            page.items.push_back(note_of(row));
            return {};
        }));
    std::ranges::sort(page.items, [](const Note& a, const Note& b) { return place_of(a) > place_of(b); });
    if (page.items.size() > std::size_t(limit)) {
        page.items.resize(std::size_t(limit));
        const Place last = place_of(page.items.back());
        page.next = fmt::format("{}_{}_{}", last.is_pinned, last.at, last.id);
    }
    return page;
}

Result<std::vector<Note>> list_newest(
    store::Session& session, const std::vector<NodeId>& nodes, const Stretch& stretch, std::size_t limit) {
    std::vector<store::Values> keys;
    for (const NodeId node : nodes)
        keys.push_back({node.value, micros_of(stretch.from), micros_of(stretch.to), stretch.before_at,
            stretch.before_id, std::int64_t(limit)});
    std::vector<Note> notes;
    TRY(session.each_many(
        fmt::format("SELECT {} FROM note WHERE node_id = $1 AND deleted_at IS NULL AND written_at >= $2 AND written_at "
                    "< $3 AND (written_at, id) < ($4, $5) ORDER BY written_at DESC, id DESC LIMIT $6",
            columns),
        keys, [&](std::size_t, const store::Row& row) -> Result<> {
            notes.push_back(note_of(row));
            return {};
        }));
    std::ranges::sort(notes, [](const Note& a, const Note& b) { return std::tie(a.at, a.id) > std::tie(b.at, b.id); });
    if (notes.size() > limit)
        notes.resize(limit);
    return notes;
}

Result<std::int64_t> count(store::Session& session, const std::vector<NodeId>& nodes) {
    std::vector<store::Values> keys;
    for (const NodeId node : nodes)
        keys.push_back({node.value});
    std::int64_t all = 0;
    TRY(session.each_many("SELECT COUNT(*) FROM note WHERE node_id = $1 AND deleted_at IS NULL", keys,
        [&](std::size_t, const store::Row& row) -> Result<> {
            all += row.integer(0);
            return {};
        }));
    return all;
}

Result<Note> get(store::Session& session, NoteId id) {
    Note note = TRY(find_any(session, id));
    if (note.deleted_at)
        return no_such_note();
    return note;
}

Result<Note> create(store::Session& session, const change::Author& author, NodeId node, const Draft& draft) {
    Note note{
        {}, node, 1, TRY(checked(draft.text)), draft.is_pinned, to_string(author.principal), author.at, "", {}, {}};
    const auto id = TRY(session.find_integer(
        "INSERT INTO note (node_id, text, is_pinned, written_by, written_at, version) VALUES ($1, $2, $3, $4, $5, 1) "
        "RETURNING id",
        {node.value, note.text, std::int64_t{note.is_pinned}, note.by, micros_of(note.at)}));
    VERIFY(id);
    note.id = NoteId{*id};
    TRY(change::append(session, author,
        {{change::object_ids::note, note.id.value, 1, change::Op::create, std::nullopt, values_of(note)}}));
    return note;
}

Result<Note> update(
    store::Session& session, const change::Author& author, NoteId id, std::int64_t version, const Edit& edit) {
    const Note before = TRY(get(session, id));
    if (before.version != version)
        return fail(ErrorKind::precondition_failed, "note.version_changed",
            {"Somebody changed this note in the meantime. Nothing was saved; load it again and repeat your change.",
                "该备注刚刚被他人修改。你的修改未保存，请重新加载后再改。"});
    Note after = before;
    if (edit.text) {
        after.text = TRY(checked(*edit.text));
        if (after.text != before.text) {
            after.edited_by = to_string(author.principal);
            after.edited_at = author.at;
        }
    }
    after.is_pinned = edit.is_pinned.value_or(before.is_pinned);
    if (after.text == before.text && after.is_pinned == before.is_pinned)
        return before;
    return write(session, author, before, std::move(after));
}

Result<> archive(store::Session& session, const change::Author& author, NoteId id) {
    const Note before = TRY(get(session, id));
    Note after = before;
    after.deleted_at = author.at;
    TRY(write(session, author, before, std::move(after)));
    return {};
}

Result<Note> restore(store::Session& session, const change::Author& author, NoteId id) {
    const Note before = TRY(find_any(session, id));
    if (!before.deleted_at)
        return before;
    Note after = before;
    after.deleted_at.reset();
    return write(session, author, before, std::move(after));
}

Result<std::vector<Version>> list_versions(store::Session& session, NoteId id, int limit) {
    TRY(find_any(session, id));
    std::vector<Version> versions;
    for (const auto& change : TRY(change::list_of(session, change::object_ids::note, id.value, INT64_MAX, limit))) {
        const auto& after = *change.entry.after;
        versions.push_back({change.entry.version, std::string(after.at("text").as_string()),
            after.at("is_pinned").as_bool(), after.at("is_deleted").as_bool(), change.principal, change.at});
    }
    return versions;
}

} // namespace onefold::note
