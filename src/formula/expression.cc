#include "formula/expression.h"

#include "core/text.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace onefold::formula {
namespace {

struct Word {
    Operator op;
    std::string_view sign;
    Arity arity;
};

constexpr std::size_t args_max = 1000;
constexpr std::array<Word, 23> words{{
    {Operator::and_, "and", {1, args_max}},
    {Operator::or_, "or", {1, args_max}},
    {Operator::not_, "not", {1, 1}},
    {Operator::equal, "=", {2, 2}},
    {Operator::not_equal, "<>", {2, 2}},
    {Operator::less, "<", {2, 2}},
    {Operator::less_equal, "<=", {2, 2}},
    {Operator::greater, ">", {2, 2}},
    {Operator::greater_equal, ">=", {2, 2}},
    {Operator::in, "in", {2, members_max + 1}},
    {Operator::contains, "contains", {2, 2}},
    {Operator::blank, "blank", {1, 1}},
    {Operator::ago, "ago", {2, 2}},
    {Operator::add, "+", {2, args_max}},
    {Operator::subtract, "-", {2, 2}},
    {Operator::multiply, "*", {2, args_max}},
    {Operator::divide, "/", {2, 2}},
    {Operator::power, "^", {2, 2}},
    {Operator::negate, "negate", {1, 1}},
    {Operator::percent, "percent", {1, 1}},
    {Operator::join, "&", {2, args_max}},
    {Operator::list, "list", {0, args_max}},
    {Operator::function, "call", {0, args_max}},
}};

Failure invalid(const std::string& pointer, const LocalText& message) {
    const std::string place = pointer.empty() ? "/" : pointer;
    return fail(ErrorKind::invalid, "formula.invalid",
        {fmt::format("The condition is wrong at {}: {}", place, message.in("en")),
            fmt::format("条件在 {} 处有误：{}", place, message.in("zh-CN"))},
        {{pointer, "formula.invalid", message}});
}

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c != 0x7F; });
}

bool is_function_name(std::string_view name) {
    return !name.empty() && name.size() <= code_length_max && name.front() >= 'A' && name.front() <= 'Z' &&
           std::ranges::all_of(
               name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; });
}

// RFC 6901
std::string pointer_to(const std::string& pointer, std::string_view key) {
    std::string text = pointer + "/";
    for (const char c : beginning_of(key, 60))
        text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return text;
}

// A double's shortest digits are the digits that were written as long as there are at most 15 of them.
std::optional<Decimal> exactly(double number) {
    std::array<char, 400> digits;
    const auto [end, error] = std::to_chars(digits.begin(), digits.end(), number, std::chars_format::fixed);
    if (error != std::errc{})
        return std::nullopt;
    const std::string_view text(digits.data(), std::size_t(end - digits.data()));
    auto decimal = Decimal::parse(text);
    if (!decimal)
        return std::nullopt;
    std::size_t significant = 0;
    for (const char c : decimal->to_string())
        if (c >= '0' && c <= '9' && (c != '0' || significant > 0))
            ++significant;
    if (significant > 15)
        return std::nullopt;
    return *decimal;
}

Result<Expression> parse_literal(const boost::json::value& json, const std::string& pointer) {
    switch (json.kind()) {
    case boost::json::kind::null:
        return literal(std::monostate{});
    case boost::json::kind::bool_:
        return literal(json.get_bool());
    case boost::json::kind::int64:
        return literal(Decimal::of(json.get_int64()));
    case boost::json::kind::uint64:
        return literal(TRY(Decimal::parse(std::to_string(json.get_uint64()))));
    case boost::json::kind::double_:
        if (auto decimal = exactly(json.get_double()))
            return literal(*decimal);
        return invalid(
            pointer, {"this number cannot be read exactly: write it as a string", "此数字无法精确读取，请写成字符串"});
    case boost::json::kind::string: {
        const std::string_view text = json.get_string();
        if (text.find('\0') != text.npos || !is_valid_utf8(text))
            return invalid(pointer, {"the text holds a character that cannot be stored", "文本中含有无法保存的字符"});
        return literal(std::string(text));
    }
    default:
        return invalid(
            pointer, {"a value is text, a number, true, false or null", "值只能是文本、数字、true、false 或 null"});
    }
}

Result<Expression> parse_field(const boost::json::value& json, const std::string& pointer) {
    if (!json.is_string())
        return invalid(pointer, {"a field is named by text", "字段须用文本指明"});
    std::vector<std::string> path;
    std::string_view rest = json.get_string();
    while (true) {
        const std::size_t dot = rest.find('.');
        const std::string_view code = rest.substr(0, dot);
        if (code.empty() || !is_plain(code) || !is_valid_utf8(code) || length_of(code) > code_length_max)
            return invalid(pointer, {"a field is codes with dots between them", "字段由以点分隔的代码组成"});
        path.emplace_back(code);
        if (path.size() > path_length_max)
            return invalid(pointer, {fmt::format("a field's path has at most {} codes", path_length_max),
                                        fmt::format("字段路径最多含 {} 个代码", path_length_max)});
        if (dot == rest.npos)
            return field(std::move(path));
        rest.remove_prefix(dot + 1);
    }
}

Result<Expression> parse_at(const boost::json::value& json, const std::string& pointer, int depth);

Result<Expression> parse_call(const boost::json::object& json, const std::string& pointer, int depth) {
    const bool is_function = json.contains("call");
    const auto* sign = is_function ? nullptr : json.at("op").if_string();
    const auto word = is_function ? words.end() - 1
                      : sign ? std::ranges::find(words.begin(), words.end() - 1, std::string_view(*sign), &Word::sign)
                             : words.end() - 1;
    if (word == words.end() - 1 && !is_function)
        return invalid(pointer + "/op",
            {"this operator is not known: and, or, not, =, <>, <, <=, >, >=, in, contains, blank, ago, +, -, *, /, ^, "
             "negate, percent, &, list",
                "未知的运算符；可用：and、or、not、=、<>、<、<=、>、>=、in、contains、blank、ago、+、-、*、/"
                "、^、negate、"
                "percent、&、list"});
    const auto* name = is_function ? json.at("call").if_string() : nullptr;
    if (is_function && (!name || !is_function_name(*name)))
        return invalid(pointer + "/call", {"a function is named by letters, as LEN", "函数名由字母组成，如 LEN"});
    const auto* args = json.if_contains("args");
    if (!args || !args->is_array())
        return invalid(pointer + "/args", {"a list of arguments is missing", "缺少参数列表"});
    const auto& list = args->get_array();
    if (list.size() < word->arity.min || list.size() > word->arity.max) {
        const auto [min, max] = word->arity;
        const std::string range = min == max ? std::to_string(min) : fmt::format("{}–{}", min, max);
        return invalid(
            pointer + "/args", {fmt::format("“{}” takes {} arguments, not {}", word->sign, range, list.size()),
                                   fmt::format("“{}”需要 {} 个参数，而不是 {} 个", word->sign, range, list.size())});
    }
    std::vector<Expression> parsed;
    parsed.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
        parsed.push_back(TRY(parse_at(list[i], fmt::format("{}/args/{}", pointer, i), depth + 1)));
    if (is_function)
        return call(std::string(*name), std::move(parsed));
    return call(word->op, std::move(parsed));
}

Result<Expression> parse_at(const boost::json::value& json, const std::string& pointer, int depth) {
    if (depth > depth_max)
        return invalid(pointer,
            {fmt::format("conditions nest at most {} deep", depth_max), fmt::format("条件最多嵌套 {} 层", depth_max)});
    const auto* object = json.if_object();
    const auto* kind = object && !object->empty() ? object->begin() : nullptr;
    for (const std::string_view key : {"field", "value", "call", "op"})
        if (object && object->contains(key))
            kind = object->find(key);
    if (!kind)
        return invalid(
            pointer, {R"(here belongs {"field":…}, {"value":…}, {"op":…,"args":[…]} or {"call":…,"args":[…]})",
                         R"(此处应为 {"field":…}、{"value":…}、{"op":…,"args":[…]} 或 {"call":…,"args":[…]})"});
    const bool is_call = kind->key() == "op" || kind->key() == "call";
    for (const auto& member : *object)
        if (member.key() != kind->key() && !(is_call && member.key() == "args"))
            return invalid(pointer_to(pointer, member.key()), {"this member does not belong here", "此处不应有该成员"});
    if (is_call)
        return parse_call(*object, pointer, depth);
    if (kind->key() == "field")
        return parse_field(kind->value(), pointer + "/field");
    if (kind->key() == "value")
        return parse_literal(kind->value(), pointer + "/value");
    return invalid(pointer_to(pointer, kind->key()),
        {R"(here belongs "field", "value", "op" or "call")", R"(此处应为 "field"、"value"、"op" 或 "call")"});
}

boost::json::value number_to_json(const Decimal& number) {
    if (const auto whole = number.scaled(0))
        return *whole;
    const std::string text = number.to_string();
    double shortest = 0;
    std::from_chars(text.data(), text.data() + text.size(), shortest);
    if (exactly(shortest) == number)
        return shortest;
    return boost::json::value(text);
}

} // namespace

bool Call::operator==(const Call& other) const {
    return op == other.op && name == other.name && args == other.args;
}

Arity arity_of(Operator op) {
    return std::ranges::find(words, op, &Word::op)->arity;
}

std::string_view sign_of(Operator op) {
    return std::ranges::find(words, op, &Word::op)->sign;
}

Result<Expression> parse_json(const boost::json::value& json) {
    auto expression = TRY(parse_at(json, "", 1));
    if (boost::json::serialize(json).size() > json_bytes_max)
        return invalid("", {fmt::format("a condition has at most {} bytes", json_bytes_max),
                               fmt::format("条件最多 {} 字节", json_bytes_max)});
    return expression;
}

boost::json::value to_json(const Expression& expression) {
    if (const auto* value = std::get_if<Literal>(&expression.part)) {
        boost::json::value json;
        if (const auto* flag = std::get_if<bool>(value))
            json = *flag;
        if (const auto* number = std::get_if<Decimal>(value))
            json = number_to_json(*number);
        if (const auto* text = std::get_if<std::string>(value))
            json = boost::json::value(*text);
        return boost::json::object{{"value", std::move(json)}};
    }
    if (const auto* named = std::get_if<Field>(&expression.part))
        return boost::json::object{{"field", fmt::format("{}", fmt::join(named->path, "."))}};
    const auto& node = std::get<Call>(expression.part);
    boost::json::array args;
    for (const auto& arg : node.args)
        args.push_back(to_json(arg));
    if (node.op == Operator::function)
        return boost::json::object{{"call", node.name}, {"args", std::move(args)}};
    return boost::json::object{{"op", sign_of(node.op)}, {"args", std::move(args)}};
}

} // namespace onefold::formula
