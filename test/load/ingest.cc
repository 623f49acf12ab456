// Sends batches (or single messages), each connection as fast as it is answered or all together at a fixed rate.
#include "load/latencies.h"
#include "load/loop.h"
#include "load/messages.h"
#include "load/modes.h"

#include <cstdio>
#include <deque>
#include <fmt/format.h>
#include <map>

namespace onefold::load {
namespace {

constexpr std::size_t prepared_bytes_max = std::size_t(2) << 30;

class Ingest {
  public:
    explicit Ingest(const IngestOptions& options)
        : options_(options), shape_{options.key, options.prefix, options.batch, options.users, options.crowd} {
        for (int i = 0; i < options.connections; ++i)
            open_another();
    }

    int run() {
        prepare();
        begun_ = Clock::now();
        loop_.run([&] { return tick(Clock::now()); });
        tell();
        return options_.record.empty() || write_record() ? 0 : 1;
    }

  private:
    // At a fixed rate nothing is written while the clock runs, as far as memory goes: whoever is measured on this
    // machine has its processors.
    void prepare() {
        const auto count = std::int64_t(options_.requests_per_s * options_.seconds);
        std::size_t bytes = 0;
        for (std::int64_t due = 0; due < count && bytes < prepared_bytes_max; ++due) {
            prepared_.push_back(request_of(shape_, options_.first + due * shape_.batch));
            bytes += prepared_.back().size();
        }
    }

    std::string request(std::int64_t number) {
        return std::size_t(number) < prepared_.size() ? std::move(prepared_[std::size_t(number)])
                                                      : request_of(shape_, options_.first + number * shape_.batch);
    }

    struct Line {
        std::unique_ptr<Peer> peer;
        Clock::time_point due_at;
        std::int64_t number = 0; // of the request that waits
        bool is_waiting = false;
    };

    void open_another() {
        Line& line = lines_.emplace_back();
        open(line);
        free_.push_back(&line);
    }

    void open(Line& line) {
        line.peer = std::make_unique<Peer>(loop_, options_.port);
        line.peer->on_answer = [this, &line](const Answer& answer) { take(line, answer); };
        line.peer->on_end = [this, &line] {
            if (!line.is_waiting)
                return;
            ++cut_;
            line.is_waiting = false;
            free_.push_back(&line);
        };
    }

    void send(Line& line, Clock::time_point due_at) {
        line.due_at = due_at;
        line.number = std::int64_t(record_.size());
        line.is_waiting = true;
        record_.push_back(0);
        line.peer->send(request(line.number));
    }

    void take(Line& line, const Answer& answer) {
        const auto now = Clock::now();
        line.is_waiting = false;
        ++statuses_[answer.status];
        record_[std::size_t(line.number)] = answer.status;
        if (answer.status == 200) {
            accepted_.add(now - line.due_at);
            last_ok_ = now;
        } else {
            refused_.add(now - line.due_at);
            if (answer.retry_after_s < 0)
                ++without_retry_after_;
        }
        free_.push_back(&line);
    }

    bool tick(Clock::time_point now) {
        const double passed = std::chrono::duration<double>(now - begun_).count();
        const bool is_enough = options_.requests > 0 && std::int64_t(record_.size()) >= options_.requests;
        if (passed >= options_.seconds || is_enough)
            return is_anybody_waiting() && passed < options_.seconds + 15;
        if (options_.requests_per_s > 0)
            send_what_is_due(passed);
        else
            for (auto left = free_.size(); left > 0; --left)
                send(take_free(), now);
        return true;
    }

    void send_what_is_due(double passed) {
        for (const auto due = std::int64_t(options_.requests_per_s * passed); due_ < due; ++due_) {
            if (free_.empty() && lines_.size() < std::size_t(options_.connections_max))
                open_another();
            if (free_.empty()) {
                ++unsent_;
                continue;
            }
            const auto at = std::chrono::duration<double>(double(due_) / options_.requests_per_s);
            send(take_free(), begun_ + std::chrono::duration_cast<Clock::duration>(at));
        }
    }

    Line& take_free() {
        Line& line = *free_.front();
        free_.pop_front();
        if (!line.peer->is_open())
            open(line);
        return line;
    }

    bool is_anybody_waiting() const {
        return std::ranges::any_of(lines_, [](const Line& line) { return line.is_waiting; });
    }

    void tell() {
        const double seconds = std::chrono::duration<double>(last_ok_ - begun_).count();
        const std::int64_t ok = statuses_[200];
        std::string statuses;
        for (const auto& [status, count] : statuses_)
            statuses += fmt::format("{}\"{}\":{}", statuses.empty() ? "" : ",", status, count);
        fmt::print(
            R"({{"seconds":{:.3f},"requests":{},"ok":{},"events":{},"events_per_s":{:.0f},"requests_per_s":{:.0f},)"
            R"("p50_ms":{:.2f},"p99_ms":{:.2f},"max_ms":{:.2f},"refused_p50_ms":{:.2f},"refused_p99_ms":{:.2f},)"
            R"("without_retry_after":{},"cut":{},"unsent":{},"connections":{},"statuses":{{{}}}}})"
            "\n",
            seconds, record_.size(), ok, ok * shape_.batch, double(ok * shape_.batch) / seconds, double(ok) / seconds,
            accepted_.quantile_ms(0.5), accepted_.quantile_ms(0.99), accepted_.quantile_ms(1),
            refused_.quantile_ms(0.5), refused_.quantile_ms(0.99), without_retry_after_, cut_, unsent_, lines_.size(),
            statuses);
    }

    bool write_record() const {
        std::FILE* const file = std::fopen(options_.record.c_str(), "w");
        if (!file)
            return false;
        for (std::size_t i = 0; i < record_.size(); ++i)
            fmt::print(file, "{} {}\n", options_.first + std::int64_t(i) * shape_.batch, record_[i]);
        return std::fclose(file) == 0;
    }

    const IngestOptions options_;
    const Shape shape_;
    Loop loop_;
    std::deque<Line> lines_;
    std::deque<Line*> free_;
    std::vector<std::string> prepared_;
    std::vector<int> record_; // the status that each request was answered with
    std::int64_t due_ = 0, unsent_ = 0, cut_ = 0, without_retry_after_ = 0;
    std::map<int, std::int64_t> statuses_;
    Latencies accepted_, refused_;
    Clock::time_point begun_, last_ok_;
};

} // namespace

int ingest(const IngestOptions& options) {
    return Ingest(options).run();
}

} // namespace onefold::load
