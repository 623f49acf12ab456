// Refused messages through the door once more.
#include "tracking/again.h"
#include "tracking/door.h"

namespace onefold::tracking {
namespace {

constexpr std::int64_t messages_a_batch = 500;

Failure still_refused(const Refused& refused) {
    const Reason& reason = refused.reason;
    const LocalText why = text_of(reason.code, reason.path, refused.text);
    return fail(ErrorKind::invalid, "tracking.still_refused",
        {"It would be refused again. Nothing was stored; correct the message first.",
            "重放后仍会被拒收，数据未保存，请先更正消息。"},
        {{"/message" + (reason.path.starts_with('/') ? reason.path : ""), std::string(reason.code), why}});
}

} // namespace

Result<> Door::append_again(SourceId source, std::vector<Message> messages, Replayed& replayed) {
    if (messages.empty())
        return {};
    const auto appended = TRY(log_.append_and_wait(drafts_of(source, std::move(messages))));
    traffic_.note_appended(source, appended);
    for (const Position position : appended.positions)
        ++(position ? replayed.accepted : replayed.duplicates);
    replayed.end = appended.end;
    return {};
}

Result<Replayed> Door::replay(RefusedId id, std::optional<boost::json::value> corrected) {
    std::lock_guard lock(replaying_);
    const RefusedMessage kept = TRY(refused_.get(id));
    if (kept.replayed_at)
        return fail(ErrorKind::conflict, "tracking.already_replayed",
            {"This message was replayed before.", "此消息已重放过。"});
    const source::Source source = TRY(sources_.get(kept.source_id));
    auto json = corrected ? std::move(*corrected) : TRY(json_of(kept));
    Taken taken = taken_again(kept, std::move(json), occasion_of(source, ""));
    if (!taken.refused.empty())
        return still_refused(taken.refused.front());
    Replayed replayed;
    TRY(append_again(source.id, std::move(taken.messages), replayed));
    TRY(refused_.mark_replayed({id}, outside_.clock.now()));
    return replayed;
}

Result<Replayed> Door::replay_all(SourceId source_id, const RefusedFilter& filter) {
    std::lock_guard lock(replaying_);
    const source::Source source = TRY(sources_.get(source_id));
    Replayed replayed;
    replayed.end = log_.end();
    RefusedId behind;
    for (bool is_over = false; !is_over;) {
        const auto page = TRY(refused_.list_oldest(source_id, filter, behind, messages_a_batch));
        std::vector<Message> messages;
        std::vector<RefusedId> done;
        for (const RefusedMessage& kept : page) {
            auto json = json_of(kept);
            Taken taken = json ? taken_again(kept, std::move(*json), occasion_of(source, "")) : Taken{};
            behind = kept.id;
            if (taken.messages.empty()) {
                ++replayed.refused;
                continue;
            }
            messages.push_back(std::move(taken.messages.front()));
            done.push_back(kept.id);
        }
        TRY(append_again(source_id, std::move(messages), replayed));
        TRY(refused_.mark_replayed(done, outside_.clock.now()));
        is_over = std::int64_t(page.size()) < messages_a_batch;
    }
    return replayed;
}

} // namespace onefold::tracking
