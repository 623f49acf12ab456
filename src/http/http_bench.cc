// Requests a second through the contract, beside a handler that does nothing: one io thread, wrk -t1 -c64, keep-alive.
// Run: http_bench [SECONDS]. Needs wrk.
#include "http/bind.h"
#include "http/fake_plugs.h"
#include "http/server.h"

#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>

namespace onefold::http {
namespace {

struct Identifier {
    std::string type;
    std::optional<std::string> scope;
    std::string value;
};
BOOST_DESCRIBE_STRUCT(Identifier, (), (type, scope, value))

struct Subject {
    CustomerId id;
    std::int64_t version = 1;
    std::string name;
    Decimal total_spend;
    std::optional<Instant> last_seen_at;
    std::vector<Identifier> identifiers;
};
BOOST_DESCRIBE_STRUCT(Subject, (), (id, version, name, total_spend, last_seen_at, identifiers))

struct GetSubject {
    CustomerId id;
    std::optional<std::int64_t> limit;
};
BOOST_DESCRIBE_STRUCT(GetSubject, (), (id, limit))

Result<Subject> get_subject(const Caller&, const GetSubject& request) {
    return Subject{request.id, 3, "Chén 陈", Decimal::of_scaled(974'774'793, 3), instant_of(1'700'000'000'000'000),
        {{"member_no", std::nullopt, "17850"}, {"email", "shop", "a@example.org"}}};
}

struct Rate {
    double requests_per_second = 0;
    double cpu_us_per_request = 0; // of the server; steadier than the rate where others use the machine too
};

double cpu_us() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

Rate measure(int port, const std::string& path, int seconds) {
    const double cpu_before = cpu_us();
    const auto command =
        fmt::format("wrk -t1 -c64 -d{}s -H 'Authorization: Bearer viewer' http://127.0.0.1:{}{}", seconds, port, path);
    FILE* output = popen(command.c_str(), "r");
    if (!output)
        return {};
    std::string text;
    char buffer[512];
    while (std::fgets(buffer, sizeof buffer, output))
        text += buffer;
    pclose(output);
    if (text.find("Non-2xx") != text.npos || text.find("Socket errors") != text.npos)
        fmt::print("{}\n", text);
    const auto rate_at = text.find("Requests/sec:");
    const auto count_at = text.find(" requests in ");
    if (rate_at == text.npos || count_at == text.npos)
        return {};
    const double count = std::strtod(text.c_str() + text.rfind('\n', count_at) + 1, nullptr);
    return {std::strtod(text.c_str() + rate_at + 13, nullptr), (cpu_us() - cpu_before) / count};
}

int run(int seconds) {
    Contract contract;
    const Spec on_worker{
        Method::get, "/api/v1/subjects/{id}", "subject.get", may_read, not_audited, {"Subject", "对象"}};
    auto at_once = on_worker;
    at_once.path = "/api/v1/at_once/{id}";
    at_once.name = "subject.at_once";
    at_once.run = Run::at_once;
    auto nothing = at_once;
    nothing.path = "/null";
    nothing.name = "nothing.get";
    nothing.permission = by_write_key;
    contract.add<GetSubject, Subject>(on_worker, get_subject);
    contract.add<GetSubject, Subject>(at_once, get_subject);
    contract.add_raw(
        nothing, {}, {}, [](const Caller&, const Incoming&, Respond respond) { respond({200, {}, "ok"}); });
    FakePlugs plugs;
    contract.connect({plugs.gatekeeper, plugs.positions, plugs.replays});
    const StaticFiles files;
    auto server = Server::start(contract, files, {});
    if (!server)
        return 1;
    const int port = (*server)->port();
    measure(port, "/null", 1);
    double null_us = 0;
    for (const auto& [name, path] :
        {std::pair{"null handler", "/null"}, {"contract route, at once", "/api/v1/at_once/12?limit=10"},
            {"contract route, on 4 workers", "/api/v1/subjects/12?limit=10"}}) {
        const auto rate = measure(port, path, seconds);
        if (null_us == 0)
            null_us = rate.cpu_us_per_request;
        fmt::print("{:<30}{:>9.0f} requests/s {:>7.1f} us of CPU each  {:.2f} times the null handler's\n", name,
            rate.requests_per_second, rate.cpu_us_per_request, rate.cpu_us_per_request / null_us);
    }

    constexpr int count = 200'000;
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
        Incoming incoming;
        incoming.path = "/api/v1/at_once/12";
        incoming.query = "limit=10";
        incoming.headers = {{"host", "127.0.0.1"}, {"authorization", "Bearer viewer"}};
        contract.dispatch(std::move(incoming), [](Outgoing) {});
    }
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
    fmt::print("dispatch alone {:>27.2f} us each\n", took.count() / count);
    return 0;
}

} // namespace
} // namespace onefold::http

int main(int argument_count, char** arguments) {
    return onefold::http::run(argument_count > 1 ? std::atoi(arguments[1]) : 5);
}
