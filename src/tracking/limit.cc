#include "tracking/limit.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <sodium.h>

namespace onefold::tracking {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds debt_max = 3s;

std::uint64_t hash(std::string_view bytes, const std::string& secret) {
    std::uint64_t key = 0;
    static_assert(sizeof key == crypto_shorthash_BYTES);
    crypto_shorthash(reinterpret_cast<unsigned char*>(&key), reinterpret_cast<const unsigned char*>(bytes.data()),
        bytes.size(), reinterpret_cast<const unsigned char*>(secret.data()));
    return key;
}

} // namespace

std::chrono::nanoseconds RateLimit::wait_of(std::uint64_t key, Monotonic now) const {
    const auto found = by_key_.find(key);
    if (found == by_key_.end())
        return 0ns;
    return std::max<std::chrono::nanoseconds>(0ns, found->second->paid_at - now - debt_max);
}

void RateLimit::charge(std::uint64_t key, std::int64_t count, Monotonic now) {
    const auto found = by_key_.find(key);
    if (found != by_key_.end()) {
        debts_.splice(debts_.begin(), debts_, found->second);
    } else {
        if (by_key_.size() >= keys_max_) {
            by_key_.erase(debts_.back().key);
            debts_.pop_back();
        }
        debts_.push_front({key, now});
        by_key_[key] = debts_.begin();
    }
    auto& paid_at = debts_.front().paid_at;
    paid_at = std::max(paid_at, now) + std::chrono::duration_cast<Monotonic::duration>(cost_of_one_ * count);
}

Limits::Limits(std::string secret) : secret_(std::move(secret)) {
    secret_.resize(crypto_shorthash_KEYBYTES);
}

std::uint64_t Limits::key_of(SourceId source, std::string_view name) const {
    std::string bytes = to_string(source);
    bytes += ':';
    bytes += name;
    return hash(bytes, secret_);
}

std::uint64_t Limits::key_of_address(std::string_view address) const {
    in6_addr parsed{};
    constexpr std::size_t network_bytes = 8;
    if (inet_pton(AF_INET6, std::string(address).c_str(), &parsed) == 1)
        return hash({reinterpret_cast<const char*>(parsed.s6_addr), network_bytes}, secret_);
    return hash(address, secret_);
}

std::chrono::nanoseconds Limits::take(const Load& load, Monotonic now) {
    std::lock_guard lock(mutex_);
    auto wait = addresses_.wait_of(load.address, now);
    for (const auto& [visitor, count] : load.by_visitor)
        wait = std::max(wait, visitors_.wait_of(visitor, now));
    if (wait > 0ns)
        return wait;
    addresses_.charge(load.address, load.count, now);
    for (const auto& [visitor, count] : load.by_visitor)
        visitors_.charge(visitor, count, now);
    return 0ns;
}

} // namespace onefold::tracking
