#include "fetch/remote.h"

#include "core/text.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace onefold::fetch {

namespace json = boost::json;
namespace {

std::string text_in(const json::object& object, std::string_view name) {
    const auto* found = object.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}
std::int64_t number_in(const json::object& object, std::string_view name) {
    const auto* found = object.if_contains(name);
    return found && found->is_int64() ? found->get_int64() : 0;
}
const json::object& object_in(const json::object& object, std::string_view name) {
    static const json::object none;
    const auto* found = object.if_contains(name);
    return found && found->is_object() ? found->get_object() : none;
}

// What another computer says may be no UTF-8, which JSON must be.
std::string clean(std::string text) {
    if (!is_valid_utf8(text))
        std::ranges::replace_if(text, [](unsigned char c) { return c >= 0x80; }, '?');
    return text;
}

json::object json_of(const Seen& seen) {
    return {{"name", clean(seen.name)}, {"size", seen.size}, {"modified", seen.modified_us}};
}
Seen seen_of(const json::object& object) {
    return {text_in(object, "name"), number_in(object, "size"), number_in(object, "modified"), 0};
}
json::object json_of(const Mark& mark) {
    return {{"etag", clean(mark.etag)}, {"last_modified", clean(mark.last_modified)}};
}
Mark mark_of(const json::object& object) {
    return {text_in(object, "etag"), text_in(object, "last_modified")};
}
json::object json_of(const LocalText& text) {
    json::object object;
    for (const auto& [locale, words] : text.texts())
        object[locale] = clean(words);
    return object;
}
} // namespace

std::string to_json(const Ask& ask) {
    const Settings& to = ask.settings;
    json::object object{{"act", int(ask.act)}, {"place", int(to.place)}, {"folder", to.folder}, {"url", to.url},
        {"ca", to.ca_certificates}, {"host", to.host}, {"port", to.port}, {"login", to.login},
        {"host_key", to.host_key}, {"size_mb_max", to.size_mb_max}, {"password", ask.secrets.password},
        {"private_key", ask.secrets.private_key}, {"passphrase", ask.secrets.passphrase},
        {"networks", json::array(ask.networks.begin(), ask.networks.end())},
        {"entries_max", std::int64_t(ask.limits.entries_max)}, {"fetch_max", ask.limits.fetch_max.count()},
        {"silence_max", ask.limits.silence_max.count()}, {"seen", json_of(ask.seen)}, {"mark", json_of(ask.mark)}};
    object["move"] = json::object{{"seen", json_of(ask.move.seen)}, {"folder", ask.move.folder},
        {"to_name", ask.move.to_name}, {"note", ask.move.note}};
    return json::serialize(object);
}

Ask ask_of(std::string_view text) {
    const auto parsed = json::parse(text);
    const json::object& object = parsed.as_object();
    Ask ask;
    ask.act = Act(number_in(object, "act"));
    ask.settings.place = PlaceKind(number_in(object, "place"));
    ask.settings.folder = text_in(object, "folder");
    ask.settings.url = text_in(object, "url");
    ask.settings.ca_certificates = text_in(object, "ca");
    ask.settings.host = text_in(object, "host");
    ask.settings.port = number_in(object, "port");
    ask.settings.login = text_in(object, "login");
    ask.settings.host_key = text_in(object, "host_key");
    ask.settings.size_mb_max = number_in(object, "size_mb_max");
    ask.secrets = {text_in(object, "password"), text_in(object, "private_key"), text_in(object, "passphrase")};
    for (const auto& network : object.at("networks").as_array())
        ask.networks.emplace_back(network.as_string());
    ask.limits.entries_max = std::size_t(number_in(object, "entries_max"));
    ask.limits.fetch_max = std::chrono::seconds(number_in(object, "fetch_max"));
    ask.limits.silence_max = std::chrono::seconds(number_in(object, "silence_max"));
    ask.seen = seen_of(object_in(object, "seen"));
    ask.mark = mark_of(object_in(object, "mark"));
    const json::object& move = object_in(object, "move");
    ask.move = {
        seen_of(object_in(move, "seen")), text_in(move, "folder"), text_in(move, "to_name"), text_in(move, "note")};
    return ask;
}

std::string to_json(const Answer& answer) {
    json::object object{{"host_key", answer.host_key}};
    if (answer.error)
        object["error"] = json::object{{"kind", int(answer.error->kind)}, {"code", answer.error->code},
            {"message", json_of(answer.error->message)}};
    json::array files;
    for (const Seen& seen : answer.listing.files)
        files.push_back(json_of(seen));
    object["files"] = std::move(files);
    object["is_cut"] = answer.listing.is_cut;
    if (answer.arrived)
        object["arrived"] =
            json::object{{"seen", json_of(answer.arrived->seen)}, {"mark", json_of(answer.arrived->mark)}};
    object["moved"] = int(answer.moved.moved);
    if (answer.moved.reason)
        object["reason"] = json_of(*answer.moved.reason);
    return json::serialize(object);
}

std::optional<Answer> answer_of(std::string_view text) {
    boost::system::error_code error;
    const auto parsed = json::parse(text, error);
    if (error || !parsed.is_object())
        return std::nullopt;
    const json::object& object = parsed.get_object();
    Answer answer;
    answer.host_key = text_in(object, "host_key");
    if (object.contains("error")) {
        const json::object& told = object_in(object, "error");
        const auto kind = std::clamp<std::int64_t>(number_in(told, "kind"), 0, std::int64_t(ErrorKind::internal));
        answer.error = Error{ErrorKind(kind), text_in(told, "code"), local_text_of(object_in(told, "message"))};
    }
    if (const auto* files = object.if_contains("files"); files && files->is_array())
        for (const auto& file : files->get_array())
            if (file.is_object())
                answer.listing.files.push_back(seen_of(file.get_object()));
    if (const auto* is_cut = object.if_contains("is_cut"); is_cut && is_cut->is_bool())
        answer.listing.is_cut = is_cut->get_bool();
    if (object.contains("arrived")) {
        const json::object& arrived = object_in(object, "arrived");
        answer.arrived = Arrived{seen_of(object_in(arrived, "seen")), mark_of(object_in(arrived, "mark"))};
    }
    answer.moved.moved = Moved(std::clamp<std::int64_t>(number_in(object, "moved"), 0, std::int64_t(Moved::refused)));
    if (object.contains("reason"))
        answer.moved.reason = local_text_of(object_in(object, "reason"));
    return answer;
}

std::vector<Network> networks_of(const Ask& ask) {
    std::vector<Network> networks;
    for (const std::string& text : ask.networks)
        if (const auto network = parse_network(text))
            networks.push_back(*network);
    return networks;
}

Failure address_refused(std::string_view host) {
    return fail(ErrorKind::forbidden, "fetch.address_refused",
        {fmt::format("{} leads to an address that this server may not ask: its own, one of the network inside, or one "
                     "of a cloud's services. The operator allows networks with --fetch-network.",
             host),
            fmt::format("{} 指向本服务器不可访问的地址（本机、内网或云平台服务地址）。可由运维人员用 --fetch-network "
                        "允许内网网段。",
                host)});
}

Failure unreachable(std::string_view host, const LocalText& cause) {
    return fail(ErrorKind::unavailable, "fetch.unreachable",
        {fmt::format("{} cannot be reached: {}.", host, cause.in("en")),
            fmt::format("无法连接 {}：{}。", host, cause.in("zh-CN"))});
}

Failure too_large(std::string_view name, std::int64_t size_mb_max) {
    return fail(ErrorKind::too_large, "fetch.too_large",
        {fmt::format("{} is larger than {} MB, the limit that is set for this source.", name, size_mb_max),
            fmt::format("{} 超过该数据源设定的上限 {} MB。", name, size_mb_max)});
}

Failure login_refused(std::string_view host) {
    return fail(ErrorKind::forbidden, "fetch.login_refused",
        {fmt::format("{} refused the user name, password or key. Correct them in the settings.", host),
            fmt::format("{} 拒绝了用户名、密码或密钥，请在设置中更正。", host)});
}

} // namespace onefold::fetch
