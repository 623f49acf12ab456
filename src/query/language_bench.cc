// A page of a list of customers under conditions of the language: ONEFOLD_BENCH_CUSTOMERS=1000000 for a million of them
// (200,000 unless told), an order and a half each.
#include "formula/language.h"
#include "query/toy.h"
#include "testing/folder.h"

#include <benchmark/benchmark.h>
#include <cstdlib>

namespace onefold::query {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;
const Instant now = *parse_rfc3339("2026-05-31T08:30:00Z");

class Company {
  public:
    Company()
        : database_(
              store::Database::open(folder_.file("main.db"), {toy::schema()}, {.functions = functions()}).value()) {
        const char* wanted = std::getenv("ONEFOLD_BENCH_CUSTOMERS");
        const std::int64_t customers = wanted ? std::atoll(wanted) : 200'000;
        auto tables = toy::empty_tables();
        for (std::int64_t id = 1; id <= customers; ++id) {
            tables["node"].rows.push_back({id, id});
            tables["customer"].rows.push_back({id, fmt::format("Customer {}", id), id % 3 ? "上海" : "London", "active",
                id % 90, store::Value(), id % 2, id * 7919 % 1'000'003, micros_of(now) - id % 700 * day_us,
                store::Value(), store::Value(), id % 7});
            for (std::int64_t order = 0; order < 1 + id % 2; ++order)
                tables["order"].rows.push_back({id * 2 + order, fmt::format("N{}", id), id, id * 104729 % 1'000'003,
                    micros_of(now) - (id * 31 + order) % 1000 * day_us, 1, micros_of(now) - id % 1000 * day_us});
            if (id % 20'000 == 0 || id == customers) {
                VERIFY(toy::fill(*database_, tables));
                tables = toy::empty_tables();
            }
        }
        VERIFY(database_->write([](store::Session& session) { return session.execute("ANALYZE"); }));
    }
    std::size_t page(const Query& query) {
        const auto table = database_->read([&](store::Session& session) { return list(session, query, catalogue_); });
        VERIFY(table);
        return table->rows.size();
    }

  private:
    testing::Folder folder_;
    std::unique_ptr<store::Database> database_;
    toy::Catalogue catalogue_;
};

Company& company() {
    static Company one;
    return one;
}

void page(benchmark::State& state, std::string_view text) {
    auto query = toy::query("customer", {"id", "name"});
    query.filter = formula::parse(text).value();
    query.now = now;
    query.sort = {{{"id"}, Direction::descending}};
    company();
    for (auto _ : state)
        benchmark::DoNotOptimize(company().page(query));
}

BENCHMARK_CAPTURE(page, is, R"(城市 = "London")")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(page, contains_rare, R"(CONTAINS(name, "er 19999"))")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(page, counted, "COUNT(orders, 下单时间 >= TODAY() - 90) >= 2")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(page, counted_rare, "COUNT(orders, 下单时间 >= TODAY() - 2) >= 2")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(page, counted_never, "COUNT(orders, 下单时间 >= TODAY() - 90) >= 3")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(page, summed, "SUM(orders.total) > 1500")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(page, computed, "spend / 3 > 3333")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(page, nested, R"((城市 = "London" OR COUNT(orders) = 2) AND NOT (age > 30 AND is_vip))")
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace onefold::query
