#pragma once
// One batch of subjects on its way into the store: every table is read once and written once.
#include "identity/identity.h"

#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

namespace onefold::identity {

struct NodePlace {
    SourceId source;
    NodeKind kind = NodeKind::person;
    std::string key;
    friend auto operator<=>(const NodePlace&, const NodePlace&) = default;
    friend std::size_t hash_value(const NodePlace& place) {
        std::size_t hash = boost::hash<std::string_view>()(place.key);
        boost::hash_combine(hash, place.source.value);
        boost::hash_combine(hash, int(place.kind));
        return hash;
    }
};
struct IdentifierPlace {
    std::string digest;
    std::string_view type;
    std::string scope;
    friend auto operator<=>(const IdentifierPlace&, const IdentifierPlace&) = default;
    friend std::size_t hash_value(const IdentifierPlace& place) { // the digest tells type and value apart
        return boost::hash<std::string_view>()(place.digest);
    }
};

struct WorkNode {
    NodePlace place;
    NodeId id;
    CustomerId customer;
    std::vector<Fact> facts;
    std::string identifier_types; // held.h: of the batch's claims, and of those that were there
    std::int64_t first_at = 0;
    std::string cause;
    bool is_new = true, has_new_facts = false, has_new_types = false, has_new_number = false, is_older = false,
         is_touched = false;
    bool is_withdrawn = false; // it was there, and nothing that was said of it remained
    bool is_alone = true;      // shares no identifier with anybody, as far as was looked
};
struct WorkIdentifier {
    IdentifierPlace place;
    IdentifierId id;
    const IdentifierValue* value = nullptr;
    std::uint32_t claimants = 0; // in this batch
    bool is_blocked = false, is_new = true;
};
struct WorkClaim {
    std::uint32_t node, identifier; // places in the batch
    std::int64_t first_at = 0;
    std::string cause;
    bool is_new = true, is_changed = true, is_older = false, is_verified = false;
};

// What was added under each key, in the order in which it came.
template <class Key, class Item>
class Indexed {
  public:
    // The place of the item, and whether it is the first of its key.
    std::pair<std::uint32_t, bool> add(const Key& key) {
        const auto [found, is_first] = places_.try_emplace(key, std::uint32_t(items.size()));
        if (is_first)
            items.emplace_back();
        return {found->second, is_first};
    }
    std::vector<Item> items;

  private:
    boost::unordered_flat_map<Key, std::uint32_t, boost::hash<Key>> places_;
};

class Batch {
  public:
    Batch(store::Session& session, const access::Keys& keys, Instant now) : session_(session), keys_(keys), now_(now) {}

    // Their places in the batch.
    std::uint32_t add_node(const Subject& subject);
    void add_claim(std::uint32_t node, const IdentifierValue& value, std::string digest, const Subject& subject);

    const std::vector<WorkNode>& nodes() const { return nodes_.items; }
    const std::vector<WorkIdentifier>& identifiers() const { return identifiers_.items; }
    const std::vector<WorkClaim>& claims() const { return claims_.items; }

    // Leaves the nodes of newcomers placed: each is a customer of its own. All others keep the customer that they had.
    Result<> write(CustomerBook& book);

  private:
    Result<> find_nodes();
    Result<> find_identifiers();
    Result<> open_newcomers(CustomerBook& book);
    Result<> write_nodes();
    Result<> create_identifiers();
    Result<> find_claims();
    Result<> write_claims();
    bool is_number(const WorkClaim& claim) const;
    bool is_private(const WorkClaim& claim) const;

    store::Session& session_;
    const access::Keys& keys_;
    const Instant now_;
    Indexed<NodePlace, WorkNode> nodes_;
    Indexed<IdentifierPlace, WorkIdentifier> identifiers_;
    Indexed<std::uint64_t, WorkClaim> claims_;
};

} // namespace onefold::identity
