#include "house/uses.h"

#include "import/map_fields.h"
#include "saved_list/saved_list.h"
#include "survivorship/survivorship.h"

namespace onefold::house {
namespace {

using field_use::Kind;
using field_use::Part;
using field_use::UsedIn;

LocalText words_of(survivorship::Rule rule) {
    using survivorship::Rule;
    switch (rule) {
    case Rule::trusted:
        return {"The most trusted source, then the newest", "最可信的来源，其次取最新"};
    case Rule::newest:
        return {"Whatever was said last", "最新的值"};
    case Rule::oldest:
        return {"Whatever was said first", "最早的值"};
    case Rule::most_frequent:
        return {"What most records say", "多数记录的值"};
    case Rule::longest:
        return {"The most complete value", "最完整的值"};
    case Rule::sources:
        return {"Only named sources, in their order", "仅取指定来源（按顺序）"};
    }
    return {"The most trusted source, then the newest", "最可信的来源，其次取最新"};
}

LocalText words_of(import::Kind kind) {
    switch (kind) {
    case import::Kind::customer:
        return {"customers", "客户"};
    case import::Kind::order:
        return {"orders", "订单"};
    case import::Kind::ticket:
        return {"tickets", "工单"};
    case import::Kind::event:
        return {"events", "事件"};
    }
    return {"customers", "客户"};
}

// Fields whose rule is not the usual one.
Result<std::vector<UsedIn>> find_rules(store::Session& session, const Caller& caller, std::optional<FieldId> field) {
    std::vector<UsedIn> found;
    const auto stored = TRY(survivorship::get(session));
    for (const auto& [id, rule] : stored.policy.fields)
        if (!field || *field == id)
            found.push_back({Kind::survivorship,
                field_use::Place{std::string(words_of(rule.rule).in(caller.locale)), "/survivorship"},
                {{id, Part::rule}}});
    return found;
}

} // namespace

std::vector<field_use::Finder> field_use_finders(const source::Sources& sources) {
    const auto find_maps = [&sources](store::Session& session, const Caller& caller,
                               std::optional<FieldId> field) -> Result<std::vector<UsedIn>> {
        std::vector<UsedIn> found;
        for (const auto& map : TRY(import::list_remembered_maps(session))) {
            const auto source = sources.get(map.source);
            if (!source || (field && !map.fields.contains(*field)))
                continue;
            UsedIn used{Kind::import_map,
                field_use::Place{fmt::format("{} · {}", source->name, words_of(map.kind).in(caller.locale)),
                    fmt::format("/sources/{}", map.source.value)},
                {}};
            for (const FieldId id : map.fields)
                used.uses.insert({id, Part::map});
            found.push_back(std::move(used));
        }
        return found;
    };
    return {saved_list::find_uses, find_rules, find_maps};
}

} // namespace onefold::house
