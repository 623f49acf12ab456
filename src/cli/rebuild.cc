// `onefold rebuild WHAT`: what is derived is made a second time beside what is there, compared, and put in its place.
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

int show_outcome(const object& rebuilt) {
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

// `before` is what the status told of the last rebuild, so that ours is known from it.
Result<int> follow(Client& client, const boost::json::value& before) {
    for (;;) {
        const object status = TRY(client.call(http::Method::get, "/api/v1/columns"));
        const auto& rebuilt = status.at("last_rebuilt");
        if (rebuilt.is_object() && rebuilt != before)
            return show_outcome(rebuilt.get_object());
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

Result<int> rebuild(const Rebuild& command, std::string_view locale) {
    const auto client = TRY(connect(command.folder, Locale(locale)));
    const object status = TRY(wait_until_open(*client));
    TRY(client->call(http::Method::post, "/api/v1/columns/rebuild"));
    return follow(*client, status.at("last_rebuilt"));
}

} // namespace

int run(const Rebuild& command, std::string_view locale) {
    const auto done = rebuild(command, locale);
    if (done)
        return *done;
    fmt::print(stderr, "{}\n", done.error().message.in(locale));
    return done.error().kind == ErrorKind::invalid ? 2 : 1;
}

} // namespace onefold::cli
