#pragma once
// The functions: one table, from which comes what the checker takes, what runs, what people read, and the examples that
// are tests.
#include "formula/run.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::formula {

enum class Family { logic, text, number, date, list };

// What an argument may be.
enum class Want {
    text,
    number,
    truth,
    date,    // a date and time is not one
    moment,  // a date, or a date and time
    instant, // a date counts from its first moment
    any,     // one value of any type
    same,    // all arguments so marked are of one type
    numbers, // a number, or a list of them
    truths,  // a condition, or a list of them
    values,  // a value or a list; all of one type
    parts,   // values and lists of any types
    list
};

// What comes out.
enum class Give {
    text,
    number,
    truth,
    date,
    instant,
    same,   // the type of the arguments that are `same` or `values`
    moment, // the type of the first argument
    each,   // what the list holds
    list,   // a list like the first
    values, // a list of what the arguments are
    texts
};

enum class Blanks {
    propagate, // a blank argument makes the result blank
    taken      // the function sees blanks
};

// Forms that do not evaluate all their arguments, which program.cc knows.
enum class Special { none, if_, ifs, switch_, if_error, is_error, coalesce, choose, matches_pattern };

struct Param {
    std::string name;
    Want want;
    bool is_optional = false;
    bool repeats = false;
    std::vector<std::string> words = {}; // all that it may be, where that is a fixed set
    bool is_zone = false;                // the name of a time zone
};
struct Example {
    std::string_view text, value; // as the command line prints it
};

// Arguments are of the types that were checked; never an error, and blank only where Blanks::taken.
using Body = Value (*)(Run& run, std::span<const Value> args);

struct Function {
    std::string name;
    std::vector<std::string> aliases;
    Family family = Family::logic;
    std::string signature; // "LEFT(text, count?)"
    std::vector<Param> params;
    Give give = Give::number;
    Body body = nullptr; // none for what is an operator of the tree, or a special form
    Blanks blanks = Blanks::propagate;
    Special special = Special::none;
    bool is_aggregate = false; // may be asked of related records, with a condition
    LocalText help;
    std::vector<Example> examples;
};

// By family, then by name.
std::span<const Function> functions();
// By name or alias, in capitals; nullptr.
const Function* find_function(std::string_view name);
// The function nearest to a name that is none; "" where none is near.
std::string_view nearest_function(std::string_view name);
// AND, OR, NOT, CONTAINS, ISBLANK and AGO are operators of the tree.
std::optional<Operator> operator_of(std::string_view function);

// ---- how the families write the table ----

struct Row {
    // "LEFT(text: text, count: number?): text"; "..." repeats; "unit: text{day|week}" is one of these words, "zone:
    // zone" the name of one
    std::string_view signature;
    Body body;
    std::string_view en, zh;
    std::vector<Example> examples;
    std::vector<std::string> aliases = {};
    Blanks blanks = Blanks::propagate;
    Special special = Special::none;
    bool is_aggregate = false;
};
std::vector<Row> logic_rows();
std::vector<Row> text_rows();
std::vector<Row> writing_rows(); // of the family text, too
std::vector<Row> pattern_rows(); // and these
std::vector<Row> number_rows();
std::vector<Row> date_rows();
std::vector<Row> list_rows();

} // namespace onefold::formula
