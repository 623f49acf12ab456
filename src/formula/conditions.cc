// AND, OR, NOT, IN, ISBLANK: three-valued, and of no order. What decides, decides, also beside an error.
#include "formula/nodes.h"

namespace onefold::formula {
namespace {

enum class Join { all, any };

class Joined : public Node {
  public:
    Joined(Join join, std::vector<Part> parts) : decides_(join == Join::any), parts_(std::move(parts)) {}
    Value value(Run& run) const override {
        Value result(!decides_);
        for (const Part& part : parts_) {
            const Value one = value_of(part, run);
            const auto* truth = one.as<bool>();
            if (truth && *truth == decides_)
                return one;
            if (!truth && !result.is_error())
                result = one; // blank, or the first error
        }
        return result;
    }

  private:
    bool decides_;
    std::vector<Part> parts_;
};

class Not : public Node {
  public:
    explicit Not(Part part) : part_(std::move(part)) {}
    Value value(Run& run) const override {
        const Value of = value_of(part_, run);
        const auto* truth = of.as<bool>();
        return truth ? Value(!*truth) : of;
    }

  private:
    Part part_;
};

// Equal to one of the members; the members' own lists are looked through.
class In : public Node {
  public:
    explicit In(std::vector<Part> parts) : parts_(std::move(parts)) {}
    Value value(Run& run) const override {
        const Value one = value_of(parts_[0], run);
        if (one.is_error())
            return one;
        Value result(false);
        for (std::size_t i = 1; i < parts_.size(); ++i) {
            const Value member = value_of(parts_[i], run);
            const auto* list = member.as<Value::List>();
            if (!list && takes(one, member, result))
                return true;
            if (list && !run.step(std::int64_t(list->size())))
                return run.spent();
            for (const Value& each : list ? *list : Value::List{})
                if (takes(one, each, result))
                    return true;
        }
        return result;
    }

  private:
    static bool takes(const Value& one, const Value& member, Value& result) {
        if (member.is_error()) {
            if (!result.is_error())
                result = member;
            return false;
        }
        if (one.is_blank() || member.is_blank()) {
            if (!result.is_error())
                result = Value();
            return false;
        }
        return compare(one, member) == 0;
    }

    std::vector<Part> parts_;
};

class IsBlank : public Node {
  public:
    explicit IsBlank(Part part) : part_(std::move(part)) {}
    Value value(Run& run) const override {
        const Value of = value_of(part_, run);
        if (of.is_error())
            return of;
        const auto* text = of.as<std::string_view>();
        const auto* list = of.as<Value::List>();
        return of.is_blank() || (text && text->empty()) || (list && list->empty());
    }

  private:
    Part part_;
};

} // namespace

Part condition_part(const Checked& checked) {
    switch (checked.op) {
    case Operator::and_:
        return std::make_unique<Joined>(Join::all, parts_of(checked.args));
    case Operator::or_:
        return std::make_unique<Joined>(Join::any, parts_of(checked.args));
    case Operator::not_:
        return std::make_unique<Not>(part_of(checked.args[0]));
    case Operator::in:
        return std::make_unique<In>(parts_of(checked.args));
    case Operator::blank:
        return std::make_unique<IsBlank>(part_of(checked.args[0]));
    default:
        return nullptr;
    }
}

} // namespace onefold::formula
