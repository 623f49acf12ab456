#pragma once
// What the sources say of one order, and the order that follows. Pure.
//
// A tracker says "Order Completed" when the thank-you page is shown, a server says "Order Refunded" a week later, an
// ERP exports the same number every night. A statement is the newest that one source said of each part; merging is
// commutative, associative and idempotent, so that neither the order of arrival nor a repetition matters. The fold
// takes each part from the most trusted source that speaks of it, among equals from the one that spoke last.
#include "object/record.h"

#include <boost/json.hpp>
#include <functional>
#include <map>

namespace onefold::object {

// Compared by time, then by value: of two things said at one instant the greater stands.
template <class T>
struct Said {
    Instant at;
    T value;
    friend auto operator<=>(const Said&, const Said&) = default;
};

// Without an amount and without lines: the whole order.
struct RefundLine {
    std::string sku;
    Decimal quantity;
    std::optional<Decimal> price; // that of the order's line with this SKU where it is missing
    friend auto operator<=>(const RefundLine&, const RefundLine&) = default;
};
struct Refund {
    Instant at;
    std::optional<Decimal> amount;
    std::vector<RefundLine> lines;
    friend auto operator<=>(const Refund&, const Refund&) = default;
};

struct OrderStatement {
    static constexpr std::size_t refunds_max = 200; // the earliest stay

    std::optional<Instant> completed_at, updated_at; // the earliest; neither: it does not say that there is an order
    std::optional<Said<NodeId>> buyer;
    std::optional<Said<std::string>> status, currency;
    std::optional<Said<Decimal>> total;
    std::optional<Said<std::vector<OrderLineDraft>>> lines;
    std::map<std::string, Refund> refunds; // by the id of the message that told
    friend bool operator==(const OrderStatement&, const OrderStatement&) = default;
};
// What is said of an order comes in the order of the log; of equal times, that decides who the buyer is.
void merge(OrderStatement& into, const OrderStatement& said);

enum class Medium { file, message };
std::string_view to_string(Medium medium);

// What a file says: all of an order at once, at the time of the import.
OrderStatement statement_of(const OrderDraft& draft, Instant at);
// Whatever the times at which it was said.
bool says_the_same(const OrderStatement& a, const OrderStatement& b);

struct SourceStatement {
    SourceId source;
    Medium medium = Medium::message;
    int trust = 0;
    OrderStatement statement;
};
// Without number and scope. None while nobody said that there is an order: a refund alone makes none. Refunds together
// never exceed the total.
std::optional<OrderDraft> fold(const std::vector<SourceStatement>& statements);

boost::json::object to_json(const OrderStatement& statement);
OrderStatement statement_of(const boost::json::object& json); // what to_json made

} // namespace onefold::object
