#pragma once
// Numbers, dates and times by a spreadsheet's patterns: "#,##0.00", "0%", "yyyy-mm-dd hh:mm", "m月d日".
#include "core/decimal.h"
#include "formula/run.h"

#include <optional>
#include <string>
#include <string_view>

namespace onefold::formula {

// nullopt: the pattern has no place for the number.
std::optional<std::string> format_number(const Decimal& number, std::string_view pattern);
// `time` is the time of day.
std::string format_moment(Date day, std::chrono::microseconds time, std::string_view pattern);

// At least `least` and at most `most` digits behind the point.
struct Digits {
    int whole_least = 1, least = 0, most = 0;
    bool is_grouped = false;
};
std::string format_digits(const Decimal& number, const Digits& digits);

} // namespace onefold::formula
