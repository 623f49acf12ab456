#pragma once
// By which rules golden values are chosen, and where sources disagree: what is stored of both.
#include "change/change.h"
#include "http/contract.h"
#include "store/store.h"
#include "survivorship/fold.h"
#include "survivorship/policy.h"

namespace onefold::survivorship {

const store::Schema& schema();

struct Stored {
    std::int64_t version = 1;
    Policy policy;
};
Result<Stored> get(store::Session& session);
// survivorship.version_changed where `version` is not the present one.
Result<Stored> update(
    store::Session& session, const change::Author& author, std::int64_t version, const Policy& policy);
// As another database has it.
Result<> copy(store::Session& session, const Stored& stored);

// ---- conflicts between sources: one row a customer and field, only where there is one ----

struct Conflicts {
    CustomerId customer;
    std::vector<GoldenValue> golden; // all of the customer
};
// After these customers were folded. What somebody left stays left until a source says something else.
Result<> write_conflicts(store::Session& session, const std::vector<Conflicts>& folded, Instant now);
// Of customers that are no more.
Result<> forget_conflicts(store::Session& session, const std::vector<CustomerId>& customers);

using ConflictId = Id<struct ConflictNoun>;
enum class Attention { left, open };
// survivorship.no_such_conflict; survivorship.conflict_changed where `version` is not the present one.
Result<> attend(
    store::Session& session, const change::Author& author, ConflictId id, std::int64_t version, Attention attention);

// Lists, counts and attention, under /api/v1/quality/conflicts.
using SourceName = std::function<std::string(SourceId)>;
void add_conflict_routes(
    http::Contract& contract, store::Database& database, const runtime::Outside& outside, SourceName source_name);

// ---- how a policy is written, in routes ----

struct WrittenRule {
    std::string field, rule;
    std::vector<std::string> sources; // names, the best first
    bool is_verified_first = false;
};
// survivorship.unknown_field, survivorship.unknown_rule, survivorship.bad_sources, with pointers below /fields.
Result<Policy> policy_written(const std::vector<WrittenRule>& written,
    const std::function<std::optional<SourceId>(std::string_view)>& find_source);
// One a golden field, in their order.
std::vector<WrittenRule> written(const Policy& policy, const SourceName& source_name);

} // namespace onefold::survivorship
