#pragma once
// Every change of a record or definition, in the transaction that made it: what undo, history, audit, rules and columns
// read, each with a cursor of its own.
#include "core/caller.h"
#include "core/id.h"
#include "core/time.h"
#include "store/store.h"

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace onefold::change {

const store::Schema& schema();

// Objects that Onefold itself ships have fixed ids; those that people make begin at 1000.
namespace object_ids {
inline constexpr ObjectId customer{1}, order{2}, order_line{3}, ticket{4}, node{5}, identity_decision{6}, identifier{7},
    conflict{8}, note{10};
inline constexpr ObjectId company{20}, user{21}, token{22}, source{23}, import{24}, identity_policy{25},
    backup_settings{30}, survivorship{32}, saved_list{33}, fetch_settings{34};
} // namespace object_ids

enum class Op { create, update, delete_ };

// Who made a group of changes, when and because of what.
struct Author {
    Principal principal;
    Instant at;
    std::string cause_kind; // "request", "import", "event"
    std::string cause_id;
};

struct Entry {
    ObjectId object;
    std::int64_t record = 0;
    std::int64_t version = 1;
    Op op = Op::create;
    // Of a record: all its values by field id ("12": …). Of a setting (company, user, token, source): by name. A
    // created record has no before.
    std::optional<boost::json::object> before;
    std::optional<boost::json::object> after;
};

struct Change {
    std::int64_t seq = 0;
    Instant at;
    std::string principal, cause_kind, cause_id;
    Entry entry;
};

const store::Schema& schema();

// All entries of one call share a `tx`.
Result<> append(store::Session& session, const Author& author, const std::vector<Entry>& entries);

// The changes behind `seq`, oldest first.
Result<std::vector<Change>> list_behind(store::Session& session, std::int64_t seq, int limit);
// Those of one record before `seq`, the newest first.
Result<std::vector<Change>> list_of(
    store::Session& session, ObjectId object, std::int64_t record, std::int64_t seq, int limit);
Result<std::int64_t> newest(store::Session& session);

} // namespace onefold::change
