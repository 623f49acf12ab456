// Requests that are broken in every way that chance finds. Each must be answered or hung up on within a second.
#include "http/guard_vectors.h"
#include "load/caller.h"
#include "load/messages.h"
#include "load/modes.h"

#include <atomic>
#include <fmt/format.h>
#include <random>
#include <thread>
#include <vector>

namespace onefold::load {
namespace {

constexpr std::chrono::milliseconds answer_within{1'000};
using Random = std::mt19937_64;

std::vector<std::string> good_requests(const std::string& key) {
    std::vector<std::string> all;
    all.push_back(request_of({key, "bad", 1, 10}, 1));
    all.push_back(request_of({key, "bad", 3, 10}, 1));
    auto post = [&](std::string_view path, std::string_view body) {
        all.push_back(head_of(path, key, body.size()) + std::string(body));
    };
    post("/v1/identify",
        R"({"userId":"u","traits":{"email":"a@b.example","phone":"+49 30 1234567","address":{"city":"X"}}})");
    post("/v1/alias", R"({"userId":"u","previousId":"a"})");
    post("/v1/merge", R"({"mergeProperties":[{"type":"email","value":"a@b.example"},{"type":"phone","value":"1"}]})");
    post("/com.snowplowanalytics.snowplow/tp2",
        fmt::format(
            R"({{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4","data":[{{"e":"pv","aid":"{}","uid":"u","eid":"5","url":"http://x/","dtm":"1700000000000","tv":"x","p":"web"}}]}})",
            key));
    all.push_back(fmt::format("GET /v1/pixel/track?data={} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        base64(fmt::format(R"({{"writeKey":"{}","userId":"u","event":"E"}})", key))));
    all.push_back("GET /api/v1/customers?identifier=email%3Aa%40b.example&limit=10 HTTP/1.1\r\nHost: "
                  "localhost\r\nCookie: a=b\r\n\r\n");
    all.push_back("POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n5\r\n{\"bat\r\n5\r\nch\":[\r\n2\r\n]}\r\n0\r\n\r\n");
    for (const auto& vector : http::vectors_to_refuse())
        all.push_back(vector.request);
    return all;
}

void mutate(std::string& bytes, const std::vector<std::string>& others, Random& random) {
    static constexpr std::string_view pieces[] = {"\r\n", "\r", "\n", "\0", ":", " ", "\t", "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n", "{", "}", "[", "]", "\"", "\\u0000", "\\ud800", "1e999", "-", "%00", "%2f",
        "..", "\xff", "\xc0\x80", "\xed\xa0\x80", "99999999999999999999", "ffffffff\r\n", "Expect: 100-continue\r\n",
        "Content-Encoding: gzip\r\n", "HTTP/1.0", "null", ",,"};
    const auto at = [&] { return bytes.empty() ? 0 : random() % (bytes.size() + 1); };
    switch (random() % 8) {
    case 0:
        if (!bytes.empty())
            bytes[random() % bytes.size()] ^= char(1U << random() % 8);
        return;
    case 1:
        bytes.insert(at(), pieces[random() % std::size(pieces)]);
        return;
    case 2:
        bytes.erase(at(), random() % 20);
        return;
    case 3:
        bytes.resize(at());
        return;
    case 4: {
        const auto from = at();
        bytes.insert(at(), bytes.substr(from, random() % 200));
        return;
    }
    case 5: {
        const auto& other = others[random() % others.size()];
        bytes = bytes.substr(0, at()) + other.substr(random() % (other.size() + 1));
        return;
    }
    case 6:
        bytes.insert(at(), std::string(random() % 3000, "[{\"a \xe4\r"[random() % 8]));
        return;
    default:
        for (int i = 0; i < 4 && !bytes.empty(); ++i)
            bytes[random() % bytes.size()] = char(random());
    }
}

struct Counts {
    std::atomic<std::int64_t> answered = 0, hung_up = 0, hung = 0, unreachable = 0, server_errors = 0;
};

void send_some(const MalformedOptions& options, int thread, const std::vector<std::string>& good, Counts& counts) {
    for (std::int64_t i = thread; i < options.requests; i += options.connections) {
        Random random{options.seed * 1'000'003 + std::uint64_t(i)};
        std::string bytes = good[random() % good.size()];
        for (auto times = 1 + random() % 4; times > 0; --times)
            mutate(bytes, good, random);
        Caller caller(options.port);
        caller.send(bytes.empty() ? "\n" : bytes);
        caller.end_sending();
        const auto begun = std::chrono::steady_clock::now();
        const auto answer = caller.receive(answer_within);
        const bool is_over = caller.drain(answer_within);
        if (!is_over || std::chrono::steady_clock::now() - begun > answer_within) {
            ++counts.hung;
            fmt::print(stderr, "request {} of seed {} hung ({} bytes)\n", i, options.seed, bytes.size());
        }
        ++(answer ? counts.answered : counts.hung_up);
        if (answer && answer->status == 500) {
            ++counts.server_errors;
            fmt::print(stderr, "request {} of seed {} was answered 500\n", i, options.seed);
        }
    }
}

} // namespace

int malformed(const MalformedOptions& options) {
    const auto good = good_requests(options.key);
    Counts counts;
    const auto begun = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < options.connections; ++i)
            threads.emplace_back([&, i] { send_some(options, i, good, counts); });
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    fmt::print(R"({{"requests":{},"seconds":{:.0f},"answered":{},"hung_up":{},"hung":{},"server_errors":{}}})"
               "\n",
        options.requests, took.count(), counts.answered.load(), counts.hung_up.load(), counts.hung.load(),
        counts.server_errors.load());
    return counts.hung + counts.server_errors > 0 ? 1 : 0;
}

} // namespace onefold::load
