// `onefold demo`: a data folder is filled through the server's own doors; files are written without any folder.
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/complain.h"
#include "demo/tea.h"

#include <algorithm>
#include <cstdio>
#include <thread>
#include <unistd.h>

namespace onefold::cli {
namespace {

using namespace std::chrono_literals;
using boost::json::object;

Result<Instant> end_of(const Demo& command) {
    if (command.until)
        return parse_time(*command.until, Zone{});
    return Instant{std::chrono::floor<std::chrono::days>(runtime::make_system_clock()->now())};
}

Result<int> write(const Demo& command) {
    demo::Options options = command.options;
    options.until = TRY(end_of(command));
    const auto files = runtime::make_system_files();
    TRY(demo::write_files(*files, command.files, options));
    fmt::print("{}\n", command.files);
    return 0;
}

object request_of(const Demo& command) {
    object rates;
    for (const demo::Rate& rate : demo::rates())
        rates[rate.name] = command.options.rates.*rate.member;
    object request{
        {"customers", command.options.customers}, {"seed", command.options.seed}, {"rates", std::move(rates)}};
    if (command.until)
        request["until"] = *command.until;
    return request;
}

void show_progress(const object& status) {
    if (!isatty(STDERR_FILENO))
        return;
    fmt::print(stderr, "\r{} % ", status.at("percent").as_int64());
    std::fflush(stderr);
}

Result<int> fill(const Demo& command, std::string_view locale) {
    const auto client = TRY(connect(command.folder, Locale(locale)));
    object status = TRY(client->call(http::Method::post, "/api/v1/sample", request_of(command)));
    while (status.at("state").as_string() == "running") {
        show_progress(status);
        std::this_thread::sleep_for(100ms);
        status = TRY(client->call(http::Method::get, "/api/v1/sample"));
    }
    if (isatty(STDERR_FILENO))
        fmt::print(stderr, "\n");
    if (const auto& trouble = status.at("trouble"); trouble.is_string()) {
        fmt::print(stderr, "{}\n", std::string_view(trouble.get_string()));
        return 1;
    }
    fmt::print("{}\n", boost::json::serialize(object{{"customers", command.options.customers},
                           {"imports", status.at("imports").as_array().size()}, {"messages", status.at("messages")}}));
    return 0;
}

} // namespace

std::string option_of(const demo::Rate& rate) {
    std::string option = "--" + std::string(rate.name);
    std::ranges::replace(option, '_', '-');
    return option;
}

int run(const Demo& command, std::string_view locale) {
    const auto done = command.files.empty() ? fill(command, locale) : write(command);
    return done ? *done : complain(done.error(), locale);
}

int run(const WriteTea& command, std::string_view locale) {
    const auto files = runtime::make_system_files();
    const auto done =
        demo::write_tea_files(*files, command.files, {.customers = command.customers, .seed = command.seed});
    if (!done)
        return complain(done.error(), locale);
    fmt::print("{}\n", command.files);
    return 0;
}

} // namespace onefold::cli
