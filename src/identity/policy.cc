#include "identity/policy.h"

#include "core/text.h"
#include "identity/types.h"

#include <boost/json.hpp>
#include <set>

namespace onefold::identity {
namespace {

constexpr std::size_t types_max = 100, label_code_points_max = 60, code_bytes_max = 32, pattern_bytes_max = 200;
constexpr std::int64_t limit_max = 1000;

template <class Named>
Named named(std::string_view name, std::initializer_list<Named> all) {
    for (const Named one : all)
        if (to_string(one) == name)
            return one;
    return *all.begin();
}

TypePolicy policy_of(const IdentifierType& type) {
    TypePolicy policy{std::string(type.code), type.label, true, type.is_joining, type.strength, type.joins,
        type.is_scoped, Kept::value, {}, type.limits};
    policy.kept = type.is_digest_only ? Kept::digest : type.is_secret ? Kept::masked : Kept::value;
    return policy;
}

bool is_code(std::string_view code) {
    return !code.empty() && code.size() <= code_bytes_max && code.front() >= 'a' && code.front() <= 'z' &&
           std::ranges::all_of(
               code, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// What is wrong with one type of a policy.
class TypeCheck {
  public:
    TypeCheck(std::size_t place, const TypePolicy& type) : path_(fmt::format("/types/{}", place)), type_(type) {}

    std::vector<FieldError> built_in(const TypePolicy& shipped) {
        TypePolicy allowed = shipped;
        allowed.is_joining = type_.is_joining;
        allowed.limits = type_.limits;
        if (allowed != type_)
            wrong("", {"Of a type that Onefold ships only its limits and whether it joins can be changed.",
                          "内置类型只能更改上限和是否参与合并。"});
        limits();
        return std::move(errors_);
    }
    std::vector<FieldError> added(const TypePolicy* before) {
        if (!is_code(type_.code))
            wrong("/code", {"A code has 1 to 32 small letters, digits and underscores, and begins with a letter.",
                               "代码由 1 到 32 个小写字母、数字和下划线组成，以字母开头。"});
        for (const std::string_view locale : {"en", "zh-CN"})
            if (const auto text = trimmed(type_.label.in(locale));
                text.empty() || length_of(text) > label_code_points_max)
                wrong("/label",
                    {"A label has 1 to 60 characters in each language.", "各语言的名称须为 1 到 60 个字符。"});
        spelling();
        limits();
        if (before && is_read_otherwise(*before))
            wrong("",
                {"How values of a type are kept, written and scoped and whom they join cannot be changed: what is "
                 "stored would not be found any more. Retire the type and add another.",
                    "标识的保存方式、书写方式、范围和适用对象不能更改，否则已存储的值将无法找到。请停用该类型并另加新类"
                    "型。"});
        return std::move(errors_);
    }

  private:
    bool is_read_otherwise(const TypePolicy& before) const {
        SpellingRules rules = type_.spelling;
        rules.pattern_message = before.spelling.pattern_message; // what people read may become clearer
        return before.is_scoped != type_.is_scoped || before.kept != type_.kept || before.joins != type_.joins ||
               before.spelling != rules;
    }
    void spelling() {
        const SpellingRules& rules = type_.spelling;
        if (rules.length_min < 1 || rules.length_max < rules.length_min || rules.length_max > 200)
            wrong("/length_max",
                {"Lengths are 1 to 200, the least first.", "长度须在 1 到 200 之间，且最小值不大于最大值。"});
        if (rules.pattern.size() > pattern_bytes_max)
            wrong("/pattern", {"A pattern has at most 200 bytes.", "正则表达式最多 200 字节。"});
        else if (const auto made = make_spelling(rules); !made)
            wrong("/pattern", made.error().message);
    }
    void limits() {
        const auto& [strong_beside, records] = type_.limits;
        for (const auto& [limit, name] :
            {std::pair(strong_beside, "/limits/strong_beside"), std::pair(records, "/limits/records")})
            if (limit < 0 || limit > limit_max)
                wrong(name, {"A limit is 0 (none) to 1,000.", "上限须在 0（不限）到 1000 之间。"});
    }
    void wrong(std::string_view member, LocalText message) {
        errors_.push_back({path_ + std::string(member), "identity.bad_policy", std::move(message)});
    }

    const std::string path_;
    const TypePolicy& type_;
    std::vector<FieldError> errors_;
};

const TypePolicy* find(const Policy& policy, std::string_view code) {
    const auto found = std::ranges::find(policy.types, code, &TypePolicy::code);
    return found == policy.types.end() ? nullptr : &*found;
}

boost::json::object json_of(const LocalText& text) {
    boost::json::object json;
    for (const auto& [locale, words] : text.texts())
        json[locale] = words;
    return json;
}

LocalText text_of(const boost::json::value& json) {
    LocalText text;
    for (const auto& [locale, words] : json.as_object())
        text.set(locale, std::string_view(words.as_string()));
    return text;
}

} // namespace

std::string_view to_string(Strength strength) {
    return strength == Strength::strong ? "strong" : strength == Strength::joining ? "joining" : "weak";
}
std::string_view to_string(Joins joins) {
    return joins == Joins::persons ? "persons" : joins == Joins::organisations ? "organisations" : "either";
}
std::string_view to_string(Kept kept) {
    return kept == Kept::value ? "value" : kept == Kept::masked ? "masked" : "digest";
}
std::string_view to_string(Writing written) {
    return written == Writing::text ? "text" : "digits";
}

Policy default_policy() {
    Policy policy;
    for (const IdentifierType& type : built_in_types())
        policy.types.push_back(policy_of(type));
    return policy;
}

Result<Policy> revised(const Policy& before, const Policy& next, Instant since) {
    std::vector<FieldError> errors;
    std::set<std::string_view> codes;
    Policy policy = default_policy();
    const std::size_t built_in = policy.types.size();
    for (std::size_t i = 0; i < built_in; ++i)
        if (const TypePolicy* known = find(before, policy.types[i].code))
            policy.types[i] = *known;
    for (std::size_t i = 0; i < next.types.size(); ++i) {
        TypePolicy type = next.types[i];
        const auto shipped = std::ranges::find(policy.types, type.code, &TypePolicy::code);
        const TypePolicy* known = find(before, type.code);
        type.is_built_in = shipped != policy.types.end() && shipped->is_built_in;
        type.since = type.is_built_in ? 0 : known ? known->since : micros_of(since);
        TypeCheck check(i, type);
        const auto wrong = type.is_built_in ? check.built_in(*shipped) : check.added(known);
        errors.insert(errors.end(), wrong.begin(), wrong.end());
        if (!codes.insert(next.types[i].code).second)
            errors.push_back(
                {fmt::format("/types/{}/code", i), "identity.bad_policy", {"This code is there twice.", "代码重复。"}});
        else if (type.is_built_in)
            *shipped = std::move(type);
        else
            policy.types.push_back(std::move(type));
    }
    for (const TypePolicy& type : before.types)
        if (!type.is_built_in && !codes.contains(type.code))
            policy.types.push_back(type);
    if (policy.types.size() > types_max)
        errors.push_back({"/types", "identity.bad_policy",
            {fmt::format("There are at most {} types.", types_max), fmt::format("最多 {} 种类型。", types_max)}});
    if (!errors.empty())
        return fail(ErrorKind::invalid, "identity.bad_policy",
            {"The policy is not as it must be. Nothing was changed.", "策略填写有误。未做任何更改。"},
            std::move(errors));
    return policy;
}

std::string json_of(const Policy& policy) {
    boost::json::array types;
    for (const TypePolicy& type : policy.types) {
        boost::json::object json{{"code", type.code}, {"is_joining", type.is_joining},
            {"strong_beside_max", type.limits.strong_beside_max}, {"records_max", type.limits.records_max}};
        if (!type.is_built_in) {
            const SpellingRules& rules = type.spelling;
            json["label"] = json_of(type.label);
            json["strength"] = to_string(type.strength);
            json["joins"] = to_string(type.joins);
            json["is_scoped"] = type.is_scoped;
            json["kept"] = to_string(type.kept);
            json["written"] = to_string(rules.written);
            json["is_case_folded"] = rules.is_case_folded;
            json["pattern"] = rules.pattern;
            json["pattern_message"] = json_of(rules.pattern_message);
            json["length_min"] = rules.length_min;
            json["length_max"] = rules.length_max;
            json["since"] = type.since;
        }
        types.push_back(std::move(json));
    }
    return boost::json::serialize(boost::json::object{{"types", std::move(types)}});
}

Policy policy_of(std::string_view json) {
    const auto text = [](const boost::json::object& in, std::string_view name) {
        return std::string(std::string_view(in.at(name).as_string()));
    };
    Policy policy = default_policy();
    const auto parsed = boost::json::parse(json);
    for (const auto& entry : parsed.at("types").as_array()) {
        const boost::json::object& said = entry.as_object();
        const std::string code = text(said, "code");
        auto found = std::ranges::find(policy.types, code, &TypePolicy::code);
        if (found == policy.types.end()) {
            if (!said.contains("label")) // one that this program does not ship any more
                continue;
            SpellingRules rules{named(text(said, "written"), {Writing::text, Writing::digits}),
                said.at("is_case_folded").as_bool(), text(said, "pattern"), text_of(said.at("pattern_message")),
                said.at("length_min").as_int64(), said.at("length_max").as_int64()};
            TypePolicy added{code, text_of(said.at("label")), false, true,
                named(text(said, "strength"), {Strength::strong, Strength::joining, Strength::weak}),
                named(text(said, "joins"), {Joins::persons, Joins::organisations, Joins::either}),
                said.at("is_scoped").as_bool(), named(text(said, "kept"), {Kept::value, Kept::masked, Kept::digest}),
                std::move(rules), {}, said.at("since").as_int64()};
            found = policy.types.insert(policy.types.end(), std::move(added));
        }
        found->is_joining = said.at("is_joining").as_bool();
        found->limits = {said.at("strong_beside_max").as_int64(), said.at("records_max").as_int64()};
    }
    return policy;
}

Result<> install(const Policy& policy) {
    std::vector<IdentifierType> types;
    for (const TypePolicy& type : policy.types) {
        IdentifierType one{type.code, type.label, type.strength, type.joins, type.is_scoped, type.kept != Kept::value,
            type.limits, type.kept == Kept::digest, type.is_joining, {}};
        if (!type.is_built_in)
            one.spelling = TRY(make_spelling(type.spelling));
        one.since = type.since;
        types.push_back(std::move(one));
    }
    install_types(types);
    return {};
}

} // namespace onefold::identity
