#include "house/watch.h"

#include "http/bind.h"

#include <cmath>

namespace onefold::house {
namespace {

using namespace std::chrono_literals;

struct StatusView {
    std::string status;
};
BOOST_DESCRIBE_STRUCT(StatusView, (), (status))

// Of the last minute; null where nothing came.
struct ArrivalsView {
    std::int64_t events_per_minute;
    std::optional<std::int64_t> visible_after_median_ms, visible_after_p99_ms;
    bool is_behind; // events wait that are not visible yet
};
BOOST_DESCRIBE_STRUCT(ArrivalsView, (), (events_per_minute, visible_after_median_ms, visible_after_p99_ms, is_behind))

ArrivalsView arrivals_of(const event_log::EventLog& log, const customer::Intake& intake) {
    const customer::Lag lag = intake.lag();
    ArrivalsView view{std::llround(lag.events_per_second * 60), {}, {}, intake.visible() < log.end()};
    if (lag.events_per_second > 0) {
        view.visible_after_median_ms = lag.median.count();
        view.visible_after_p99_ms = lag.p99.count();
    }
    return view;
}

// `degraded`: codes of what does not work while the rest is served.
struct ReadyView {
    std::string status;
    std::vector<std::string> degraded;
};
BOOST_DESCRIBE_STRUCT(ReadyView, (), (status, degraded))

std::vector<std::string> degraded_of(const event_log::Condition& condition) {
    std::vector<std::string> codes;
    if (condition.damage)
        codes.push_back(condition.is_appending ? "event_log.damaged" : "event_log.recovery_needed");
    if (!condition.has_space)
        codes.push_back("event_log.full");
    return codes;
}

// A position is the end of the event log; changes of records are visible as soon as they are accepted.
class LogPositions : public http::Positions {
  public:
    LogPositions(const event_log::EventLog& log, const customer::Intake& intake) : log_(log), intake_(intake) {}

    std::string accepted() override { return to_string(log_.end()); }
    std::string visible() override { return to_string(intake_.visible()); }

    Result<> wait_until_visible(std::string_view position) override {
        const auto value = parse_id(position);
        if (!value || Position{*value} > log_.end())
            return fail(ErrorKind::invalid, "http.bad_position",
                {"This is not an Onefold-Position of this server.", "Onefold-Min-Position 无效。"});
        if (intake_.visible() >= Position{*value})
            return {};
        if (!intake_.trouble() && intake_.wait_until_visible(Position{*value}, 5s))
            return {};
        Error late{ErrorKind::unavailable, "house.not_yet_visible",
            {"What was written is stored but not yet visible. Try again in a moment.",
                "数据已保存但尚未可见，请稍后重试。"}};
        late.retry_after_s = 1;
        return fail(std::move(late));
    }

  private:
    const event_log::EventLog& log_;
    const customer::Intake& intake_;
};

} // namespace

std::unique_ptr<http::Positions> make_positions(const event_log::EventLog& log, const customer::Intake& intake) {
    return std::make_unique<LogPositions>(log, intake);
}

void Watch::add_routes(http::Contract& contract, const Watched& rooms) {
    using http::Method;
    const event_log::EventLog& log = rooms.log;
    const customer::Intake& intake = rooms.intake;
    contract.add<http::Nothing, StatusView>(
        {Method::get, "/healthz", "health.get", http::open_to_all, http::not_audited, {"Alive", "存活检查"},
            http::Creates::nothing, http::Run::at_once},
        [](const Caller&, const http::Nothing&) -> Result<StatusView> { return StatusView{"ok"}; });
    contract.add<http::Nothing, ReadyView>(
        {Method::get, "/readyz", "ready.get", http::open_to_all, http::not_audited, {"Ready to serve", "就绪检查"},
            http::Creates::nothing, http::Run::at_once},
        [&intake, &log](const Caller&, const http::Nothing&) -> Result<ReadyView> {
            if (!intake.trouble())
                return ReadyView{"ready", degraded_of(log.condition())};
            return fail(ErrorKind::unavailable, "house.not_ready",
                {"Events are stored but not taken up at the moment; see the server's log.",
                    "事件已保存但暂时无法处理，请查看服务器日志。"});
        });
    contract.add<http::Nothing, ArrivalsView>(
        {Method::get, "/api/v1/arrivals", "arrivals.get", http::may_read, http::not_audited,
            {"How many events come and how soon they are visible", "事件到达速率与可见延迟"}},
        [&log, &intake](
            const Caller&, const http::Nothing&) -> Result<ArrivalsView> { return arrivals_of(log, intake); });
    contract.add_raw({Method::get, "/metrics", "metrics.get", http::open_to_all, http::not_audited,
                         {"Figures for Prometheus", "Prometheus 指标"}},
        {}, {{"type", "string"}}, [this, rooms](const Caller&, const http::Incoming&, http::Respond respond) {
            respond({200, {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, metrics_of(rooms, server_)});
        });
}

} // namespace onefold::house
