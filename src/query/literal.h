#pragma once
// Literals as the values of a column: a price of 12.5 is 1250 units, "2010-12-01T08:26:00Z" is microseconds.
#include "query/operand.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace onefold::query {

// Where a number lies among the integers of a column. `floor` is the greatest unit not above it.
struct Place {
    enum class Fit { exact, between, below_all, above_all };
    Fit fit = Fit::exact;
    std::int64_t floor = 0;
};
Place place_of(const Decimal& number, int scale);

// A literal beside an operand of `kind`: blank, units of a number, an integer (instant, id), a flag, or text.
// query.wrong_type for others.
using Reading = std::variant<std::monostate, Place, std::int64_t, bool, std::string>;
Result<Reading> read_literal(const formula::Literal& literal, Operand::Kind kind, int scale, const std::string& where);

// Microseconds; nullopt for anything but a whole number up to 100,000 and a unit of time.
std::optional<std::int64_t> instant_ago(Instant now, const formula::Literal& number, const formula::Literal& unit);

} // namespace onefold::query
