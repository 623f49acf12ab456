#pragma once
// Functions of ours that SQLite and DuckDB call by name, for what their own SQL cannot say exactly. PostgreSQL has
// none.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::store {

// Texts in, a text out, any number of them; nullopt is NULL. What is no text comes as the database writes it.
struct Function {
    using Argument = std::optional<std::string_view>;
    std::string name;
    // Pure, and called from any thread. An exception makes the statement fail.
    std::optional<std::string> (*body)(std::span<const Argument> arguments) = nullptr;
};
using Functions = std::vector<Function>;

// Beside them SQLite always has has_bit(bits, number): 1 where that bit of the blob is set, the lowest of its first
// byte being number 0.

} // namespace onefold::store
