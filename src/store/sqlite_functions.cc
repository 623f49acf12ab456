// Our functions in SQLite.
#include "store/sqlite.h"

#include <array>
#include <cstdint>
#include <exception>
#include <sqlite3.h>

namespace onefold::store {
namespace {

Function::Argument argument_of(sqlite3_value* value) {
    if (sqlite3_value_type(value) == SQLITE_NULL)
        return std::nullopt;
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return bytes ? std::string_view(bytes, std::size_t(sqlite3_value_bytes(value))) : std::string_view();
}

void call(sqlite3_context* context, int count, sqlite3_value** values) {
    const auto& function = *static_cast<const Function*>(sqlite3_user_data(context));
    std::array<Function::Argument, 8> few;
    std::vector<Function::Argument> many;
    std::span<Function::Argument> arguments(few);
    if (std::size_t(count) > few.size()) {
        many.resize(std::size_t(count));
        arguments = many;
    }
    arguments = arguments.first(std::size_t(count));
    for (std::size_t i = 0; i < arguments.size(); ++i)
        arguments[i] = argument_of(values[i]);
    try {
        const auto result = function.body(arguments);
        if (result)
            sqlite3_result_text64(context, result->data(), result->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        else
            sqlite3_result_null(context);
    } catch (const std::bad_alloc&) {
        sqlite3_result_error_nomem(context);
    } catch (const std::exception& error) {
        sqlite3_result_error(context, error.what(), -1);
    }
}

// has_bit(bits, number): whether that bit is set, the lowest of the first byte being number 0.
void has_bit(sqlite3_context* context, int, sqlite3_value** values) {
    const auto* bits = static_cast<const unsigned char*>(sqlite3_value_blob(values[0]));
    const auto number = std::uint64_t(sqlite3_value_int64(values[1]));
    const bool is_inside = bits && number / 8 < std::uint64_t(sqlite3_value_bytes(values[0]));
    sqlite3_result_int(context, is_inside && (bits[number / 8] >> number % 8 & 1));
}

} // namespace

Result<> SqliteConnection::add(const Functions& functions) {
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    if (const int code =
            sqlite3_create_function_v2(database_, "has_bit", 2, flags, nullptr, has_bit, nullptr, nullptr, nullptr);
        code != SQLITE_OK)
        return fail(error_of(code));
    for (const Function& function : functions) {
        auto* own = new Function(function);
        const int code = sqlite3_create_function_v2(database_, own->name.c_str(), -1, flags, own, call, nullptr,
            nullptr, [](void* data) { delete static_cast<Function*>(data); });
        if (code != SQLITE_OK)
            return fail(error_of(code));
    }
    return {};
}

} // namespace onefold::store
