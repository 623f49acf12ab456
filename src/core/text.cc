#include "core/text.h"

#include "core/result.h"

#include <algorithm>
#include <cstring>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

namespace onefold {
namespace {

bool is_blank_byte(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Bytes of the blank at the beginning or at the end, that of the ideographic space and of the one that does not break
// included; 0 where none stands there.
std::size_t blank_in_front(std::string_view text) {
    if (text.empty())
        return 0;
    if (static_cast<unsigned char>(text.front()) < 0x80)
        return is_blank_byte(text.front());
    return text.starts_with("\u00a0") ? 2 : text.starts_with("\u3000") ? 3 : 0;
}
std::size_t blank_behind(std::string_view text) {
    if (text.empty())
        return 0;
    if (static_cast<unsigned char>(text.back()) < 0x80)
        return is_blank_byte(text.back());
    return text.ends_with("\u00a0") ? 2 : text.ends_with("\u3000") ? 3 : 0;
}

// Eight bytes a step: most of what comes is ASCII from one end to the other.
std::size_t ascii_bytes(std::string_view text) {
    std::size_t at = 0;
    for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        if (word & 0x8080808080808080u)
            break;
    }
    return at;
}

} // namespace

bool is_valid_utf8(std::string_view text) {
    auto at = std::int32_t(ascii_bytes(text));
    const auto size = std::int32_t(text.size());
    while (at < size) {
        UChar32 c;
        U8_NEXT(text.data(), at, size, c);
        if (c < 0)
            return false;
    }
    return true;
}

std::size_t length_of(std::string_view utf8) {
    std::size_t count = 0;
    for (const unsigned char c : utf8)
        count += (c & 0xC0) != 0x80;
    return count;
}

std::string_view beginning_of(std::string_view utf8, std::size_t code_points_max) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < utf8.size(); ++at) {
        if ((static_cast<unsigned char>(utf8[at]) & 0xC0) == 0x80)
            continue;
        if (count++ == code_points_max)
            return utf8.substr(0, at);
    }
    return utf8;
}

std::string_view trimmed(std::string_view text) {
    while (const std::size_t blank = blank_in_front(text))
        text.remove_prefix(blank);
    while (const std::size_t blank = blank_behind(text))
        text.remove_suffix(blank);
    return text;
}

std::string folded(std::string_view utf8) {
    if (std::ranges::all_of(utf8, [](unsigned char c) { return c < 0x80; })) {
        std::string lower(utf8);
        for (char& c : lower)
            c = c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c;
        return lower;
    }
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2* form = unorm2_getNFKCCasefoldInstance(&status);
    VERIFY(U_SUCCESS(status));
    std::u16string wide(utf8.size() + 1, u'\0');
    std::int32_t wide_size = 0;
    u_strFromUTF8WithSub(wide.data(), std::int32_t(wide.size()), &wide_size, utf8.data(), std::int32_t(utf8.size()),
        0xFFFD, nullptr, &status);
    VERIFY(U_SUCCESS(status));
    std::u16string normal(std::size_t(wide_size) * 18 + 1, u'\0'); // the longest expansion of NFKC_Casefold
    const std::int32_t normal_size =
        unorm2_normalize(form, wide.data(), wide_size, normal.data(), std::int32_t(normal.size()), &status);
    VERIFY(U_SUCCESS(status));
    std::string result(std::size_t(normal_size) * 3 + 1, '\0');
    std::int32_t result_size = 0;
    u_strToUTF8(result.data(), std::int32_t(result.size()), &result_size, normal.data(), normal_size, &status);
    VERIFY(U_SUCCESS(status));
    result.resize(std::size_t(result_size));
    return result;
}

std::string to_hex(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const unsigned char c : bytes) {
        text.push_back(digits[c >> 4]);
        text.push_back(digits[c & 15]);
    }
    return text;
}

namespace {
constexpr std::string_view base64url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}

std::string to_base64url(std::string_view bytes) {
    std::string text;
    unsigned bits = 0;
    int count = 0;
    for (const unsigned char c : bytes) {
        bits = bits << 8 | c;
        for (count += 8; count >= 6; count -= 6)
            text.push_back(base64url_digits[bits >> (count - 6) & 63]);
    }
    if (count > 0)
        text.push_back(base64url_digits[bits << (6 - count) & 63]);
    return text;
}

std::string from_base64url(std::string_view text) {
    std::string bytes;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text) {
        const auto digit = base64url_digits.find(c);
        if (digit == std::string_view::npos)
            return {};
        bits = bits << 6 | unsigned(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(char(bits >> count & 255));
        }
    }
    const bool is_whole = count < 6 && (bits & ((1u << count) - 1)) == 0;
    if (!is_whole)
        return {};
    return bytes;
}

} // namespace onefold
