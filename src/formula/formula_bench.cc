// A condition a record, beside the same written by hand.
#include "formula/formula.h"

#include <benchmark/benchmark.h>

namespace onefold::formula {
namespace {

const Sample& lin() {
    static const Sample sample = *Sample::read(
        boost::json::parse(
            R"({"city":"上海","name":"Lin Mei","total_spend":"12345.60","last_seen_at":"2026-05-20T10:00:00Z",
            "orders":[{"paid_at":"2026-05-30T16:30:00Z"},{"paid_at":"2026-01-02T00:00:00Z"},{"paid_at":"2026-04-02T00:00:00Z"}]})"),
        Zone{});
    return sample;
}

void holds(benchmark::State& state, std::string_view text) {
    const Moment moment{*parse_rfc3339("2026-05-31T08:30:00Z"), *Zone::named("Asia/Shanghai")};
    const auto program = compile(*check_condition(*parse(text), {lin().shape(), moment.zone}));
    Run run{moment};
    for (auto _ : state)
        benchmark::DoNotOptimize(program.holds(run, lin().record()));
}

void by_hand(benchmark::State& state) {
    const auto& record = lin().record();
    const auto city = lin().shape().find("city")->number, spend = lin().shape().find("total_spend")->number;
    const Decimal least = Decimal::of(10'000);
    for (auto _ : state)
        benchmark::DoNotOptimize(
            record.value(city).get<std::string_view>() == "上海" && record.value(spend).get<Decimal>() >= least);
}

BENCHMARK_CAPTURE(holds, city_and_spend, R"(city = "上海" AND total_spend >= 10000)");
BENCHMARK(by_hand);
BENCHMARK_CAPTURE(holds, seen_lately, "last_seen_at >= TODAY() - 30");
BENCHMARK_CAPTURE(holds, any_of_ten, R"(city IN ("a", "b", "c", "d", "e", "f", "g", "h", "i", "上海"))");
BENCHMARK_CAPTURE(holds, name_contains, R"(CONTAINS(name, "mei"))");
BENCHMARK_CAPTURE(holds, orders_lately, "COUNT(orders, paid_at >= TODAY() - 90) >= 2");
BENCHMARK_CAPTURE(holds, sum, "total_spend * 1.1 + 5 > 10000 / 3");

} // namespace
} // namespace onefold::formula
