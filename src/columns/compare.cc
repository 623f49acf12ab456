#include "columns/compare.h"

#include <map>

namespace onefold::columns {
namespace {

constexpr std::size_t told_max = 100;

struct Sum {
    std::int64_t rows = 0;
    std::string checksum;
    friend bool operator==(const Sum&, const Sum&) = default;
};
using Sums = std::map<std::string, Sum>;

struct Part {
    std::string_view table;
    std::string_view sql; // key, rows, checksum
};

// A row's hash covers all its columns; the hashes of a group are joined without regard to their order.
constexpr Part parts[] = {
    {"event", "SELECT local_day::VARCHAR, COUNT(*), bit_xor(hash(e))::VARCHAR || '/' || SUM(hash(e)::HUGEINT)::VARCHAR "
              "FROM event e GROUP BY local_day"},
    {"event_type", "SELECT id::VARCHAR, COUNT(*), MIN(hash(t))::VARCHAR FROM event_type t GROUP BY id"},
    {"event_property", "SELECT id::VARCHAR, COUNT(*), MIN(hash(p))::VARCHAR FROM event_property p GROUP BY id"},
};
constexpr Part parts_of_customers[] = {
    {"customer", "SELECT (id // 1000)::VARCHAR || '…', COUNT(*), bit_xor(hash(c))::VARCHAR || '/' || "
                 "SUM(hash(c)::HUGEINT)::VARCHAR FROM customer_copy c GROUP BY id // 1000"},
    {"node", "SELECT (id // 1000)::VARCHAR || '…', COUNT(*), bit_xor(hash(n))::VARCHAR || '/' || "
             "SUM(hash(n)::HUGEINT)::VARCHAR FROM node_copy n GROUP BY id // 1000"},
};

Result<Sums> sums_of(store::ColumnsConnection& connection, std::string_view sql) {
    Sums sums;
    TRY(connection.each(sql, {}, [&](const store::Row& row) -> Result<> {
        sums[std::string(row.text(0))] = {row.integer(1), std::string(row.text(2))};
        return {};
    }));
    return sums;
}

std::int64_t rows_of(const Sums& sums) {
    std::int64_t rows = 0;
    for (const auto& [key, sum] : sums)
        rows += sum.rows;
    return rows;
}

void tell(Comparison& comparison, Difference difference) {
    ++comparison.differences;
    if (comparison.first_differences.size() < told_max)
        comparison.first_differences.push_back(std::move(difference));
}

void compare(std::string_view table, const Sums& live, const Sums& rebuilt, Comparison& comparison) {
    for (const auto& [key, sum] : live) {
        const auto other = rebuilt.find(key);
        const Sum& fresh = other == rebuilt.end() ? Sum{} : other->second;
        if (!(sum == fresh))
            tell(comparison, {std::string(table), key, sum.rows, fresh.rows});
    }
    for (const auto& [key, sum] : rebuilt)
        if (!live.contains(key))
            tell(comparison, {std::string(table), key, 0, sum.rows});
}

} // namespace

Result<Comparison> compare(store::ColumnsConnection& live, store::ColumnsConnection& rebuilt, Compared what) {
    Comparison comparison;
    std::vector<Part> all(std::begin(parts), std::end(parts));
    if (what == Compared::everything)
        all.insert(all.end(), std::begin(parts_of_customers), std::end(parts_of_customers));
    for (const auto& [table, sql] : all) {
        const Sums of_live = TRY(sums_of(live, sql)), of_rebuilt = TRY(sums_of(rebuilt, sql));
        if (table == "event") {
            comparison.days = std::int64_t(of_rebuilt.size());
            comparison.live_events = rows_of(of_live);
            comparison.rebuilt_events = rows_of(of_rebuilt);
        }
        compare(table, of_live, of_rebuilt, comparison);
    }
    return comparison;
}

} // namespace onefold::columns
