#pragma once
// The phone numbers, credit codes and mail addresses of the demo company's people, and how these are written and
// mistyped. Pure.
//
// Two people never have one of them by accident, and nobody's typing error is somebody else's value, as it hardly ever
// is in life, where few of all numbers are a company's customers': numbers end in a check digit (Damm 2004) that no
// single wrong digit and no swap of neighbours keeps, and which error is made follows from that digit, so two numbers
// never become one by it.
#include "demo/chance.h"

#include <string>
#include <string_view>

namespace onefold::demo {

inline constexpr std::uint64_t mobile_slots = 5'000'000;

// "154" and 8 digits; slots are below mobile_slots.
std::string mobile_number(std::uint64_t seed, std::uint64_t slot);
std::string switchboard_number(std::uint64_t seed, std::uint64_t slot);
// With its calling code, of a range for fiction; "" where that range has no number left for this slot.
std::string foreign_number(std::string_view country, std::uint64_t slot);

std::string credit_code(std::uint64_t number);

// As people type it: 154 0012 3456, 154-0012-3456, 0086154…, +86 154…; numbers of other countries stay as they are.
std::string written(Chance& chance, std::string_view phone);
std::string mistyped_phone(std::string_view phone);
// Letters of the name change places; digits behind them and the domain stay.
std::string mistyped_email(Chance& chance, std::string_view email);
std::string mistyped_name(Chance& chance, std::string_view name);

} // namespace onefold::demo
