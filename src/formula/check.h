#pragma once
// The checked tree: every part has a type, every name is resolved to slots of records, every call to its function,
// every text that stands for a number, a date or a time is one. From it come the program and, by others, SQL.
#include "core/time.h"
#include "formula/function.h"
#include "formula/type.h"
#include "formula/value.h"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace onefold::formula {

using Constant = std::variant<std::monostate, bool, Decimal, std::string, Date, Instant>;

struct Checked {
    enum class Form {
        constant,
        field,  // `path` from the record `scope`, over single records, to a value
        gather, // the list of args[0] for each of the records at the end of `path` that meet args[1], if there is one
        start,  // args[0], a date (or a list of them), as the instants at which the days begin
        call
    };
    Form form = Form::constant;
    Type type;
    Span at;
    Constant constant;
    std::size_t scope = 0; // 0: the record that is asked about; 1: those of the outermost gather around; …
    std::vector<Shape::Slot> path;
    Operator op = Operator::function;
    const Function* function = nullptr; // of Operator::function
    std::vector<Checked> args;
    std::string text; // how it is written, for what is said about it
};

struct Surroundings {
    const Shape& shape;
    Zone zone = {}; // in which texts without an offset are read as times
};

// formula.unknown_field, formula.unknown_function, formula.wrong_type, formula.wrong_count, formula.bad_pattern,
// formula.bad_argument, formula.unknown_zone, formula.shown_word, each with the Span of what is wrong. What is blank is
// of every type. The shapes must outlive the tree.
Result<Checked> check(const Expression& expression, const Surroundings& surroundings);
// The same for what is to be TRUE or FALSE.
Result<Checked> check_condition(const Expression& expression, const Surroundings& surroundings);

// How many steps it takes of a record, where a gather meets `related` records: what a formula is asked for when it is
// saved.
std::int64_t cost_of(const Checked& checked, std::int64_t related = 100);

} // namespace onefold::formula
