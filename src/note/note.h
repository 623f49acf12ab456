#pragma once
// What people write down about a customer. A note belongs to a node, as orders and tickets do: it follows a merge and
// comes back on an unmerge. Every change of it is kept (`change`), so nothing that was written is lost.
#include "change/change.h"
#include "core/id.h"
#include "store/store.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::note {

const store::Schema& schema();

using NoteId = Id<struct NoteNoun>;

inline constexpr std::size_t text_code_points_max = 10'000;

struct Note {
    NoteId id;
    NodeId node;
    std::int64_t version = 1;
    std::string text;
    bool is_pinned = false;
    std::string by; // the principal who wrote it
    Instant at;
    std::string edited_by; // who changed its text last; empty where nobody did
    std::optional<Instant> edited_at;
    std::optional<Instant> deleted_at;
};

struct Draft {
    std::string text;
    bool is_pinned = false;
};
struct Edit {
    std::optional<std::string> text;
    std::optional<bool> is_pinned;
};

struct NotePage {
    std::vector<Note> items;
    std::string next;
};

// What a note once said: the newest first, what stands now among it.
struct Version {
    std::int64_t version = 1;
    std::string text;
    bool is_pinned = false, is_deleted = false;
    std::string by;
    Instant at;
};

// Those of any of the nodes that are not deleted: pinned ones, then the others, each newest first. `after` is the
// `next` of the page before. note.bad_cursor
Result<NotePage> list(store::Session& session, const std::vector<NodeId>& nodes, int limit, const std::string& after);
// Those of a time that are not deleted, pinned or not, newest first (of two at one instant the greater id), after a
// place; at most `limit`.
struct Stretch {
    Instant from = Instant::min(), to = Instant::max(); // from ≤ written < to
    std::int64_t before_at = INT64_MAX, before_id = INT64_MAX;
};
Result<std::vector<Note>> list_newest(
    store::Session& session, const std::vector<NodeId>& nodes, const Stretch& stretch, std::size_t limit);
// That are not deleted.
Result<std::int64_t> count(store::Session& session, const std::vector<NodeId>& nodes);
// note.no_such_note, also where it is deleted
Result<Note> get(store::Session& session, NoteId id);
// Blanks around the text do not count. note.bad_text where nothing is left, or more than `text_code_points_max`.
Result<Note> create(store::Session& session, const change::Author& author, NodeId node, const Draft& draft);
// What is left out stays. note.version_changed where `version` is not the present one, note.bad_text, note.no_such_note
Result<Note> update(
    store::Session& session, const change::Author& author, NoteId id, std::int64_t version, const Edit& edit);
// It is kept, and `restore` brings it back. note.no_such_note
Result<> archive(store::Session& session, const change::Author& author, NoteId id);
// Of one that stands: as it is. note.no_such_note
Result<Note> restore(store::Session& session, const change::Author& author, NoteId id);
// The newest `limit`. note.no_such_note
Result<std::vector<Version>> list_versions(store::Session& session, NoteId id, int limit);

} // namespace onefold::note
