// Conditions on one record and on many, beside the same written by hand.
#include "formula/formula.h"

#include <benchmark/benchmark.h>

namespace onefold::formula {
namespace {

const Moment moment{*parse_rfc3339("2026-05-31T08:30:00Z"), *Zone::named("Asia/Shanghai")};

const Sample& lin() {
    static const Sample sample = *Sample::read(
        boost::json::parse(
            R"({"city":"上海","name":"Lin Mei","phone":null,"total_spend":"12345.60","order_count":3,"last_seen_at":"2026-05-20T10:00:00Z",
            "orders":[{"paid_at":"2026-05-30T16:30:00Z"},{"paid_at":"2026-01-02T00:00:00Z"},{"paid_at":"2026-04-02T00:00:00Z"}]})"),
        Zone{});
    return sample;
}

void holds(benchmark::State& state, std::string_view text) {
    const auto program = compile(*check_condition(*parse(text), {lin().shape(), moment.zone}));
    Run run{moment};
    for (auto _ : state)
        benchmark::DoNotOptimize(program.holds(run, lin().record()));
}

std::size_t slot(std::string_view name) {
    return lin().shape().find(name)->number;
}

void city_and_spend_by_hand(benchmark::State& state) {
    const auto& record = lin().record();
    const auto city = slot("city"), spend = slot("total_spend");
    const Decimal least = Decimal::of(10'000);
    for (auto _ : state)
        benchmark::DoNotOptimize(
            record.value(city).get<std::string_view>() == "上海" && record.value(spend).get<Decimal>() >= least);
}

void orders_lately_by_hand(benchmark::State& state) {
    const auto& record = lin().record();
    const auto orders = slot("orders"), paid_at = lin().shape().find("orders")->target->find("paid_at")->number;
    const Instant since = moment.start_of(moment.today() - std::chrono::days{90});
    for (auto _ : state)
        benchmark::DoNotOptimize(std::ranges::count_if(record.records(orders), [&](const Record* order) {
            return order->value(paid_at).get<Instant>() >= since;
        }) >= 2);
}

BENCHMARK_CAPTURE(holds, city_and_spend, R"(city = "上海" AND total_spend >= 10000)");
BENCHMARK(city_and_spend_by_hand);
BENCHMARK_CAPTURE(holds, any_of_ten, R"(city IN ("a", "b", "c", "d", "e", "f", "g", "h", "i", "上海"))");
BENCHMARK_CAPTURE(holds, name_contains, R"(CONTAINS(name, "mei"))");
BENCHMARK_CAPTURE(holds, phone_blank, "ISBLANK(phone)");
BENCHMARK_CAPTURE(holds, seen_lately, "last_seen_at >= TODAY() - 30");
BENCHMARK_CAPTURE(holds, orders_between, "BETWEEN(order_count, 2, 5)");
BENCHMARK_CAPTURE(holds, orders_lately, "COUNT(orders, paid_at >= TODAY() - 90) >= 2");
BENCHMARK(orders_lately_by_hand);
BENCHMARK_CAPTURE(holds, nested, R"(city = "上海" AND (order_count >= 4 OR total_spend >= 500) AND NOT ISBLANK(name))");
BENCHMARK_CAPTURE(holds, sum, "total_spend * 1.1 + 5 > 10000 / 3");

// A million customers: every third in 上海, one in 16 without a city, totals up to 2000.00.
struct Many {
    static constexpr std::size_t count = 1'000'000;
    std::vector<std::string_view> cities = std::vector<std::string_view>(count);
    std::vector<std::int64_t> totals = std::vector<std::int64_t>(count), seen = totals;
    std::vector<std::uint64_t> blanks = std::vector<std::uint64_t>((count + 63) / 64, 0x0001'0001'0001'0001);
    std::vector<Column> fields;
    Columns columns;

    Many() {
        static constexpr std::string_view names[] = {"上海", "北京", "London", "杭州", "Paris", "深圳"};
        for (std::size_t i = 0; i < count; ++i) {
            cities[i] = names[i % 3 == 0 ? 0 : i * 7919 % 6];
            totals[i] = std::int64_t(i * 104'729 % 200'000);
            seen[i] = micros_of(moment.now) - std::int64_t(i * 7919 % 400) * 86'400'000'000;
        }
        fields = {{Kind::text, {}, cities, 0, blanks}, {Kind::number, totals, {}, 2}, {Kind::instant, seen}};
        columns = {count, fields};
    }
};
const Many& many() {
    static const Many customers;
    return customers;
}
class ManyShape : public Shape {
  public:
    std::optional<Slot> find(std::string_view name) const override {
        if (name == "city")
            return Slot{0, {Kind::text}};
        return name == "total" ? Slot{1, {Kind::number}} : Slot{2, {Kind::instant}};
    }
    std::vector<std::string> names() const override { return {}; }
};

void of_a_million(benchmark::State& state, std::string_view text) {
    const ManyShape shape;
    const auto batch = compile_batch(*check_condition(*parse(text), {shape, moment.zone}));
    Run run{moment};
    many();
    for (auto _ : state)
        benchmark::DoNotOptimize(batch.decide(run, many().columns));
    state.SetItemsProcessed(state.iterations() * std::int64_t(Many::count));
}

void of_a_million_by_hand(benchmark::State& state) {
    const Many& all = many();
    for (auto _ : state) {
        std::vector<std::uint64_t> holds((Many::count + 63) / 64);
        for (std::size_t i = 0; i < Many::count; ++i) {
            const bool is_blank = all.blanks[i / 64] >> (i % 64) & 1;
            if (!is_blank && all.cities[i] == "上海" && all.totals[i] >= 100'000)
                holds[i / 64] |= std::uint64_t(1) << (i % 64);
        }
        benchmark::DoNotOptimize(holds);
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t(Many::count));
}

BENCHMARK_CAPTURE(of_a_million, city_and_total, R"(city = "上海" AND total >= 1000)")->Unit(benchmark::kMillisecond);
BENCHMARK(of_a_million_by_hand)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(of_a_million, seen_lately, "seen >= TODAY() - 30")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(of_a_million, any_of_three, R"(city IN ("上海", "北京", "杭州"))")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(of_a_million, contains, R"(CONTAINS(city, "on"))")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(of_a_million, record_by_record, R"(LEFT(city, 1) = "上" AND total >= 1000)")
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace onefold::formula
