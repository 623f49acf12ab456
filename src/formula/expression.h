#pragma once
// The expression tree. Knows no tables: a field is a path of codes that somebody else resolves.
//
// JSON: {"field":"customer.city"} · {"value":…} (string, number as string or integer, true, false, null) · {"op":"and","args":[…]}.
// Operators: and or not (booleans) · = <> < <= > >= · in (args[0] in the following) · contains (text in text, case-insensitive) · blank.
// Blank propagates through comparison and counts as false at the top; `blank` is true for blank and "". Limits: depth 64, 8 KiB of JSON.
#include "core/decimal.h"
#include "core/result.h"
#include "core/time.h"

#include <boost/json.hpp>

#include <string>
#include <variant>
#include <vector>

namespace onefold::formula {

enum class Operator { and_, or_, not_, equal, not_equal, less, less_equal, greater, greater_equal, in, contains, blank };

using Literal = std::variant<std::monostate, bool, Decimal, std::string>;

struct Expression;
struct Field {
    std::vector<std::string> path; // {"customer", "city"}
};
struct Call {
    Operator op;
    std::vector<Expression> args;
};
struct Expression {
    std::variant<Literal, Field, Call> part;
};

// formula.invalid with the JSON pointer of what is wrong.
Result<Expression> parse_json(const boost::json::value& json);
boost::json::value to_json(const Expression& expression);

inline Expression field(std::vector<std::string> path) { return {Field{std::move(path)}}; }
inline Expression literal(Literal value) { return {std::move(value)}; }
inline Expression call(Operator op, std::vector<Expression> args) { return {Call{op, std::move(args)}}; }

} // namespace onefold::formula
