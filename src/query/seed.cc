#include "query/condition.h"
#include "query/query.h"

#include <fmt/format.h>

namespace onefold::query {
namespace {

// The field with steps of which this demands that one of its values is one of these.
const FieldEntry* demanded(const ObjectEntry& object, const formula::Expression& demand) {
    const auto* call = std::get_if<formula::Call>(&demand.part);
    if (!call || (call->op != formula::Operator::equal && call->op != formula::Operator::in) || call->args.size() < 2)
        return nullptr;
    const auto* named = std::get_if<formula::Field>(&call->args.front().part);
    if (!named || named->path.size() != 1)
        return nullptr;
    const auto found = std::ranges::find(object.fields, named->path.front(), &FieldEntry::code);
    return found == object.fields.end() || found->steps.empty() ? nullptr : &*found;
}

Result<Compiled> seed_of(const Query& query, const FieldEntry& field, const formula::Expression& demand,
    store::Dialect dialect, std::int64_t most) {
    Binds binds(dialect, query.now);
    std::string from, whose, at;
    for (const Step& step : field.steps) {
        const std::string alias = binds.next_alias();
        const std::string table = fmt::format("{} AS {}", quoted(step.table), alias);
        if (from.empty()) {
            from = table;
            whose = qualified(alias, step.key);
        } else {
            from += fmt::format(" JOIN {} ON {} = {}", table, qualified(alias, step.key), at);
        }
        at = qualified(alias, step.next.empty() ? field.column : step.next);
    }
    const Operand value = operand_of(field, IsKey::no, at);
    const auto condition = TRY(condition_of(
        demand, [&](const std::vector<std::string>&, const std::string&) -> Result<Operand> { return value; }, binds,
        "/filter"));
    Compiled compiled;
    compiled.sql = fmt::format("SELECT {} FROM {} WHERE {} LIMIT {}", whose, from, condition, binds.add(most));
    compiled.values = binds.take();
    return compiled;
}

} // namespace

Result<std::vector<Compiled>> compile_seeds(
    const Query& query, const Catalogue& catalogue, store::Dialect dialect, std::int64_t most) {
    std::vector<Compiled> seeds;
    const ObjectEntry* object = catalogue.find_object(query.object);
    if (!object || !query.filter)
        return seeds;
    std::vector<const formula::Expression*> demands{&*query.filter};
    while (!demands.empty()) {
        const auto& demand = *demands.back();
        demands.pop_back();
        const auto* call = std::get_if<formula::Call>(&demand.part);
        if (call && call->op == formula::Operator::and_)
            for (const auto& arg : call->args)
                demands.push_back(&arg);
        else if (const auto* field = demanded(*object, demand))
            seeds.push_back(TRY(seed_of(query, *field, demand, dialect, most)));
    }
    return seeds;
}

} // namespace onefold::query
