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

namespace {

// Eight bytes at a time: in each that is an ASCII capital, the bit that makes it small is set.
std::uint64_t lower_eight(std::uint64_t bytes) {
    constexpr std::uint64_t each = 0x0101010101010101;
    const std::uint64_t low = bytes & 0x7F * each;
    const std::uint64_t from_a = low + (0x80 - 'A') * each, beyond_z = low + (0x7F - 'Z') * each;
    return bytes | (((from_a ^ beyond_z) & ~bytes & 0x80 * each) >> 2);
}

// Writes so many bytes to `lower`, and up to seven more of no meaning.
void lower_to(char* lower, std::string_view text) {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t eight;
        std::memcpy(&eight, text.data() + at, 8);
        eight = lower_eight(eight);
        std::memcpy(lower + at, &eight, 8);
    }
    std::uint64_t rest = 0;
    if (at < text.size())
        std::memcpy(&rest, text.data() + at, text.size() - at);
    rest = lower_eight(rest);
    std::memcpy(lower + at, &rest, 8);
}

std::string lowered(std::string_view text) {
    std::string lower(text.size() + 8, 0);
    lower_to(lower.data(), text);
    lower.resize(text.size());
    return lower;
}

} // namespace

Passage::Passage(std::string_view part) : lower_(lowered(part)) {}

bool Passage::is_in(std::string_view text) const {
    constexpr std::size_t usual = 256;
    if (text.size() > usual)
        return find_passage(lowered(text), lower_) != std::string_view::npos;
    char lower[usual + 8];
    lower_to(lower, text);
    return find_passage({lower, text.size()}, lower_) != std::string_view::npos;
}

Value contains(Run& run, std::string_view text, std::string_view part) {
    if (!run.step_over(text.size() + part.size()))
        return run.spent();
    if (!run.may_take(text.size() + part.size()))
        return run.give_up(Why::memory);
    return Passage(part).is_in(text);
}

} // namespace onefold::formula
