#pragma once
// What a customer turns to, out of what its newest events and orders mention. Pure.
#include "core/time.h"

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::customer {

enum class InterestKind { product, category, page, search };

// One thing, named once: looked at, searched for or bought.
struct Mention {
    InterestKind kind = InterestKind::product;
    std::string name;
    Instant at;
    bool is_purchase = false;
};

struct Interest {
    InterestKind kind = InterestKind::product;
    std::string name;
    std::int64_t seen = 0, bought = 0;
    Instant last_at;
};

// What an event mentions by the names of Segment's e-commerce specification: `products` or a product's own properties
// (`sku` or `product_id` makes it one), `category`, `query`; of a page its name. Events of orders mention nothing:
// their lines are told by the orders.
std::vector<Mention> mentions_in(
    std::string_view kind, std::string_view name, const boost::json::object& properties, Instant at);

// The strongest of each kind first, `most_a_kind` of each. A mention weighs half as much for every 90 days that passed
// until `now`, a purchase as much as five looks; of equal ones the first by name.
std::vector<Interest> interests_of(const std::vector<Mention>& mentions, Instant now, std::size_t most_a_kind);

} // namespace onefold::customer
