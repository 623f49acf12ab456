#include "query/scope.h"

#include "query/condition.h"
#include "query/nearest.h"

#include <fmt/format.h>

namespace onefold::query {
namespace {

constexpr int tables_max = 40; // SQLite joins at most 64
constexpr int always_depth_max = 8;

const FieldEntry* find_field(const ObjectEntry& object, std::string_view code) {
    const auto found = std::ranges::find(object.fields, code, &FieldEntry::code);
    return found == object.fields.end() ? nullptr : &*found;
}

std::vector<std::string_view> codes_of(const ObjectEntry& object) {
    std::vector<std::string_view> codes;
    for (const auto& field : object.fields)
        codes.push_back(field.code);
    return codes;
}

IsKey is_key(const ObjectEntry& object, const FieldEntry& field) {
    return &field == &object.fields.front() ? IsKey::yes : IsKey::no;
}

} // namespace

Scope::Scope(const Catalogue& catalogue, Binds& binds, const ObjectEntry& root, std::string alias, int depth)
    : catalogue_(catalogue), binds_(binds), root_(root), alias_(std::move(alias)), depth_(depth) {}

Result<Operand> Scope::resolve(const std::vector<std::string>& path, const std::string& where) {
    Place place{&root_, alias_};
    for (std::size_t i = 0; i < path.size(); ++i) {
        const FieldEntry* field = find_field(*place.object, path[i]);
        const std::vector<std::string> prefix(path.begin(), path.begin() + std::ptrdiff_t(i) + 1);
        if (!field) {
            auto nearest = nearest_of(path[i], codes_of(*place.object));
            if (!nearest.empty() && i > 0)
                nearest = fmt::format("{}.{}", fmt::join(path.begin(), path.begin() + std::ptrdiff_t(i), "."), nearest);
            return unknown_field(where, path, nearest);
        }
        if (i + 1 == path.size())
            return read(place, *field, prefix, where);
        if (field->type != FieldType::relation || !catalogue_.find_object(field->target))
            return unknown_field(where, path, "");
        place = TRY(follow(place, *field, prefix, where));
    }
    return unknown_field(where, path, "");
}

Result<Operand> Scope::read(
    const Place& place, const FieldEntry& field, const std::vector<std::string>& path, const std::string& where) {
    if (!field.steps.empty())
        return many(place, field, where);
    const IsKey key = is_key(*place.object, field);
    if (field.type == FieldType::relation && key == IsKey::no) {
        const ObjectEntry* target = catalogue_.find_object(field.target);
        if (target && target->always) {
            const Place reached = TRY(follow(place, field, path, where));
            ends_[path] = reached.alias;
            return operand_of(field, IsKey::no, qualified(reached.alias, target->key));
        }
        const Cell cell = TRY(link(place, field, path, where));
        ends_[path] = cell.alias;
        return operand_of(field, IsKey::no, cell.sql);
    }
    const Cell cell = TRY(column(place, field, where));
    ends_[path] = cell.alias;
    auto operand = operand_of(field, key, cell.sql);
    operand.is_never_blank = cell.alias == alias_ && (field.is_required || key == IsKey::yes);
    return operand;
}

// The values of every mention are looked for by themselves.
Result<Operand> Scope::many(const Place& place, const FieldEntry& field, const std::string& where) {
    const bool is_bound = !binds_.is_postgres(); // SQLite begins at the record, not at a million rows of the value
    std::string from, last;
    std::string at = qualified(place.alias, place.object->key);
    for (const Step& step : field.steps) {
        const std::string alias = binds_.next_alias();
        const std::string same = fmt::format("{} = {}", qualified(alias, step.key), at);
        const std::string table = fmt::format("{} AS {}", quoted(step.table), alias);
        from += from.empty() ? table : fmt::format(" {}JOIN {} ON {}", is_bound ? "CROSS " : "", table, same);
        if (last.empty())
            last = same;
        at = qualified(alias, step.next.empty() ? field.column : step.next);
    }
    TRY(check_width(where));
    Operand operand = operand_of(field, IsKey::no, at);
    if (is_bound && field.steps.size() == 1)
        operand.sql = "+" + operand.sql;
    operand.each = operand.kind;
    operand.kind = Operand::Kind::many;
    operand.exists = fmt::format("EXISTS (SELECT 1 FROM {} WHERE {}", from, last);
    if (!field.held.empty() && place.alias == alias_) // a joined record may not be there
        operand.held = qualified(place.alias, field.held);
    operand.from = std::move(from);
    operand.where = std::move(last);
    return operand;
}

Result<Scope::Cell> Scope::column(const Place& place, const FieldEntry& field, const std::string& where) {
    if (field.extension.empty())
        return Cell{place.alias, qualified(place.alias, field.column)};
    auto& alias = extensions_[{place.alias, field.extension}];
    if (alias.empty()) {
        const auto entry = std::ranges::find(place.object->extensions, field.extension, &ObjectEntry::Extension::table);
        VERIFY(entry != place.object->extensions.end());
        alias = binds_.next_alias();
        TRY(join(entry->table,
            {alias, place.alias, "",
                fmt::format("{} = {}", qualified(alias, entry->key), qualified(place.alias, place.object->key))},
            where));
    }
    return Cell{alias, qualified(alias, field.column)};
}

// The target's id as the record points to it: its own column, or where its node points.
Result<Scope::Cell> Scope::link(
    const Place& from, const FieldEntry& field, const std::vector<std::string>& prefix, const std::string& where) {
    auto& cell = links_[prefix];
    if (!cell.sql.empty())
        return cell;
    const Cell own = TRY(column(from, field, where));
    if (field.via == Via::record)
        return cell = own;
    const std::string node = binds_.next_alias();
    TRY(join("node", {node, own.alias, "", fmt::format("{} = {}", qualified(node, "id"), own.sql)}, where));
    return cell = Cell{node, qualified(node, "customer_id")};
}

Result<Scope::Place> Scope::follow(
    const Place& from, const FieldEntry& field, const std::vector<std::string>& prefix, const std::string& where) {
    if (const auto known = places_.find(prefix); known != places_.end())
        return known->second;
    const Cell pointer = TRY(link(from, field, prefix, where));
    const ObjectEntry* target = catalogue_.find_object(field.target);
    const Place place{target, binds_.next_alias()};
    const std::string same = fmt::format("{} = {}", qualified(place.alias, target->key), pointer.sql);
    const std::string only = TRY(restriction(place));
    TRY(join(target->table,
        {place.alias, pointer.alias, "", only.empty() ? same : fmt::format("{} AND {}", same, only)}, where));
    places_.emplace(prefix, place);
    return place;
}

// A joined object's `always`, within its ON. What it needs beyond its own table is looked up beside it.
Result<std::string> Scope::restriction(const Place& place) {
    if (!place.object->always)
        return std::string();
    Scope inner{catalogue_, binds_, *place.object, place.alias, depth_ + 1};
    auto only = TRY(inner.always());
    if (inner.joins().empty())
        return only;
    return fmt::format("EXISTS (SELECT 1 FROM (SELECT 1) AS {}{} WHERE {})", binds_.next_alias(), inner.joins(), only);
}

Result<std::string> Scope::always() {
    if (!root_.always)
        return std::string();
    VERIFY(depth_ < always_depth_max);
    const Resolve own = [this](const std::vector<std::string>& path, const std::string& where) -> Result<Operand> {
        return without_index(TRY(resolve(path, where)), binds_);
    };
    auto only = condition_of(*root_.always, own, binds_, "/always");
    if (!only) { // the catalogue's mistake, not the caller's
        only.error().kind = ErrorKind::internal;
        only.error().code = "query.bad_catalogue";
    }
    return only;
}

Result<> Scope::check_width(const std::string& where) const {
    if (binds_.aliases() > tables_max)
        return fail(ErrorKind::invalid, "query.too_wide",
            {fmt::format("A query reaches at most {} tables.", tables_max),
                fmt::format("一次查询最多涉及 {} 张表。", tables_max)},
            {{where, "query.too_wide", {"one relation too many", "关联过多"}}});
    return {};
}

Result<> Scope::join(std::string_view table, Join join, const std::string& where) {
    TRY(check_width(where));
    join.table = fmt::format("{} AS {}", quoted(table), join.alias);
    joins_.push_back(std::move(join));
    return {};
}

bool Scope::lead(const std::vector<std::string>& path) {
    const auto end = ends_.find(path);
    if (end == ends_.end() || path.size() != 1)
        return false;
    for (const auto& extension : root_.extensions) {
        const auto known = extensions_.find({alias_, extension.table});
        if (known == extensions_.end() || known->second != end->second)
            continue;
        const auto join = std::ranges::find(joins_, known->second, &Join::alias);
        leading_ = std::move(*join);
        joins_.erase(join);
        key_sql_ = qualified(leading_->alias, extension.key);
        return true;
    }
    return false;
}

// SQLite keeps to the order of a CROSS JOIN.
std::string Scope::from() const {
    const std::string own = fmt::format("{} AS {}", quoted(root_.table), alias_);
    return leading_ ? fmt::format("{} CROSS JOIN {} ON {}", leading_->table, own, leading_->on) : own;
}

void Scope::narrow(const formula::Expression& condition) {
    using formula::Operator;
    const auto* call = std::get_if<formula::Call>(&condition.part);
    if (!call)
        return require(condition);
    const auto* inner = call->op == Operator::not_ ? std::get_if<formula::Call>(&call->args[0].part) : nullptr;
    switch (call->op) {
    case Operator::and_:
        for (const auto& arg : call->args)
            narrow(arg);
        return;
    case Operator::or_:
    case Operator::blank:
        return;
    case Operator::not_:
        if (!inner)
            return require(call->args[0]);
        if (inner->op == Operator::blank)
            return require(inner->args[0]);
        if (inner->op == Operator::and_ || inner->op == Operator::or_ || inner->op == Operator::not_)
            return;
        return narrow(call->args[0]);
    case Operator::in:
        return require(call->args[0]);
    default:
        if (call->op > Operator::ago) // may be true of a blank
            return;
        for (const auto& arg : call->args)
            require(arg);
    }
}

void Scope::require(const formula::Expression& expression) {
    const auto* field = std::get_if<formula::Field>(&expression.part);
    const auto end = field ? ends_.find(field->path) : ends_.end();
    if (end == ends_.end())
        return;
    std::string alias = end->second;
    for (auto join = joins_.rbegin(); join != joins_.rend(); ++join) {
        if (join->alias != alias)
            continue;
        join->strength = Strength::inner;
        alias = join->from;
    }
}

// Inner joins first: none of them hangs on a left one.
std::string Scope::joins() const {
    std::string sql;
    for (const auto strength : {Strength::inner, Strength::left})
        for (const auto& join : joins_)
            if (join.strength == strength)
                sql += fmt::format(
                    " {} {} ON {}", strength == Strength::inner ? "JOIN" : "LEFT JOIN", join.table, join.on);
    return sql;
}

} // namespace onefold::query
