// What a source sent last, taken or refused and why: to look on while a site or app is connected.
#include "http/bind.h"
#include "http/json.h"
#include "tracking/door.h"

namespace onefold::tracking {

enum class Fate { accepted, refused };
BOOST_DESCRIBE_ENUM(Fate, accepted, refused)

namespace {

using Json = boost::json::object;
constexpr std::size_t answer_bytes_max = 2 << 20; // of messages; fewer are shown where they are large

struct MessageView {
    std::string id; // of the event's position, or of the refused message
    Fate fate;
    Instant at; // when it came, the last time
    std::string type, name, who, library, code, path, reason, message;
};
BOOST_DESCRIBE_STRUCT(MessageView, (), (id, fate, at, type, name, who, library, code, path, reason, message))

struct MessageList {
    std::vector<MessageView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(MessageList, (), (items, next))

struct ListMessages {
    SourceId id;
    std::optional<std::int64_t> limit;
    std::optional<Fate> fate;
    static http::Rules rules() {
        return {{.member = "limit", .minimum = 1, .maximum = std::int64_t(traffic::newest_max)}};
    }
};
BOOST_DESCRIBE_STRUCT(ListMessages, (), (id, limit, fate))

std::string text_in(const Json& json, std::string_view name) {
    const auto* found = find_member(json, name);
    return !found ? "" : found->is_string() ? std::string(found->get_string()) : readable(*found);
}

// What the list shows of a message without opening it.
void summarise(MessageView& view, std::string_view call) {
    const auto parsed = http::parse_json(view.message);
    const Json* json = parsed ? parsed->if_object() : nullptr;
    view.type = call;
    if (!json)
        return;
    if (const auto type = type_of(*json); view.type.empty())
        view.type = type;
    view.name = text_in(*json, "event");
    if (view.name.empty())
        view.name = text_in(*json, "name");
    view.who = text_in(*json, "userId");
    if (view.who.empty())
        view.who = text_in(*json, "anonymousId");
    if (const Json* context = find_object(*json, "context"))
        if (const Json* library = find_object(*context, "library"))
            view.library = text_in(*library, "name");
}

Result<> add_accepted(Door& door, const ListMessages& request, std::size_t limit, std::vector<MessageView>& views) {
    auto positions = door.traffic().newest(request.id);
    positions.resize(std::min(positions.size(), limit));
    std::size_t bytes = 0;
    for (const Position position : positions) {
        auto frame = door.log().get(position);
        if (!frame)
            continue; // expired since
        bytes += frame->payload.size();
        if (bytes > answer_bytes_max)
            break;
        views.push_back({to_string(position), Fate::accepted, frame->received_at, "", "", "", "", "", "", "",
            std::move(frame->payload)});
        summarise(views.back(), "");
    }
    return {};
}

Result<> add_refused(
    Door& door, const Caller& caller, const ListMessages& request, std::size_t limit, std::vector<MessageView>& views) {
    std::size_t bytes = 0;
    for (auto& kept : TRY(door.refused().list(request.id, {}, {}, std::int64_t(limit)))) {
        bytes += kept.message.size();
        if (bytes > answer_bytes_max)
            break;
        views.push_back({to_string(kept.id), Fate::refused, kept.last_at, "", "", "", "", kept.code, kept.path,
            std::string(text_of(kept.code, kept.path, kept.message).in(caller.locale)), std::move(kept.message)});
        summarise(views.back(), kept.call);
    }
    return {};
}

} // namespace

void add_live_routes(http::Contract& contract, const std::shared_ptr<Door>& door) {
    contract.add<ListMessages, MessageList>(
        {http::Method::get, "/api/v1/sources/{id}/messages", "message.list", http::may_edit, http::not_audited,
            {"The newest messages of a source, taken or refused and why", "该来源最新的消息：已接收或被拒收及原因"}},
        [door](const Caller& caller, const ListMessages& request) -> Result<MessageList> {
            TRY(door->sources().get(request.id));
            const auto limit = std::size_t(request.limit.value_or(50));
            MessageList answer;
            if (request.fate != Fate::refused)
                TRY(add_accepted(*door, request, limit, answer.items));
            if (request.fate != Fate::accepted)
                TRY(add_refused(*door, caller, request, limit, answer.items));
            std::ranges::stable_sort(answer.items, std::greater(), &MessageView::at);
            if (answer.items.size() > limit)
                answer.items.erase(answer.items.begin() + std::ptrdiff_t(limit), answer.items.end());
            return answer;
        });
}

} // namespace onefold::tracking
