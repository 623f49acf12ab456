#pragma once
// What was said before and is in the store already, so that saying it again costs a look-up instead of a dozen rows
// read: which node a subject is, which identifiers it claims, whose it is. A cache: what it does not know is read.
//
// Sizes, with the tables' overhead: about 45 bytes a node, 25 a claim, 8 more a node for its customer; a customer with
// two browsers, a user id, a mail address and a phone has 3 nodes and 7 claims, so about 330 bytes. Only what a
// transaction wrote and committed may be remembered. Thread-safe.
#include "identity/identity.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <mutex>

namespace onefold::identity {

// Two generations: when the young one has half of `most`, the old one is forgotten. What is asked for grows young
// again.
template <class Key, class Value, class Hash>
class Recent {
  public:
    explicit Recent(std::size_t most) : most_(most) {}

    const Value* find(const Key& key) {
        if (const auto found = young_.find(key); found != young_.end())
            return &found->second;
        const auto found = old_.find(key);
        if (found == old_.end())
            return nullptr;
        const Value value = found->second;
        old_.erase(found);
        return &insert(key, value);
    }
    const Value& insert(const Key& key, const Value& value) {
        if (young_.size() >= most_ / 2) {
            old_ = std::move(young_);
            young_ = {};
        }
        return young_.insert_or_assign(key, value).first->second;
    }

  private:
    std::size_t most_;
    boost::unordered_flat_map<Key, Value, Hash> young_, old_;
};

class Memory {
  public:
    static constexpr std::size_t nodes_max = 6'000'000, claims_max = 16'000'000; // together about 700 MB
    struct Limits {
        std::size_t nodes = nodes_max, claims = claims_max;
    };

    explicit Memory(Limits limits);

    // A subject's node, and which of its identifiers must still be written: those not known to be claimed since then.
    struct Recalled {
        NodeId node;
        std::vector<std::uint32_t> news; // places in subject.identifiers
    };
    std::optional<Recalled> recall(const Subject& subject);
    CustomerId customer_of(NodeId node) const; // 0: not known here
    void remember(const Learned& learned);
    // A decision moves nodes: from now on, and also where what was read before is remembered later, whose they are must
    // be read. Called inside the decision's transaction, which the one writer keeps apart from every absorb.
    void forget_customers(const std::vector<std::pair<NodeId, CustomerId>>& placed);
    // Of an absorb that may have been committed, nothing was learned: whose any node is must be read.
    void forget_customers();
    std::uint64_t generation() const; // counts what was forgotten
    // What was remembered of these nodes holds no longer, also what is told later of what was read before.
    void distrust(const std::vector<NodeId>& nodes);

    NodeMark mark_of(SourceId source, NodeKind kind, std::string_view key) const;
    // A claim that was not verified does not make a verified one known.
    ClaimMark mark_of(NodeId node, const IdentifierValue& identifier, bool is_verified) const;

  private:
    struct KnownNode {
        NodeId node;
        std::int64_t from;
    };
    struct KnownClaim {
        std::uint32_t from_s;
    };
    struct Hash {
        std::size_t operator()(const NodeMark& mark) const { return mark.low; }
        std::size_t operator()(ClaimMark mark) const { return mark; }
    };

    std::array<unsigned char, 16> secret_;
    mutable std::mutex mutex_;
    Recent<NodeMark, KnownNode, Hash> nodes_;
    Recent<ClaimMark, KnownClaim, Hash> claims_;
    std::vector<CustomerId> customers_;
    boost::unordered_flat_set<std::int64_t> distrusted_; // until the next start
    std::uint64_t generation_ = 0;
};

} // namespace onefold::identity
