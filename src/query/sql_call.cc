#include "query/sql_call.h"

#include "core/text.h"
#include "formula/program.h"
#include "query/query.h"

#include <charconv>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <stdexcept>
#include <unordered_map>

namespace onefold::query {
namespace {

using formula::Checked;
using formula::Date;
using formula::Kind;
using formula::Value;

constexpr std::string_view letters = "_bntdi"; // blank, truth, number, text, date, instant

char letter_of(Kind kind) {
    return letters[std::size_t(kind)];
}

std::string code_of(Carried carried) {
    const bool is_list = carried.type.kind == Kind::list;
    std::string code(1, letter_of(is_list ? carried.type.each : carried.type.kind));
    if (carried.scale >= 0 && code == "n")
        code = fmt::format("u{}", carried.scale);
    return is_list ? "*" + code : code;
}

[[noreturn]] void refuse(std::string_view what) {
    throw std::invalid_argument(fmt::format("formula: {}", what));
}

Carried read_code(std::string_view code) {
    const bool is_list = code.starts_with('*');
    code.remove_prefix(is_list ? 1 : 0);
    if (code.empty())
        refuse("no type");
    Carried carried;
    if (code.front() == 'u') {
        carried.type = {Kind::number};
        std::from_chars(code.data() + 1, code.data() + code.size(), carried.scale);
    } else {
        const auto at = letters.find(code.front());
        if (at == letters.npos)
            refuse("no such type");
        carried.type = {Kind(at)};
    }
    if (is_list)
        carried.type = formula::list_of(carried.type.kind);
    return carried;
}

std::int64_t integer_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        refuse("no whole number");
    return number;
}

Value scalar(std::string_view text, Kind kind, int scale) {
    switch (kind) {
    case Kind::truth:
        return Value(text == "1");
    case Kind::number: {
        if (scale >= 0)
            return Decimal::of_scaled(integer_in(text), scale);
        const auto number = Decimal::parse(text);
        return number ? Value(*number) : Value();
    }
    case Kind::text:
        return Value(text);
    case Kind::date: {
        const auto date = formula::parse_date(text);
        return date ? Value(*date) : Value();
    }
    case Kind::instant:
        return Value(instant_of(integer_in(text)));
    default:
        return {};
    }
}

// The members of a list that was carried.
void unpack(std::string_view text, Kind kind, int scale, std::vector<Value>& members) {
    while (!text.empty()) {
        if (text.front() == '-') {
            members.emplace_back();
            text.remove_prefix(1);
            continue;
        }
        const auto colon = text.find(':');
        if (colon == text.npos)
            refuse("no list");
        const auto length = integer_in(text.substr(0, colon));
        text.remove_prefix(colon + 1);
        const auto member = beginning_of(text, std::size_t(length));
        members.push_back(scalar(member, kind, scale));
        text.remove_prefix(member.size());
    }
}

class Arguments final : public formula::Record {
  public:
    explicit Arguments(std::span<const Carried> kinds) : kinds_(kinds), values_(kinds.size()), lists_(kinds.size()) {}

    void take(std::size_t index, const store::Function::Argument& given) {
        const auto [type, scale] = kinds_[index];
        Value& value = values_[index];
        value = {};
        if (!given)
            return;
        if (type.kind != Kind::list) {
            value = scalar(*given, type.kind, scale);
            return;
        }
        lists_[index].clear();
        unpack(*given, type.each, scale, lists_[index]);
        value = Value(Value::List(lists_[index]));
    }

    Value value(std::size_t slot) const override { return values_[slot]; }
    const Record* related(std::size_t) const override { return nullptr; }
    std::span<const Record* const> records(std::size_t) const override { return {}; }

  private:
    std::span<const Carried> kinds_;
    std::vector<Value> values_;
    std::vector<std::vector<Value>> lists_;
};

std::optional<formula::Operator> operator_with(std::string_view sign) {
    for (int i = 0; i < int(formula::Operator::function); ++i)
        if (formula::sign_of(formula::Operator(i)) == sign)
            return formula::Operator(i);
    return std::nullopt;
}

// What is asked, ready to run: one a thread.
class Task {
  public:
    Task(std::string_view task, std::string_view moment) {
        read_moment(moment);
        if (task.starts_with('?')) {
            ask_ = Ask::is_error;
            task.remove_prefix(1);
        }
        const auto first = task.rfind('|', task.rfind('|') - 1), second = task.rfind('|');
        if (second == task.npos || first == task.npos || first == second)
            refuse("no task");
        const std::string_view codes = task.substr(second + 1);
        for (std::size_t at = 0; at < codes.size();) {
            const auto comma = std::min(codes.find(',', at), codes.size());
            kinds_.push_back(read_code(codes.substr(at, comma - at)));
            at = comma + 1;
        }
        arguments_ = std::make_unique<Arguments>(kinds_);
        program_ = compile(checked(task.substr(0, first), read_code(task.substr(first + 1, second - first - 1)).type));
        run_ = std::make_unique<formula::Run>(moment_);
    }

    std::optional<std::string> answer(std::span<const store::Function::Argument> given) {
        if (given.size() != kinds_.size())
            refuse("arguments are missing");
        for (std::size_t i = 0; i < given.size(); ++i)
            arguments_->take(i, given[i]);
        const Value value = program_.evaluate(*run_, *arguments_);
        if (ask_ == Ask::is_error)
            return value.is_error() ? "1" : "0";
        if (value.is_blank() || value.is_error())
            return std::nullopt;
        return carried(value);
    }

  private:
    void read_moment(std::string_view moment) {
        const auto bar = moment.find('|');
        auto zone = Zone::named(moment.substr(0, bar));
        if (bar == moment.npos || !zone)
            refuse("no moment");
        moment_.zone = *zone;
        moment_.now = instant_of(integer_in(moment.substr(bar + 1)));
    }

    Checked checked(std::string_view name, formula::Type type) const {
        std::vector<Checked> arguments;
        for (std::size_t i = 0; i < kinds_.size(); ++i) {
            Checked argument;
            argument.form = Checked::Form::field;
            argument.type = kinds_[i].type;
            argument.path = {formula::Shape::Slot{i, kinds_[i].type}};
            arguments.push_back(std::move(argument));
        }
        if (name == "value" && arguments.size() == 1)
            return arguments[0];
        Checked call;
        call.form = name == "start" ? Checked::Form::start : Checked::Form::call;
        call.type = type;
        call.args = std::move(arguments);
        if (name == "start")
            return call;
        if (const auto op = operator_with(name)) {
            call.op = *op;
            return call;
        }
        call.function = formula::find_function(name);
        if (!call.function || !call.function->body)
            refuse("no such function");
        return call;
    }

    Ask ask_ = Ask::value;
    std::vector<Carried> kinds_;
    std::unique_ptr<Arguments> arguments_;
    formula::Program program_;
    formula::Moment moment_;
    std::unique_ptr<formula::Run> run_;
};

struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

Task& task_for(std::string_view task, std::string_view moment) {
    constexpr std::size_t kept = 500;
    thread_local std::unordered_map<std::string, std::unique_ptr<Task>, Hash, std::equal_to<>> tasks;
    thread_local std::string name;
    name.assign(task).append(1, '\n').append(moment);
    if (const auto known = tasks.find(name); known != tasks.end())
        return *known->second;
    if (tasks.size() >= kept)
        tasks.clear();
    return *tasks.emplace(name, std::make_unique<Task>(task, moment)).first->second;
}

std::optional<std::string> call(std::span<const store::Function::Argument> arguments) {
    if (arguments.size() < 2 || !arguments[0] || !arguments[1])
        refuse("no task");
    return task_for(*arguments[0], *arguments[1]).answer(arguments.subspan(2));
}

} // namespace

std::string task_of(Ask ask, std::string_view name, Carried result, std::span<const Carried> arguments) {
    std::string task = fmt::format("{}{}|{}|", ask == Ask::is_error ? "?" : "", name, code_of(result));
    for (std::size_t i = 0; i < arguments.size(); ++i)
        task += (i == 0 ? "" : ",") + code_of(arguments[i]);
    return task;
}

std::string text_of(const formula::Moment& moment) {
    return fmt::format("{}|{}", moment.zone.name(), micros_of(moment.now));
}

std::string carried(const Value& value) {
    if (const auto* truth = value.as<bool>())
        return *truth ? "1" : "0";
    if (const auto* at = value.as<Instant>())
        return std::to_string(micros_of(*at));
    const auto* list = value.as<Value::List>();
    if (!list)
        return to_text(value);
    std::string text;
    for (const Value& member : *list) {
        const std::string one = carried(member);
        text += member.is_blank() ? "-" : fmt::format("{}:{}", length_of(one), one);
    }
    return text;
}

store::Functions functions() {
    return {{"formula", call}};
}

} // namespace onefold::query
