#include "object/order_statement.h"

namespace onefold::object {
namespace {

using Json = boost::json::object;
using boost::json::value;

std::string text_of(const value& json) {
    return std::string(json.as_string());
}
Decimal decimal_of(const value& json) {
    return Decimal::parse(std::string_view(json.as_string())).value_or(Decimal{});
}
Instant instant_in(const value& json) {
    return instant_of(json.to_number<std::int64_t>());
}

value json_of(const std::string& text) {
    return value(text);
}
value json_of(const Decimal& number) {
    return value(number.to_string());
}
value json_of(NodeId node) {
    return value(node.value);
}
value json_of(const std::vector<OrderLineDraft>& lines) {
    boost::json::array list;
    for (const OrderLineDraft& line : lines)
        list.push_back(boost::json::array{line.sku, line.name, line.quantity.to_string(), line.price.to_string()});
    return list;
}

void read(const value& json, std::string& text) {
    text = text_of(json);
}
void read(const value& json, Decimal& number) {
    number = decimal_of(json);
}
void read(const value& json, NodeId& node) {
    node = NodeId{json.to_number<std::int64_t>()};
}
void read(const value& json, std::vector<OrderLineDraft>& lines) {
    for (const value& line : json.as_array())
        lines.push_back({text_of(line.at(0)), text_of(line.at(1)), decimal_of(line.at(2)), decimal_of(line.at(3))});
}

template <class T>
void put(Json& json, std::string_view name, const std::optional<Said<T>>& said) {
    if (said)
        json[name] = {{"at", micros_of(said->at)}, {"value", json_of(said->value)}};
}
template <class T>
void take(const Json& json, std::string_view name, std::optional<Said<T>>& said) {
    const value* found = json.if_contains(name);
    if (!found)
        return;
    said.emplace();
    said->at = instant_in(found->at("at"));
    read(found->at("value"), said->value);
}
void put(Json& json, std::string_view name, const std::optional<Instant>& at) {
    if (at)
        json[name] = micros_of(*at);
}
void take(const Json& json, std::string_view name, std::optional<Instant>& at) {
    if (const value* found = json.if_contains(name))
        at = instant_in(*found);
}

Json json_of(const Refund& refund) {
    Json json{{"at", micros_of(refund.at)}};
    if (refund.amount)
        json["amount"] = refund.amount->to_string();
    boost::json::array lines;
    for (const RefundLine& line : refund.lines)
        lines.push_back(boost::json::array{
            line.sku, line.quantity.to_string(), line.price ? value(line.price->to_string()) : value(nullptr)});
    if (!lines.empty())
        json["lines"] = std::move(lines);
    return json;
}

Refund refund_of(const Json& json) {
    Refund refund{instant_in(json.at("at")), std::nullopt, {}};
    if (const value* amount = json.if_contains("amount"))
        refund.amount = decimal_of(*amount);
    if (const value* lines = json.if_contains("lines"))
        for (const value& line : lines->as_array())
            refund.lines.push_back({text_of(line.at(0)), decimal_of(line.at(1)),
                line.at(2).is_null() ? std::nullopt : std::optional(decimal_of(line.at(2)))});
    return refund;
}

} // namespace

Json to_json(const OrderStatement& statement) {
    Json json;
    put(json, "completed_at", statement.completed_at);
    put(json, "updated_at", statement.updated_at);
    put(json, "buyer", statement.buyer);
    put(json, "status", statement.status);
    put(json, "currency", statement.currency);
    put(json, "total", statement.total);
    put(json, "lines", statement.lines);
    if (!statement.refunds.empty()) {
        Json refunds;
        for (const auto& [message, refund] : statement.refunds)
            refunds[message] = json_of(refund);
        json["refunds"] = std::move(refunds);
    }
    return json;
}

OrderStatement statement_of(const Json& json) {
    OrderStatement statement;
    take(json, "completed_at", statement.completed_at);
    take(json, "updated_at", statement.updated_at);
    take(json, "buyer", statement.buyer);
    take(json, "status", statement.status);
    take(json, "currency", statement.currency);
    take(json, "total", statement.total);
    take(json, "lines", statement.lines);
    if (const value* refunds = json.if_contains("refunds"))
        for (const auto& [message, refund] : refunds->as_object())
            statement.refunds.emplace(message, refund_of(refund.as_object()));
    return statement;
}

} // namespace onefold::object
