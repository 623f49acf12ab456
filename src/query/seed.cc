#include "query/condition.h"
#include "query/query.h"
#include "query/scope.h"

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

// At least one of these records must meet the condition, if there is one.
struct Needed {
    const RecordsEntry* records = nullptr;
    const formula::Expression* condition = nullptr;
};

// COUNT(orders, …) >= 2, ANY(orders, …)
Needed needed(const ObjectEntry& object, const formula::Expression& demand) {
    using formula::Operator;
    const auto* call = std::get_if<formula::Call>(&demand.part);
    if (call && (call->op == Operator::greater || call->op == Operator::greater_equal || call->op == Operator::equal)) {
        const auto* least = std::get_if<formula::Literal>(&call->args[1].part);
        const auto* number = least ? std::get_if<Decimal>(least) : nullptr;
        const bool is_some = number && !number->is_negative() && (!number->is_zero() || call->op == Operator::greater);
        call = is_some ? std::get_if<formula::Call>(&call->args[0].part) : nullptr;
        if (call && call->name != "COUNT")
            return {};
    } else if (!call || call->name != "ANY") {
        return {};
    }
    const auto* named = call && call->args.size() == 2 ? std::get_if<formula::Field>(&call->args[0].part) : nullptr;
    if (!named || named->path.size() != 1)
        return {};
    const auto found = std::ranges::find(object.records, named->path.front(), &RecordsEntry::code);
    return found == object.records.end() ? Needed{} : Needed{&*found, &call->args[1]};
}

// Those to whom such a record belongs.
Result<Compiled> owners_of(
    const Query& query, const Catalogue& catalogue, const Needed& need, store::Dialect dialect, std::int64_t most) {
    Binds binds(dialect, query.now);
    std::string from, whose, at, alias;
    for (const Step& step : need.records->steps) {
        alias = binds.next_alias();
        const std::string table = fmt::format("{} AS {}", quoted(step.table), alias);
        from += from.empty() ? table : fmt::format(" JOIN {} ON {} = {}", table, qualified(alias, step.key), at);
        if (whose.empty())
            whose = qualified(alias, step.key);
        at = qualified(alias, step.next);
    }
    const ObjectEntry& target = *catalogue.find_object(need.records->target);
    Scope scope(catalogue, binds, target, alias);
    const Subject subject{catalogue, target, scope.key_sql(), query.zone};
    const auto condition = TRY(condition_of(
        *need.condition,
        [&](const std::vector<std::string>& path, const std::string& where) { return scope.resolve(path, where); },
        binds, "/filter", &subject));
    Compiled compiled;
    compiled.sql =
        fmt::format("SELECT {} FROM {}{} WHERE {} LIMIT {}", whose, from, scope.joins(), condition, binds.add(most));
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
        else if (const auto need = needed(*object, demand); need.records)
            if (auto owners = owners_of(query, catalogue, need, dialect, most)) // else it is of the object's own fields
                seeds.push_back(std::move(*owners));
    }
    return seeds;
}

} // namespace onefold::query
