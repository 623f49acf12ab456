#include "core/text.h"
#include "customer/timeline_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace onefold::customer {
namespace {

constexpr std::string_view kinds_of_segment[] = {"track", "page", "screen", "identify", "group", "alias"};

Failure wrong(std::string_view path, std::string_view code, LocalText message) {
    return fail(ErrorKind::invalid, code, message, {{std::string(path), std::string(code), message}});
}

Failure unknown_kind(const std::string& kind, std::vector<std::string> known) {
    known.insert(known.end(), {"order", "ticket", "note"});
    const std::string name(beginning_of(kind, 40));
    return wrong("/kind", "customer.unknown_kind",
        {fmt::format("Nothing is of the kind \"{}\"; there are {}.", name, fmt::join(known, ", ")),
            fmt::format("没有“{}”这种类型；可选：{}。", name, fmt::join(known, "、"))});
}

} // namespace

std::string cursor_of(const TimelinePlace& place) {
    return to_base64url(fmt::format("{},{},{}", place.at, place.rank, place.id));
}

Result<TimelinePlace> place_of(const std::string& cursor) {
    if (cursor.empty())
        return TimelinePlace{};
    TimelinePlace place;
    char end = 0;
    long long at = 0, id = 0;
    if (std::sscanf(from_base64url(cursor).c_str(), "%lld,%d,%lld%c", &at, &place.rank, &id, &end) != 3)
        return wrong("/after", "customer.bad_page", {"This is not the `next` of a timeline.", "分页参数 after 无效。"});
    place.at = at;
    place.id = id;
    return place;
}

bool TimelineQuestion::takes(SourceId source) const {
    return sources.empty() || std::ranges::find(sources, source) != sources.end();
}

Result<TimelineQuestion> question_of(
    const TimelineFilter& filter, const std::vector<std::string>& known_kinds, const source::Sources& sources) {
    TimelineQuestion question;
    std::vector<std::string> known(std::begin(kinds_of_segment), std::end(kinds_of_segment));
    for (const std::string& kind : known_kinds)
        if (!kind.empty() && std::ranges::find(known, kind) == known.end())
            known.push_back(kind);
    for (const std::string& kind : filter.kinds)
        if (std::ranges::find(known, kind) != known.end())
            question.events.kinds.push_back(kind);
        else if (kind != "order" && kind != "ticket" && kind != "note")
            return unknown_kind(kind, std::move(known));
    const auto asks_for = [&](std::string_view kind) {
        return filter.kinds.empty() || std::ranges::find(filter.kinds, kind) != filter.kinds.end();
    };
    question.has_events = filter.kinds.empty() || !question.events.kinds.empty();
    question.has_orders = !filter.name && asks_for("order");
    question.has_tickets = !filter.name && asks_for("ticket");
    question.has_notes = !filter.name && filter.sources.empty() && asks_for("note"); // people's, of no source
    for (const std::string& name : filter.sources) {
        const auto source = sources.find(name);
        if (!source)
            return wrong("/source", "customer.unknown_source",
                {fmt::format("There is no source \"{}\".", beginning_of(name, 100)),
                    fmt::format("没有名为“{}”的来源。", beginning_of(name, 100))});
        question.sources.push_back(source->id);
    }
    if (filter.from && filter.to && *filter.from >= *filter.to)
        return wrong("/to", "customer.bad_period",
            {"The time `to` must lie after `from`.", "结束时间 to 必须晚于开始时间 from。"});
    question.events.name = filter.name;
    question.events.from = filter.from;
    question.events.to = filter.to;
    return question;
}

} // namespace onefold::customer
