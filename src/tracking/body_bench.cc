// What the door takes for a batch of 50 messages of 400 bytes, beside reading the same bytes with Boost.JSON's own
// parser.
#include "http/json.h"
#include "tracking/body.h"

#include <benchmark/benchmark.h>

namespace onefold::tracking {
namespace {

constexpr int messages = 50;

std::string batch() {
    std::string body = "{\"batch\":[";
    for (int i = 0; i < messages; ++i)
        body += fmt::format(
            R"({4}{{"type":"track","userId":"u-{0}","messageId":"m-{0}","event":"Product Viewed","timestamp":"2026-01-05T08:{1:02}:{2:02}.{3:03}Z",)"
            R"("properties":{{"product_id":"P{0}","price":{3}.99,"currency":"EUR","category":"shoes"}},)"
            R"("context":{{"ip":"203.0.113.7","userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36","page":{{"path":"/p/{0}","referrer":"https://shop.example/"}}}}}})",
            i, i % 60, i % 59, i, i > 0 ? "," : "");
    return body + "]}";
}

void per_event(benchmark::State& state) {
    state.SetItemsProcessed(state.iterations() * messages);
}

void bare_parse(benchmark::State& state) {
    const std::string body = batch();
    for (auto _ : state) {
        boost::json::monotonic_resource memory(3 * body.size());
        auto value = boost::json::parse(body, &memory);
        benchmark::DoNotOptimize(value);
    }
    per_event(state);
}
BENCHMARK(bare_parse);

void strict_parse(benchmark::State& state) {
    const std::string body = batch();
    for (auto _ : state) {
        boost::json::monotonic_resource memory(3 * body.size());
        auto value = parse_body(body, &memory);
        benchmark::DoNotOptimize(value);
    }
    per_event(state);
}
BENCHMARK(strict_parse);

void parse_and_form(benchmark::State& state) {
    const std::string body = batch();
    const Occasion occasion{
        *parse_rfc3339("2026-01-05T09:00:00Z"), "203.0.113.7", true, [] { return std::string("made"); }};
    for (auto _ : state) {
        boost::json::monotonic_resource memory(3 * body.size());
        auto taken = take_batch(*parse_body(body, &memory), occasion);
        VERIFY(taken->messages.size() == messages);
        benchmark::DoNotOptimize(taken);
    }
    per_event(state);
}
BENCHMARK(parse_and_form);

} // namespace
} // namespace onefold::tracking
