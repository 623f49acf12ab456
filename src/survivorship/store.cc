#include "survivorship/survivorship.h"

namespace onefold::survivorship {

Result<Stored> get(store::Session& session) {
    const auto found = TRY(session.find("SELECT version, rules FROM survivorship WHERE id = 1", {},
        [](const store::Row& row) { return std::pair(row.integer(0), std::string(row.text(1))); }));
    VERIFY(found);
    if (found->second == "{}")
        return Stored{found->first, {}};
    return Stored{found->first, policy_of(found->second)};
}

Result<Stored> update(
    store::Session& session, const change::Author& author, std::int64_t version, const Policy& policy) {
    const Stored before = TRY(get(session));
    if (before.version != version)
        return fail(ErrorKind::precondition_failed, "survivorship.version_changed",
            {"Somebody else changed the rules in the meantime. Nothing was saved; load them again and repeat your "
             "change.",
                "其他人刚刚修改过规则。你的修改未保存，请重新加载后再改。"});
    const Stored after{version + 1, policy};
    TRY(copy(session, after));
    const auto values = [](const Stored& stored) {
        return boost::json::object{{"rules", boost::json::parse(json_of(stored.policy))}};
    };
    TRY(change::append(session, author,
        {{change::object_ids::survivorship, 1, after.version, change::Op::update, values(before), values(after)}}));
    return after;
}

Result<> copy(store::Session& session, const Stored& stored) {
    TRY(session.execute(
        "UPDATE survivorship SET version = $1, rules = $2 WHERE id = 1", {stored.version, json_of(stored.policy)}));
    return {};
}

} // namespace onefold::survivorship
