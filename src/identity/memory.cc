#include "identity/memory.h"

#include <sodium.h>

namespace onefold::identity {
namespace {

constexpr std::int64_t second_us = 1'000'000;

void add(std::string& text, std::string_view part) {
    const auto length = std::uint32_t(part.size());
    text.append(reinterpret_cast<const char*>(&length), sizeof length);
    text += part;
}

// Not earlier than what is exact to the microsecond; none beyond what 32 bits hold.
std::optional<std::uint32_t> ceiling_s(std::int64_t at) {
    const std::int64_t seconds = std::max<std::int64_t>((at + second_us - 1) / second_us, 0);
    return seconds <= UINT32_MAX ? std::optional(std::uint32_t(seconds)) : std::nullopt;
}

// SipHash-2-4-128 under a key of this process: nobody outside can make two texts look alike.
NodeMark digest(const std::array<unsigned char, 16>& secret, std::string_view text) {
    static_assert(crypto_shorthash_siphashx24_KEYBYTES == 16);
    std::array<unsigned char, 16> digest;
    crypto_shorthash_siphashx24(
        digest.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), secret.data());
    NodeMark mark;
    std::memcpy(&mark.high, digest.data(), 8);
    std::memcpy(&mark.low, digest.data() + 8, 8);
    return mark;
}

} // namespace

Memory::Memory(Limits limits) : nodes_(limits.nodes), claims_(limits.claims) {
    VERIFY(sodium_init() >= 0);
    randombytes_buf(secret_.data(), secret_.size());
}

NodeMark Memory::mark_of(SourceId source, NodeKind kind, std::string_view key) const {
    thread_local std::string text;
    text.assign(reinterpret_cast<const char*>(&source.value), sizeof source.value);
    text += char(kind);
    text += key;
    return digest(secret_, text);
}

// 64 bits are enough: a claim mistaken for a known one needs a collision under one node's own few.
ClaimMark Memory::mark_of(NodeId node, const IdentifierValue& identifier, bool is_verified) const {
    thread_local std::string text;
    text.assign(reinterpret_cast<const char*>(&node.value), sizeof node.value);
    add(text, identifier.type->code);
    add(text, identifier.scope);
    text += is_verified ? '+' : ':';
    text += identifier.digest.empty() ? identifier.value : identifier.digest;
    return digest(secret_, text).low;
}

std::optional<Memory::Recalled> Memory::recall(const Subject& subject) {
    const NodeMark mark = mark_of(subject.source, subject.kind, subject.key);
    const std::int64_t at = micros_of(subject.at);
    const std::lock_guard lock{mutex_};
    const KnownNode* node = nodes_.find(mark);
    if (!node || at < node->from || distrusted_.contains(node->node.value))
        return std::nullopt;
    Recalled recalled{node->node, {}};
    for (std::uint32_t i = 0; i < subject.identifiers.size(); ++i) {
        const KnownClaim* claim =
            claims_.find(mark_of(recalled.node, subject.identifiers[i], subject.identifiers[i].is_verified));
        if (!claim || at < claim->from_s * second_us)
            recalled.news.push_back(i);
    }
    return recalled;
}

CustomerId Memory::customer_of(NodeId node) const {
    const std::lock_guard lock{mutex_};
    return std::size_t(node.value) < customers_.size() ? customers_[std::size_t(node.value)] : CustomerId{};
}

void Memory::remember(const Learned& learned) {
    const std::lock_guard lock{mutex_};
    for (const auto& [node, customer] : learned.placed) {
        const auto place = std::size_t(node.value);
        if (place >= customers_.size())
            customers_.resize(std::max(place + 1, customers_.size() * 2));
        customers_[place] = learned.generation == generation_ ? customer : CustomerId{};
    }
    for (const auto& [mark, node, from] : learned.nodes)
        nodes_.insert(mark, {node, from});
    for (const auto& [mark, from] : learned.claims)
        if (const auto from_s = ceiling_s(from))
            claims_.insert(mark, {*from_s});
}

void Memory::forget_customers(const std::vector<std::pair<NodeId, CustomerId>>& placed) {
    const std::lock_guard lock{mutex_};
    ++generation_;
    for (const auto& [node, customer] : placed)
        if (std::size_t(node.value) < customers_.size())
            customers_[std::size_t(node.value)] = CustomerId{};
}

void Memory::forget_customers() {
    const std::lock_guard lock{mutex_};
    ++generation_;
    customers_.clear();
}

void Memory::distrust(const std::vector<NodeId>& nodes) {
    const std::lock_guard lock{mutex_};
    ++generation_;
    for (const NodeId node : nodes) {
        distrusted_.insert(node.value);
        if (std::size_t(node.value) < customers_.size())
            customers_[std::size_t(node.value)] = CustomerId{};
    }
}

std::uint64_t Memory::generation() const {
    const std::lock_guard lock{mutex_};
    return generation_;
}

} // namespace onefold::identity
