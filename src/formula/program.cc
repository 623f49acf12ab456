#include "formula/program.h"

#include "formula/fault.h"
#include "formula/nodes.h"

#include <algorithm>
#include <array>
#include <atomic>

namespace onefold::formula {
namespace {

using Form = Checked::Form;

Value value_of_constant(const Constant& constant) {
    return std::visit(
        [](const auto& part) {
            using Held = std::decay_t<decltype(part)>;
            if constexpr (std::is_same_v<Held, std::monostate>)
                return Value{};
            else if constexpr (std::is_same_v<Held, std::string>)
                return Value{std::string_view(part)};
            else
                return Value{part};
        },
        constant);
}

class ConstantNode : public Node {
  public:
    explicit ConstantNode(Constant constant) : constant_(std::move(constant)), value_(value_of_constant(constant_)) {}
    ConstantNode(const ConstantNode&) = delete;
    Value value(Run&) const override { return value_; }

  private:
    Constant constant_;
    Value value_;
};

class OwnField : public Node {
  public:
    OwnField(std::size_t scope, std::size_t slot) : scope_(scope), slot_(slot) {}
    Value value(Run& run) const override { return run.scope(scope_).value(slot_); }

  private:
    std::size_t scope_, slot_;
};

class FieldBeyond : public Node {
  public:
    FieldBeyond(std::size_t scope, std::span<const Shape::Slot> path) : scope_(scope), last_(path.back()) {
        for (const auto& slot : path.first(path.size() - 1))
            over_.push_back(slot.number);
    }
    Value value(Run& run) const override {
        const Record* record = &run.scope(scope_);
        for (const std::size_t slot : over_) {
            record = record->related(slot);
            if (!record)
                return {};
        }
        if (last_.type.kind == Kind::record)
            return record->related(last_.number) ? Value(true) : Value();
        return record->value(last_.number);
    }

  private:
    std::size_t scope_;
    std::vector<std::size_t> over_;
    Shape::Slot last_;
};

class Gather : public Node {
  public:
    explicit Gather(const Checked& checked)
        : scope_(checked.scope),
          path_(checked.path),
          each_(part_of(checked.args[0])),
          condition_(checked.args.size() > 1 ? part_of(checked.args[1]) : nullptr) {}

    Value value(Run& run) const override {
        std::vector<Value> values;
        const Value error = visit(run, run.scope(scope_), 0, values);
        return error.is_error() ? error : run.list(values);
    }

  private:
    // Blank, or the error that ends it.
    Value visit(Run& run, const Record& record, std::size_t step, std::vector<Value>& values) const {
        if (step == path_.size())
            return take(run, record, values);
        const auto& slot = path_[step];
        if (slot.type.kind == Kind::record) {
            const Record* next = record.related(slot.number);
            return next ? visit(run, *next, step + 1, values) : Value();
        }
        for (const Record* next : record.records(slot.number))
            if (const Value error = visit(run, *next, step + 1, values); error.is_error())
                return error;
        return {};
    }

    Value take(Run& run, const Record& record, std::vector<Value>& values) const {
        run.enter(record);
        Value chosen = condition_ ? value_of(condition_, run) : Value(true);
        if (chosen.is_true()) {
            chosen = value_of(each_, run);
            if (!chosen.is_error())
                values.push_back(chosen);
        }
        run.leave();
        if (!run.may_take(values.size() * sizeof(Value)))
            return run.give_up(Why::memory);
        return chosen.is_error() ? chosen : Value();
    }

    std::size_t scope_;
    std::vector<Shape::Slot> path_;
    Part each_, condition_;
};

class Start : public Node {
  public:
    explicit Start(Part days) : days_(std::move(days)) {}
    Value value(Run& run) const override {
        const Value days = value_of(days_, run);
        if (const auto* day = days.as<Date>())
            return run.moment().start_of(*day);
        const auto* list = days.as<Value::List>();
        if (!list)
            return days;
        std::vector<Value> starts;
        for (const Value& day : *list) {
            if (!run.step())
                return run.spent();
            starts.push_back(day.is_blank() ? Value() : Value(run.moment().start_of(day.get<Date>())));
        }
        return run.list(starts);
    }

  private:
    Part days_;
};

class Called : public Node {
  public:
    explicit Called(const Checked& checked)
        : body_(checked.function->body),
          takes_blanks_(checked.function->blanks == Blanks::taken),
          at_(checked.at),
          args_(parts_of(checked.args)) {}

    Value value(Run& run) const override {
        static constexpr std::size_t usual = 6;
        if (args_.size() <= usual) {
            std::array<Value, usual> values;
            return called(run, std::span(values).first(args_.size()));
        }
        std::vector<Value> values(args_.size());
        return called(run, values);
    }

  private:
    Value called(Run& run, std::span<Value> values) const {
        bool is_one_blank = false;
        for (std::size_t i = 0; i < values.size(); ++i) {
            values[i] = value_of(args_[i], run);
            if (values[i].is_error())
                return values[i];
            is_one_blank = is_one_blank || values[i].is_blank();
        }
        if (is_one_blank && !takes_blanks_)
            return {};
        run.set_at(at_);
        return body_(run, values);
    }

    Body body_;
    bool takes_blanks_;
    Span at_;
    std::vector<Part> args_;
};

// TODAY() - 30, and whatever else is the same for every record.
class Known : public Node {
  public:
    explicit Known(Part of) : of_(std::move(of)) {}
    Value value(Run& run) const override {
        if (const Value* known = run.find_known(number_))
            return *known;
        const Value value = of_->value(run);
        if (!value.is_error())
            run.keep_known(number_, value);
        return value;
    }

  private:
    static std::uint64_t next_number() {
        static std::atomic<std::uint64_t> last = 0;
        return ++last;
    }
    Part of_;
    std::uint64_t number_ = next_number(); // never that of another part, so that a run may outlive a program
};

bool is_of_records(const Checked& checked) {
    return checked.form == Form::field || checked.form == Form::gather ||
           std::ranges::any_of(checked.args, is_of_records);
}

bool is_known(const Checked& checked) {
    const Kind kind = checked.type.kind;
    const bool is_small = kind == Kind::truth || kind == Kind::number || kind == Kind::date || kind == Kind::instant;
    return is_small && (checked.form == Form::call || checked.form == Form::start) && !is_of_records(checked);
}

Part field_part(const Checked& checked) {
    if (checked.path.size() == 1 && checked.type.kind != Kind::record)
        return std::make_unique<OwnField>(checked.scope, checked.path.front().number);
    return std::make_unique<FieldBeyond>(checked.scope, checked.path);
}

Part call_part(const Checked& checked) {
    if (checked.op == Operator::function)
        return checked.function->body ? std::make_unique<Called>(checked) : special_part(checked);
    if (Part condition = condition_part(checked))
        return condition;
    return operator_part(checked);
}

} // namespace

namespace {

Part own_part_of(const Checked& checked) {
    switch (checked.form) {
    case Form::constant:
        return std::make_unique<ConstantNode>(checked.constant);
    case Form::field:
        return field_part(checked);
    case Form::gather:
        return std::make_unique<Gather>(checked);
    case Form::start:
        return std::make_unique<Start>(part_of(checked.args[0]));
    case Form::call:
        break;
    }
    return call_part(checked);
}

} // namespace

Part part_of(const Checked& checked) {
    Part part = own_part_of(checked);
    return is_known(checked) ? std::make_unique<Known>(std::move(part)) : std::move(part);
}

std::vector<Part> parts_of(std::span<const Checked> checked) {
    std::vector<Part> parts;
    for (const Checked& one : checked)
        parts.push_back(part_of(one));
    return parts;
}

Program compile(const Checked& checked) {
    Program program;
    program.root_ = part_of(checked);
    program.type_ = checked.type;
    return program;
}

Value Program::evaluate(Run& run, const Record& record) const {
    run.begin();
    run.enter(record);
    return run.step() ? root_->value(run) : run.spent();
}

bool Program::holds(Run& run, const Record& record, Value* error) const {
    const Value value = evaluate(run, record);
    if (error && value.is_error())
        *error = value;
    return value.is_true();
}

Error error_of(const Value& value) {
    const Trouble& trouble = value.trouble();
    return fault(trouble.at, code_of(trouble.why), message_of(trouble)).error();
}

} // namespace onefold::formula
