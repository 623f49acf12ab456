#include "company/company.h"
#include "http/bind.h"
#include "traffic/traffic_parts.h"

namespace onefold::traffic {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t minutes_shown = 60, hours_shown = 24, days_shown = 30;
constexpr std::size_t onlookers_max = 200;

struct BucketView {
    Instant at;
    std::int64_t accepted, duplicates, refused, limited;
};
BOOST_DESCRIBE_STRUCT(BucketView, (), (at, accepted, duplicates, refused, limited))

struct SourceTraffic {
    SourceId source_id;
    std::optional<Instant> last_event_at;
    std::vector<std::int64_t> hours; // accepted
    std::int64_t last_hour;          // accepted
    BucketView today;
};
BOOST_DESCRIBE_STRUCT(SourceTraffic, (), (source_id, last_event_at, hours, last_hour, today))

struct TrafficList {
    std::vector<SourceTraffic> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(TrafficList, (), (items, next))

struct GetTraffic {
    SourceId id;
};
BOOST_DESCRIBE_STRUCT(GetTraffic, (), (id))

struct TrafficView {
    SourceId source_id;
    std::optional<Instant> last_event_at;
    std::vector<BucketView> minutes, days;
};
BOOST_DESCRIBE_STRUCT(TrafficView, (), (source_id, last_event_at, minutes, days))

BucketView view_of(const Bucket& bucket) {
    const Count& count = bucket.count;
    return {bucket.at, count.accepted, count.duplicates, count.refused, count.limited};
}

std::vector<BucketView> views_of(const std::vector<Bucket>& buckets) {
    std::vector<BucketView> views;
    for (const Bucket& bucket : buckets)
        views.push_back(view_of(bucket));
    return views;
}

Result<Zone> company_zone(store::Database& database) {
    const auto company = TRY(database.read([](store::Session& session) { return company::get_company(session); }));
    return Zone::named(company.zone);
}

// Two days of quarters hold today in any zone and the last 24 hours.
SourceTraffic traffic_of(
    SourceId id, std::optional<Instant> last, const Counts& quarters, const Zone& zone, Instant now) {
    SourceTraffic traffic{id, last, {}, 0, view_of(days(quarters, zone, 1, now).front())};
    for (const Bucket& hour : series(quarters, 1h, hours_shown, now))
        traffic.hours.push_back(hour.count.accepted);
    for (const Bucket& quarter : series(quarters, 15min, 4, now))
        traffic.last_hour += quarter.count.accepted;
    return traffic;
}

} // namespace

void Traffic::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<http::Nothing, TrafficList>(
        {Method::get, "/api/v1/traffic", "traffic.list", http::may_read, http::not_audited,
            {"What each source sent today and lately", "各来源今日及近期的接收情况"}},
        [this](const Caller&, const http::Nothing&) -> Result<TrafficList> {
            const Zone zone = TRY(company_zone(parts_->database));
            const Instant now = parts_->outside.clock.now();
            TrafficList answer;
            for (const auto& source : parts_->sources.list())
                answer.items.push_back(traffic_of(
                    source.id, last_event_at(source.id), TRY(counts(source.id, Span::quarter, now - 49h)), zone, now));
            return answer;
        });
    contract.add<GetTraffic, TrafficView>(
        {Method::get, "/api/v1/sources/{id}/traffic", "traffic.get", http::may_read, http::not_audited,
            {"What a source sent, by minute and by day", "该来源按分钟和按天的接收情况"}},
        [this](const Caller&, const GetTraffic& request) -> Result<TrafficView> {
            TRY(parts_->sources.get(request.id));
            const Zone zone = TRY(company_zone(parts_->database));
            const Instant now = parts_->outside.clock.now();
            const auto minutes = TRY(counts(request.id, Span::minute, now - 1min * (minutes_shown + 1)));
            const auto quarters = TRY(counts(request.id, Span::quarter, now - quarters_kept));
            return TrafficView{request.id, last_event_at(request.id),
                views_of(series(minutes, 1min, minutes_shown, now)), views_of(days(quarters, zone, days_shown, now))};
        });
    contract.add_stream(
        {Method::get, "/api/v1/sources/{id}/traffic/stream", "traffic.watch", http::may_read, http::not_audited,
            {"Live: an event `traffic` when this source sent something", "实时事件：该来源有新消息时推送 traffic"}},
        [this](const Caller&, const http::Incoming& incoming, std::shared_ptr<http::EventStream> stream) -> Result<> {
            const auto source =
                TRY(parts_->sources.get(SourceId{parse_id(incoming.path_values.front().second).value_or(0)}));
            std::lock_guard lock(parts_->mutex);
            std::erase_if(parts_->onlookers, [](const auto& one) { return one.stream->is_closed(); });
            if (parts_->onlookers.size() >= onlookers_max)
                return fail(ErrorKind::unavailable, "traffic.too_many_streams",
                    {"Too many pages are listening.", "实时连接数已满。"});
            parts_->onlookers.push_back({source.id, std::move(stream)});
            parts_->woken.notify_all();
            return {};
        });
}

} // namespace onefold::traffic
