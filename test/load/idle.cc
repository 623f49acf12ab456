// Holds connections that have had one answer, and then sends requests at a rate, on one of them after the other.
#include "load/latencies.h"
#include "load/loop.h"
#include "load/modes.h"

#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <sys/resource.h>

namespace onefold::load {
namespace {

constexpr std::string_view request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr int opening_at_once = 200;
constexpr double patience_s = 10; // for the last answers

std::int64_t resident_kib(int process) {
    std::ifstream status(fmt::format("/proc/{}/status", process));
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:"))
            return std::stoll(line.substr(6));
    return 0;
}

class Idle {
  public:
    explicit Idle(const IdleOptions& options) : options_(options), before_kib_(resident_kib(options.server)) {}

    int run() {
        peers_.reserve(std::size_t(options_.connections));
        loop_.run([&] { return open_more(); });
        const auto held_kib = resident_kib(options_.server);
        const int ended_while_opening = ended_;
        ask_beside();
        const auto still_open = std::ranges::count_if(peers_, [](const auto& peer) { return peer->is_open(); });
        // Every one of them still answers.
        answers_ = 0;
        for (const auto& peer : peers_)
            if (peer->is_open())
                peer->send(request);
        const auto deadline = Clock::now() + std::chrono::seconds(30);
        loop_.run([&] { return answers_ + ended_ < options_.connections && Clock::now() < deadline; });
        fmt::print(
            R"({{"connections":{},"open":{},"answered_after":{},"kib_each":{:.1f},"ended":{},"beside":{},"errors_beside":{},"p50_ms":{:.2f},"p99_ms":{:.2f}}})"
            "\n",
            options_.connections, still_open, answers_,
            double(held_kib - before_kib_) / std::max(1, options_.connections), ended_while_opening, beside_,
            errors_beside_, latencies_.quantile_ms(0.5), latencies_.quantile_ms(0.99));
        return answers_ == options_.connections && errors_beside_ == 0 ? 0 : 1;
    }

  private:
    bool open_more() {
        while (int(peers_.size()) < options_.connections && int(peers_.size()) - answers_ - ended_ < opening_at_once) {
            auto& peer = peers_.emplace_back(std::make_unique<Peer>(loop_, options_.port));
            peer->on_answer = [this, place = peers_.size() - 1](const Answer& answer) { note(place, answer); };
            peer->on_end = [this] { ++ended_; };
            peer->send(request);
        }
        return answers_ + ended_ < options_.connections;
    }

    void ask_beside() {
        const auto begun = Clock::now();
        asked_at_.resize(peers_.size());
        loop_.run([&] {
            const auto now = Clock::now();
            const double passed = std::chrono::duration<double>(now - begun).count();
            const auto due = std::int64_t(std::min(passed, options_.seconds) * options_.requests_per_s);
            for (; beside_ < due; ++beside_) {
                const auto place = std::size_t(beside_) % peers_.size();
                if (!peers_[place]->is_open() || asked_at_[place]) {
                    ++errors_beside_; // has ended, or still owes its last answer
                    continue;
                }
                asked_at_[place] = now;
                peers_[place]->send(request);
            }
            const auto is_waiting = [](const auto& asked_at) { return asked_at.has_value(); };
            return passed < options_.seconds ||
                   (passed < options_.seconds + patience_s && std::ranges::any_of(asked_at_, is_waiting));
        });
        asked_at_.clear();
    }

    void note(std::size_t place, const Answer& answer) {
        ++answers_;
        errors_beside_ += answer.status == 200 ? 0 : 1;
        if (place >= asked_at_.size() || !asked_at_[place])
            return;
        latencies_.add(Clock::now() - *asked_at_[place]);
        asked_at_[place].reset();
    }

    const IdleOptions options_;
    const std::int64_t before_kib_;
    Loop loop_;
    std::vector<std::unique_ptr<Peer>> peers_;
    std::vector<std::optional<Clock::time_point>> asked_at_; // by place, of those who wait for an answer beside
    int answers_ = 0, ended_ = 0;
    std::int64_t beside_ = 0, errors_beside_ = 0;
    Latencies latencies_;
};

} // namespace

int idle(const IdleOptions& options) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    return Idle(options).run();
}

} // namespace onefold::load
