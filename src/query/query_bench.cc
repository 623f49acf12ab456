// A list page of 100,000 orders, filtered and sorted, through the query room and as a bare statement: the difference is
// what the room costs.
#include "query/toy.h"
#include "testing/folder.h"

#include <benchmark/benchmark.h>

namespace onefold::query {
namespace {

constexpr int rows = 100'000;

class Shop {
  public:
    Shop() : database_(store::Database::open(folder_.file("main.db"), {toy::schema()}).value()) {
        auto tables = toy::empty_tables();
        for (std::int64_t id = 1; id <= rows; ++id) {
            tables["order"].rows.push_back({id, fmt::format("N{:06}", id * 7919 % rows), id % 4000 + 1,
                id * 104729 % 1'000'003, 1'291'190'760'000'000 + id * 7919 % rows * 1'000'000, id % 2,
                1'291'190'760'000'000 + id * 7919 % rows * 1'000'000});
            if (id > 4000)
                continue;
            tables["node"].rows.push_back({id, id});
            tables["customer"].rows.push_back({id, fmt::format("Customer {}", id), id % 3 ? "上海" : "London", "active",
                id % 90, {}, id % 2, id, id, {}, {}});
        }
        VERIFY(toy::fill(*database_, tables));
    }
    Result<std::size_t> page(const Query& query) {
        return database_->read([&](store::Session& session) -> Result<std::size_t> {
            return TRY(run(session, query, catalogue_)).rows.size();
        });
    }
    std::string next(const Query& query) {
        return database_->read([&](store::Session& session) { return run(session, query, catalogue_); }).value().next;
    }
    Result<std::size_t> bare(std::string_view sql, const store::Values& values) {
        return database_->read([&](store::Session& session) -> Result<std::size_t> {
            std::size_t bytes = 0;
            TRY(session.each(sql, values, [&](const store::Row& row) -> Result<> {
                for (int i = 0; i < row.columns(); ++i)
                    bytes += row.text(i).size();
                return {};
            }));
            return bytes;
        });
    }

  private:
    testing::Folder folder_;
    std::unique_ptr<store::Database> database_;
    toy::Catalogue catalogue_;
};

Shop& shop() {
    static Shop one;
    return one;
}

Query scanning() { // no index serves this order
    auto query = toy::query("order", {"id", "number", "total", "下单时间", "customer"},
        R"({"op":"and","args":[{"op":">","args":[{"field":"total"},{"value":"500"}]},{"field":"is_paid"}]})");
    query.sort = {{{"total"}, Direction::descending}};
    return query;
}
void page_by_scan(benchmark::State& state) {
    const auto query = scanning();
    for (auto _ : state)
        VERIFY(shop().page(query).value() == 50);
}
void page_by_scan_bare(benchmark::State& state) {
    for (auto _ : state)
        VERIFY(shop().bare(
            R"(SELECT o.id, o.number, o.total, o.at, c.id FROM "order" o LEFT JOIN node n ON n.id = o.customer_node
            LEFT JOIN customer c ON c.id = n.customer_id AND c.state = $1 WHERE o.total > $2 AND o.is_paid = 1
            ORDER BY o.total DESC, o.id DESC LIMIT $3)",
            {"active", 500'000, 51}));
}

Query newest() { // an index serves this order
    auto query = toy::query("order", {"id", "number", "total", "下单时间", "customer.name"});
    query.sort = {{{"placed_at"}, Direction::descending}};
    return query;
}
void page_by_index(benchmark::State& state) {
    const auto query = newest();
    for (auto _ : state)
        VERIFY(shop().page(query).value() == 50);
}
void page_by_index_bare(benchmark::State& state) {
    for (auto _ : state)
        VERIFY(shop().bare(
            R"(SELECT o.id, o.number, o.total, o.at, c.name FROM "order" o LEFT JOIN node n ON n.id = o.customer_node
            LEFT JOIN customer c ON c.id = n.customer_id AND c.state = $1 ORDER BY o.placed_at DESC, o.id DESC LIMIT $2)",
            {"active", 51}));
}

void page_in_the_middle(benchmark::State& state) {
    auto query = newest();
    query.page.limit = 1000;
    for (int i = 0; i < 50; ++i)
        query.page.after = shop().next(query);
    query.page.limit = 50;
    for (auto _ : state)
        VERIFY(shop().page(query).value() == 50);
}

void page_of_one_customer(benchmark::State& state) {
    auto query =
        toy::query("order", {"id", "number", "total"}, R"({"op":"=","args":[{"field":"customer"},{"value":"1234"}]})");
    query.sort = {{{"下单时间"}, Direction::descending}};
    for (auto _ : state)
        VERIFY(shop().page(query).value() == 25);
}
void page_of_one_customer_bare(benchmark::State& state) {
    for (auto _ : state)
        VERIFY(shop().bare(
            R"(SELECT o.id, o.number, o.total FROM customer c JOIN node n ON n.customer_id = c.id JOIN "order" o ON o.customer_node = n.id
            WHERE c.id = $1 AND c.state = $2 ORDER BY o.at DESC, o.id DESC LIMIT $3)",
            {1234, "active", 51}));
}

void compile_alone(benchmark::State& state) {
    const toy::Catalogue catalogue;
    const auto query = scanning();
    for (auto _ : state)
        benchmark::DoNotOptimize(compile(query, catalogue, store::Dialect::sqlite));
}

BENCHMARK(page_by_scan)->Unit(benchmark::kMicrosecond);
BENCHMARK(page_by_scan_bare)->Unit(benchmark::kMicrosecond);
BENCHMARK(page_by_index)->Unit(benchmark::kMicrosecond);
BENCHMARK(page_by_index_bare)->Unit(benchmark::kMicrosecond);
BENCHMARK(page_in_the_middle)->Unit(benchmark::kMicrosecond);
BENCHMARK(page_of_one_customer)->Unit(benchmark::kMicrosecond);
BENCHMARK(page_of_one_customer_bare)->Unit(benchmark::kMicrosecond);
BENCHMARK(compile_alone)->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace onefold::query
