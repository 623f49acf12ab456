#pragma once
// Passwords: the rules, the hash, and how often one may guess.
#include "core/result.h"
#include "runtime/runtime.h"

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace onefold::access {

// 8 to 128 characters, none of the best known passwords, not the e-mail address (access.weak_password).
Result<> check_password(std::string_view password, std::string_view email);

// argon2id. At most two at once; the 33rd that waits is refused with access.busy.
class PasswordHasher {
  public:
    Result<std::string> hash(std::string_view password);
    // Does the same work for an empty hash, so that nobody learns who exists.
    Result<bool> matches(std::string_view hash, std::string_view password);

  private:
    class Turn;
    std::mutex mutex_;
    std::condition_variable is_free_;
    int running_ = 0, waiting_ = 0;
};

// After 5 failures in a row each further one doubles the pause (1 s to 15 min), by account and by address (there after
// 20). An hour without a failure forgets them.
class Throttle {
  public:
    explicit Throttle(const runtime::Clock& clock) : clock_(clock) {}
    Result<> check(const std::string& account, const std::string& address);
    void failed(const std::string& account, const std::string& address);
    void succeeded(const std::string& account);

  private:
    struct Failures {
        int count = 0;
        std::chrono::steady_clock::time_point until, last;
    };
    void count_failure(const std::string& key, int free_attempts);

    static constexpr std::size_t keys_max = 100'000;
    const runtime::Clock& clock_;
    std::mutex mutex_;
    std::unordered_map<std::string, Failures> failures_;
};

} // namespace onefold::access
