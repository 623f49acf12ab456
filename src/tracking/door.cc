#include "tracking/door.h"

#include "source/origin.h"
#include "tracking/tracking.h"
#include "tracking/write_key.h"

#include <spdlog/spdlog.h>

namespace onefold::tracking {
namespace {

constexpr std::size_t secret_bytes = 16;
constexpr std::int64_t tell_lost_interval_s = 60;

bool is_limited(const source::Source& source) {
    return source.kind == source::Kind::tracker;
}

} // namespace

std::vector<event_log::Draft> drafts_of(SourceId source, std::vector<Message> messages) {
    std::vector<event_log::Draft> drafts;
    drafts.reserve(messages.size());
    for (Message& message : messages)
        drafts.push_back({source, std::move(message.id), event_log::FrameKind::event, std::move(message.payload)});
    return drafts;
}

Error too_fast(std::chrono::nanoseconds wait) {
    Error error{ErrorKind::too_many, "tracking.too_fast",
        {"This sends faster than a website's visitors do. Nothing was stored; send it again later.",
            "上报过快，数据未保存，请稍后重试。"}};
    error.retry_after_s = int(std::chrono::ceil<std::chrono::seconds>(wait).count());
    return error;
}

Error busy() {
    Error error{ErrorKind::too_many, "tracking.busy",
        {"More comes than can be taken at the moment. Nothing of this request was stored; send it again a little "
         "later.",
            "当前上报量超过了处理能力。本次请求的内容均未保存，请稍后重发。"}};
    error.retry_after_s = 1;
    return error;
}

Error origin_not_allowed(std::string_view origin) {
    constexpr std::string_view code = "tracking.origin_not_allowed";
    return {ErrorKind::forbidden, std::string(code), text_of(code, origin)};
}

// Of a page that may not send here, the browser is not told that it may read the answer.
http::Outgoing refusal(Error error, const Locale& locale, std::string_view request_id) {
    if (error.code == "event_log.busy")
        error.kind = ErrorKind::too_many;
    http::Outgoing answer = http::outgoing_of(error, locale, request_id);
    if (error.kind == ErrorKind::too_many && error.retry_after_s > 0)
        answer.headers.emplace_back("X-RateLimit-Reset", std::to_string(error.retry_after_s));
    if (error.code == "tracking.origin_not_allowed")
        answer.headers.emplace_back("Access-Control-Allow-Origin", "");
    return answer;
}

Door::Door(store::Database& database, event_log::EventLog& log, const source::Sources& sources,
    traffic::Traffic& traffic, const runtime::Outside& outside)
    : log_(log),
      sources_(sources),
      traffic_(traffic),
      outside_(outside),
      refused_(database),
      limits_(outside.random.bytes(secret_bytes)) {}

Result<std::shared_ptr<const source::Source>> Door::source_of(std::initializer_list<std::string> keys) const {
    const auto given = std::ranges::find_if(keys, [](const std::string& key) { return !key.empty(); });
    if (given == keys.end())
        return fail(ErrorKind::unauthenticated, "tracking.no_write_key",
            {"No write key came with the request. Nothing was stored; send it as the user name of Basic "
             "authentication, "
             "or as writeKey.",
                "请求未带写入密钥，数据未保存；请以 Basic 认证的用户名或 writeKey 发送。"});
    auto source = sources_.find_by_write_key(*given);
    if (!source)
        return fail(ErrorKind::unauthenticated, "tracking.unknown_write_key",
            {"The write key is unknown or was revoked. Nothing was stored.", "写入密钥不存在或已被吊销，数据未保存。"});
    if (!source->is_active)
        return fail(ErrorKind::unauthenticated, "tracking.source_archived",
            {"The source of this write key is archived. Nothing was stored.",
                "此写入密钥所属来源已归档，数据未保存。"});
    return source;
}

Occasion Door::occasion_of(const source::Source& source, std::string address) const {
    return {outside_.clock.now(), std::move(address), source.kind == source::Kind::tracker,
        [this] { return outside_.random.token(16); }, source.consent == source::Consent::required, source.zone};
}

Result<Arrival> Door::find(std::initializer_list<std::string> keys, const http::Incoming& incoming) const {
    Arrival arrival{TRY(source_of(keys)), {}, std::string(incoming.header("origin"))};
    arrival.occasion = occasion_of(*arrival.source, incoming.address);
    return arrival;
}

Result<> Door::admit(const Arrival& arrival) const {
    if (const auto wait = wait_of(arrival, {}); wait.count() > 0)
        return fail(too_fast(wait));
    return log_.check_room();
}

Result<Arrival> Door::arrive(std::initializer_list<std::string> keys, const http::Incoming& incoming) const {
    Arrival arrival = TRY(find(keys, incoming));
    if (auto admitted = admit(arrival); !admitted) {
        traffic_.note_limited(arrival.source->id, 1);
        return fail(std::move(admitted).error());
    }
    return arrival;
}

void Door::note_limited(const std::string& key) const {
    if (const auto source = source_of({key}))
        traffic_.note_limited((*source)->id, 1);
}

void Door::note_whole(const Arrival& arrival, Refused refused) {
    const SourceId source = arrival.source->id;
    const Instant now = arrival.occasion.received_at;
    refused.times = whole_.take(source, refused.reason, now);
    if (refused.times > 0) {
        refused.once = once_of(now);
        if (arrival.occasion.needs_consent)
            refused.text.clear();
        if (auto kept = refused_.keep(source, now, {std::move(refused)}); !kept)
            spdlog::warn("source {}: a refused request was not noted: {}", source.value, kept.error().code);
    }
    traffic_.note_refused(source, 1);
}

Result<> Door::check_room(const http::Incoming& incoming) const {
    auto room = log_.check_room();
    if (!room)
        note_limited(write_key_ahead(incoming));
    return room;
}

http::Outgoing Door::turn_away(const http::Incoming& incoming) const {
    note_limited(write_key_ahead(incoming));
    return refusal(busy(), locale_from(incoming.header("accept-language")), http::new_request_id());
}

bool Door::may_send(const source::Source& source, std::string_view origin) {
    return source.kind != source::Kind::tracker || origin.empty() || source::is_allowed(origin, source.allowed_origins);
}

std::chrono::nanoseconds Door::wait_of(const Arrival& arrival, const Taken& taken) const {
    if (!is_limited(*arrival.source))
        return {};
    Load load{limits_.key_of_address(arrival.occasion.address),
        std::int64_t(taken.messages.size() + taken.refused.size()), {}};
    for (const Message& message : taken.messages)
        if (!message.visitor.empty())
            ++load.by_visitor[limits_.key_of(arrival.source->id, message.visitor)];
    return limits_.take(load, outside_.clock.monotonic());
}

Result<> Door::keep_refused(const Arrival& arrival, const Taken& taken) {
    if (taken.refused.empty())
        return {};
    const Occasion& occasion = arrival.occasion;
    TRY(refused_.keep(arrival.source->id, occasion.received_at, taken.refused,
        occasion.is_from_visitor ? std::string_view(occasion.address) : std::string_view()));
    traffic_.note_refused(arrival.source->id, taken.refused.size());
    return {};
}

// What came too fast is kept only as fast as it might have come, so that a flood does not fill the database.
void Door::hold_back(const Arrival& arrival, Taken taken, const Error& cause) {
    const SourceId source = arrival.source->id;
    const std::size_t count = taken.messages.size() + taken.refused.size();
    const Load load{.by_visitor = {{limits_.key_of(source, "held back"), std::int64_t(count)}}};
    if (cause.code == "tracking.too_fast" && limits_.take(load, outside_.clock.monotonic()).count() > 0)
        return tell_lost(source, count, cause.code);
    taken = refuse_all(std::move(taken), {"tracking.held_back", cause.code});
    if (auto kept = keep_refused(arrival, taken); !kept)
        tell_lost(source, count, kept.error().code);
}

void Door::tell_lost(SourceId source, std::size_t count, std::string_view cause) {
    traffic_.note_limited(source, count);
    const std::int64_t now =
        std::chrono::ceil<std::chrono::seconds>(outside_.clock.monotonic().time_since_epoch()).count();
    std::int64_t told = told_lost_s_;
    if ((told == 0 || now - told >= tell_lost_interval_s) && told_lost_s_.compare_exchange_strong(told, now))
        spdlog::warn(
            "source {}: {} messages of images could not be taken or kept: {}. Further ones are only counted for "
            "a minute.",
            source.value, count, cause);
}

void Door::take_in(const Arrival& arrival, Taken taken, Done done) {
    const SourceId source = arrival.source->id;
    if (const auto wait = wait_of(arrival, taken); wait.count() > 0)
        return done(fail(too_fast(wait)));
    const bool is_allowed = may_send(*arrival.source, arrival.origin);
    if (!is_allowed)
        taken = refuse_all(std::move(taken), {"tracking.origin_not_allowed", arrival.origin.substr(0, 300)});
    if (auto kept = keep_refused(arrival, taken); !kept)
        return done(fail(std::move(kept).error()));
    if (!is_allowed)
        return done(fail(origin_not_allowed(arrival.origin)));
    if (taken.messages.empty())
        return done(log_.end());
    log_.append(drafts_of(source, std::move(taken.messages)),
        [&traffic = traffic_, source, done = std::move(done)](Result<event_log::Appended> appended) {
            if (!appended)
                return done(fail(std::move(appended).error()));
            traffic.note_appended(source, *appended);
            done(appended->end);
        });
}

struct Tracking::Parts : Door {
    using Door::Door;
};

Tracking::Tracking(store::Database& database, event_log::EventLog& log, const source::Sources& sources,
    traffic::Traffic& traffic, const runtime::Outside& outside)
    : parts_(std::make_shared<Parts>(database, log, sources, traffic, outside)) {}
Tracking::~Tracking() = default;

void Tracking::add_routes(http::Contract& contract) {
    const std::shared_ptr<Door> door = parts_;
    add_message_routes(contract, door);
    add_pixel_routes(contract, door);
    add_settings_routes(contract, door);
    add_refused_routes(contract, door);
    add_live_routes(contract, door);
}

} // namespace onefold::tracking
