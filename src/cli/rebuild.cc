// `onefold rebuild WHAT`: what is derived is made a second time beside what is there, and compared; columns are then
// put in its place.
#include "cli/client.h"
#include "cli/commands.h"

#include <cstdio>
#include <thread>
#include <unistd.h>

namespace onefold::cli {
namespace {

using namespace std::chrono_literals;
using boost::json::object;

void show_progress(const object& status) {
    if (!isatty(STDERR_FILENO))
        return;
    fmt::print(stderr, "\r{} % ", status.at("percent").as_int64());
    std::fflush(stderr);
}

int show_columns(const object& rebuilt, std::string_view) {
    if (rebuilt.at("trouble").is_string()) {
        fmt::print(stderr, "{}\n", std::string_view(rebuilt.at("trouble").get_string()));
        return 1;
    }
    object last{{"events", rebuilt.at("events")}, {"took_ms", rebuilt.at("took_ms")}, {"is_compared", false}};
    std::int64_t differences = 0;
    if (const auto* comparison = rebuilt.at("comparison").if_object()) {
        for (const auto& one : comparison->at("first_differences").as_array())
            fmt::print("different: {} {}: {} rows before, {} rows now\n", std::string_view(one.at("table").as_string()),
                std::string_view(one.at("key").as_string()), one.at("live_rows").as_int64(),
                one.at("rebuilt_rows").as_int64());
        differences = comparison->at("differences").as_int64();
        last["is_compared"] = true;
        last["days"] = comparison->at("days");
        last["differences"] = differences;
    }
    fmt::print("{}\n", boost::json::serialize(last));
    return differences == 0 ? 0 : 1;
}

LocalText text_of_difference(const boost::json::value& difference) {
    const std::string_view what = difference.at("what").as_string(), key = difference.at("key").as_string(),
                           field = difference.at("field").as_string();
    const auto& live = difference.at("live");
    const auto& rebuilt = difference.at("rebuilt");
    if (field.empty() && live.is_null())
        return {fmt::format("different: {} {}: only the log tells it", what, key),
            fmt::format("不一致：{} {}：仅见于事件日志", what, key)};
    if (field.empty())
        return {fmt::format("different: {} {}: the log does not tell it", what, key),
            fmt::format("不一致：{} {}：事件日志中没有", what, key)};
    const auto quoted = [](const boost::json::value& side) {
        return side.is_null() ? std::string("-") : fmt::format("\"{}\"", std::string_view(side.as_string()));
    };
    return {fmt::format("different: {} {}: {} is {}, by the log {}", what, key, field, quoted(live), quoted(rebuilt)),
        fmt::format("不一致：{} {}：{} 现为 {}，按事件日志应为 {}", what, key, field, quoted(live), quoted(rebuilt))};
}

int show_customers(const object& rebuilt, std::string_view locale) {
    if (rebuilt.at("trouble").is_string()) {
        fmt::print(stderr, "{}\n", std::string_view(rebuilt.at("trouble").get_string()));
        return 2;
    }
    for (const auto& one : rebuilt.at("first_differences").as_array())
        fmt::print("{}\n", text_of_difference(one).in(locale));
    object compared;
    for (const auto& count : rebuilt.at("compared").as_array())
        compared[std::string_view(count.at("what").as_string())] = count.at("rebuilt");
    const std::int64_t differences = rebuilt.at("differences").as_int64();
    fmt::print("{}\n",
        boost::json::serialize(object{{"events", rebuilt.at("events")}, {"position", rebuilt.at("position")},
            {"took_ms", rebuilt.at("took_ms")}, {"compared", std::move(compared)}, {"differences", differences}}));
    return differences == 0 ? 0 : 1;
}

// Visitors who said nothing of themselves are found by their identifiers only, which are not in the index.
int show_search(const object& rebuilt, std::string_view locale) {
    const std::int64_t customers = rebuilt.at("customers").as_int64();
    fmt::print("{}\n",
        LocalText{fmt::format("customers with a name, a firm, a phone or an e-mail to be searched by: {}", customers),
            fmt::format("可按姓名、公司、电话或邮箱搜索的客户：{}", customers)}
            .in(locale));
    fmt::print("{}\n",
        boost::json::serialize(object{{"customers", rebuilt.at("customers")}, {"took_ms", rebuilt.at("took_ms")}}));
    return 0;
}

// Where a rebuild stands, and how it came out.
struct Place {
    std::string status;
    int (*show)(const object& rebuilt, std::string_view locale);
    std::string_view locale;
};

// `before` is what the status told of the last rebuild, so that ours is known from it.
Result<int> follow(Client& client, const Place& place, const boost::json::value& before) {
    for (;;) {
        const object status = TRY(client.call(http::Method::get, place.status));
        const auto& rebuilt = status.at("last_rebuilt");
        if (rebuilt.is_object() && rebuilt != before)
            return place.show(rebuilt.get_object(), place.locale);
        if (const auto* trouble = status.if_contains("trouble"); trouble && trouble->is_string()) {
            fmt::print(stderr, "{}\n", std::string_view(trouble->get_string()));
            return 1;
        }
        show_progress(status);
        std::this_thread::sleep_for(100ms);
    }
}

// A folder that was just opened has to open its columns first, else there is nothing to compare with.
Result<object> wait_until_open(Client& client) {
    for (;;) {
        object status = TRY(client.call(http::Method::get, "/api/v1/columns"));
        if (status.at("state").as_string() == "following" || !status.at("trouble").is_null())
            return status;
        std::this_thread::sleep_for(50ms);
    }
}

Result<int> rebuild_customers(Client& client, std::string_view locale) {
    const std::string path = "/api/v1/rebuilds/customers";
    const object status = TRY(client.call(http::Method::get, path));
    TRY(client.call(http::Method::post, path));
    return follow(client, {path, show_customers, locale}, status.at("last_rebuilt"));
}

Result<int> rebuild_search(Client& client, std::string_view locale) {
    const std::string path = "/api/v1/search_index";
    const object status = TRY(client.call(http::Method::get, path));
    TRY(client.call(http::Method::post, path + "/rebuild"));
    return follow(client, {path, show_search, locale}, status.at("last_rebuilt"));
}

Result<int> rebuild(const Rebuild& command, std::string_view locale) {
    const auto client = TRY(connect(command.folder, Locale(locale)));
    if (command.what == "customers")
        return rebuild_customers(*client, locale);
    if (command.what == "search")
        return rebuild_search(*client, locale);
    const object status = TRY(wait_until_open(*client));
    TRY(client->call(http::Method::post, "/api/v1/columns/rebuild"));
    return follow(*client, {"/api/v1/columns", show_columns, locale}, status.at("last_rebuilt"));
}

} // namespace

int run(const Rebuild& command, std::string_view locale) {
    const auto done = rebuild(command, locale);
    if (done)
        return *done;
    fmt::print(stderr, "{}\n", done.error().message.in(locale));
    return command.what == "customers" || done.error().kind == ErrorKind::invalid ? 2 : 1;
}

} // namespace onefold::cli
