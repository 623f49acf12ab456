#pragma once
// The expression tree. Knows no tables: a field is a path of codes that somebody else resolves.
//
// JSON: {"field":"customer.city"} · {"value":…} (string, number as string or integer, true, false, null) ·
// {"op":"and","args":[…]} · {"call":"LEN","args":[…]}. Operators: and or not (booleans) · = <> < <= > >= · in (args[0]
// in the following) · contains (text in text, case-insensitive) · blank · ago (a number and minute, hour, day or week:
// an instant before now) · + - * / ^ negate percent · & (texts joined) · list. Blank propagates through comparison and
// arithmetic and counts as false at the top; `blank` is true for blank and "". Limits: depth 64, 8 KiB of JSON. A
// field's codes may be of any language; between them stands a dot. A number with more than 15 digits is written as a
// string. A call names a function of the table (function.h); the tree does not ask whether there is one.
#include "core/decimal.h"
#include "core/result.h"
#include "core/time.h"

#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace onefold::formula {

enum class Operator {
    and_,
    or_,
    not_,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    in,
    contains,
    blank,
    ago,
    add, // any number of terms
    subtract,
    multiply, // any number of factors
    divide,
    power,
    negate,
    percent, // a hundredth
    join,    // any number of parts
    list,
    function // Call::name says which
};

using Literal = std::variant<std::monostate, bool, Decimal, std::string>;

// Where something stands in the text that it was read from, in code points. What was not read from text stands nowhere.
struct Span {
    std::uint32_t begin = 0, length = 0;
    bool operator==(const Span&) const = default;
};

struct Expression;
struct Field {
    std::vector<std::string> path; // {"customer", "city"}
    bool operator==(const Field&) const = default;
};
struct Call {
    Operator op;
    std::vector<Expression> args;
    std::string name = {}; // of a function
    bool operator==(const Call&) const;
};
struct Expression {
    std::variant<Literal, Field, Call> part;
    Span at = {};
    // The same tree, wherever it stood.
    bool operator==(const Expression& other) const { return part == other.part; }
};

// How many arguments an operator takes.
struct Arity {
    std::size_t min;
    std::size_t max;
};
Arity arity_of(Operator op);
std::string_view sign_of(Operator op); // as JSON writes it: "and", "<="

inline constexpr int depth_max = 64;
inline constexpr std::size_t json_bytes_max = 8192;
inline constexpr std::size_t members_max = 1000; // of `in`
inline constexpr std::size_t path_length_max = 8;
inline constexpr std::size_t code_length_max = 64; // code points

// formula.invalid with the JSON pointer of what is wrong.
Result<Expression> parse_json(const boost::json::value& json);
boost::json::value to_json(const Expression& expression);

inline Expression field(std::vector<std::string> path) {
    return {Field{std::move(path)}};
}
inline Expression literal(Literal value) {
    return {std::move(value)};
}
inline Expression call(Operator op, std::vector<Expression> args) {
    return {Call{op, std::move(args)}};
}
inline Expression call(std::string function, std::vector<Expression> args) {
    return {Call{Operator::function, std::move(args), std::move(function)}};
}

} // namespace onefold::formula
