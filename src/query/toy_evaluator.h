#pragma once
// The same conditions over rows in memory, written plainly: what the compiled SQL is held to.
#include "core/id.h"
#include "core/time.h"
#include "query/toy.h"

#include <algorithm>
#include <array>

namespace onefold::query::toy {

using Truth = std::optional<bool>;
struct Whole { // an instant or an id
    std::int64_t value;
    friend auto operator<=>(const Whole&, const Whole&) = default;
};
using Cell = std::variant<std::monostate, bool, Decimal, std::string, Whole>;

class Evaluator {
  public:
    Evaluator(const Catalogue& catalogue, const Tables& tables) : catalogue_(catalogue) {
        for (const auto& [name, table] : tables) {
            auto& kept = tables_[name];
            for (std::size_t i = 0; i < table.columns.size(); ++i)
                kept.columns[table.columns[i]] = i;
            for (const auto& row : table.rows)
                kept.rows[std::get<std::int64_t>(row.front())] = row;
        }
    }

    std::vector<std::int64_t> matching(const ObjectEntry& object, const formula::Expression* filter) const {
        std::vector<std::int64_t> ids;
        for (const auto& [id, row] : tables_.at(object.table).rows)
            if (is_in(object, id) && (!filter || truth(*filter, object, id) == Truth(true)))
                ids.push_back(id);
        return ids;
    }

    Truth truth(const formula::Expression& expression, const ObjectEntry& object, std::int64_t id) const {
        const Cell cell = value(expression, object, id, FieldType::boolean);
        const auto* flag = std::get_if<bool>(&cell);
        return flag ? Truth(*flag) : std::nullopt;
    }

    // The values of a field with steps, or nullopt where the path ends at another, or at nobody.
    std::optional<std::vector<Cell>> several(
        const formula::Expression& expression, const ObjectEntry& root, std::int64_t id) const {
        const auto* named = std::get_if<formula::Field>(&expression.part);
        if (!named)
            return std::nullopt;
        const ObjectEntry* object = &root;
        std::optional<std::int64_t> at = id;
        for (std::size_t i = 0;; ++i) {
            const auto field = std::ranges::find(object->fields, named->path[i], &FieldEntry::code);
            if (i + 1 < named->path.size()) {
                const auto* next = catalogue_.find_object(field->target);
                const Cell cell = at ? read(*object, *at, std::array{named->path[i]}) : Cell();
                const auto* pointer = std::get_if<Whole>(&cell);
                at = pointer && tables_.at(next->table).rows.contains(pointer->value) ? std::optional(pointer->value)
                                                                                      : std::nullopt;
                object = next;
                continue;
            }
            if (field->steps.empty())
                return std::nullopt;
            return at ? reached(*field, *at) : std::vector<Cell>{};
        }
    }

    Cell read(const ObjectEntry& object, std::int64_t id, std::span<const std::string> path) const {
        const auto field = std::ranges::find(object.fields, path.front(), &FieldEntry::code);
        Cell cell = stored(object, id, *field);
        if (field->type != FieldType::relation)
            return cell;
        const auto* pointer = std::get_if<Whole>(&cell);
        std::optional<std::int64_t> to = pointer ? std::optional(pointer->value) : std::nullopt;
        if (to && field->via == Via::node)
            to = raw_integer("node", *to, "customer_id");
        const ObjectEntry& target = *catalogue_.find_object(field->target);
        if (!to)
            return {};
        const bool is_reached = tables_.at(target.table).rows.contains(*to) && is_in(target, *to);
        if (path.size() == 1)
            return is_reached || !target.always ? Cell(Whole{*to}) : Cell();
        return is_reached ? read(target, *to, path.subspan(1)) : Cell();
    }

  private:
    struct Kept {
        std::map<std::string, std::size_t> columns;
        std::map<std::int64_t, store::Values> rows;
    };

    std::vector<Cell> reached(const FieldEntry& field, std::int64_t id) const {
        std::vector<std::int64_t> at{id};
        for (const Step& step : field.steps) {
            std::vector<std::int64_t> rows;
            for (const auto& [row, values] : tables_.at(step.table).rows) {
                const auto key = raw_integer(step.table, row, step.key);
                if (key && std::ranges::find(at, *key) != at.end())
                    rows.push_back(row);
            }
            at = std::move(rows);
        }
        std::vector<Cell> cells;
        for (const auto row : at) {
            const auto value = raw(field.steps.back().table, row, field.column);
            if (const auto* text = std::get_if<std::string>(&value))
                cells.emplace_back(*text);
            else if (const auto* integer = std::get_if<std::int64_t>(&value))
                cells.emplace_back(Decimal::of_scaled(*integer, field.scale));
        }
        return cells;
    }

    Truth called_of_several(const formula::Call& call, const std::vector<Cell>& cells, FieldType type) const {
        using formula::Operator;
        if (call.op == Operator::blank)
            return cells.empty();
        for (std::size_t i = 1; i < call.args.size(); ++i) {
            const Cell wanted = read_as(std::get<formula::Literal>(call.args[i].part), type);
            if (!std::holds_alternative<std::monostate>(wanted) && std::ranges::find(cells, wanted) != cells.end())
                return call.op != Operator::not_equal;
        }
        return call.op == Operator::not_equal;
    }

    bool is_in(const ObjectEntry& object, std::int64_t id) const {
        return !object.always || truth(*object.always, object, id) == Truth(true);
    }

    store::Value raw(const std::string& table, std::int64_t id, const std::string& column) const {
        const auto& kept = tables_.at(table);
        const auto row = kept.rows.find(id);
        return row == kept.rows.end() ? store::Value{} : row->second[kept.columns.at(column)];
    }
    std::optional<std::int64_t> raw_integer(
        const std::string& table, std::int64_t id, const std::string& column) const {
        const auto value = raw(table, id, column);
        const auto* integer = std::get_if<std::int64_t>(&value);
        return integer ? std::optional(*integer) : std::nullopt;
    }

    Cell stored(const ObjectEntry& object, std::int64_t id, const FieldEntry& field) const {
        const auto value = raw(field.extension.empty() ? object.table : field.extension, id, field.column);
        if (std::holds_alternative<std::monostate>(value))
            return {};
        if (const auto* text = std::get_if<std::string>(&value))
            return *text;
        const auto integer = std::get<std::int64_t>(value);
        if (&field == &object.fields.front())
            return Whole{integer};
        switch (field.type) {
        case FieldType::boolean:
            return integer != 0;
        case FieldType::instant:
        case FieldType::relation:
            return Whole{integer};
        default:
            return Decimal::of_scaled(integer, field.scale);
        }
    }

    // A text literal beside a number is a number.
    static Cell read_as(const formula::Literal& literal, FieldType type) {
        const auto* text = std::get_if<std::string>(&literal);
        switch (type) {
        case FieldType::integer:
        case FieldType::decimal:
        case FieldType::money:
            if (text)
                return Decimal::parse(*text).value();
            break;
        case FieldType::instant:
            if (text)
                return Whole{micros_of(parse_rfc3339(*text).value())};
            break;
        case FieldType::relation:
            if (text)
                return Whole{*parse_id(*text)};
            break;
        default:
            break;
        }
        return std::visit([](const auto& part) -> Cell { return part; }, literal);
    }

    // The type at the end of a path; an id counts as a relation.
    FieldType type_of(const formula::Expression& expression, const ObjectEntry& root) const {
        const auto* named = std::get_if<formula::Field>(&expression.part);
        if (!named)
            return FieldType::text;
        const ObjectEntry* object = &root;
        for (std::size_t i = 0;; ++i) {
            const auto field = std::ranges::find(object->fields, named->path[i], &FieldEntry::code);
            if (i + 1 == named->path.size())
                return field == object->fields.begin() ? FieldType::relation : field->type;
            object = catalogue_.find_object(field->target);
        }
    }

    Cell value(
        const formula::Expression& expression, const ObjectEntry& object, std::int64_t id, FieldType beside) const {
        if (const auto* literal = std::get_if<formula::Literal>(&expression.part))
            return read_as(*literal, beside);
        if (const auto* named = std::get_if<formula::Field>(&expression.part))
            return read(object, id, named->path);
        const Truth result = called(std::get<formula::Call>(expression.part), object, id);
        return result ? Cell(*result) : Cell();
    }

    static Truth both(Truth left, Truth right) {
        if (left == Truth(false) || right == Truth(false))
            return false;
        return left && right ? Truth(true) : std::nullopt;
    }
    static Truth opposite(Truth truth) { return truth ? Truth(!*truth) : std::nullopt; }

    static std::string lower(std::string text) {
        for (char& c : text)
            c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
        return text;
    }

    Truth called(const formula::Call& call, const ObjectEntry& object, std::int64_t id) const {
        using formula::Operator;
        if (call.op == Operator::and_ || call.op == Operator::or_) {
            Truth all = true;
            for (const auto& arg : call.args) {
                const Truth each = truth(arg, object, id);
                all = both(all, call.op == Operator::and_ ? each : opposite(each));
            }
            return call.op == Operator::and_ ? all : opposite(all);
        }
        if (call.op == Operator::not_)
            return opposite(truth(call.args[0], object, id));
        if (const auto cells = several(call.args[0], object, id))
            return called_of_several(call, *cells, type_of(call.args[0], object));
        if (call.op == Operator::blank) {
            const Cell cell = value(call.args[0], object, id, FieldType::text);
            const auto* text = std::get_if<std::string>(&cell);
            return std::holds_alternative<std::monostate>(cell) || (text && text->empty());
        }
        if (call.op != Operator::in)
            return compared(call.op, call.args[0], call.args[1], object, id);
        Truth none = true;
        for (std::size_t i = 1; i < call.args.size(); ++i)
            none = both(none, opposite(compared(Operator::equal, call.args[0], call.args[i], object, id)));
        return opposite(none);
    }

    Truth compared(formula::Operator op, const formula::Expression& first, const formula::Expression& second,
        const ObjectEntry& object, std::int64_t id) const {
        using formula::Operator;
        const Cell left = value(first, object, id, type_of(second, object)),
                   right = value(second, object, id, type_of(first, object));
        if (std::holds_alternative<std::monostate>(left) || std::holds_alternative<std::monostate>(right))
            return std::nullopt;
        VERIFY(left.index() == right.index());
        switch (op) {
        case Operator::contains:
            return lower(std::get<std::string>(left)).find(lower(std::get<std::string>(right))) != std::string::npos;
        case Operator::equal:
            return left == right;
        case Operator::not_equal:
            return !(left == right);
        case Operator::less:
            return left < right;
        case Operator::less_equal:
            return left <= right;
        case Operator::greater:
            return left > right;
        default:
            return left >= right;
        }
    }

    const Catalogue& catalogue_;
    std::map<std::string, Kept> tables_;
};

} // namespace onefold::query::toy
