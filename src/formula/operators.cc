// Operators that compute or compare. A blank side makes the result blank, but for &, to which it is "".
#include "formula/arithmetic.h"
#include "formula/nodes.h"
#include "formula/passage.h"

namespace onefold::formula {
namespace {

// A part with two sides, both of which must have a value.
template <class Act>
class TwoSided : public Node {
  public:
    TwoSided(Part left, Part right, Span at, Act act)
        : left_(std::move(left)), right_(std::move(right)), at_(at), act_(act) {}
    Value value(Run& run) const override {
        const Value left = value_of(left_, run);
        if (left.is_error())
            return left;
        const Value right = value_of(right_, run);
        if (right.is_error())
            return right;
        if (left.is_blank() || right.is_blank())
            return {};
        run.set_at(at_);
        return act_(run, left, right);
    }

  private:
    Part left_, right_;
    Span at_;
    Act act_;
};

template <class Act>
Part two_sided(const Checked& checked, Act act) {
    return std::make_unique<TwoSided<Act>>(part_of(checked.args[0]), part_of(checked.args[1]), checked.at, act);
}

template <class Act>
class OneSided : public Node {
  public:
    OneSided(Part of, Span at, Act act) : of_(std::move(of)), at_(at), act_(act) {}
    Value value(Run& run) const override {
        const Value of = value_of(of_, run);
        if (is_without(of))
            return of;
        run.set_at(at_);
        return act_(run, of);
    }

  private:
    Part of_;
    Span at_;
    Act act_;
};

template <class Act>
Part one_sided(const Checked& checked, Act act) {
    return std::make_unique<OneSided<Act>>(part_of(checked.args[0]), checked.at, act);
}

template <class Relation>
Part compared(const Checked& checked, Relation relation) {
    return two_sided(checked,
        [relation](Run&, const Value& left, const Value& right) { return Value(relation(compare(left, right))); });
}

// Terms or factors in their order.
template <Result<Decimal> (Decimal::*act)(const Decimal&) const>
class Chain : public Node {
  public:
    Chain(std::vector<Part> parts, Span at) : parts_(std::move(parts)), at_(at) {}
    Value value(Run& run) const override {
        Value result = value_of(parts_[0], run);
        for (std::size_t i = 1; i < parts_.size() && !result.is_error(); ++i) {
            const Value next = value_of(parts_[i], run);
            if (next.is_error() || result.is_blank() || next.is_blank()) {
                result = next.is_error() ? next : Value();
                continue;
            }
            run.set_at(at_);
            result = run.result((result.get<Decimal>().*act)(next.get<Decimal>()));
        }
        return result;
    }

  private:
    std::vector<Part> parts_;
    Span at_;
};

class Join : public Node {
  public:
    explicit Join(std::vector<Part> parts) : parts_(std::move(parts)) {}
    Value value(Run& run) const override {
        Draft draft{run};
        for (const Part& part : parts_) {
            const Value one = value_of(part, run);
            if (one.is_error())
                return one;
            const auto* text = one.as<std::string_view>();
            if (!draft.add(text ? *text : to_text(one)))
                break;
        }
        return draft.value();
    }

  private:
    std::vector<Part> parts_;
};

class List : public Node {
  public:
    explicit List(std::vector<Part> parts) : parts_(std::move(parts)) {}
    Value value(Run& run) const override {
        std::vector<Value> values;
        for (const Part& part : parts_) {
            values.push_back(value_of(part, run));
            if (values.back().is_error())
                return values.back();
        }
        return run.list(values);
    }

  private:
    std::vector<Part> parts_;
};

Value ago(Run& run, const Value& count, const Value& unit) {
    const auto moved =
        moved_by(run.moment(), run.moment().now, count.get<Decimal>().negated(), unit.get<std::string_view>());
    return moved ? Value(*moved) : run.fail(Why::bad_argument, unit.get<std::string_view>());
}

Part sum_part(const Checked& checked) {
    const Kind left = checked.args[0].type.kind, right = checked.args[1].type.kind;
    const bool is_minus = checked.op == Operator::subtract;
    const bool is_of_moments = left == Kind::date || left == Kind::instant;
    if (is_minus && is_of_moments && (right == Kind::date || right == Kind::instant))
        return two_sided(checked, days_between);
    if (checked.type.kind == Kind::date || checked.type.kind == Kind::instant)
        return two_sided(checked, [is_minus](Run& run, const Value& at, const Value& days) {
            const Decimal& count = days.get<Decimal>();
            return days_later(run, at, is_minus ? count.negated() : count);
        });
    if (!is_minus)
        return std::make_unique<Chain<&Decimal::plus>>(parts_of(checked.args), checked.at);
    return std::make_unique<Chain<&Decimal::minus>>(parts_of(checked.args), checked.at);
}

} // namespace

Part operator_part(const Checked& checked) {
    switch (checked.op) {
    case Operator::equal:
        return compared(checked, [](auto order) { return order == 0; });
    case Operator::not_equal:
        return compared(checked, [](auto order) { return order != 0; });
    case Operator::less:
        return compared(checked, [](auto order) { return order < 0; });
    case Operator::less_equal:
        return compared(checked, [](auto order) { return order <= 0; });
    case Operator::greater:
        return compared(checked, [](auto order) { return order > 0; });
    case Operator::greater_equal:
        return compared(checked, [](auto order) { return order >= 0; });
    case Operator::contains:
        return two_sided(checked, [](Run& run, const Value& text, const Value& part) {
            return contains(run, text.get<std::string_view>(), part.get<std::string_view>());
        });
    case Operator::ago:
        return two_sided(checked, ago);
    case Operator::add:
    case Operator::subtract:
        return sum_part(checked);
    case Operator::multiply:
        return std::make_unique<Chain<&Decimal::times>>(parts_of(checked.args), checked.at);
    case Operator::divide:
        return std::make_unique<Chain<&Decimal::over>>(parts_of(checked.args), checked.at);
    case Operator::power:
        return two_sided(checked, [](Run& run, const Value& base, const Value& exponent) {
            return power(run, base.get<Decimal>(), exponent.get<Decimal>());
        });
    case Operator::negate:
        return one_sided(checked, [](Run&, const Value& of) { return Value(of.get<Decimal>().negated()); });
    case Operator::percent:
        return one_sided(
            checked, [](Run& run, const Value& of) { return run.result(of.get<Decimal>().over(Decimal::of(100))); });
    case Operator::join:
        return std::make_unique<Join>(parts_of(checked.args));
    case Operator::list:
        return std::make_unique<List>(parts_of(checked.args));
    default:
        break;
    }
    VERIFY(false);
    return nullptr;
}

} // namespace onefold::formula
