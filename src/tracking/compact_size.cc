#include "tracking/compact_size.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace onefold::tracking {
namespace {

using boost::json::kind;
using boost::json::value;

// As long as text and numbers can be at most, without a look at them.
struct Bound {
    static constexpr std::size_t escape = 6, number = 32;
    static std::size_t of(std::string_view text) { return 2 + text.size() * escape; }
    template <class Number>
    static std::size_t of_number(Number) {
        return number;
    }
};

std::size_t exact_size_of(std::string_view text) {
    std::size_t escaped = 0, control = 0;
    for (const char c : text) {
        escaped += c == '"' || c == '\\';
        control += static_cast<unsigned char>(c) < 0x20;
    }
    if (control > 0)
        for (const char c : text)
            if (static_cast<unsigned char>(c) < 0x20)
                escaped += std::string_view("\b\f\n\r\t").find(c) == std::string_view::npos ? 5 : 1;
    return 2 + text.size() + escaped;
}

template <class Number>
std::size_t exact_size_of_number(Number number) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    const std::string_view text(digits.data(), std::size_t(end - digits.data()));
    const auto exponent = text.find('e');
    if (exponent == text.npos)
        return text.size();
    const bool has_plus = text[exponent + 1] == '+', has_zero = text[exponent + 2] == '0'; // 1e+05
    return text.size() - has_plus - has_zero;
}

struct Exact {
    static std::size_t of(std::string_view text) { return exact_size_of(text); }
    template <class Number>
    static std::size_t of_number(Number number) {
        return exact_size_of_number(number);
    }
};

template <class Size>
std::size_t size_of(const boost::json::object& json);

template <class Size>
std::size_t size_of(const value& json) {
    switch (json.kind()) {
    case kind::null:
        return 4;
    case kind::bool_:
        return json.get_bool() ? 4 : 5;
    case kind::int64:
        return Size::of_number(json.get_int64());
    case kind::uint64:
        return Size::of_number(json.get_uint64());
    case kind::double_:
        return std::isfinite(json.get_double()) ? Size::of_number(json.get_double()) : std::string_view("1e999").size();
    case kind::string:
        return Size::of(std::string_view(json.get_string()));
    case kind::array: {
        std::size_t size = 2 + json.get_array().size() - !json.get_array().empty();
        for (const value& item : json.get_array())
            size += size_of<Size>(item);
        return size;
    }
    case kind::object:
        return size_of<Size>(json.get_object());
    }
    return 0;
}

template <class Size>
std::size_t size_of(const boost::json::object& json) {
    std::size_t size = 2 + 2 * json.size() - !json.empty(); // colons and commas
    for (const auto& [key, member] : json)
        size += Size::of(std::string_view(key)) + size_of<Size>(member);
    return size;
}

} // namespace

std::size_t compact_size(const boost::json::object& json) {
    return size_of<Exact>(json);
}

bool is_larger_than(std::size_t bytes, const boost::json::object& json) {
    return size_of<Bound>(json) > bytes && compact_size(json) > bytes;
}

} // namespace onefold::tracking
