#pragma once
// Text as code points: UTF-8 in, UTF-8 out.
#include <cstddef>
#include <string>
#include <string_view>

namespace onefold {

bool is_valid_utf8(std::string_view text);

// Code points, as people count characters.
std::size_t length_of(std::string_view utf8);

// At most `code_points_max` code points of the beginning.
std::string_view beginning_of(std::string_view utf8, std::size_t code_points_max);

// Without blanks (ASCII, no-break and full-width) at both ends.
std::string_view trimmed(std::string_view utf8);

// Unicode's compatibility form, case-folded: full-width becomes half-width, "Ａ" and "a" are equal (NFKC_Casefold).
std::string folded(std::string_view utf8);

// Lower-case hexadecimal digits.
std::string to_hex(std::string_view bytes);

// base64url without padding: for tokens and cursors.
std::string to_base64url(std::string_view bytes);
// Empty where `text` is not base64url.
std::string from_base64url(std::string_view text);

} // namespace onefold
