#pragma once
// Questions about customers that people keep under a name: their own, or shared with everybody.
#include "change/change.h"
#include "core/caller.h"
#include "runtime/runtime.h"
#include "saved_list/question.h"

namespace onefold::saved_list {

const store::Schema& schema();

using SavedListId = Id<struct SavedListNoun>;

inline constexpr std::size_t name_code_points_max = 100;
inline constexpr std::int64_t lists_max = 100; // of one owner

struct SavedList {
    SavedListId id;
    std::int64_t version = 1;
    std::string owner; // a principal
    std::string name;  // unique for the owner
    bool is_shared = false;
    Question question;
    Instant made_at, edited_at;
    std::optional<Instant> deleted_at;
};

struct Draft {
    std::string name;
    bool is_shared = false;
    Question question;
};
struct Edit {
    std::optional<std::string> name;
    std::optional<bool> is_shared;
    std::optional<Question> question;
};

// Who acts: may they open a list, may they change it.
bool may_open(const Principal& principal, const SavedList& list);
bool may_change(const Principal& principal, const SavedList& list);

// Those that the principal may open, by id, behind `after`.
Result<std::vector<SavedList>> list(
    store::Session& session, const Principal& principal, std::int64_t after, std::int64_t limit);
// saved_list.no_such_list: also what is deleted, or somebody else's own.
Result<SavedList> get(store::Session& session, const Principal& principal, SavedListId id);
// Blanks around the name do not count. saved_list.bad_name, saved_list.name_taken, saved_list.too_many,
// saved_list.may_not_share (viewers)
Result<SavedList> create(store::Session& session, const change::Author& author, const Draft& draft);
// What is left out stays. saved_list.not_yours, saved_list.version_changed where `version` is not the present one, and
// what `create` and `get` refuse.
Result<SavedList> update(
    store::Session& session, const change::Author& author, SavedListId id, std::int64_t version, const Edit& edit);
// It is kept, and `restore` brings it back.
Result<> archive(store::Session& session, const change::Author& author, SavedListId id);
// Of one that stands: as it is. saved_list.name_taken where another has its name by now.
Result<SavedList> restore(store::Session& session, const change::Author& author, SavedListId id);

// Everybody's, for laws and checks.
Result<std::vector<SavedList>> list_all(store::Session& session);

// Out of the index.
Result<std::vector<field_use::UsedIn>> find_uses(
    store::Session& session, const Caller& caller, std::optional<FieldId> field);

// Fields are told and taken by the names of `catalogue`, which must outlive the contract.
void add_routes(http::Contract& contract, store::Database& database, const runtime::Outside& outside,
    const query::Catalogue& catalogue);

} // namespace onefold::saved_list
