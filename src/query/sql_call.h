#pragma once
// One function or operator of the language, called by SQLite and DuckDB through `formula(task, moment, arguments…)`.
// Values cross as texts: a number as plain digits, TRUE as "1", a date as 2026-05-31, an instant as microseconds, a
// list as its members in a row ("-" for a blank one, else its length in code points, ":" and itself).
#include "formula/check.h"
#include "formula/run.h"

#include <string>
#include <string_view>

namespace onefold::query {

// What an argument or a result is; `scale` is that of a number given in units of 10^-scale, -1 for digits.
struct Carried {
    formula::Type type;
    int scale = -1;
};

enum class Ask { value, is_error };
// "ROUND|n|u2,n". `name` is a function's, an operator's sign, "start", or "value" for the argument itself.
std::string task_of(Ask ask, std::string_view name, Carried result, std::span<const Carried> arguments);
// "Asia/Shanghai|1780000000000000"
std::string text_of(const formula::Moment& moment);

std::string carried(const formula::Value& value);

} // namespace onefold::query
