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

// Records that are looked up one by one; of related records only their owners are left to look up.
constexpr std::int64_t values_max = 5000, owners_max = 20'000;

Result<Seed> seed_of(
    const Query& query, const FieldEntry& field, const formula::Expression& demand, store::Dialect dialect) {
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
    compiled.sql =
        fmt::format("SELECT {} FROM {} WHERE {} LIMIT {}", whose, from, condition, binds.add(values_max + 1));
    compiled.values = binds.take();
    return Seed{std::move(compiled), values_max};
}

// At least so many of these records must meet the condition.
struct Needed {
    const RecordsEntry* records = nullptr;
    const formula::Expression* condition = nullptr;
    std::int64_t least = 1;
};

// The least whole number that compares so with this one, which is not below zero.
std::int64_t least_count(const Decimal& bound, formula::Operator op) {
    const auto up = bound.rounded(0, Decimal::Rounding::up);
    const auto whole = up ? up->scaled(0) : Result<std::int64_t>(1);
    const bool is_beyond = op == formula::Operator::greater && bound.places() == 0;
    return std::clamp<std::int64_t>(whole ? *whole : 1, 0, INT32_MAX) + (is_beyond ? 1 : 0);
}

// COUNT(orders, …) >= 2, ANY(orders, …)
Needed needed(const ObjectEntry& object, const formula::Expression& demand) {
    using formula::Operator;
    std::int64_t least = 1;
    const auto* call = std::get_if<formula::Call>(&demand.part);
    if (call && (call->op == Operator::greater || call->op == Operator::greater_equal || call->op == Operator::equal)) {
        const auto* bound = std::get_if<formula::Literal>(&call->args[1].part);
        const auto* number = bound ? std::get_if<Decimal>(bound) : nullptr;
        const bool is_some = number && !number->is_negative() && (!number->is_zero() || call->op == Operator::greater);
        least = is_some ? least_count(*number, call->op) : 1;
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
    return found == object.records.end() ? Needed{} : Needed{&*found, &call->args[1], least};
}

// Those to whom such records belong.
Result<Seed> owners_of(const Query& query, const Catalogue& catalogue, const Needed& need, store::Dialect dialect) {
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
    // SQLite shall begin at the condition, not walk everybody in the order of the groups.
    compiled.sql = fmt::format("SELECT +{} FROM {}{} WHERE {}", whose, from, scope.joins(), condition);
    if (need.least > 1)
        compiled.sql += fmt::format(" GROUP BY +{} HAVING COUNT(*) >= {}", whose, binds.add(need.least));
    const std::int64_t most = need.least > 1 ? owners_max : values_max;
    compiled.sql += fmt::format(" LIMIT {}", binds.add(most + 1));
    compiled.values = binds.take();
    return Seed{std::move(compiled), most};
}

} // namespace

Result<std::vector<Seed>> compile_seeds(const Query& query, const Catalogue& catalogue, store::Dialect dialect) {
    std::vector<Seed> seeds;
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
            seeds.push_back(TRY(seed_of(query, *field, demand, dialect)));
        else if (const auto need = needed(*object, demand); need.records)
            if (auto owners = owners_of(query, catalogue, need, dialect)) // else it is of the object's own fields
                seeds.push_back(std::move(*owners));
    }
    return seeds;
}

} // namespace onefold::query
