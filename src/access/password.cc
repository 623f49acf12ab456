#include "access/password.h"

#include "core/text.h"

#include <sodium.h>

namespace onefold::access {
namespace {

constexpr unsigned long long passes = 1;
constexpr std::size_t memory_bytes = 46u << 20;
constexpr int running_max = 2, waiting_max = 32;
constexpr std::chrono::hours forgotten_after{1};

// The hash of no password at all: what an unknown user is compared with.
constexpr std::string_view nobodys_hash =
    "$argon2id$v=19$m=47104,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

bool is_well_known(std::string_view password) {
    static const std::unordered_set<std::string> known{"password", "password1", "password123", "passw0rd", "12345678",
        "123456789", "1234567890", "11111111", "88888888", "00000000", "qwertyui", "qwerty123", "1q2w3e4r", "1qaz2wsx",
        "abc12345", "abcd1234", "a1234567", "a12345678", "iloveyou", "admin123", "admin1234", "administrator",
        "letmein1", "welcome1", "welcome123", "changeme", "woaini1314", "5201314520", "147258369", "87654321",
        "asdfghjkl", "onefold1", "onefold123"};
    return known.contains(folded(password));
}

} // namespace

Result<> check_password(std::string_view password, std::string_view email) {
    auto weak = [](LocalText message) {
        return fail(
            ErrorKind::invalid, "access.weak_password", message, {{"/password", "access.weak_password", message}});
    };
    const auto length = length_of(password);
    if (length < 8 || length > 128)
        return weak({"A password has 8 to 128 characters.", "密码应为 8 至 128 个字符。"});
    if (is_well_known(password))
        return weak({"This password is too well known; choose another.", "该密码过于常见，请换一个。"});
    if (folded(password) == folded(email))
        return weak({"The password must not be the e-mail address.", "密码不能与邮箱相同。"});
    return {};
}

// A place among the two that hash.
class PasswordHasher::Turn {
  public:
    static Result<std::unique_ptr<Turn>> take(PasswordHasher& hasher) {
        std::unique_lock lock(hasher.mutex_);
        if (hasher.running_ >= running_max) {
            if (hasher.waiting_ >= waiting_max) {
                Error busy{ErrorKind::unavailable, "access.busy",
                    {"Too many people are signing in at this moment. Try again in a few seconds.",
                        "当前登录人数过多，请几秒后重试。"}};
                busy.retry_after_s = 2;
                return fail(std::move(busy));
            }
            ++hasher.waiting_;
            hasher.is_free_.wait(lock, [&] { return hasher.running_ < running_max; });
            --hasher.waiting_;
        }
        ++hasher.running_;
        return std::unique_ptr<Turn>(new Turn(hasher));
    }
    ~Turn() {
        std::lock_guard lock(hasher_.mutex_);
        --hasher_.running_;
        hasher_.is_free_.notify_one();
    }

  private:
    explicit Turn(PasswordHasher& hasher) : hasher_(hasher) {}
    PasswordHasher& hasher_;
};

Result<std::string> PasswordHasher::hash(std::string_view password) {
    const auto turn = TRY(Turn::take(*this));
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(
            hash, password.data(), password.size(), passes, memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return fail(ErrorKind::unavailable, "access.no_memory",
            {"There is not enough memory for signing in.", "内存不足，暂时无法登录。"});
    return std::string(hash);
}

Result<bool> PasswordHasher::matches(std::string_view hash, std::string_view password) {
    const auto turn = TRY(Turn::take(*this));
    const std::string expected{hash.empty() ? nobodys_hash : hash};
    return crypto_pwhash_str_verify(expected.c_str(), password.data(), password.size()) == 0 && !hash.empty();
}

Result<> Throttle::check(const std::string& account, const std::string& address) {
    std::lock_guard lock(mutex_);
    const auto now = clock_.monotonic();
    for (const std::string& key : {"account:" + account, "address:" + address}) {
        const auto found = failures_.find(key);
        if (found == failures_.end() || found->second.until <= now)
            continue;
        Error error{ErrorKind::too_many, "access.too_many_attempts",
            {"Too many failed attempts. Wait a little and try again.", "失败次数过多，请稍后再试。"}};
        error.retry_after_s = int(std::chrono::ceil<std::chrono::seconds>(found->second.until - now).count());
        return fail(std::move(error));
    }
    return {};
}

void Throttle::count_failure(const std::string& key, int free_attempts) {
    const auto now = clock_.monotonic();
    if (failures_.size() >= keys_max && !failures_.contains(key)) {
        std::erase_if(failures_, [&](const auto& entry) { return now - entry.second.last > forgotten_after; });
        if (failures_.size() >= keys_max)
            return;
    }
    Failures& failures = failures_[key];
    if (failures.count > 0 && now - failures.last > forgotten_after)
        failures = {};
    failures.last = now;
    if (++failures.count < free_attempts)
        return;
    const int doublings = std::min(failures.count - free_attempts, 10);
    failures.until = now + std::min(std::chrono::seconds{1 << doublings}, std::chrono::seconds{900});
}

void Throttle::failed(const std::string& account, const std::string& address) {
    std::lock_guard lock(mutex_);
    count_failure("account:" + account, 5);
    count_failure("address:" + address, 20);
}

void Throttle::succeeded(const std::string& account) {
    std::lock_guard lock(mutex_);
    failures_.erase("account:" + account);
}

} // namespace onefold::access
