#include "customer/values.h"
#include "http/bind.h"

namespace onefold::identity {
BOOST_DESCRIBE_ENUM(Strength, strong, joining, weak)
BOOST_DESCRIBE_ENUM(Joins, persons, organisations, either)
BOOST_DESCRIBE_ENUM(Kept, value, masked, digest)
BOOST_DESCRIBE_ENUM(Writing, text, digits)
} // namespace onefold::identity

namespace onefold::customer {
namespace {

// 0: no limit.
struct LimitsView {
    std::int64_t strong_beside, records;
};
BOOST_DESCRIBE_STRUCT(LimitsView, (), (strong_beside, records))

struct TypeView {
    std::string code;
    LocalText label;
    bool is_built_in, is_joining;
    identity::Strength strength;
    identity::Joins joins;
    bool is_scoped;
    identity::Kept kept;
    identity::Writing written;
    bool is_case_folded;
    std::string pattern;
    LocalText pattern_message;
    std::int64_t length_min, length_max;
    LimitsView limits;
};
BOOST_DESCRIBE_STRUCT(TypeView, (),
    (code, label, is_built_in, is_joining, strength, joins, is_scoped, kept, written, is_case_folded, pattern,
        pattern_message, length_min, length_max, limits))

struct PolicyAnswer {
    std::int64_t version;
    std::vector<TypeView> types;
    std::optional<std::string> by, by_name, reason;
    std::optional<Instant> at;
    bool is_sweeping;
};
BOOST_DESCRIBE_STRUCT(PolicyAnswer, (), (version, types, by, by_name, reason, at, is_sweeping))

// What is left out stays as it is; of a new type, as it is mostly wanted.
struct TypeInput {
    std::string code;
    std::optional<LocalText> label;
    std::optional<bool> is_joining;
    std::optional<identity::Strength> strength;
    std::optional<identity::Joins> joins;
    std::optional<bool> is_scoped;
    std::optional<identity::Kept> kept;
    std::optional<identity::Writing> written;
    std::optional<bool> is_case_folded;
    std::optional<std::string> pattern;
    std::optional<LocalText> pattern_message;
    std::optional<std::int64_t> length_min, length_max;
    std::optional<LimitsView> limits;
};
BOOST_DESCRIBE_STRUCT(TypeInput, (),
    (code, label, is_joining, strength, joins, is_scoped, kept, written, is_case_folded, pattern, pattern_message,
        length_min, length_max, limits))

struct SetPolicy {
    std::int64_t if_match;
    std::vector<TypeInput> types;
    std::optional<std::string> reason;
    static http::Rules rules() { return {{.member = "types", .length_max = 100}}; }
};
BOOST_DESCRIBE_STRUCT(SetPolicy, (), (if_match, types, reason))

struct GetPolicy {};
BOOST_DESCRIBE_STRUCT(GetPolicy, (), ())

struct ListPolicies {
    std::optional<std::int64_t> before, limit;
    static http::Rules rules() {
        return {{.member = "limit", .minimum = 1, .maximum = 200}, {.member = "before", .minimum = 0}};
    }
};
BOOST_DESCRIBE_STRUCT(ListPolicies, (), (before, limit))

struct PolicyVersion {
    std::int64_t number;
    std::vector<TypeView> types;
    std::optional<std::string> by, reason;
    std::optional<Instant> at;
};
BOOST_DESCRIBE_STRUCT(PolicyVersion, (), (number, types, by, reason, at))

struct PolicyVersions {
    std::vector<PolicyVersion> items;
};
BOOST_DESCRIBE_STRUCT(PolicyVersions, (), (items))

std::optional<std::string> text_or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

std::vector<TypeView> views_of(const identity::Policy& policy) {
    std::vector<TypeView> views;
    for (const auto& type : policy.types) {
        const auto& rules = type.spelling;
        views.push_back({type.code, type.label, type.is_built_in, type.is_joining, type.strength, type.joins,
            type.is_scoped, type.kept, rules.written, rules.is_case_folded, rules.pattern, rules.pattern_message,
            rules.length_min, rules.length_max, {type.limits.strong_beside_max, type.limits.records_max}});
    }
    return views;
}

PolicyAnswer view_of(const PolicyView& view) {
    const auto& [version, policy, by, reason, at] = view.policy;
    const auto name = view.names.find(by);
    return {version, views_of(policy), text_or_null(by),
        name == view.names.end() ? std::nullopt : std::optional(name->second), text_or_null(reason),
        version == 0 ? std::nullopt : std::optional(at), view.is_sweeping};
}

identity::TypePolicy type_of(const TypeInput& input, const identity::Policy& known) {
    const auto found = std::ranges::find(known.types, input.code, &identity::TypePolicy::code);
    identity::TypePolicy type;
    type.code = input.code;
    if (found != known.types.end())
        type = *found;
    const auto take = [](auto& into, const auto& said) {
        if (said)
            into = *said;
    };
    take(type.label, input.label);
    take(type.is_joining, input.is_joining);
    take(type.strength, input.strength);
    take(type.joins, input.joins);
    take(type.is_scoped, input.is_scoped);
    take(type.kept, input.kept);
    take(type.spelling.written, input.written);
    take(type.spelling.is_case_folded, input.is_case_folded);
    take(type.spelling.pattern, input.pattern);
    take(type.spelling.pattern_message, input.pattern_message);
    take(type.spelling.length_min, input.length_min);
    take(type.spelling.length_max, input.length_max);
    if (input.limits)
        type.limits = {input.limits->strong_beside, input.limits->records};
    return type;
}

} // namespace

void Values::add_policy_routes(http::Contract& contract) {
    using http::Method;
    contract.add<GetPolicy, PolicyAnswer>(
        {Method::get, "/api/v1/identity/policy", "identity_policy.get", http::may_read, http::not_audited,
            {"The types of identifiers and their limits, as they are in force", "现行的标识类型与上限"}},
        [this](const Caller&, const GetPolicy&) -> Result<PolicyAnswer> { return view_of(TRY(policy())); });
    contract.add<SetPolicy, PolicyAnswer>(
        {Method::put, "/api/v1/identity/policy", "identity_policy.update", http::may_administer,
            http::audited{"identity_policy.update"},
            {"Add types of identifiers, retire them, change limits; customers follow in the background",
                "增加或停用标识类型、更改上限；客户随后在后台重新归并"}},
        [this](const Caller& caller, const SetPolicy& request) -> Result<PolicyAnswer> {
            const auto known = TRY(policy()).policy.policy;
            identity::Policy next;
            for (const TypeInput& input : request.types)
                next.types.push_back(type_of(input, known));
            return view_of(TRY(set_policy(caller, request.if_match, next, request.reason.value_or(""))));
        });
    contract.add<ListPolicies, PolicyVersions>(
        {Method::get, "/api/v1/identity/policy/versions", "identity_policy.versions", http::may_read, http::not_audited,
            {"Every version of the policy, the newest first", "策略的各个版本（最新在前）"}},
        [this](const Caller&, const ListPolicies& request) -> Result<PolicyVersions> {
            PolicyVersions answer;
            for (const auto& [version, policy, by, reason, at] :
                TRY(policies(request.before.value_or(INT64_MAX), int(request.limit.value_or(20)))))
                answer.items.push_back({version, views_of(policy), text_or_null(by), text_or_null(reason),
                    version == 0 ? std::nullopt : std::optional(at)});
            return answer;
        });
}

} // namespace onefold::customer
