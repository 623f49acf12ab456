#pragma once
// Numbers, dates and blanks as people write them into tables. Pure.
#include "core/decimal.h"
#include "core/time.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace onefold::sheet {

// "N/A", "#N/A", "null", "-", "—", "无", "暂无", "空" …: words for nothing, in a column of numbers, dates or
// identifiers.
bool is_blank_word(std::string_view text);
// Of these only the ones that nobody is called by: for names and other text.
bool is_blank_mark(std::string_view text);

enum class DecimalMark { point, comma };

struct WrittenNumber {
    Decimal value;
    bool is_percent = false;
    std::string currency;          // ISO code where a sign or a code stands beside it: "CNY" for ￥ and 元
    bool may_be_otherwise = false; // "1,234": a grouped whole number, or one with three places
};
// "1,234.50", "1.234,50", "1 234,50", "1'234.50", "￥1,200", "(12.00)", "12-", "12%" (0.12), "1.2万" (12000), "3亿",
// "１２", "1.5e3". With the other mark than `mark` where only that one makes sense. Nothing for anything else.
std::optional<WrittenNumber> read_number(std::string_view text, DecimalMark mark = DecimalMark::point);
// What a column's values speak for; nothing where they say neither.
std::optional<DecimalMark> find_decimal_mark(std::span<const std::string> values);

enum class DayOrder { day_first, month_first };

struct WrittenTime {
    std::chrono::local_time<std::chrono::microseconds> local;
    std::optional<std::chrono::microseconds> offset; // where it is written: local is then of that offset
    bool has_time = false;
    bool may_be_otherwise = false; // day and month could change places, and `order` decided
};
// 2010-12-01 · 2010/12/1 8:26 · 2010.12.01 · 20101201 · 20101201082600 · 2010年12月1日 8时26分 · 1/12/2010 · 01-12-2010
// · 1.12.10 · 1 Dec 2010 · Dec 1, 2010 · 1-Dec-10 · 12/1/2010 8:26 PM · 下午8:26 behind a date · RFC 3339 with an
// offset. Two-digit years are 1970 to 2069. Without `order`, what could be both is read as month first and says so.
std::optional<WrittenTime> read_time(std::string_view text, std::optional<DayOrder> order = std::nullopt);
// What a column's values prove: one with a day beyond 12 decides. Nothing where none does.
std::optional<DayOrder> find_day_order(std::span<const std::string> values);

Instant instant_of(const WrittenTime& written, const Zone& zone);

} // namespace onefold::sheet
