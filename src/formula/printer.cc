#include "core/text.h"
#include "formula/language.h"

#include <array>
#include <fmt/format.h>
#include <span>

namespace onefold::formula {
namespace {

// How tightly what is printed binds (language.h); a part that binds less than its place asks stands in parentheses.
enum Level {
    lowest = 1,
    or_ = 1,
    and_ = 2,
    not_ = 3,
    comparison = 4,
    join = 5,
    sum = 6,
    product = 7,
    power = 8,
    percent = 9,
    sign = 10,
    primary = 11
};

struct Printed {
    std::string text;
    int level;
};

Printed printed(const Expression& expression);

std::string quoted_text(std::string_view text) {
    std::string result = "\"";
    for (const char c : text)
        result += c == '"' ? "\"\"" : std::string(1, c);
    return result + '"';
}

std::string quoted_name(std::string_view name) {
    static constexpr std::array<std::string_view, 6> reserved{"AND", "OR", "NOT", "IN", "TRUE", "FALSE"};
    std::string upper(name);
    for (char& c : upper)
        c = c >= 'a' && c <= 'z' ? char(c - 32) : c;
    if (is_plain_name(name) && std::ranges::find(reserved, upper) == reserved.end())
        return std::string(name);
    std::string result = "'";
    for (const char c : name)
        result += c == '\'' ? "''" : std::string(1, c);
    return result + '\'';
}

std::string at_least(int level, const Expression& expression) {
    auto part = printed(expression);
    return part.level >= level ? std::move(part.text) : '(' + part.text + ')';
}

std::string listed(std::span<const Expression> args) {
    std::string text;
    for (const auto& arg : args)
        text += (text.empty() ? "" : ", ") + at_least(lowest, arg);
    return text;
}

Printed function(std::string_view name, std::span<const Expression> args) {
    return {fmt::format("{}({})", name, listed(args)), primary};
}

bool is_call_of(const Expression& expression, Operator op) {
    const auto* call = std::get_if<Call>(&expression.part);
    return call && call->op == op;
}

// A chain of one operator is one call, so a chain within the first part stays in its parentheses.
Printed chain(const Call& call, std::string_view word, int level, bool gathers) {
    if (call.args.size() == 1)
        return function(word, call.args);
    std::string text = at_least(gathers && is_call_of(call.args[0], call.op) ? level + 1 : level, call.args[0]);
    for (const auto& arg : std::span(call.args).subspan(1))
        text += fmt::format(" {} {}", word, at_least(level + 1, arg));
    return {std::move(text), level};
}

Printed negated(const Call& call) {
    const Expression& of = call.args[0];
    const auto* value = std::get_if<Literal>(&of.part);
    const auto* number = value ? std::get_if<Decimal>(value) : nullptr;
    if (number && !number->is_negative() && !number->is_zero()) // else it would be read as one number
        return {fmt::format("-({})", number->to_string()), sign};
    return {"-" + at_least(sign, of), sign};
}

Printed denied(const Call& call) {
    const auto* inner = std::get_if<Call>(&call.args[0].part);
    if (inner && inner->op == Operator::in)
        return {
            fmt::format("{} NOT IN ({})", at_least(join, inner->args[0]), listed(std::span(inner->args).subspan(1))),
            comparison};
    return {fmt::format("NOT {}", at_least(not_, call.args[0])), not_};
}

Printed called(const Call& call) {
    switch (call.op) {
    case Operator::and_:
        return chain(call, "AND", and_, true);
    case Operator::or_:
        return chain(call, "OR", or_, true);
    case Operator::not_:
        return denied(call);
    case Operator::equal:
    case Operator::not_equal:
    case Operator::less:
    case Operator::less_equal:
    case Operator::greater:
    case Operator::greater_equal:
        return {fmt::format("{} {} {}", at_least(join, call.args[0]), sign_of(call.op), at_least(join, call.args[1])),
            comparison};
    case Operator::in:
        return {fmt::format("{} IN ({})", at_least(join, call.args[0]), listed(std::span(call.args).subspan(1))),
            comparison};
    case Operator::contains:
        return function("CONTAINS", call.args);
    case Operator::blank:
        return function("ISBLANK", call.args);
    case Operator::ago:
        return function("AGO", call.args);
    case Operator::add:
        return chain(call, "+", sum, true);
    case Operator::subtract:
        return chain(call, "-", sum, false);
    case Operator::multiply:
        return chain(call, "*", product, true);
    case Operator::divide:
        return chain(call, "/", product, false);
    case Operator::power:
        return chain(call, "^", power, false);
    case Operator::join:
        return chain(call, "&", join, true);
    case Operator::negate:
        return negated(call);
    case Operator::percent:
        return {at_least(percent, call.args[0]) + "%", percent};
    case Operator::list:
        return {fmt::format("{{{}}}", listed(call.args)), primary};
    case Operator::function:
        break;
    }
    return function(call.name, call.args);
}

Printed printed(const Expression& expression) {
    if (const auto* named = std::get_if<Field>(&expression.part))
        return {print_path(named->path), primary};
    if (const auto* call = std::get_if<Call>(&expression.part))
        return called(*call);
    const auto& value = std::get<Literal>(expression.part);
    if (const auto* flag = std::get_if<bool>(&value))
        return {*flag ? "TRUE" : "FALSE", primary};
    if (const auto* number = std::get_if<Decimal>(&value))
        return {number->to_string(), number->is_negative() ? sign : primary};
    if (const auto* text = std::get_if<std::string>(&value))
        return {quoted_text(*text), primary};
    return {"BLANK()", primary};
}

} // namespace

std::string print_path(const std::vector<std::string>& path) {
    std::string text;
    for (const auto& code : path)
        text += (text.empty() ? "" : ".") + quoted_name(code);
    return text;
}

std::string print(const Expression& expression) {
    return printed(expression).text;
}

} // namespace onefold::formula
