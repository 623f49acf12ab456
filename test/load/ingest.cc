// Sends batches (or single messages), each connection as fast as it is answered or all together at a fixed rate.
#include "load/latencies.h"
#include "load/loop.h"
#include "load/messages.h"
#include "load/modes.h"

#include <deque>
#include <fmt/format.h>
#include <map>

namespace onefold::load {
namespace {

class Ingest {
  public:
    explicit Ingest(const IngestOptions& options)
        : options_(options), shape_{options.key, options.prefix, options.batch, options.users} {
        for (int i = 0; i < options.connections; ++i)
            open(lines_.emplace_back());
    }

    int run() {
        begun_ = Clock::now();
        loop_.run([&] { return tick(Clock::now()); });
        tell();
        return 0;
    }

  private:
    struct Line {
        std::unique_ptr<Peer> peer;
        Clock::time_point sent_at;
        bool is_waiting = false;
    };

    void open(Line& line) {
        line.is_waiting = false;
        line.peer = std::make_unique<Peer>(loop_, options_.port);
        line.peer->on_answer = [this, &line](const Answer& answer) { take(line, answer); };
        line.peer->on_end = [this, &line] {
            if (line.is_waiting)
                ++cut_;
            line.is_waiting = false;
        };
        free_.push_back(&line);
    }

    void send(Line& line) {
        line.sent_at = Clock::now();
        line.is_waiting = true;
        ++sent_;
        line.peer->send(request_of(shape_, next_));
        next_ += shape_.batch;
    }

    void take(Line& line, const Answer& answer) {
        const auto now = Clock::now();
        line.is_waiting = false;
        ++statuses_[answer.status];
        if (answer.status == 200) {
            accepted_.add(now - line.sent_at);
            last_ok_ = now;
        } else {
            refused_.add(now - line.sent_at);
            if (answer.retry_after_s < 0)
                ++without_retry_after_;
        }
        free_.push_back(&line);
    }

    bool tick(Clock::time_point now) {
        const double passed = std::chrono::duration<double>(now - begun_).count();
        if (passed >= options_.seconds)
            return is_anybody_waiting() && passed < options_.seconds + 15;
        const auto due = options_.requests_per_s > 0 ? std::int64_t(options_.requests_per_s * passed) - sent_
                                                     : std::int64_t(free_.size());
        for (std::int64_t i = 0; i < due && !free_.empty(); ++i) {
            Line& line = *free_.front();
            free_.pop_front();
            if (!line.peer->is_open())
                reopened_.push_back(&line);
            else
                send(line);
        }
        for (Line* line : std::exchange(reopened_, {}))
            open(*line);
        return true;
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
            R"("p50_ms":{:.2f},"p99_ms":{:.2f},"max_ms":{:.2f},"refused_p99_ms":{:.2f},"without_retry_after":{},"cut":{},"statuses":{{{}}}}})"
            "\n",
            seconds, sent_, ok, ok * shape_.batch, double(ok * shape_.batch) / seconds, double(ok) / seconds,
            accepted_.quantile_ms(0.5), accepted_.quantile_ms(0.99), accepted_.quantile_ms(1),
            refused_.quantile_ms(0.99), without_retry_after_, cut_, statuses);
    }

    const IngestOptions options_;
    const Shape shape_;
    Loop loop_;
    std::deque<Line> lines_;
    std::deque<Line*> free_;
    std::vector<Line*> reopened_;
    std::int64_t next_ = 0, sent_ = 0, cut_ = 0, without_retry_after_ = 0;
    std::map<int, std::int64_t> statuses_;
    Latencies accepted_, refused_;
    Clock::time_point begun_, last_ok_;
};

} // namespace

int ingest(const IngestOptions& options) {
    return Ingest(options).run();
}

} // namespace onefold::load
