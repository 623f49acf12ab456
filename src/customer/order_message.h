#pragma once
// What an event of a shop says of an order: Order Completed, Order Updated, Order Refunded, Order Cancelled (Segment's
// e-commerce events, whatever the case; "Completed Order" too). Pure.
//
// The total is `total`, else subtotal + shipping + tax, else revenue + shipping + tax − discount, else the sum of the
// products, else `value`. A refund takes back `total` (else revenue, value), else its products, else all. Numbers may
// be text; those that JSON holds in binary are rounded to 6 places. An unknown currency is that of the source.
#include "customer/problem.h"
#include "object/order_statement.h"
#include "source/source.h"

namespace onefold::customer {

struct OrderMessage {
    std::string number;               // "" where it cannot be used: then there is a problem
    object::OrderStatement statement; // without the buyer
    std::optional<MessageProblem> problem;
    bool names_buyer = false;
};

// None for any other event.
std::optional<OrderMessage> read_order_message(
    std::string_view event, const boost::json::object& properties, Instant at, std::string_view message_id);

} // namespace onefold::customer
