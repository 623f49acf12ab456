#include "customer/order_message.h"

#include "company/company.h"
#include "customer/payload.h"
#include "object/shipped.h"

#include <array>

namespace onefold::customer {
namespace {

using boost::json::value;

enum class Act { completed, updated, refunded, cancelled };

constexpr std::size_t number_bytes_max = 200, products_max = 1000, text_code_points_max = 500,
                      status_code_points_max = 100;

std::optional<Act> act_of(std::string_view event) {
    constexpr std::pair<std::string_view, Act> names[]{{"order completed", Act::completed},
        {"completed order", Act::completed}, {"order updated", Act::updated}, {"order refunded", Act::refunded},
        {"order cancelled", Act::cancelled}, {"order canceled", Act::cancelled}};
    if (event.size() < 13 || event.size() > 15)
        return std::nullopt;
    for (const auto& [name, act] : names)
        if (std::ranges::equal(name, event, {}, {}, [](unsigned char c) { return char(std::tolower(c)); }))
            return act;
    return std::nullopt;
}

// A number that says what it is where it cannot be read.
class Amounts {
  public:
    explicit Amounts(const Json& properties) : properties_(properties) {}

    std::optional<Decimal> in(const Json& json, std::string_view name, std::string_view place = "") {
        const value* found = find(json, name);
        if (!found || (found->is_string() && trimmed(std::string_view(found->get_string())).empty()))
            return std::nullopt;
        const auto number =
            Decimal::parse(found->is_double() ? fmt::format("{:.6f}", found->get_double()) : customer::text_of(found));
        if (number && number->scaled(object::amount_scale))
            return *number;
        if (!fault)
            fault = fmt::format("/properties{}/{}", place, name);
        return std::nullopt;
    }
    std::optional<Decimal> in(std::string_view name) { return in(properties_, name); }

    // What cannot be added stands as a fault of the first part.
    std::optional<Decimal> sum(std::string_view first, std::initializer_list<std::pair<std::string_view, int>> more) {
        std::optional<Decimal> total = in(first);
        for (const auto& [name, sign] : more) {
            const auto part = in(name);
            if (!total || !part)
                continue;
            const auto next = sign > 0 ? total->plus(*part) : total->minus(*part);
            if (!next && !fault)
                fault = fmt::format("/properties/{}", name);
            if (next)
                total = *next;
        }
        return total;
    }

    std::optional<std::string> fault;

  private:
    const Json& properties_;
};

std::string sku_of(const Json& product) {
    for (const std::string_view name : {"sku", "product_id", "productId", "id"})
        if (std::string sku = text_in(product, name); !sku.empty())
            return std::string(beginning_of(sku, text_code_points_max));
    return "";
}

struct Product {
    std::string sku, name;
    Decimal quantity;
    std::optional<Decimal> price;
};

std::vector<Product> products_in(const Json& properties, Amounts& amounts) {
    std::vector<Product> products;
    const auto* list = array_in(properties, "products");
    if (!list)
        return products;
    for (std::size_t i = 0; i < std::min(list->size(), products_max); ++i) {
        const Json* product = (*list)[i].if_object();
        if (!product)
            continue;
        const std::string place = fmt::format("/products/{}", i);
        products.push_back({sku_of(*product),
            std::string(beginning_of(text_in(*product, "name"), text_code_points_max)),
            amounts.in(*product, "quantity", place).value_or(Decimal::of(1)), amounts.in(*product, "price", place)});
    }
    return products;
}

std::vector<object::OrderLineDraft> lines_of(const std::vector<Product>& products) {
    std::vector<object::OrderLineDraft> lines;
    for (const auto& [sku, name, quantity, price] : products)
        lines.push_back({sku, name, quantity, price.value_or(Decimal{})});
    return lines;
}

std::optional<Decimal> total_in(
    Amounts& amounts, const std::vector<Product>& products, const std::vector<object::OrderLineDraft>& lines) {
    if (const auto total = amounts.in("total"))
        return total;
    if (const auto total = amounts.sum("subtotal", {{"shipping", 1}, {"tax", 1}}))
        return total;
    if (const auto total = amounts.sum("revenue", {{"shipping", 1}, {"tax", 1}, {"discount", -1}}))
        return total;
    if (std::ranges::any_of(products, [](const Product& product) { return product.price.has_value(); })) {
        const auto total = object::total_of(lines);
        if (!total && !amounts.fault)
            amounts.fault = "/properties/products";
        return total ? std::optional(*total) : std::nullopt;
    }
    return amounts.in("value");
}

// What is bought: amounts, lines, currency.
void read_content(OrderMessage& message, const Json& properties, Instant at, Amounts& amounts) {
    const auto products = products_in(properties, amounts);
    auto lines = lines_of(products);
    if (const auto total = total_in(amounts, products, lines))
        message.statement.total = {at, *total};
    if (!lines.empty()) {
        if (!object::total_of(lines) && !amounts.fault)
            amounts.fault = "/properties/products";
        message.statement.lines = {at, std::move(lines)};
    }
    std::string currency = text_in(properties, "currency");
    std::ranges::transform(currency, currency.begin(), [](unsigned char c) { return char(std::toupper(c)); });
    if (currency.empty())
        return;
    if (company::check_currency(currency))
        message.statement.currency = {at, currency};
    else
        message.problem = {"order.unknown_currency", "/properties/currency"};
}

object::Refund refund_in(const Json& properties, Instant at, Amounts& amounts) {
    object::Refund refund{at, std::nullopt, {}};
    for (const std::string_view name : {"total", "revenue", "value"})
        if (!refund.amount)
            refund.amount = amounts.in(name);
    const auto products = products_in(properties, amounts);
    if (refund.amount) {
        if (refund.amount->is_negative()) // some say what goes back as a negative amount
            refund.amount = Decimal{}.minus(*refund.amount).value_or(Decimal{});
        return refund;
    }
    for (const auto& [sku, name, quantity, price] : products)
        refund.lines.push_back({sku, quantity, price});
    return refund;
}

} // namespace

std::optional<OrderMessage> read_order_message(
    std::string_view event, const Json& properties, Instant at, std::string_view message_id) {
    const auto act = act_of(event);
    if (!act)
        return std::nullopt;
    OrderMessage message;
    message.number = text_in(properties, "order_id");
    if (message.number.empty())
        message.number = text_in(properties, "orderId");
    if (message.number.empty() || message.number.size() > number_bytes_max) {
        message.number.clear();
        message.problem = {"order.no_number", "/properties/order_id"};
        return message;
    }
    Amounts amounts(properties);
    object::OrderStatement& said = message.statement;
    const std::string status{beginning_of(folded(text_in(properties, "status")), status_code_points_max)};
    switch (*act) {
    case Act::completed:
        said.completed_at = at;
        said.status = {at, status.empty() ? "completed" : status};
        break;
    case Act::updated:
        said.updated_at = at;
        if (!status.empty())
            said.status = {at, status};
        break;
    case Act::cancelled:
        said.status = {at, "cancelled"};
        break;
    case Act::refunded:
        said.refunds.emplace(message_id, refund_in(properties, at, amounts));
        break;
    }
    message.names_buyer = *act == Act::completed || *act == Act::updated;
    if (message.names_buyer)
        read_content(message, properties, at, amounts);
    if (amounts.fault) {
        message.number.clear();
        message.problem = {"order.bad_amount", *amounts.fault};
    }
    return message;
}

} // namespace onefold::customer
