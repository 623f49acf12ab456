#include "import/csv.h"

#include <benchmark/benchmark.h>

namespace onefold::import {
namespace {

class Memory : public ChunkSource {
  public:
    explicit Memory(const std::string& text) : text_(text) {}
    Result<std::size_t> read(std::span<char> room) override {
        const auto size = std::min(room.size(), text_.size() - at_);
        std::copy_n(text_.data() + at_, size, room.data());
        at_ += size;
        return size;
    }
    std::uint64_t bytes_read() const override { return at_; }
    std::uint64_t bytes_total() const override { return text_.size(); }

  private:
    const std::string& text_;
    std::size_t at_ = 0;
};

void read_order_lines(benchmark::State& state) {
    std::string text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
    for (int i = 0; i < 200'000; ++i)
        text +=
            fmt::format("{},8{:05}A,{},6,2010-12-01 08:26:00,2.55,{}.0,United Kingdom\n", 536'365 + i / 20, i % 4000,
                i % 10 ? "WHITE HANGING HEART T-LIGHT HOLDER" : "\"SET 7 BABUSHKA, NESTING BOXES\"", 12'346 + i % 5000);
    for (auto _ : state) {
        auto reader = CsvReader::over(std::make_unique<Memory>(text)).value();
        CsvRow row;
        while (reader->next(row).value())
            benchmark::DoNotOptimize(row.fields.data());
    }
    state.SetBytesProcessed(std::int64_t(text.size()) * state.iterations());
    state.SetItemsProcessed(200'000 * state.iterations());
}
BENCHMARK(read_order_lines)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace onefold::import
