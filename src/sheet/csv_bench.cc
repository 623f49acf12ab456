#include "sheet/sheet_rig.h"

#include <benchmark/benchmark.h>

namespace onefold::sheet {
namespace {

void read_order_lines(benchmark::State& state) {
    std::string text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
    for (int i = 0; i < 200'000; ++i)
        text +=
            fmt::format("{},8{:05}A,{},6,2010-12-01 08:26:00,2.55,{}.0,United Kingdom\n", 536'365 + i / 20, i % 4000,
                i % 10 ? "WHITE HANGING HEART T-LIGHT HOLDER" : "\"SET 7 BABUSHKA, NESTING BOXES\"", 12'346 + i % 5000);
    for (auto _ : state) {
        auto table = table_of(text).value();
        Row row;
        while (table->next(row).value())
            benchmark::DoNotOptimize(row.fields.data());
    }
    state.SetBytesProcessed(std::int64_t(text.size()) * state.iterations());
    state.SetItemsProcessed(200'000 * state.iterations());
}
BENCHMARK(read_order_lines)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace onefold::sheet
