#include "cli/client.h"
#include "cli/commands.h"
#include "cli/complain.h"
#include "core/text.h"

#include <charconv>
#include <cstdio>

namespace onefold::cli {
namespace {

using namespace std::chrono_literals;
using boost::json::object;

constexpr std::chrono::seconds wait_max = 30min, put_away_max = 30s;
constexpr std::size_t file_bytes_max = 64 << 10;
constexpr std::string_view sftp_scheme = "sftp://", home = "/~";

Failure bad_place(const std::string& text) {
    return fail(ErrorKind::invalid, "cli.bad_place",
        {fmt::format("{} is no folder, https:// or sftp://user@host:port/folder.", text),
            fmt::format("{} 不是目录、https:// 或 sftp://用户@主机:端口/目录。", text)});
}

Result<object> sftp_of(const std::string& text) {
    std::string_view rest = std::string_view(text).substr(sftp_scheme.size());
    const auto slash = rest.find('/');
    std::string_view folder = slash == rest.npos ? "" : rest.substr(slash), who = rest.substr(0, slash);
    if (folder == home || folder.starts_with("/~/"))
        folder.remove_prefix(std::min(folder.size(), home.size() + 1));
    const auto at = who.rfind('@'), colon = who.rfind(':');
    if (at == who.npos || at == 0)
        return bad_place(text);
    std::int64_t port = 22;
    std::string_view host = who.substr(at + 1);
    if (colon != who.npos && colon > at) {
        host = who.substr(at + 1, colon - at - 1);
        const auto digits = who.substr(colon + 1);
        if (std::from_chars(digits.data(), digits.data() + digits.size(), port).ec != std::errc{})
            return bad_place(text);
    }
    return object{{"place", "sftp"}, {"host", host}, {"port", port}, {"login", who.substr(0, at)}, {"folder", folder}};
}

Result<object> place_of(const std::string& text) {
    if (text.starts_with("https://"))
        return object{{"place", "https"}, {"url", text}};
    if (text.starts_with(sftp_scheme))
        return sftp_of(text);
    if (text.starts_with('/'))
        return object{{"place", "folder"}, {"folder", text}};
    return bad_place(text);
}

Result<> put_file(object& json, std::string_view name, const std::optional<std::string>& path) {
    if (!path)
        return {};
    const auto text = runtime::make_system_files()->read_all(*path, file_bytes_max);
    if (!text)
        return fail(ErrorKind::invalid, "cli.no_such_file",
            {fmt::format("The file {} cannot be read.", *path), fmt::format("无法读取文件 {}。", *path)});
    json[name] = name == "private_key" || name == "ca_certificates" ? *text : std::string(trimmed(*text));
    return {};
}

Result<object> wish_of(const FetchSource& command) {
    object wish;
    if (command.from)
        wish = TRY(place_of(*command.from));
    TRY(put_file(wish, "password", command.password_file));
    TRY(put_file(wish, "private_key", command.key_file));
    TRY(put_file(wish, "passphrase", command.passphrase_file));
    TRY(put_file(wish, "ca_certificates", command.ca_file));
    if (command.pattern)
        wish["pattern"] = *command.pattern;
    if (command.daily)
        wish["daily_at"] = *command.daily;
    if (command.every_minutes) {
        wish["every_minutes"] = *command.every_minutes;
        wish["daily_at"] = "";
    }
    if (command.steady_s)
        wish["steady_s"] = *command.steady_s;
    if (command.size_mb_max)
        wish["size_mb_max"] = *command.size_mb_max;
    if (command.is_paused || command.is_resumed || command.from)
        wish["is_on"] = !command.is_paused;
    return wish;
}

std::string text_in(const object& json, std::string_view name) {
    const auto* found = json.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

Result<std::string> path_of(Client& client, const std::string& name) {
    const object list = TRY(client.call(http::Method::get, "/api/v1/sources"));
    for (const auto& source : list.at("items").as_array())
        if (text_in(source.as_object(), "name") == name)
            return "/api/v1/sources/" + text_in(source.as_object(), "id");
    return fail(ErrorKind::not_found, "cli.no_such_source",
        {fmt::format("There is no source \"{}\".", name), fmt::format("没有名为“{}”的来源。", name)});
}

bool is_open(const boost::json::value& file) {
    const std::string state = text_in(file.as_object(), "state");
    return state == "taken" || state == "importing";
}
bool is_to_be_moved(const boost::json::value& file) {
    return text_in(file.as_object(), "lies") == "there" && text_in(file.as_object(), "state") != "waiting";
}

// Until the look is over, also the second one at what was still being written, and what it took is imported and put
// away. What cannot be put away now is tried again at the next look.
Result<object> look(Client& client, const std::string& path) {
    TRY(client.call(http::Method::post, path + "/fetch/look"));
    const auto until = std::chrono::steady_clock::now() + wait_max;
    for (auto put_away_until = until;;) {
        std::this_thread::sleep_for(200ms);
        const object now = TRY(client.call(http::Method::get, path + "/fetch"));
        const object files = TRY(client.call(http::Method::get, path + "/fetched_files"));
        const auto* last = now.if_contains("last_look");
        const bool has_looked =
            last && last->is_object() && text_in(last->get_object(), "error_code").empty(); // without an error
        const bool is_unsteady = has_looked && last->at("unsteady").as_int64() > 0;
        const auto& all = files.at("items").as_array();
        const bool is_over = !now.at("is_looking").as_bool() && !is_unsteady && std::ranges::none_of(all, is_open);
        if (is_over && !(has_looked && std::ranges::any_of(all, is_to_be_moved)))
            return now;
        const auto moment = std::chrono::steady_clock::now();
        put_away_until = is_over ? std::min(put_away_until, moment + put_away_max) : until;
        if (moment > put_away_until)
            return now;
    }
}

std::string where_of(const object& fetch) {
    const std::string place = text_in(fetch, "place"), folder = text_in(fetch, "folder");
    if (place == "https")
        return text_in(fetch, "url");
    if (place == "folder")
        return folder.empty() ? "-" : folder;
    return fmt::format("sftp://{}@{}:{}{}{}", text_in(fetch, "login"), text_in(fetch, "host"),
        fetch.at("port").as_int64(), folder.starts_with('/') ? "" : "/~/", folder);
}

Result<int> print(Client& client, const std::string& path, const object& fetch) {
    const std::string daily = text_in(fetch, "daily_at");
    fmt::print("{} {} {}\n", where_of(fetch), fetch.at("is_on").as_bool() ? "on" : "paused",
        daily.empty() ? fmt::format("every {} min", fetch.at("every_minutes").as_int64()) : "daily " + daily);
    for (const char* name : {"host_key", "host_key_offered"})
        if (const std::string key = text_in(fetch, name); !key.empty())
            fmt::print("{} {}\n", name, key);
    const object files = TRY(client.call(http::Method::get, path + "/fetched_files"));
    for (const auto& item : files.at("items").as_array()) {
        const object& file = item.as_object();
        fmt::print("{} {} {} {}\n", text_in(file, "state"), text_in(file, "lies"), text_in(file, "name"),
            text_in(file, "reason"));
    }
    const auto* last = fetch.if_contains("last_look");
    const std::string error = last && last->is_object() ? text_in(last->get_object(), "error") : "";
    if (!error.empty())
        fmt::print(stderr, "{}\n", error);
    return error.empty() ? 0 : 1;
}

Result<int> fetch(Client& client, const FetchSource& command, const object& wish) {
    const std::string path = TRY(path_of(client, command.name));
    object now = TRY(client.call(http::Method::get, path + "/fetch"));
    if (!wish.empty())
        now = TRY(client.change(path + "/fetch", now.at("version").as_int64(), wish));
    if (command.trusted_key)
        now = TRY(client.call(http::Method::post, path + "/fetch/trust", {{"host_key", *command.trusted_key}}));
    if (command.is_look)
        now = TRY(look(client, path));
    return print(client, path, now);
}

} // namespace

int run(const FetchSource& command, std::string_view locale) {
    const auto wish = wish_of(command);
    if (!wish)
        return complain(wish.error(), locale);
    auto client = connect(command.folder, Locale(locale));
    if (!client)
        return complain(client.error(), locale);
    const auto done = fetch(**client, command, *wish);
    return done ? *done : complain(done.error(), locale);
}

} // namespace onefold::cli
