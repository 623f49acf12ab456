// `onefold backup` and `onefold restore`. A backup is made by the server of the folder; verifying and restoring need
// none.
#include "backup/restore.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/complain.h"

#include <cstdio>
#include <filesystem>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace onefold::cli {
namespace {

using namespace std::chrono_literals;
using boost::json::object;

int misuse(const LocalText& message, std::string_view locale) {
    fmt::print(stderr, "{}\n", message.in(locale));
    return 2;
}

void show_percent(std::uint64_t done, std::uint64_t total) {
    if (!isatty(STDERR_FILENO) || total == 0)
        return;
    fmt::print(stderr, "\r{} % ", std::min<std::uint64_t>(done * 100 / total, 100));
    std::fflush(stderr);
}

std::string absolute(const std::string& path) {
    return backup::true_path(std::filesystem::absolute(path).string());
}

std::int64_t milliseconds_between(const object& made) {
    const auto at = [&](std::string_view name) {
        return parse_rfc3339(std::string_view(made.at(name).as_string())).value_or(Instant{});
    };
    return std::chrono::duration_cast<std::chrono::milliseconds>(at("ended_at") - at("started_at")).count();
}

Result<int> follow(Client& client, object made) {
    const std::string path = "/api/v1/backups/" + std::string(made.at("id").as_string());
    while (made.at("state").as_string() == "running") {
        show_percent(made.at("bytes").to_number<std::uint64_t>(), made.at("bytes_expected").to_number<std::uint64_t>());
        std::this_thread::sleep_for(50ms);
        made = TRY(client.call(http::Method::get, path));
    }
    if (made.at("state").as_string() != "whole") {
        fmt::print(stderr, "{}\n", std::string_view(made.at("error").as_string()));
        return 1;
    }
    fmt::print("{}\n", boost::json::serialize(object{{"target", made.at("target")}, {"bytes", made.at("bytes")},
                           {"events", made.at("events")}, {"position", made.at("position")},
                           {"took_ms", milliseconds_between(made)}}));
    return 0;
}

Result<int> make(const Backup& command, std::string_view locale) {
    const auto client = TRY(connect(command.folder, Locale(locale)));
    return follow(*client, TRY(client->call(http::Method::post, "/api/v1/backups",
                               {{"target", absolute(command.target)}, {"has_keys", !command.is_without_keys}})));
}

int verify(const std::string& source, std::string_view locale) {
    const auto files = runtime::make_system_files();
    const auto verified = backup::verify(*files, absolute(source), house::log_needed);
    if (!verified)
        return complain(verified.error(), locale) == 0 ? 0 : 1;
    for (const backup::Flaw& flaw : verified->flaws)
        fmt::print("{}: {}\n", flaw.file, flaw.cause.in(locale));
    const auto& manifest = verified->manifest;
    fmt::print(
        "{}\n", boost::json::serialize(object{{"is_whole", verified->flaws.empty()},
                    {"made_at", to_rfc3339(manifest.made_at)}, {"bytes", manifest.bytes()}, {"events", manifest.events},
                    {"position", to_string(manifest.end)}, {"head", manifest.head}, {"has_keys", manifest.has_keys}}));
    return verified->flaws.empty() ? 0 : 1;
}

} // namespace

int run(const Backup& command, std::string_view locale) {
    umask(077);
    if (!command.verified.empty())
        return verify(command.verified, locale);
    if (command.target.empty() || command.folder.empty())
        return misuse({"Say where to: onefold backup TARGET --data DIR, or onefold backup --verify SOURCE.",
                          "请指定目标：onefold backup TARGET --data DIR，或 onefold backup --verify SOURCE。"},
            locale);
    if (!runtime::make_system_files()->exists(command.folder + "/log"))
        return misuse(
            {fmt::format("{} is not a data folder.", command.folder), fmt::format("{} 不是数据目录。", command.folder)},
            locale);
    const auto made = make(command, locale);
    return made ? *made : complain(made.error(), locale);
}

int run(const Restore& command, std::string_view locale) {
    umask(077);
    const auto clock = runtime::make_system_clock();
    const auto random = runtime::make_system_random();
    const auto files = runtime::make_system_files();
    const auto network = runtime::make_system_network();
    backup::Restoring restoring{absolute(command.source), absolute(command.folder), command.database, {}};
    if (command.keys)
        restoring.keys = absolute(*command.keys);
    std::uint64_t done = 0, total = 0;
    if (const auto manifest = backup::read_manifest(*files, restoring.source))
        total = manifest->bytes();
    const auto restored = backup::restore(
        {*clock, *random, *files, *network}, restoring, house::log_needed, [&](std::uint64_t bytes) -> Result<> {
            show_percent(done += bytes, total);
            return {};
        });
    if (!restored)
        return complain(restored.error(), locale);
    fmt::print(
        "{}\n", boost::json::serialize(object{{"made_at", to_rfc3339(restored->made_at)}, {"bytes", restored->bytes()},
                    {"events", restored->events}, {"position", to_string(restored->end)}}));
    return 0;
}

} // namespace onefold::cli
