#include "customer/news.h"

#include "core/text.h"
#include "object/shipped.h"

#include <charconv>
#include <set>

namespace onefold::customer {
namespace {

constexpr std::int64_t rows_kept = 5'000, trimmed_every = 500;

std::string customers_sql(std::string_view rest) {
    std::string columns;
    for (const object::GoldenField& field : object::golden_fields())
        columns += fmt::format(", c.{}", field.code);
    return fmt::format("SELECT c.id, c.kind, c.state, c.merged_into, a.last_purchase_at, a.order_count, "
                       "a.ticket_count, a.total_spend, a.currency{} FROM customer c LEFT JOIN customer_activity a ON "
                       "a.customer_id = c.id WHERE {}",
        columns, rest);
}

CopiedCustomer customer_of(const store::Row& row) {
    CopiedCustomer customer{CustomerId{row.integer(0)}, std::string(row.text(1)), std::string(row.text(2)),
        CustomerId{row.integer(3)}, {}, {}, row.integer(5), row.integer(6), row.integer(7), std::string(row.text(8))};
    if (!row.is_null(4))
        customer.last_purchase_at = instant_of(row.integer(4));
    for (int column = 9; column < row.columns(); ++column)
        customer.fields.push_back(
            row.is_null(column) ? std::nullopt : std::optional<std::string>(std::string(row.text(column))));
    return customer;
}

CopiedNode node_of(const store::Row& row) {
    return {NodeId{row.integer(0)}, CustomerId{row.integer(1)}, SourceId{row.integer(2)}, std::string(row.text(3))};
}

void add_ids(std::string_view list, std::set<CustomerId>& ids) {
    for (const char* at = list.data(); at < list.data() + list.size(); ++at) {
        std::int64_t id = 0;
        at = std::from_chars(at, list.data() + list.size(), id).ptr;
        ids.insert(CustomerId{id});
    }
}

// Who was changed behind `from`; at most about `ids_max`.
Result<std::set<CustomerId>> read_changed(
    store::Session& session, const NewsPlace& from, std::size_t ids_max, NewsPlace& next) {
    std::set<CustomerId> ids;
    for (;;) {
        const auto row = TRY(session.find("SELECT id, customers FROM customer_news WHERE id > $1 ORDER BY id LIMIT 1",
            {next.news}, [](const store::Row& row) { return std::pair(row.integer(0), std::string(row.text(1))); }));
        if (!row || (next.news != from.news && ids.size() >= ids_max))
            break;
        next.news = row->first;
        add_ids(row->second, ids);
    }
    return ids;
}

Result<bool> reaches_back(store::Session& session, const NewsPlace& from) {
    const auto first = TRY(session.find_integer("SELECT MIN(id) FROM customer_news"));
    const auto last = TRY(session.find_integer("SELECT MAX(id) FROM customer_news"));
    const auto customers = TRY(session.find_integer("SELECT MAX(id) FROM customer"));
    const auto nodes = TRY(session.find_integer("SELECT MAX(id) FROM node"));
    return from.news <= last.value_or(0) && first.value_or(0) <= from.news + 1 &&
           from.customer.value <= customers.value_or(0) && from.node.value <= nodes.value_or(0);
}

} // namespace

Result<> note_news(store::Session& session, const std::vector<CustomerId>& customers) {
    if (customers.empty())
        return {};
    std::string list;
    for (const CustomerId customer : customers)
        list += fmt::format("{}{}", list.empty() ? "" : ",", customer.value);
    const auto id =
        TRY(session.find_integer("INSERT INTO customer_news (customers) VALUES ($1) RETURNING id", {std::move(list)}));
    VERIFY(id);
    if (*id % trimmed_every == 0)
        TRY(session.execute("DELETE FROM customer_news WHERE id <= $1", {*id - rows_kept}));
    return {};
}

Result<NewsPlace> news_from_the_beginning(store::Session& session) {
    return NewsPlace{TRY(session.find_integer("SELECT MAX(id) FROM customer_news")).value_or(0), {}, {}};
}

Result<CustomerId> last_customer(store::Session& session) {
    return CustomerId{TRY(session.find_integer("SELECT MAX(id) FROM customer")).value_or(0)};
}

Result<std::optional<News>> read_news(store::Session& session, const NewsPlace& from, std::int64_t rows_max) {
    if (!TRY(reaches_back(session, from)))
        return std::nullopt;
    News news{from, true, {}, {}};
    std::vector<store::Values> keys;
    for (const CustomerId id : TRY(read_changed(session, from, std::size_t(rows_max), news.next)))
        keys.push_back({id.value});
    const auto take_customer = [&](const store::Row& row) -> Result<> {
        news.customers.push_back(customer_of(row));
        return {};
    };
    static const std::string one = customers_sql("c.id = $1"),
                             later = customers_sql("c.id > $1 ORDER BY c.id LIMIT $2");
    TRY(session.each_many(one, keys, [&](std::size_t, const store::Row& row) -> Result<> {
        if (row.integer(0) <= from.customer.value) // the others come by their ids
            TRY(take_customer(row));
        return {};
    }));
    TRY(session.each_many("SELECT id, customer_id, source_id, kind FROM node WHERE customer_id = $1 ORDER BY id", keys,
        [&](std::size_t, const store::Row& row) -> Result<> {
            if (row.integer(0) <= from.node.value)
                news.nodes.push_back(node_of(row));
            return {};
        }));
    const std::size_t changed = news.customers.size(), of_changed = news.nodes.size();
    TRY(session.each(later, {from.customer.value, rows_max}, take_customer));
    TRY(session.each("SELECT id, customer_id, source_id, kind FROM node WHERE id > $1 ORDER BY id LIMIT $2",
        {from.node.value, rows_max}, [&](const store::Row& row) -> Result<> {
            news.nodes.push_back(node_of(row));
            return {};
        }));
    if (news.customers.size() > changed)
        news.next.customer = news.customers.back().id;
    if (news.nodes.size() > of_changed)
        news.next.node = news.nodes.back().id;
    news.is_last = std::int64_t(news.customers.size() - changed) < rows_max &&
                   std::int64_t(news.nodes.size() - of_changed) < rows_max &&
                   TRY(news_from_the_beginning(session)).news == news.next.news;
    return news;
}

} // namespace onefold::customer
