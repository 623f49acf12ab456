#include "tracking/door.h"

#include "tracking/tracking.h"

namespace onefold::tracking {

Result<source::Source> Door::source_of(std::initializer_list<std::string> keys) const {
    const auto given = std::ranges::find_if(keys, [](const std::string& key) { return !key.empty(); });
    if (given != keys.end())
        if (auto source = sources_.find_by_write_key(*given))
            return std::move(*source);
    return fail(ErrorKind::unauthenticated, "tracking.unknown_write_key",
        {"The write key is unknown or was revoked. Nothing was stored.", "写入密钥不存在或已被吊销，数据未保存。"});
}

Occasion Door::occasion_of(const source::Source& source, const http::Incoming& incoming) const {
    return {outside_.clock.now(), incoming.address, source.kind == source::Kind::tracker,
        [this] { return outside_.random.token(16); }};
}

void Door::store(const source::Source& source, Taken taken, Done done) {
    if (!taken.refused.empty())
        if (auto kept = refused_.keep(source.id, outside_.clock.now(), taken.refused); !kept)
            return done(fail(std::move(kept).error()));
    if (taken.messages.empty())
        return done(log_.end());
    std::vector<event_log::Draft> drafts;
    drafts.reserve(taken.messages.size());
    for (Message& message : taken.messages)
        drafts.push_back({source.id, std::move(message.id), event_log::FrameKind::event, std::move(message.payload)});
    log_.append(std::move(drafts), [done = std::move(done)](Result<event_log::Appended> appended) {
        if (appended)
            done(appended->end);
        else
            done(fail(std::move(appended).error()));
    });
}

struct Tracking::Parts : Door {
    using Door::Door;
};

Tracking::Tracking(store::Database& database, event_log::EventLog& log, const source::Sources& sources,
    const runtime::Outside& outside)
    : parts_(std::make_shared<Parts>(database, log, sources, outside)) {}
Tracking::~Tracking() = default;

void Tracking::add_routes(http::Contract& contract) {
    const std::shared_ptr<Door> door = parts_;
    add_message_routes(contract, door);
    add_pixel_routes(contract, door);
    add_settings_routes(contract, door);
    add_refused_routes(contract, door);
}

} // namespace onefold::tracking
