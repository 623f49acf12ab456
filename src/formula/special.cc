// Forms that leave arguments unevaluated.
#include "formula/arithmetic.h"
#include "formula/nodes.h"

namespace onefold::formula {
namespace {

// IF and IFS: pairs of condition and value, and what stands at the end alone.
class Ifs : public Node {
  public:
    explicit Ifs(std::vector<Part> parts) : parts_(std::move(parts)) {}
    Value value(Run& run) const override {
        std::size_t i = 0;
        for (; i + 1 < parts_.size(); i += 2) {
            const Value condition = value_of(parts_[i], run);
            if (condition.is_error())
                return condition;
            if (condition.is_true())
                return value_of(parts_[i + 1], run);
        }
        return i < parts_.size() ? value_of(parts_[i], run) : Value();
    }

  private:
    std::vector<Part> parts_;
};

class Switch : public Node {
  public:
    explicit Switch(std::vector<Part> parts) : parts_(std::move(parts)) {}
    Value value(Run& run) const override {
        const Value of = value_of(parts_[0], run);
        if (of.is_error())
            return of;
        std::size_t i = 1;
        for (; i + 1 < parts_.size(); i += 2) {
            const Value key = value_of(parts_[i], run);
            if (key.is_error())
                return key;
            if (!of.is_blank() && !key.is_blank() && compare(of, key) == 0)
                return value_of(parts_[i + 1], run);
        }
        return i < parts_.size() ? value_of(parts_[i], run) : Value();
    }

  private:
    std::vector<Part> parts_;
};

bool is_caught(const Value& value) {
    return value.is_error() && !is_spent(value.trouble().why);
}

class IfError : public Node {
  public:
    explicit IfError(std::vector<Part> parts) : parts_(std::move(parts)) {}
    Value value(Run& run) const override {
        const Value of = value_of(parts_[0], run);
        return is_caught(of) ? value_of(parts_[1], run) : of;
    }

  private:
    std::vector<Part> parts_;
};

class IsError : public Node {
  public:
    explicit IsError(Part of) : of_(std::move(of)) {}
    Value value(Run& run) const override {
        const Value of = value_of(of_, run);
        return of.is_error() && !is_caught(of) ? of : Value(of.is_error());
    }

  private:
    Part of_;
};

class Coalesce : public Node {
  public:
    explicit Coalesce(std::vector<Part> parts) : parts_(std::move(parts)) {}
    Value value(Run& run) const override {
        for (const Part& part : parts_) {
            const Value one = value_of(part, run);
            const auto* text = one.as<std::string_view>();
            if (!one.is_blank() && !(text && text->empty()))
                return one;
        }
        return {};
    }

  private:
    std::vector<Part> parts_;
};

class Choose : public Node {
  public:
    Choose(std::vector<Part> parts, Span at) : parts_(std::move(parts)), at_(at) {}
    Value value(Run& run) const override {
        const Value place = value_of(parts_[0], run);
        if (is_without(place))
            return place;
        const auto index = cut(place.get<Decimal>());
        if (!index || *index < 1 || std::size_t(*index) >= parts_.size())
            return run.fail(Why::bad_argument, at_, to_text(place));
        return value_of(parts_[std::size_t(*index)], run);
    }

  private:
    std::vector<Part> parts_;
    Span at_;
};

} // namespace

Part special_part(const Checked& checked) {
    auto parts = parts_of(checked.args);
    switch (checked.function->special) {
    case Special::if_:
    case Special::ifs:
        return std::make_unique<Ifs>(std::move(parts));
    case Special::switch_:
        return std::make_unique<Switch>(std::move(parts));
    case Special::if_error:
        return std::make_unique<IfError>(std::move(parts));
    case Special::is_error:
        return std::make_unique<IsError>(std::move(parts[0]));
    case Special::coalesce:
        return std::make_unique<Coalesce>(std::move(parts));
    case Special::choose:
        return std::make_unique<Choose>(std::move(parts), checked.at);
    default:
        break;
    }
    VERIFY(false);
    return nullptr;
}

} // namespace onefold::formula
