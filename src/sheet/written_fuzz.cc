// A time and a number are read alike, blanks around them or not; a number that was read reads as itself again.
#include "sheet/written.h"

using namespace onefold::sheet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    for (const auto mark : {DecimalMark::point, DecimalMark::comma})
        if (const auto number = read_number(text, mark)) {
            const auto again = read_number(number->value.to_string(), DecimalMark::point);
            if (!again || again->value != number->value)
                __builtin_trap();
        }
    for (const auto order : {DayOrder::day_first, DayOrder::month_first})
        if (const auto time = read_time(text, order)) {
            const auto again = read_time(" " + text + " ", order);
            if (text.size() <= 60 && (!again || again->local != time->local))
                __builtin_trap();
        }
    is_blank_word(text);
    is_blank_mark(text);
    return 0;
}
