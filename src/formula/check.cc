#include "formula/check.h"

#include "core/nearest.h"
#include "core/text.h"
#include "formula/checker.h"
#include "formula/language.h"

#include <algorithm>

namespace onefold::formula {
namespace {

using Form = Checked::Form;
constexpr int parts_max = 50'000;
constexpr Type truth{Kind::truth}, number{Kind::number}, text{Kind::text}, date{Kind::date}, instant{Kind::instant};

Checked constant(const Literal& value) {
    Checked checked;
    if (const auto* flag = std::get_if<bool>(&value)) {
        checked.constant = *flag;
        checked.type = truth;
    }
    if (const auto* digits = std::get_if<Decimal>(&value)) {
        checked.constant = *digits;
        checked.type = number;
    }
    if (const auto* words = std::get_if<std::string>(&value)) {
        checked.constant = *words;
        checked.type = text;
    }
    return checked;
}

bool is_moment(const Checked& part) {
    return part.type.kind == Kind::date || part.type.kind == Kind::instant;
}

} // namespace

Result<Checked> Checker::part(const Expression& expression) {
    // A condition is looked at twice where it may be a further argument, so nesting could double the work again and
    // again.
    if (++parts_ > parts_max)
        return fault(expression.at, "formula.too_deep", {"too much is nested here.", "此处嵌套过多。"});
    Checked checked = TRY(part_of(expression));
    checked.at = expression.at;
    if (checked.text.empty())
        checked.text = beginning_of(print(expression), 60);
    return checked;
}

Result<Checked> Checker::part(const Expression& expression, Type wanted) {
    return fit(TRY(part(expression)), wanted, zone_);
}

Result<Checked> Checker::part_of(const Expression& expression) {
    if (const auto* value = std::get_if<Literal>(&expression.part))
        return constant(*value);
    if (const auto* named = std::get_if<Field>(&expression.part))
        return field(*named, expression.at);
    const auto& made = std::get<Call>(expression.part);
    if (made.op != Operator::function)
        return operation(made, made.op, expression.at);
    if (const auto op = operator_of(made.name)) {
        const auto [least, most] = arity_of(*op);
        if (made.args.size() < least || made.args.size() > most)
            return wrong_count(made.name, least, most, made.args.size(), expression.at);
        return operation(made, *op, expression.at);
    }
    return function(made, expression.at);
}

Failure Checker::unknown_field(
    const Field& named, const std::string& code, std::span<const Shape* const> shapes, Span at) {
    std::string upper(code);
    for (char& c : upper)
        c = c >= 'a' && c <= 'z' ? char(c - 32) : c;
    const std::string shown(beginning_of(print_path(named.path), 80));
    if (named.path.size() == 1 && find_function(upper))
        return fault(at, "formula.unknown_field",
            {fmt::format("there is no field {}; the function is written {}(…).", shown, upper),
                fmt::format("没有字段 {}；函数应写作 {}(…)。", shown, upper)});
    std::vector<std::string> names;
    for (const Shape* shape : shapes)
        std::ranges::move(shape->names(), std::back_inserter(names));
    const std::string nearest(nearest_of(code, std::span<const std::string>(names)));
    if (!nearest.empty())
        return fault(at, "formula.unknown_field",
            {fmt::format("there is no field {}. Did you mean {}?", shown, print_path({nearest})),
                fmt::format("没有字段 {}。是否指 {}？", shown, print_path({nearest}))});
    return fault(at, "formula.unknown_field",
        {fmt::format("there is no field {}. Text stands in quotation marks: \"…\".", shown),
            fmt::format("没有字段 {}。文本须加引号：\"…\"。", shown)});
}

Result<Checked> Checker::field(const Field& named, Span at) {
    Checked checked;
    std::optional<Shape::Slot> slot;
    for (std::size_t i = scopes_.size(); i-- > 0 && !slot;) {
        slot = scopes_[i]->find(named.path.front());
        checked.scope = i;
    }
    if (!slot)
        return unknown_field(named, named.path.front(), scopes_, at);
    std::optional<std::size_t> gathered; // how many steps lead to the last records of many
    checked.path.push_back(*slot);
    FoundField found{{{scopes_[checked.scope], slot->number}}, {}};
    found.nearer.assign(scopes_.begin() + std::ptrdiff_t(checked.scope) + 1, scopes_.end());
    for (std::size_t i = 1;; ++i) {
        if (slot->type.kind == Kind::records)
            gathered = i;
        if (i == named.path.size())
            break;
        if (!slot->target)
            return fault(at, "formula.unknown_field",
                {fmt::format("{} has no fields.", print_path({named.path[i - 1]})),
                    fmt::format("{} 没有下级字段。", print_path({named.path[i - 1]}))});
        const Shape* const shape = slot->target;
        slot = shape->find(named.path[i]);
        if (!slot)
            return unknown_field(named, named.path[i], std::span(&shape, 1), at);
        checked.path.push_back(*slot);
        found.steps.push_back({shape, slot->number});
    }
    if (found_)
        (*found_)[&named] = std::move(found);
    checked.form = Form::field;
    checked.type = slot->type;
    checked.at = at;
    return gathered && *gathered < checked.path.size() ? gathering(std::move(checked), *gathered, at)
                                                       : Result<Checked>(std::move(checked));
}

// orders.lines.price: the price of every line of every order.
Result<Checked> Checker::gathering(Checked to_value, std::size_t steps, Span at) {
    if (!is_scalar(to_value.type))
        return fault(at, "formula.wrong_type",
            {"the path ends neither at a value nor at records of many.", "该路径的末端不是值，也不是多条记录。"});
    Checked gather;
    gather.form = Form::gather;
    gather.scope = to_value.scope;
    gather.at = at;
    gather.type = list_of(to_value.type.kind);
    gather.path.assign(to_value.path.begin(), to_value.path.begin() + std::ptrdiff_t(steps));
    to_value.path.erase(to_value.path.begin(), to_value.path.begin() + std::ptrdiff_t(steps));
    to_value.scope = scopes_.size();
    gather.args.push_back(std::move(to_value));
    return gather;
}

Checked counted(Checked records) {
    Checked one;
    one.constant = true;
    one.type = truth;
    records.form = Form::gather;
    records.type = list_of(Kind::truth);
    records.args.push_back(std::move(one));
    return records;
}

Checked call_of(Operator op, Type type, std::vector<Checked> args) {
    Checked checked;
    checked.form = Form::call;
    checked.op = op;
    checked.type = type;
    checked.args = std::move(args);
    return checked;
}

Result<void> Checker::words(const Function& function, std::size_t index, const Checked& arg) const {
    return found_ ? Result<void>{} : check_word(function, index, arg);
}

Result<void> Checker::codes(std::span<const Checked> args) const {
    return found_ ? Result<void>{} : check_codes(args);
}

Result<std::vector<Checked>> Checker::all(std::span<const Expression> args) {
    std::vector<Checked> checked;
    for (const Expression& arg : args)
        checked.push_back(TRY(part(arg)));
    return checked;
}

Result<std::vector<Checked>> Checker::all(std::span<const Expression> args, Type wanted) {
    std::vector<Checked> checked;
    for (const Expression& arg : args)
        checked.push_back(TRY(part(arg, wanted)));
    return checked;
}

Result<Type> Checker::unified(std::vector<Checked>& args, std::size_t from, std::size_t stride) {
    std::vector<Checked*> parts;
    for (std::size_t i = from; i < args.size(); i += stride)
        parts.push_back(&args[i]);
    return unify(parts, zone_);
}

Result<Checked> Checker::operation(const Call& made, Operator op, Span at) {
    switch (op) {
    case Operator::and_:
    case Operator::or_:
    case Operator::not_:
        return call_of(op, truth, TRY(all(made.args, truth)));
    case Operator::equal:
    case Operator::not_equal:
    case Operator::less:
    case Operator::less_equal:
    case Operator::greater:
    case Operator::greater_equal:
        return comparison(op, TRY(all(made.args)), at);
    case Operator::in:
        return membership(TRY(all(made.args)));
    case Operator::contains:
        return call_of(op, truth, TRY(all(made.args, text)));
    case Operator::blank: {
        auto args = TRY(all(made.args));
        if (args[0].type.kind == Kind::records)
            args[0] = counted(std::move(args[0]));
        return call_of(op, truth, std::move(args));
    }
    case Operator::ago: {
        std::vector<Checked> args;
        args.push_back(TRY(part(made.args[0], number)));
        args.push_back(TRY(part(made.args[1], text)));
        TRY(words(*find_function("AGO"), 1, args[1]));
        return call_of(op, instant, std::move(args));
    }
    case Operator::add:
    case Operator::subtract:
        return sum(op, TRY(all(made.args)));
    case Operator::multiply:
    case Operator::divide:
    case Operator::power:
    case Operator::negate:
    case Operator::percent:
        return call_of(op, number, TRY(all(made.args, number)));
    case Operator::join: {
        auto args = TRY(all(made.args));
        for (const Checked& arg : args)
            if (!is_scalar(arg.type))
                return wrong_type(arg, LocalText{"one value", "单个值"});
        return call_of(op, text, std::move(args));
    }
    case Operator::list: {
        auto args = TRY(all(made.args));
        for (const Checked& arg : args)
            if (!is_scalar(arg.type))
                return wrong_type(arg, LocalText{"one value", "单个值"});
        const Type each = TRY(unified(args));
        return call_of(op, list_of(each.kind), std::move(args));
    }
    case Operator::function:
        break;
    }
    return fault(at, "formula.wrong_type", {"this cannot be evaluated.", "无法计算。"});
}

Result<Checked> Checker::comparison(Operator op, std::vector<Checked> args, Span at) {
    for (const Checked& arg : args)
        if (!is_scalar(arg.type))
            return wrong_type(arg, LocalText{"one value", "单个值"});
    const Type type = TRY(unified(args));
    TRY(codes(args));
    if (type == truth && op != Operator::equal && op != Operator::not_equal)
        return fault(at, "formula.wrong_type",
            {"TRUE and FALSE have no order; compare them with = or <>.",
                "TRUE 与 FALSE 没有大小之分，只能用 = 或 <> 比较。"});
    return call_of(op, truth, std::move(args));
}

Result<Checked> Checker::membership(std::vector<Checked> args) {
    TRY(codes(args));
    if (!is_scalar(args[0].type))
        return wrong_type(args[0], LocalText{"one value", "单个值"});
    if (args.size() == 2 && args[1].type.kind == Kind::list) { // in a list that is made elsewhere
        Checked& list = args[1];
        if (list.type.each == Kind::blank)
            return call_of(Operator::in, truth, std::move(args));
        if (fits(list, list_of(args[0].type.kind), zone_)) {
            list = TRY(fit(std::move(list), list_of(args[0].type.kind), zone_));
            return call_of(Operator::in, truth, std::move(args));
        }
        args[0] = TRY(fit(std::move(args[0]), {list.type.each}, zone_));
        return call_of(Operator::in, truth, std::move(args));
    }
    for (const Checked& arg : args)
        if (!is_scalar(arg.type))
            return wrong_type(arg, LocalText{"one value", "单个值"});
    TRY(unified(args));
    return call_of(Operator::in, truth, std::move(args));
}

// Two at a time, where a date is among them.
Result<Checked> Checker::sum(Operator op, std::vector<Checked> args) {
    Checked left = std::move(args[0]);
    for (std::size_t i = 1; i < args.size(); ++i)
        left = TRY(sum_of_two(op, std::move(left), std::move(args[i])));
    return left;
}

Result<Checked> Checker::sum_of_two(Operator op, Checked left, Checked right) {
    const bool is_minus = op == Operator::subtract;
    const Span at{left.at.begin, right.at.begin + right.at.length - left.at.begin};
    const auto made = [&](Type type, Checked first, Checked second) {
        std::vector<Checked> args;
        args.push_back(std::move(first));
        args.push_back(std::move(second));
        Checked sum = call_of(op, type, std::move(args));
        sum.at = at;
        sum.text = beginning_of(sum.args[0].text + (is_minus ? " - " : " + ") + sum.args[1].text, 60);
        return sum;
    };
    if (is_minus && (is_moment(left) || is_moment(right)) && !fits(right, number, zone_)) {
        const bool is_fine = left.type == instant || right.type == instant;
        const Type type = is_fine ? instant : date;
        auto first = TRY(fit(std::move(left), type, zone_)), second = TRY(fit(std::move(right), type, zone_));
        return made(number, std::move(first), std::move(second));
    }
    if (is_moment(left)) {
        const Type type = left.type;
        auto days = TRY(fit(std::move(right), number, zone_));
        return made(type, std::move(left), std::move(days));
    }
    if (is_moment(right) && !is_minus) {
        const Type type = right.type;
        auto days = TRY(fit(std::move(left), number, zone_));
        return made(type, std::move(right), std::move(days));
    }
    if (left.type == text && right.type == text && !fits(left, number, zone_))
        return fault(at, "formula.wrong_type", {"texts are joined with &, not with +.", "连接文本请用 &，而不是 +。"});
    auto first = TRY(fit(std::move(left), number, zone_)), second = TRY(fit(std::move(right), number, zone_));
    return made(number, std::move(first), std::move(second));
}

Result<Checked> check(const Expression& expression, const Surroundings& surroundings) {
    Checked checked = TRY(Checker{surroundings}.part(expression));
    if (checked.type.kind == Kind::record || checked.type.kind == Kind::records)
        return wrong_type(checked, LocalText{"a value", "值"});
    return checked;
}

Result<Checked> check_condition(const Expression& expression, const Surroundings& surroundings) {
    return Checker{surroundings}.part(expression, truth);
}

std::int64_t cost_of(const Checked& checked, std::int64_t related) {
    std::int64_t cost = 1;
    for (const Checked& arg : checked.args)
        cost += cost_of(arg, related);
    if (checked.form != Checked::Form::gather)
        return cost;
    for (const auto& step : checked.path)
        if (step.type.kind == Kind::records && cost < std::int64_t(1) << 40)
            cost *= related;
    return cost;
}

} // namespace onefold::formula
