#include "core/text.h"
#include "object/shipped.h"
#include "survivorship/survivorship.h"

#include <set>

namespace onefold::survivorship {
namespace {

Failure wrong(std::string_view code, std::size_t at, std::string_view member, LocalText message) {
    return fail(
        ErrorKind::invalid, code, message, {{fmt::format("/fields/{}/{}", at, member), std::string(code), message}});
}

Result<std::vector<SourceId>> sources_of(const WrittenRule& rule, std::size_t at,
    const std::function<std::optional<SourceId>(std::string_view)>& find_source) {
    std::vector<SourceId> sources;
    for (const std::string& name : rule.sources) {
        const auto source = find_source(name);
        if (!source)
            return wrong("survivorship.bad_sources", at, "sources",
                {fmt::format("There is no source “{}”. Nothing was changed.", beginning_of(name, 64)),
                    fmt::format("没有来源“{}”。未做任何更改。", beginning_of(name, 64))});
        if (std::ranges::find(sources, *source) == sources.end())
            sources.push_back(*source);
    }
    const bool is_named = rule.rule == to_string(Rule::sources);
    if (is_named == sources.empty() || sources.size() > sources_max)
        return wrong("survivorship.bad_sources", at, "sources",
            {fmt::format(
                 "The rule “only from named sources” needs 1 to {} sources, and no other rule takes any. Nothing "
                 "was changed.",
                 sources_max),
                fmt::format("“仅取指定来源”须指定 1 至 {} 个来源，其他规则不能指定来源。未做任何更改。", sources_max)});
    return sources;
}

} // namespace

Result<Policy> policy_written(const std::vector<WrittenRule>& written,
    const std::function<std::optional<SourceId>(std::string_view)>& find_source) {
    Policy policy;
    std::set<std::string_view> seen;
    for (std::size_t at = 0; at < written.size(); ++at) {
        const WrittenRule& one = written[at];
        const auto* field = object::find_golden_field(one.field);
        if (!field || !seen.insert(one.field).second)
            return wrong("survivorship.unknown_field", at, "field",
                {fmt::format(
                     "“{}” is no field, or stands here twice. Nothing was changed.", beginning_of(one.field, 64)),
                    fmt::format("没有字段“{}”，或该字段重复。未做任何更改。", beginning_of(one.field, 64))});
        const auto rule = rule_named(one.rule);
        if (!rule)
            return wrong("survivorship.unknown_rule", at, "rule",
                {fmt::format("There is no rule “{}”; there are trusted, newest, oldest, most_frequent, longest and "
                             "sources. Nothing was changed.",
                     beginning_of(one.rule, 64)),
                    fmt::format(
                        "没有规则“{}”；可选：trusted、newest、oldest、most_frequent、longest、sources。未做任何更改。",
                        beginning_of(one.rule, 64))});
        FieldRule wanted{*rule, TRY(sources_of(one, at, find_source)), one.is_verified_first};
        if (wanted != FieldRule{})
            policy.fields[field->id] = std::move(wanted);
    }
    return policy;
}

std::vector<WrittenRule> written(const Policy& policy, const SourceName& source_name) {
    std::vector<WrittenRule> all;
    for (const object::GoldenField& field : object::golden_fields()) {
        const FieldRule& rule = policy.of(field.id);
        WrittenRule one{std::string(field.code), std::string(to_string(rule.rule)), {}, rule.is_verified_first};
        for (const SourceId source : rule.sources)
            one.sources.push_back(source_name(source));
        all.push_back(std::move(one));
    }
    return all;
}

} // namespace onefold::survivorship
