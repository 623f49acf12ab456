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

std::string Watch::metrics(
    const event_log::EventLog& log, const customer::Intake& intake, const columns::Columns& columns) const {
    std::string text;
    auto gauge = [&](std::string_view name, std::string_view help, auto value) {
        text += fmt::format("# HELP onefold_{0} {1}\n# TYPE onefold_{0} gauge\nonefold_{0} {2}\n", name, help, value);
    };
    auto counter = [&](std::string_view name, std::string_view help, auto value) {
        text += fmt::format("# HELP onefold_{0} {1}\n# TYPE onefold_{0} counter\nonefold_{0} {2}\n", name, help, value);
    };
    gauge("log_end_position", "The end of the event log.", log.end().value);
    const auto condition = log.condition();
    const auto figures = log.figures();
    gauge("log_begin_position", "The beginning of the event log.", log.begin().value);
    gauge("log_recovery_needed", "1 while the event log is damaged and only read.", condition.is_appending ? 0 : 1);
    gauge("log_damaged", "1 once a damage of the event log was met.", condition.damage ? 1 : 0);
    gauge("log_full", "1 while events are refused for want of space.", condition.has_space ? 0 : 1);
    gauge("log_segments", "Files of the event log.", figures.segments);
    gauge("log_known_messages", "Messages known in runs.", figures.messages);
    gauge("log_runs", "Runs of known messages.", figures.runs);
    gauge("log_index_bytes", "Memory for knowing messages.", figures.index_bytes);
    gauge("log_waiting_bytes", "What waits to be made durable.", figures.waiting_bytes);
    gauge("log_waiting_events", "Events that wait to be made durable.", figures.waiting_events);
    gauge("log_waiting_seconds", "How long the oldest of them has waited.",
        std::chrono::duration<double>(figures.waiting_for).count());
    counter("log_busy_total", "Requests turned away because too much waited for the event log.", figures.busy);
    gauge("visible_position", "Up to where events are reflected in customers.", intake.visible().value);
    const customer::Lag lag = intake.lag();
    gauge("arrivals_per_second", "Events that became visible, a second, over the last minute.", lag.events_per_second);
    gauge("visible_after_median_seconds", "From durable to visible, the median of the last minute.",
        std::chrono::duration<double>(lag.median).count());
    gauge("visible_after_p99_seconds", "From durable to visible, 99 of 100 events of the last minute.",
        std::chrono::duration<double>(lag.p99).count());
    gauge("intake_stands", "1 while the reader of the event log cannot go on.", intake.trouble() ? 1 : 0);
    const auto of_columns = columns.status();
    counter("resolved_nodes_total", "Nodes in the components that something touched.", intake.resolved_nodes());
    gauge("columns_position", "Up to where events are in the columns for analysis.", of_columns.position.value);
    gauge("columns_lag_bytes", "How much of the event log is not yet in them.",
        std::max<std::int64_t>(0, log.end().value - of_columns.position.value));
    gauge("columns_rebuilding", "1 while they are made again from the log.",
        of_columns.state == columns::State::rebuilding ? 1 : 0);
    gauge("columns_stand", "1 while they cannot go on.", of_columns.state == columns::State::standing ? 1 : 0);
    counter("columns_quarantined_total", "Files put aside because they were broken.", of_columns.quarantined);
    if (const http::Server* server = server_) {
        const auto counted = server->metrics();
        gauge("http_connections", "Open connections.", counted.connections);
        gauge("http_queue_length", "Requests that wait for a worker.", counted.queue_length);
        counter("http_connections_accepted_total", "Connections accepted.", counted.connections_accepted);
        counter("http_heads_refused_total", "Requests whose framing was refused.", counted.heads_refused);
        counter("http_requests_refused_by_load_total", "Requests answered with 503 because of load.",
            counted.requests_refused_by_load);
        counter("http_timeouts_total", "Connections cut because they were too slow.", counted.timeouts);
    }
    return text;
}

void Watch::add_routes(http::Contract& contract, const event_log::EventLog& log, const customer::Intake& intake,
    const columns::Columns& columns) {
    using http::Method;
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
        [&](const Caller&, const http::Nothing&) -> Result<ArrivalsView> { return arrivals_of(log, intake); });
    contract.add_raw({Method::get, "/metrics", "metrics.get", http::open_to_all, http::not_audited,
                         {"Figures for Prometheus", "Prometheus 指标"}},
        {}, {{"type", "string"}},
        [this, &log, &intake, &columns](const Caller&, const http::Incoming&, http::Respond respond) {
            respond(
                {200, {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, metrics(log, intake, columns)});
        });
}

} // namespace onefold::house
