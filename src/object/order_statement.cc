#include "object/order_statement.h"

#include <algorithm>

namespace onefold::object {
namespace {

constexpr std::string_view refunded = "refunded", partly_refunded = "partly_refunded";

void keep_earlier(std::optional<Instant>& into, const std::optional<Instant>& said) {
    if (said && (!into || *said < *into))
        into = said;
}

template <class T>
void keep_newer(std::optional<Said<T>>& into, const std::optional<Said<T>>& said) {
    if (said && (!into || *into < *said))
        into = said;
}

// Of equal times who was named later: nodes have other ids where batches were others, so these must not decide.
void keep_newer(std::optional<Said<NodeId>>& into, const std::optional<Said<NodeId>>& said) {
    if (said && (!into || into->at <= said->at))
        into = said;
}

// The earliest stay, whichever came first.
void drop_latest(std::map<std::string, Refund>& refunds) {
    while (refunds.size() > OrderStatement::refunds_max)
        refunds.erase(std::ranges::max_element(
            refunds, {}, [](const auto& entry) { return std::tie(entry.second.at, entry.first); }));
}

// The most trusted that speaks of a part; among equals the one that spoke last.
template <class When>
const SourceStatement* best(const std::vector<SourceStatement>& statements, When when) {
    const SourceStatement* found = nullptr;
    std::tuple<int, Instant, Medium, SourceId> rank;
    for (const SourceStatement& one : statements) {
        const std::optional<Instant> at = when(one.statement);
        if (!at)
            continue;
        const std::tuple its_rank{one.trust, *at, one.medium, one.source};
        if (!found || its_rank > rank) {
            found = &one;
            rank = its_rank;
        }
    }
    return found;
}

template <class T>
const SourceStatement* best(
    const std::vector<SourceStatement>& statements, std::optional<Said<T>> OrderStatement::* part) {
    return best(statements, [part](const OrderStatement& statement) {
        return statement.*part ? std::optional((statement.*part)->at) : std::nullopt;
    });
}

// The earliest time of the most trusted; being placed counts more than being changed.
std::optional<Instant> time_of(const std::vector<SourceStatement>& statements) {
    std::optional<std::tuple<int, bool, Instant::rep>> first;
    for (const auto& [source, medium, trust, statement] : statements) {
        const auto at = statement.completed_at ? statement.completed_at : statement.updated_at;
        if (!at)
            continue;
        const std::tuple rank{-trust, !statement.completed_at, micros_of(*at)};
        if (!first || rank < *first)
            first = rank;
    }
    return first ? std::optional(instant_of(std::get<2>(*first))) : std::nullopt;
}

Decimal price_of(const std::string& sku, const std::vector<OrderLineDraft>& lines) {
    const auto found = std::ranges::find(lines, sku, &OrderLineDraft::sku);
    return found == lines.end() ? Decimal{} : found->price;
}

// What cannot be added any more is the whole.
Decimal amount_of(const Refund& refund, const OrderDraft& order, const Decimal& total) {
    if (refund.amount)
        return *refund.amount;
    if (refund.lines.empty())
        return total;
    Decimal sum;
    for (const auto& [sku, quantity, price] : refund.lines) {
        const auto amount = quantity.times(price ? *price : price_of(sku, order.lines));
        const auto more = amount ? sum.plus(*amount) : amount;
        if (!more)
            return total;
        sum = *more;
    }
    return sum;
}

// Between nothing and all of it.
Decimal refunded_of(const OrderStatement& statement, const OrderDraft& order, const Decimal& total) {
    if (total.is_negative())
        return {};
    Decimal sum;
    for (const auto& [message, refund] : statement.refunds) {
        const auto more = sum.plus(amount_of(refund, order, total));
        if (!more)
            return total;
        sum = *more;
    }
    return std::clamp(sum, Decimal{}, total);
}

std::optional<Instant> last_refund_at(const OrderStatement& statement) {
    std::optional<Instant> last;
    for (const auto& [message, refund] : statement.refunds)
        last = std::max(last.value_or(refund.at), refund.at);
    return last;
}

void fold_refunds(const std::vector<SourceStatement>& statements, OrderDraft& order) {
    const SourceStatement* refunds = best(statements, last_refund_at);
    if (!refunds)
        return;
    const Decimal total = order.total.value_or(Decimal{});
    order.refunded = refunded_of(refunds->statement, order, total);
    const SourceStatement* status = best(statements, &OrderStatement::status);
    const bool is_newest = !status || std::tuple(status->trust, status->statement.status->at) <=
                                          std::tuple(refunds->trust, *last_refund_at(refunds->statement));
    if (is_newest && !(order.status && is_cancelled(*order.status)))
        order.status = std::string(order.refunded == total ? refunded : partly_refunded);
}

template <class T>
void forget_time(std::optional<Said<T>>& said) {
    if (said)
        said->at = Instant{};
}

} // namespace

void merge(OrderStatement& into, const OrderStatement& said) {
    keep_earlier(into.completed_at, said.completed_at);
    keep_earlier(into.updated_at, said.updated_at);
    keep_newer(into.buyer, said.buyer);
    keep_newer(into.status, said.status);
    keep_newer(into.currency, said.currency);
    keep_newer(into.total, said.total);
    keep_newer(into.lines, said.lines);
    for (const auto& [message, refund] : said.refunds) {
        const auto [place, is_first] = into.refunds.emplace(message, refund);
        if (!is_first)
            place->second = std::max(place->second, refund);
    }
    drop_latest(into.refunds);
}

std::string_view to_string(Medium medium) {
    return medium == Medium::file ? "file" : "message";
}

OrderStatement statement_of(const OrderDraft& draft, Instant at) {
    OrderStatement statement;
    statement.completed_at = draft.time;
    if (draft.buyer)
        statement.buyer = {at, draft.buyer};
    if (draft.status)
        statement.status = {at, *draft.status};
    statement.currency = {at, draft.currency};
    if (const auto total = draft.total ? Result<Decimal>(*draft.total) : total_of(draft.lines))
        statement.total = {at, *total};
    statement.lines = {at, draft.lines};
    return statement;
}

bool says_the_same(const OrderStatement& a, const OrderStatement& b) {
    OrderStatement left = a, right = b;
    for (OrderStatement* one : {&left, &right}) {
        forget_time(one->buyer);
        forget_time(one->status);
        forget_time(one->currency);
        forget_time(one->total);
        forget_time(one->lines);
    }
    return left == right;
}

std::optional<OrderDraft> fold(const std::vector<SourceStatement>& statements) {
    const auto time = time_of(statements);
    if (!time)
        return std::nullopt;
    const SourceStatement* total = best(statements, &OrderStatement::total);
    const SourceStatement* currency =
        total && total->statement.currency ? total : best(statements, &OrderStatement::currency);
    const SourceStatement* placed = total ? total : currency;
    const SourceStatement* lines = placed && placed->statement.lines && !placed->statement.lines->value.empty()
                                       ? placed
                                       : best(statements, &OrderStatement::lines);
    OrderDraft order;
    order.time = *time;
    order.source = placed ? placed->source : statements.front().source;
    order.total = total ? total->statement.total->value : Decimal{};
    if (currency)
        order.currency = currency->statement.currency->value;
    if (lines)
        order.lines = lines->statement.lines->value;
    if (const SourceStatement* buyer = best(statements, &OrderStatement::buyer))
        order.buyer = buyer->statement.buyer->value;
    if (const SourceStatement* status = best(statements, &OrderStatement::status))
        order.status = status->statement.status->value;
    fold_refunds(statements, order);
    return order;
}

} // namespace onefold::object
