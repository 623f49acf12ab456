#pragma once
// How every verb fails: one Error, one Result, one TRY.
#include "core/local_text.h"

#include <expected>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace onefold {

// What kind of failure it is; `http` turns each into its status code, `cli` into its exit code.
enum class ErrorKind {
    invalid,              // 400: the input is not what was asked for
    unauthenticated,      // 401
    forbidden,            // 403
    not_found,            // 404
    conflict,             // 409: it is being done already, or exists
    precondition_failed,  // 412: If-Match names another version
    too_large,            // 413
    unsupported,          // 415: content type or encoding
    unprocessable,        // 422: an Idempotency-Key with another body
    precondition_missing, // 428
    too_many,             // 429
    unavailable,          // 503: try again later
    storage_full,         // 507
    internal,             // 500: our own mistake
};

// One thing that is wrong in the input. `path` is a JSON pointer ("/batch/0/userId"), a column name, or "line 12".
struct FieldError {
    std::string path;
    std::string code;
    LocalText message;
};

struct [[nodiscard]] Error {
    ErrorKind kind = ErrorKind::internal;
    std::string code;  // `room.reason`, stable
    LocalText message; // what happened, what is safe, what to do
    std::vector<FieldError> fields;
    int retry_after_s = 0; // for too_many and unavailable
};

template <class T = void>
using Result = std::expected<T, Error>;

using Failure = std::unexpected<Error>;

inline Failure fail(ErrorKind kind, std::string_view code, LocalText message, std::vector<FieldError> fields = {}) {
    return Failure{Error{kind, std::string(code), std::move(message), std::move(fields)}};
}
inline Failure fail(Error error) {
    return Failure{std::move(error)};
}

// The value itself, moved out.
template <class T>
T take(Result<T>&& result) {
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

// Ends the process: our own mistake, never reachable from input.
[[noreturn]] void verify_failed(const char* condition, const char* file, int line);

} // namespace onefold

// The value of a Result, or leave the function with its error. As a statement it serves Result<void> too.
#define TRY(expression)                                                                                                \
    ({                                                                                                                 \
        auto try_result = (expression);                                                                                \
        if (!try_result.has_value()) [[unlikely]]                                                                      \
            return ::onefold::Failure(std::move(try_result).error());                                                  \
        ::onefold::take(std::move(try_result));                                                                        \
    })

#define VERIFY(condition) ((condition) ? (void)0 : ::onefold::verify_failed(#condition, __FILE__, __LINE__))
