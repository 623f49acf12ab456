#include "store/postgres_values.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <endian.h>
#include <libpq-fe.h>

namespace onefold::store {
namespace {

// pg_type.dat
constexpr unsigned boolean_type = 16;
constexpr unsigned bytea_type = 17;
constexpr unsigned int8_type = 20;
constexpr unsigned int2_type = 21;
constexpr unsigned int4_type = 23;
constexpr unsigned text_type = 25;
constexpr unsigned float4_type = 700;
constexpr unsigned float8_type = 701;
constexpr unsigned numeric_type = 1700;

std::array<char, 8> big_endian(std::uint64_t number) {
    number = htobe64(number);
    return std::bit_cast<std::array<char, 8>>(number);
}

int digit_of(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

std::string bytes_of_hex(std::string_view hex) {
    std::string bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes.push_back(static_cast<char>(digit_of(hex[i]) << 4 | digit_of(hex[i + 1])));
    return bytes;
}

} // namespace

unsigned type_of(const Value& value) {
    if (std::holds_alternative<std::int64_t>(value))
        return int8_type;
    if (const auto* real = std::get_if<double>(&value))
        return std::isnan(*real) ? 0 : float8_type;
    if (std::holds_alternative<std::string>(value))
        return text_type;
    if (std::holds_alternative<Blob>(value))
        return bytea_type;
    return 0;
}

std::vector<unsigned> types_of(const Values& values) {
    std::vector<unsigned> types(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        types[i] = type_of(values[i]);
    return types;
}

Parameters::Parameters(const Values& values)
    : numbers_(values.size()), pointers_(values.size()), lengths_(values.size()), formats_(values.size(), 1) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::string_view bytes;
        if (const auto* integer = std::get_if<std::int64_t>(&values[i]))
            numbers_[i] = big_endian(static_cast<std::uint64_t>(*integer));
        else if (const auto* real = std::get_if<double>(&values[i]))
            numbers_[i] = big_endian(std::bit_cast<std::uint64_t>(*real));
        else if (const auto* text = std::get_if<std::string>(&values[i]))
            bytes = *text;
        else if (const auto* blob = std::get_if<Blob>(&values[i]))
            bytes = blob->bytes;
        if (type_of(values[i]) == 0)
            continue;
        const bool is_number = !bytes.data();
        pointers_[i] = is_number ? numbers_[i].data() : bytes.data();
        lengths_[i] = is_number ? 8 : static_cast<int>(bytes.size());
    }
}

int PostgresRow::columns() const {
    return PQnfields(&answer_);
}

bool PostgresRow::is_null(int column) const {
    return PQgetisnull(&answer_, row_, column) == 1;
}

std::string_view PostgresRow::raw(int column) const {
    return {PQgetvalue(&answer_, row_, column), static_cast<std::size_t>(PQgetlength(&answer_, row_, column))};
}

std::int64_t PostgresRow::integer(int column) const {
    const auto digits = raw(column);
    if (PQftype(&answer_, column) == boolean_type)
        return digits == "t" ? 1 : 0;
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

double PostgresRow::real(int column) const {
    const auto digits = raw(column);
    double number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::string_view PostgresRow::text(int column) const {
    return PQftype(&answer_, column) == bytea_type ? blob(column) : raw(column);
}

std::string_view PostgresRow::blob(int column) const {
    const auto hex = raw(column);
    if (PQftype(&answer_, column) != bytea_type)
        return hex;
    if (!hex.starts_with("\\x"))
        return {};
    blobs_.resize(static_cast<std::size_t>(columns()));
    auto& bytes = blobs_[static_cast<std::size_t>(column)];
    if (bytes.empty())
        bytes = bytes_of_hex(hex.substr(2));
    return bytes;
}

Value PostgresRow::value(int column) const {
    if (is_null(column))
        return std::monostate{};
    switch (PQftype(&answer_, column)) {
    case boolean_type:
    case int2_type:
    case int4_type:
    case int8_type:
        return integer(column);
    case float4_type:
    case float8_type:
        return real(column);
    case bytea_type:
        return Blob{std::string(blob(column))};
    case numeric_type: {
        const auto digits = raw(column);
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (error == std::errc() && end == digits.data() + digits.size())
            return number;
        return real(column);
    }
    default:
        return std::string(raw(column));
    }
}

} // namespace onefold::store
