#include "formula/passage.h"

#include <cstring>

namespace onefold::formula {

std::size_t find_passage(std::string_view text, std::string_view part, std::size_t from) {
    if (from > text.size())
        return std::string_view::npos;
    if (part.empty())
        return from;
    const void* found = memmem(text.data() + from, text.size() - from, part.data(), part.size());
    return found ? std::size_t(static_cast<const char*>(found) - text.data()) : std::string_view::npos;
}

std::size_t byte_at(std::string_view text, std::size_t index) {
    std::size_t at = 0;
    for (; at < text.size(); ++at)
        if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && index-- == 0)
            return at;
    return at;
}

std::string lower_ascii(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
    return lower;
}

Value contains(Run& run, std::string_view text, std::string_view part) {
    if (!run.step_over(text.size() + part.size()))
        return run.spent();
    if (!run.may_take(text.size() + part.size()))
        return run.give_up(Why::memory);
    return find_passage(lower_ascii(text), lower_ascii(part)) != std::string_view::npos;
}

} // namespace onefold::formula
