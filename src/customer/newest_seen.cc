// Who of many was seen last.
#include "customer/newest_seen.h"

#include <algorithm>
#include <set>

namespace onefold::customer {
namespace {

// Fewer are asked one by one; of more, those who were seen last are looked through.
constexpr std::size_t asked_max = 2'000;
constexpr std::int64_t looked_through_a_page = 5'000;
constexpr int pages_max = 10;

using Seen = std::pair<std::int64_t, CustomerId>;

Result<std::vector<Seen>> ask_each(store::Session& session, const std::vector<CustomerId>& customers) {
    std::vector<store::Values> keys;
    for (const CustomerId customer : customers)
        keys.push_back({customer.value});
    std::vector<Seen> seen;
    TRY(session.each_many("SELECT last_seen_at FROM customer_activity WHERE customer_id = $1", keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            seen.emplace_back(row.integer(0), customers[index]);
            return {};
        }));
    std::ranges::sort(seen, std::ranges::greater{});
    return seen;
}

Result<std::vector<Seen>> look_through(
    store::Session& session, const std::vector<CustomerId>& customers, std::size_t limit) {
    std::vector<Seen> seen;
    Seen last{INT64_MAX, CustomerId{INT64_MAX}};
    for (int page = 0; page < pages_max && seen.size() < limit; ++page) {
        std::int64_t rows = 0;
        TRY(session.each("SELECT last_seen_at, customer_id FROM customer_activity WHERE (last_seen_at, customer_id) < "
                         "($1, $2) ORDER BY last_seen_at DESC, customer_id DESC LIMIT $3",
            {last.first, last.second.value, looked_through_a_page}, [&](const store::Row& row) -> Result<> {
                ++rows;
                last = {row.integer(0), CustomerId{row.integer(1)}};
                if (std::ranges::binary_search(customers, last.second))
                    seen.push_back(last);
                return {};
            }));
        if (rows < looked_through_a_page)
            break;
    }
    return seen;
}

} // namespace

Result<std::vector<CustomerId>> newest_among(
    store::Session& session, const std::vector<CustomerId>& customers, std::size_t limit) {
    const auto seen = customers.size() <= asked_max ? TRY(ask_each(session, customers))
                                                    : TRY(look_through(session, customers, limit));
    std::vector<CustomerId> newest;
    for (const auto& [at, customer] : seen)
        if (newest.size() < limit)
            newest.push_back(customer);
    const std::set<CustomerId> there(newest.begin(), newest.end());
    for (auto one = customers.rbegin(); one != customers.rend() && newest.size() < limit; ++one)
        if (!there.contains(*one)) // not seen for long: who came last
            newest.push_back(*one);
    return newest;
}

} // namespace onefold::customer
