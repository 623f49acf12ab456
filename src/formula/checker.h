#pragma once
// How check.cc and check_functions.cc share their work: a tree is checked from its leaves up, each part in the scopes
// of the records around it.
#include "formula/check.h"
#include "formula/fit.h"
#include "formula/names.h"

#include <map>
#include <optional>
#include <span>
#include <vector>

namespace onefold::formula {

// What a tree's field was found to be: each step of its path, and the shapes in which its first name was looked up in
// vain.
struct FoundField {
    std::vector<NamedField> steps;
    std::vector<const Shape*> nearer;
};
using FoundFields = std::map<const Field*, FoundField>;

class Checker {
  public:
    explicit Checker(const Surroundings& surroundings, FoundFields* found = nullptr)
        : zone_(surroundings.zone), found_(found) {
        scopes_.push_back(&surroundings.shape);
    }

    Result<Checked> part(const Expression& expression);
    Result<Checked> part(const Expression& expression, Type wanted);

  private:
    Result<Checked> part_of(const Expression& expression);
    Failure unknown_field(const Field& named, const std::string& code, std::span<const Shape* const> shapes, Span at);
    Result<Checked> field(const Field& named, Span at);
    // orders.lines.price: the price of every line of every order.
    Result<Checked> gathering(Checked to_value, std::size_t steps, Span at);
    Result<std::vector<Checked>> all(std::span<const Expression> args);
    Result<std::vector<Checked>> all(std::span<const Expression> args, Type wanted);
    Result<Type> unified(std::vector<Checked>& args, std::size_t from = 0, std::size_t stride = 1);
    Result<Checked> operation(const Call& made, Operator op, Span at);
    Result<Checked> comparison(Operator op, std::vector<Checked> args, Span at);
    Result<Checked> membership(std::vector<Checked> args);
    // Two at a time, where a date is among them.
    Result<Checked> sum(Operator op, std::vector<Checked> args);
    Result<Checked> sum_of_two(Operator op, Checked left, Checked right);
    Result<Checked> function(const Call& made, Span at);
    // COUNT(orders), SUM(orders.amount), COUNT(orders, paid_at >= TODAY() - 30): the condition is asked of each record.
    Result<std::optional<Checked>> of_records(const Function& function, const Call& made, Checked records);
    Result<Checked> special(const Function& function, std::span<const Expression> given, Span at);
    // SWITCH(what, one, value, another, value, …, else?)
    Result<Type> switched(std::vector<Checked>& args);
    Result<Checked> called(const Function& function, std::vector<Checked> args);
    Result<Checked> suited(Checked arg, const Param& param);
    // Words that are written out where codes or one of a fixed set are meant. What was kept before a word was refused
    // is still read, so nothing is refused where only fields are looked for.
    Result<void> words(const Function& function, std::size_t index, const Checked& arg) const;
    Result<void> codes(std::span<const Checked> args) const;
    // Values and lists of one type, a list's members counting.
    Result<Type> unify_each(const Function& function, std::vector<Checked>& args);

    const Zone& zone_;
    FoundFields* found_;
    std::vector<const Shape*> scopes_;
    int parts_ = 0;
};

std::string lower_ascii(std::string_view text);
// A list that holds TRUE for each of the records.
Checked counted(Checked records);
// Where the argument is written out and stands for one of a fixed set: formula.bad_argument or formula.unknown_zone, if
// it is none of them.
Result<void> check_word(const Function& function, std::size_t index, const Checked& arg);
// Where a field's choices are compared with a text that is written out: formula.shown_word, if it is none of their
// codes but how one is shown.
Result<void> check_codes(std::span<const Checked> args);
Checked call_of(Operator op, Type type, std::vector<Checked> args);

} // namespace onefold::formula
