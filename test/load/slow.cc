// Clients that send a head or a body byte by byte, that do not read what they asked for or sip it, or that ask for a
// thousand ranges; beside them one normal client.
#include "load/latencies.h"
#include "load/loop.h"
#include "load/modes.h"

#include <fmt/format.h>
#include <sys/resource.h>

namespace onefold::load {
namespace {

constexpr std::string_view normal_request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::chrono::milliseconds byte_every{1'000};
constexpr std::chrono::milliseconds normal_every{10};
constexpr double patience_s = 5; // for the last answer
constexpr std::size_t sip_bytes = 32;
constexpr std::string_view refusal = "HTTP/1.1 503";
constexpr int sipped_from_bytes = 4'096;

constexpr std::string_view large = "GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n";

// As slowhttptest -R has it: as many overlapping ranges as a field holds.
std::string ranges() {
    std::string fields = std::string(large) + "Range: bytes=0-";
    for (int i = 0; i < 1'000; ++i)
        fields += fmt::format(",5-{}", i);
    return fields + "\r\n\r\n";
}

std::string first_bytes(const std::string& kind) {
    if (kind == "head")
        return "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ";
    if (kind == "body")
        return "POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
               "100000\r\n\r\n{";
    if (kind == "range")
        return ranges();
    const std::string one = std::string(large) + "\r\n";
    if (kind == "sip")
        return one;
    std::string many;
    for (int i = 0; i < 200; ++i)
        many += one;
    return many;
}

struct Slow {
    std::unique_ptr<Peer> peer;
    Clock::time_point begun, next_byte;
};

} // namespace

int slow(const SlowOptions& options) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);

    Loop loop;
    Latencies normal, lives;
    const bool is_read = options.kind != "read" && options.kind != "sip",
               is_dripping = options.kind == "head" || options.kind == "body";
    std::int64_t asked = 0, answered = 0, errors = 0, cut = 0, offenders_answered = 0;
    std::size_t largest = 0;
    std::vector<Slow> offenders(std::size_t(options.connections));
    const auto begun = Clock::now();
    const auto bytes = first_bytes(options.kind);
    const auto begin = [&](Slow& offender) {
        offender.peer = std::make_unique<Peer>(loop, options.port, options.kind == "sip" ? sipped_from_bytes : 0);
        if (!is_read)
            offender.peer->stop_reading();
        offender.begun = Clock::now();
        offender.next_byte = offender.begun + byte_every;
        offender.peer->on_answer = [&](const Answer& answer) {
            ++offenders_answered;
            largest = std::max(largest, answer.bytes);
        };
        offender.peer->on_end = [&] {
            ++cut;
            lives.add(Clock::now() - offender.begun);
        };
        offender.peer->send(bytes);
    };
    std::ranges::for_each(offenders, begin);
    auto peer = std::make_unique<Peer>(loop, options.port);
    Clock::time_point asked_at, ask_next = begun;
    const auto ends =
        begun + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.seconds));
    bool is_waiting = false;
    peer->on_answer = [&](const Answer& answer) {
        is_waiting = false;
        answered += answer.status == 200;
        errors += answer.status != 200;
        normal.add(Clock::now() - asked_at);
    };
    peer->on_end = [&] { ++errors; };
    loop.run([&] {
        const auto now = Clock::now();
        for (Slow& offender : offenders)
            if (offender.peer->is_open() && now >= offender.next_byte) {
                if (is_dripping)
                    offender.peer->send("a");
                offender.next_byte += byte_every;
                if (options.kind == "sip" && offender.peer->sip(sip_bytes).starts_with(refusal))
                    begin(offender); // too many asked at once: there is nothing to be slow with yet
            }
        if (!is_waiting && peer->is_open() && now >= ask_next && now < ends) {
            asked_at = now;
            ask_next = now + normal_every;
            is_waiting = true;
            ++asked;
            peer->send(normal_request);
        }
        const double passed = std::chrono::duration<double>(now - begun).count();
        return peer->is_open() && (passed < options.seconds || (is_waiting && passed < options.seconds + patience_s));
    });
    fmt::print(
        R"({{"kind":"{}","connections":{},"cut":{},"longest_s":{:.1f},"offenders_answered":{},"largest_answer":{},"asked":{},"answered":{},"errors":{},"p50_ms":{:.2f},"p99_ms":{:.2f}}})"
        "\n",
        options.kind, options.connections, cut, lives.quantile_ms(1) / 1000, offenders_answered, largest, asked,
        answered, errors, normal.quantile_ms(0.5), normal.quantile_ms(0.99));
    return errors == 0 && (cut == options.connections || options.kind == "range") ? 0 : 1;
}

} // namespace onefold::load
