#pragma once
// Roll-backs in the database: what is known of each, and what it will do, kept row by row so that it may be of any size
// and goes on after a kill. For this room's own files.
#include "import/rollback.h"

namespace onefold::import {

Result<> insert(store::Session& session, const Rollback& rollback); // in place of an older one
Result<> update(store::Session& session, const Rollback& rollback);
Result<std::optional<Rollback>> find_rollback(store::Session& session, ImportId id);
Result<std::vector<Rollback>> list_rollbacks(store::Session& session, const std::vector<ImportId>& ids); // no previews
Result<std::vector<Rollback>> list_unfinished_rollbacks(store::Session& session);

// What an import left in the log and among the changes.
struct Traces {
    SourceId source;
    Kind kind = Kind::customer;
    Position log_from, log_to;
    std::int64_t change_from = 0, change_to = 0; // change_from < seq ≤ change_to
};
Result<> note_begin(store::Session& session, ImportId id, Position log); // once, before it writes anything
Result<> note_end(store::Session& session, ImportId id, Position log);
Result<Traces> read_traces(store::Session& session, ImportId id);

// ---- what an import found as it says it ----

enum class Known { node, order, ticket, event };
std::string_view to_string(Known known);
Result<> note_known(
    store::Session& session, ImportId id, std::int64_t batch, Known known, const std::vector<std::int64_t>& ids);
struct KnownBatch {
    std::int64_t import = 0, batch = 0;
    Known known = Known::node;
    std::vector<std::int64_t> ids;
};
// By later imports of the source that were not rolled back: a few behind `after`, none at the end.
Result<std::vector<KnownBatch>> list_known(store::Session& session, SourceId source, const KnownBatch& after);

// ---- messages that the log no longer tells, so that they may come again ----

// The same of a message and of it told again.
std::int64_t message_number(const access::Keys& keys, std::string_view message_id);
// Its id where it was retracted so often.
std::string told_again(const access::Keys& keys, std::string_view message_id, std::int64_t times);
Result<> note_retracted(store::Session& session, SourceId source, const std::vector<std::int64_t>& messages);
// How often each was.
Result<std::vector<std::int64_t>> times_retracted(
    store::Session& session, SourceId source, const std::vector<std::int64_t>& messages);

} // namespace onefold::import
