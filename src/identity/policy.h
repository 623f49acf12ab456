#pragma once
// Who may join whom, as data: the types of identifiers with their limits, in versions. Version 0 is what Onefold ships.
#include "core/time.h"
#include "identity/decision.h"
#include "identity/spelling.h"
#include "store/store.h"

#include <vector>

namespace onefold::identity {

// What is kept of a value: all of it; all, but shown in part; or a digest alone, by which it is found.
enum class Kept { value, masked, digest };

struct TypePolicy {
    std::string code;
    LocalText label;
    bool is_built_in = false;
    bool is_joining = true; // otherwise the type is known, and joins and parts nobody: a retired one
    Strength strength = Strength::joining;
    Joins joins = Joins::persons;
    bool is_scoped = false;
    Kept kept = Kept::value;
    SpellingRules spelling; // of added ones
    FrequencyLimits limits;
    std::int64_t since = 0; // µs; of added ones: messages received before then do not speak of it
    friend bool operator==(const TypePolicy&, const TypePolicy&) = default;
};

struct Policy {
    std::vector<TypePolicy> types; // built-in ones first
    friend bool operator==(const Policy&, const Policy&) = default;
};

struct StoredPolicy {
    std::int64_t version = 0;
    Policy policy;
    std::string by, reason; // "" of version 0
    Instant at;
};

std::string_view to_string(Strength strength);
std::string_view to_string(Joins joins);
std::string_view to_string(Kept kept);
std::string_view to_string(Writing written);

Policy default_policy();

// `next` completed by what it does not name of `before`: of built-in types it may change the limits and whether they
// join; of added ones, which are never left out again, not how values are kept, written and scoped and whom they join,
// because their digests stand and the log must say for ever what it said. New types begin `since`.
// identity.bad_policy with a field for each thing that is wrong.
Result<Policy> revised(const Policy& before, const Policy& next, Instant since = {});

std::string json_of(const Policy& policy);
Policy policy_of(std::string_view json);

// From now on this policy is in force in this program.
Result<> install(const Policy& policy);

// ---- stored ----

Result<StoredPolicy> read_policy(store::Session& session);
// Newest first; version 0 is the last.
Result<std::vector<StoredPolicy>> list_policies(store::Session& session, std::int64_t before, int limit);
// identity.policy_changed where another version than `seen` is in force. What it touches is resolved anew by
// Identity::sweep. New types begin `since`, which must not have passed when they are installed: then what was received
// afterwards is read with them, and nothing else, today and whenever the log is read again.
Result<StoredPolicy> write_policy(
    store::Session& session, std::int64_t seen, const Policy& next, const Say& say, Instant since = {});
// Types that begin at `from` begin at `since` instead.
Result<StoredPolicy> postpone_types(store::Session& session, Instant from, Instant since);

} // namespace onefold::identity
