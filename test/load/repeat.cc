// Sends a known set of messages, some twice, in no order, from several senders that also repeat what they got no answer
// for.
#include "load/caller.h"
#include "load/messages.h"
#include "load/modes.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <random>
#include <span>
#include <thread>
#include <vector>

namespace onefold::load {
namespace {

constexpr std::chrono::seconds patience{30};
constexpr std::chrono::milliseconds pause{100};

// The numbers 0 up to `distinct`, then some of them again, shuffled.
std::vector<std::int64_t> deal(const RepeatOptions& options, std::int64_t distinct) {
    std::mt19937_64 random{options.seed};
    std::vector<std::int64_t> numbers(std::size_t(options.events));
    for (std::int64_t i = 0; i < options.events; ++i)
        numbers[std::size_t(i)] = i < distinct ? i : std::int64_t(random() % std::uint64_t(distinct));
    std::ranges::shuffle(numbers, random);
    return numbers;
}

std::string request_of(const Shape& shape, std::span<const std::int64_t> numbers) {
    std::string body = "{\"batch\":[";
    for (const std::int64_t number : numbers) {
        if (body.back() != '[')
            body += ',';
        append_message(shape, number, body);
    }
    body += "]}";
    return head_of("/v1/batch", shape.key, body.size()) + body;
}

struct Counts {
    std::atomic<std::int64_t> requests = 0, lost = 0, busy = 0, failed = 0;
};

void send_all(const RepeatOptions& options, std::span<const std::int64_t> numbers, std::uint64_t seed, Counts& counts) {
    const Shape shape{options.key, options.prefix, options.batch, options.users};
    std::mt19937_64 random{seed};
    std::uniform_real_distribution<double> chance;
    Caller caller(options.port);
    for (std::size_t from = 0; from < numbers.size(); from += std::size_t(options.batch)) {
        const std::string request =
            request_of(shape, numbers.subspan(from, std::min(std::size_t(options.batch), numbers.size() - from)));
        for (bool is_done = false; !is_done;) {
            ++counts.requests;
            const bool is_sent = caller.send(request);
            if (is_sent && chance(random) < options.lost) {
                ++counts.lost;
                caller.close();
                continue;
            }
            const auto answer = is_sent ? caller.receive(patience) : std::nullopt;
            is_done = answer && answer->status == 200;
            if (answer && answer->status != 200 && answer->status != 429 && answer->status != 503 &&
                answer->status != 507) {
                ++counts.failed;
                return;
            }
            if (!answer || answer->closes)
                caller.close();
            if (!is_done) {
                ++counts.busy;
                std::this_thread::sleep_for(pause);
            }
        }
    }
}

} // namespace

int repeat(const RepeatOptions& options) {
    const auto distinct = options.events - std::int64_t(double(options.events) * options.duplicates);
    const auto numbers = deal(options, distinct);
    Counts counts;
    const auto begun = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> senders;
        const std::size_t share = numbers.size() / std::size_t(options.senders);
        for (int i = 0; i < options.senders; ++i) {
            const std::size_t from = share * std::size_t(i);
            const auto part =
                std::span(numbers).subspan(from, i + 1 == options.senders ? numbers.size() - from : share);
            senders.emplace_back(
                [&, part, i] { send_all(options, part, options.seed + std::uint64_t(i) + 1, counts); });
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    fmt::print(R"({{"seconds":{:.1f},"events":{},"distinct":{},"requests":{},"lost":{},"busy":{},"failed":{}}})"
               "\n",
        took.count(), options.events, distinct, counts.requests.load(), counts.lost.load(), counts.busy.load(),
        counts.failed.load());
    return counts.failed > 0 ? 1 : 0;
}

} // namespace onefold::load
