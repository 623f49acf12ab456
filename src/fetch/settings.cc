#include "fetch/settings.h"

#include "core/text.h"
#include "fetch/schedule.h"
#include "fetch/web_address.h"
#include "runtime/folder_beneath.h"

namespace onefold::fetch {
namespace {

bool is_one_line(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_text(std::string_view text) {
    return std::ranges::none_of(
        text, [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f; });
}

bool is_host(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '.' || c == '-' || c == ':' ||
               c == '_';
    });
}

Result<> check_range(std::string_view path, std::int64_t value, std::int64_t least, std::int64_t most) {
    if (value >= least && value <= most)
        return {};
    return bad_setting(
        path, {fmt::format("It is {} to {}.", least, most), fmt::format("应为 {} 至 {}。", least, most)});
}

Result<> check_lines(const Settings& settings) {
    const std::pair<std::string_view, const std::string*> lines[]{{"/folder", &settings.folder},
        {"/host", &settings.host}, {"/login", &settings.login}, {"/pattern", &settings.pattern}};
    for (const auto& [path, text] : lines)
        if (!is_one_line(*text) || !is_valid_utf8(*text))
            return bad_setting(
                path, {"It has a line break or another sign that is not seen.", "含有换行或不可见字符。"});
    return {};
}

// In bytes: a sign may have several.
Result<> check_secrets(const SettingsEdit& edit) {
    struct Secret {
        std::string_view path;
        const std::optional<std::string>& text;
        std::size_t bytes_max;
    };
    const Secret secrets[]{{"/password", edit.password, secret_bytes_max},
        {"/private_key", edit.private_key, private_key_bytes_max}, {"/passphrase", edit.passphrase, secret_bytes_max}};
    for (const auto& [path, text, bytes_max] : secrets) {
        if (text && text->size() > bytes_max)
            return bad_setting(path,
                {fmt::format("It has {} bytes at most.", bytes_max), fmt::format("不能超过 {} 字节。", bytes_max)});
        if (text && (!is_text(*text) || !is_valid_utf8(*text)))
            return bad_setting(path, {"It has a sign that is not seen.", "含有不可见字符。"});
    }
    return {};
}

Result<> check_place(Settings& settings) {
    const bool is_needed = settings.is_on;
    switch (settings.place) {
    case PlaceKind::folder:
        if (settings.folder.empty() && !is_needed)
            return {};
        settings.folder = runtime::plain_path(settings.folder);
        if (settings.folder.empty())
            return bad_setting("/folder", {"Write the whole path of the folder, from /, without \"..\".",
                                              "请填写以 / 开头的完整目录路径，不含“..”。"});
        return {};
    case PlaceKind::https: {
        if (settings.url.empty() && !is_needed)
            return {};
        const auto address = parse_web_address(settings.url);
        if (!address)
            return bad_setting("/url", address.error().message);
        settings.url = address->url;
        return {};
    }
    case PlaceKind::sftp:
        if (settings.host.empty() && !is_needed)
            return {};
        if (!is_host(settings.host))
            return bad_setting(
                "/host", {"Name the SFTP server, as sftp.example.com.", "请填写 SFTP 服务器，例如 sftp.example.com。"});
        if (settings.login.empty())
            return bad_setting("/login", {"SFTP needs a user.", "SFTP 需要用户名。"});
    }
    return {};
}

} // namespace

Failure bad_setting(std::string_view path, LocalText message) {
    return fail(
        ErrorKind::invalid, "fetch.bad_settings", message, {{std::string(path), "fetch.bad_settings", message}});
}

Result<Settings> edited(const Settings& before, const SettingsEdit& edit) {
    Settings after = before;
    const auto set = [](auto& to, const auto& from) {
        if (from)
            to = *from;
    };
    set(after.place, edit.place);
    set(after.ca_certificates, edit.ca_certificates);
    set(after.port, edit.port);
    set(after.every_minutes, edit.every_minutes);
    set(after.steady_s, edit.steady_s);
    set(after.size_mb_max, edit.size_mb_max);
    set(after.is_on, edit.is_on);
    const std::pair<std::string Settings::*, const std::optional<std::string>*> texts[]{
        {&Settings::folder, &edit.folder}, {&Settings::url, &edit.url}, {&Settings::host, &edit.host},
        {&Settings::login, &edit.login}, {&Settings::pattern, &edit.pattern}};
    for (const auto& [member, text] : texts)
        if (*text)
            after.*member = std::string(trimmed(**text));
    if (edit.daily_at)
        after.daily_at = edit.daily_at->empty() ? std::nullopt : edit.daily_at;
    if (after.pattern.empty())
        after.pattern = "*";
    TRY(check_lines(after));
    TRY(check_secrets(edit));
    TRY(check_range("/port", after.port, 1, 65'535));
    TRY(check_range("/every_minutes", after.every_minutes, 1, 10'080));
    TRY(check_range("/steady_s", after.steady_s, 1, 3'600));
    TRY(check_range("/size_mb_max", after.size_mb_max, 1, 8'192));
    if (after.daily_at && !parse_time_of_day(*after.daily_at))
        return bad_setting("/daily_at", {"The time of day is written as 03:30.", "时间应写作 03:30。"});
    if (after.ca_certificates.size() > ca_bytes_max || !is_text(after.ca_certificates) ||
        (!after.ca_certificates.empty() &&
            after.ca_certificates.find("-----BEGIN CERTIFICATE-----") == std::string::npos))
        return bad_setting("/ca_certificates",
            {"Paste certificates in PEM, of 12 KiB at most.", "请粘贴 PEM 格式的证书，不超过 12 KiB。"});
    TRY(check_place(after));
    return after;
}

bool is_same_place(const Settings& before, const Settings& after) {
    if (before.place != after.place || before.login != after.login)
        return false;
    if (after.place == PlaceKind::https) {
        const auto old_address = parse_web_address(before.url), new_address = parse_web_address(after.url);
        return old_address && new_address && old_address->origin() == new_address->origin();
    }
    return after.place == PlaceKind::folder || (before.host == after.host && before.port == after.port);
}

std::string context_of(SourceId id, std::string_view what, const Settings& settings) {
    std::string where;
    if (settings.place == PlaceKind::sftp)
        where = fmt::format("{}:{}", settings.host, settings.port);
    else if (const auto address = parse_web_address(settings.url); address && settings.place == PlaceKind::https)
        where = address->origin();
    return fmt::format("{}|{}|{}|{}|{}", id.value, what, int(settings.place), where, settings.login);
}

} // namespace onefold::fetch
