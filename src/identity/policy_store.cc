#include "identity/policy.h"

#include <boost/json.hpp>
#include <set>

namespace onefold::identity {
namespace {

StoredPolicy policy_in(const store::Row& row) {
    return {row.integer(0), policy_of(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
        instant_of(row.integer(4))};
}

// Types of which the same claims may give other customers than before.
std::set<std::string> types_between(const Policy& before, const Policy& after) {
    std::set<std::string> codes;
    for (const TypePolicy& type : after.types) {
        const auto known = std::ranges::find(before.types, type.code, &TypePolicy::code);
        if (known != before.types.end() && (known->is_joining != type.is_joining || known->strength != type.strength))
            codes.insert(type.code);
    }
    return codes;
}

// From the first identifier on, whatever an earlier sweep had not come to.
Result<> begin_sweep(store::Session& session, std::set<std::string> types) {
    const auto unfinished = TRY(session.find("SELECT types FROM identity_sweep WHERE id = 1", {},
        [](const store::Row& row) { return std::string(row.text(0)); }));
    if (unfinished) {
        const auto parsed = boost::json::parse(*unfinished);
        for (const auto& code : parsed.as_array())
            types.insert(std::string(std::string_view(code.as_string())));
    }
    boost::json::array codes;
    for (const std::string& code : types)
        codes.push_back(boost::json::value(code));
    TRY(session.execute("INSERT INTO identity_sweep (id, position, types) VALUES (1, 0, $1) ON CONFLICT (id) DO UPDATE "
                        "SET position = 0, types = excluded.types",
        {boost::json::serialize(codes)}));
    return {};
}

} // namespace

Result<StoredPolicy> read_policy(store::Session& session) {
    auto stored = TRY(session.find("SELECT version, policy, made_by, reason, at FROM identity_policy ORDER BY version "
                                   "DESC LIMIT 1",
        {}, policy_in));
    return stored ? std::move(*stored) : StoredPolicy{0, default_policy(), {}, {}, {}};
}

Result<std::vector<StoredPolicy>> list_policies(store::Session& session, std::int64_t before, int limit) {
    auto list = TRY(session.list("SELECT version, policy, made_by, reason, at FROM identity_policy WHERE version < $1 "
                                 "ORDER BY version DESC LIMIT $2",
        {before, std::int64_t(limit)}, policy_in));
    if (before > 0 && list.size() < std::size_t(limit))
        list.push_back({0, default_policy(), {}, {}, {}});
    return list;
}

Result<StoredPolicy> write_policy(
    store::Session& session, std::int64_t seen, const Policy& next, const Say& say, Instant since) {
    const StoredPolicy before = TRY(read_policy(session));
    if (before.version != seen)
        return fail(ErrorKind::precondition_failed, "identity.policy_changed",
            {"Somebody has changed the policy since you opened it. Nothing was changed; open it again.",
                "打开之后已有人更改了策略。未做任何更改；请重新打开。"});
    const Policy policy = TRY(revised(before.policy, next, since));
    const StoredPolicy after{before.version + 1, policy, say.by, say.reason, say.at};
    TRY(session.execute(
        "INSERT INTO identity_policy (version, policy, made_by, reason, at) VALUES ($1, $2, $3, $4, $5)",
        {after.version, json_of(policy), say.by, say.reason, micros_of(say.at)}));
    TRY(begin_sweep(session, types_between(before.policy, policy)));
    return after;
}

Result<StoredPolicy> postpone_types(store::Session& session, Instant from, Instant since) {
    StoredPolicy stored = TRY(read_policy(session));
    for (TypePolicy& type : stored.policy.types)
        if (!type.is_built_in && type.since == micros_of(from))
            type.since = micros_of(since);
    TRY(session.execute(
        "UPDATE identity_policy SET policy = $1 WHERE version = $2", {json_of(stored.policy), stored.version}));
    return stored;
}

} // namespace onefold::identity
