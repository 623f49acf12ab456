#pragma once
// Values: small, copied freely. What a text or a list holds lies in the record or in the Run's memory, and lives as
// long.
#include "core/decimal.h"
#include "core/time.h"
#include "formula/expression.h"
#include "formula/type.h"

#include <compare>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace onefold::formula {

using Date = std::chrono::sys_days;

// Why there is no value. A spent budget ends the whole evaluation; the others are caught by IFERROR.
enum class Why {
    division_by_zero,
    out_of_range, // a number of more digits than are kept, a day before 0001 or after 9999
    not_a_number, // text that is none
    not_a_date,
    bad_argument, // a number that this function cannot take
    bad_pattern,
    unknown_zone,
    not_found,
    steps,
    time,
    memory
};
struct Trouble {
    Why why;
    Span at;
    std::string_view detail; // the text in question
};
inline bool is_spent(Why why) {
    return why >= Why::steps;
}

class Value {
  public:
    using List = std::span<const Value>;

    Value() = default;
    Value(std::same_as<bool> auto truth) : part_(truth) {}
    Value(const Decimal& number) : part_(number) {}
    Value(std::string_view text) : part_(text) {}
    Value(Date date) : part_(date) {}
    Value(Instant at) : part_(at) {}
    Value(List list) : part_(list) {}
    Value(const Trouble* trouble) : part_(trouble) {}

    bool is_blank() const { return part_.index() == 0; }
    bool is_error() const { return part_.index() == 7; }
    bool is_true() const {
        const auto* truth = std::get_if<bool>(&part_);
        return truth && *truth;
    }
    template <class T>
    const T* as() const {
        return std::get_if<T>(&part_);
    }
    template <class T>
    const T& get() const { // the checker saw to it that it is one
        return *std::get_if<T>(&part_);
    }
    const Trouble& trouble() const { return *get<const Trouble*>(); }
    std::size_t index() const { return part_.index(); }

  private:
    std::variant<std::monostate, bool, Decimal, std::string_view, Date, Instant, List, const Trouble*> part_;
};

// Two values of one type, neither blank: numbers by size, texts by code point, FALSE before TRUE.
std::strong_ordering compare(const Value& left, const Value& right);

// As a person reads one line: plain digits, the text itself, TRUE or FALSE, 2026-01-05, 2026-01-05T08:00:00Z, "" for
// blank, a list as JSON.
std::string to_text(const Value& value);
std::string to_text(Date date);
std::string to_json_text(const Value& value);

LocalText message_of(const Trouble& trouble);
std::string_view code_of(Why why); // formula.division_by_zero

// 2026-01-05; nullopt for what is none.
std::optional<Date> parse_date(std::string_view text);

inline const Date first_date = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};
inline const Date last_date = std::chrono::sys_days{std::chrono::year{9999} / 12 / 31};

} // namespace onefold::formula
