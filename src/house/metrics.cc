// Figures for Prometheus, room by room.
#include "house/watch.h"

namespace onefold::house {
namespace {

// The exposition format of Prometheus, 0.0.4.
class Exposition {
  public:
    void gauge(std::string_view name, std::string_view help, auto value) { add(name, help, "gauge", value); }
    void counter(std::string_view name, std::string_view help, auto value) { add(name, help, "counter", value); }
    void seconds(std::string_view name, std::string_view help, auto time) {
        gauge(name, help, std::chrono::duration<double>(time).count());
    }
    std::string text;

  private:
    void add(std::string_view name, std::string_view help, std::string_view type, auto value) {
        text +=
            fmt::format("# HELP onefold_{0} {1}\n# TYPE onefold_{0} {2}\nonefold_{0} {3}\n", name, help, type, value);
    }
};

void add(Exposition& to, const event_log::EventLog& log) {
    const auto condition = log.condition();
    const auto figures = log.figures();
    to.gauge("log_begin_position", "The beginning of the event log.", log.begin().value);
    to.gauge("log_end_position", "The end of the event log.", log.end().value);
    to.gauge("log_recovery_needed", "1 while the event log is damaged and only read.", condition.is_appending ? 0 : 1);
    to.gauge("log_damaged", "1 once a damage of the event log was met.", condition.damage ? 1 : 0);
    to.gauge("log_full", "1 while events are refused for want of space.", condition.has_space ? 0 : 1);
    to.gauge("log_segments", "Files of the event log.", figures.segments);
    to.gauge("log_known_messages", "Messages known in runs.", figures.messages);
    to.gauge("log_runs", "Runs of known messages.", figures.runs);
    to.gauge("log_index_bytes", "Memory for knowing messages.", figures.index_bytes);
    to.gauge("log_waiting_bytes", "What waits to be made durable.", figures.waiting_bytes);
    to.gauge("log_waiting_events", "Events that wait to be made durable.", figures.waiting_events);
    to.seconds("log_waiting_seconds", "How long the oldest of them has waited.", figures.waiting_for);
    to.counter("log_busy_total", "Requests turned away because too much waited for the event log.", figures.busy);
}

void add(Exposition& to, const customer::Intake& intake) {
    const customer::Lag lag = intake.lag();
    to.gauge("visible_position", "Up to where events are reflected in customers.", intake.visible().value);
    to.gauge(
        "arrivals_per_second", "Events that became visible, a second, over the last minute.", lag.events_per_second);
    to.seconds("visible_after_median_seconds", "From durable to visible, the median of the last minute.", lag.median);
    to.seconds("visible_after_p99_seconds", "From durable to visible, 99 of 100 events of the last minute.", lag.p99);
    to.gauge("intake_stands", "1 while the reader of the event log cannot go on.", intake.trouble() ? 1 : 0);
    to.counter("resolved_nodes_total", "Nodes in the components that something touched.", intake.resolved_nodes());
}

void add(Exposition& to, const timeline::Timeline& timeline) {
    const auto figures = timeline.figures();
    to.gauge("timeline_runs", "Sorted runs of the timeline.", figures.runs);
    to.gauge("timeline_entries", "Events in them.", figures.runs_entries);
    to.gauge("timeline_recent_entries", "Events of the timeline that are in memory only.", figures.recent_entries);
    to.gauge(
        "timeline_retracted_entries", "Events that runs hold though a roll-back took them back.", figures.retracted);
    to.gauge("timeline_index_bytes", "Memory for finding blocks of runs.", figures.index_bytes);
    to.gauge("timeline_incomplete", "1 while stretches of the log are missing.", timeline.missing().empty() ? 0 : 1);
    to.gauge("timeline_stands", "1 while it cannot be kept up.", timeline.trouble() ? 1 : 0);
}

void add(Exposition& to, const columns::Columns& columns, Position log_end) {
    const auto status = columns.status();
    to.gauge("columns_position", "Up to where events are in the columns for analysis.", status.position.value);
    to.gauge("columns_lag_bytes", "How much of the event log is not yet in them.",
        std::max<std::int64_t>(0, log_end.value - status.position.value));
    to.gauge("columns_lack_customers", "1 while not all changes of customers are in them.",
        status.has_all_customers ? 0 : 1);
    to.gauge("columns_rebuilding", "1 while they are made again from the log.",
        status.state == columns::State::rebuilding ? 1 : 0);
    to.gauge("columns_stand", "1 while they cannot go on.", status.state == columns::State::standing ? 1 : 0);
    to.counter("columns_quarantined_total", "Files put aside because they were broken.", status.quarantined);
}

void add(Exposition& to, const search::Search& search) {
    const auto status = search.status();
    to.gauge("search_customers", "Customers who can be searched.", status.customers);
    to.gauge("search_lacks_customers", "1 while not all customers are in what is searched.",
        status.state == search::State::following ? 0 : 1);
    to.gauge("search_stands", "1 while it cannot go on.", status.state == search::State::standing ? 1 : 0);
    to.counter("search_made_anew_total", "How often what is searched was made anew.", status.made_anew);
}

void add(Exposition& to, const http::Server& server) {
    const auto counted = server.metrics();
    to.gauge("http_connections", "Open connections.", counted.connections);
    to.gauge("http_queue_length", "Requests that wait for a worker.", counted.queue_length);
    to.counter("http_connections_accepted_total", "Connections accepted.", counted.connections_accepted);
    to.counter("http_heads_refused_total", "Requests whose framing was refused.", counted.heads_refused);
    to.counter("http_requests_refused_by_load_total", "Requests answered with 503, senders with 429, because of load.",
        counted.requests_refused_by_load);
    to.counter("http_timeouts_total", "Connections cut because they were too slow.", counted.timeouts);
}

} // namespace

std::string metrics_of(const Watched& rooms, const http::Server* server) {
    Exposition exposition;
    add(exposition, rooms.log);
    add(exposition, rooms.intake);
    add(exposition, rooms.timeline);
    add(exposition, rooms.columns, rooms.log.end());
    add(exposition, rooms.search);
    if (server)
        add(exposition, *server);
    return std::move(exposition.text);
}

} // namespace onefold::house
