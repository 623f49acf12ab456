#pragma once
// The objects that Onefold ships: customer, order, order line, ticket. Their field ids never change; those that people
// make begin at 1000.
#include "query/query.h"

#include <string_view>
#include <vector>

namespace onefold::object {

// Decimal places of every amount, price and quantity column.
inline constexpr int amount_scale = 6;
inline constexpr int rating_scale = 2;

// The golden fields of a customer that facts fill, in order: a part of the catalogue's customer.
struct GoldenField {
    FieldId id;
    std::string_view code; // also the column
    LocalText label;
};
const std::vector<GoldenField>& golden_fields();
const GoldenField* find_golden_field(std::string_view code);
const GoldenField* find_golden_field(FieldId id);

const query::Catalogue& shipped_catalogue();

} // namespace onefold::object
