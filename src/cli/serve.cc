#include "cli/commands.h"
#include "house/house.h"
#include "http/server.h"
#include "http/static_files.h"
#include "runtime/descriptors.h"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <pthread.h>
#include <sys/stat.h>

extern "C" {
extern const char onefold_web_pack[];
extern const char onefold_web_pack_end[];
}

namespace onefold::cli {
namespace {

struct Listen {
    std::string address;
    int port = 0;
};

Result<Listen> listen_of(const std::string& text) {
    const auto colon = text.rfind(':');
    Listen listen;
    if (colon != std::string::npos && colon > 0) {
        listen.address = text.substr(0, colon);
        if (listen.address.starts_with('[') && listen.address.ends_with(']'))
            listen.address = listen.address.substr(1, listen.address.size() - 2);
        const auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), listen.port);
        if (error == std::errc{} && end == text.data() + text.size() && listen.port >= 0 && listen.port <= 65535)
            return listen;
    }
    return fail(ErrorKind::invalid, "cli.bad_listen",
        {"--listen takes ADDRESS:PORT, as 127.0.0.1:8080.", "--listen 应为 地址:端口，例如 127.0.0.1:8080。"});
}

sigset_t stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

Result<> serve(const Serve& command, std::string_view locale) {
    const Listen listen = TRY(listen_of(command.listen));
    const auto house =
        TRY(house::House::open({command.folder, command.database, command.fetch_roots, command.fetch_networks}));
    const http::StaticFiles files(
        std::span<const char>(onefold_web_pack, std::size_t(onefold_web_pack_end - onefold_web_pack)));
    http::Options options;
    options.address = listen.address;
    options.port = listen.port;
    options.certificate_file = command.certificate_file;
    options.key_file = command.key_file;
    options.unix_socket = house::socket_path(command.folder);
    options.workers = command.workers;
    options.connections_max = http::connections_max_of(runtime::raise_descriptors_max());
    options.trusted_proxies = command.trusted_proxies;
    const auto server = TRY(http::Server::start(house->contract(), files, options));
    house->watch(server.get());

    const bool is_zh = locale == "zh-CN";
    const std::string shown_address =
        listen.address.find(':') == std::string::npos ? listen.address : "[" + listen.address + "]";
    const std::string address =
        fmt::format("{}://{}:{}", command.certificate_file.empty() ? "http" : "https", shown_address, server->port());
    fmt::print("{} {}\n", is_zh ? "Onefold 已启动：" : "Onefold serves", address);
    if (const auto token = TRY(house->make_setup_token()))
        fmt::print("{} {}/setup#token={}\n",
            is_zh ? "请用此一次性链接创建第一位管理员：" : "Create the first administrator with this single-use link:",
            address, *token);
    std::fflush(stdout);

    const sigset_t signals = stop_signals();
    int signal = 0;
    sigwait(&signals, &signal);
    house->watch(nullptr);
    server->stop();
    return {};
}

} // namespace

int run(const Serve& command, std::string_view locale) {
    umask(077);
    const sigset_t signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr); // before any thread is made, so that sigwait gets them
    std::signal(SIGPIPE, SIG_IGN);
    const auto done = serve(command, locale);
    if (done)
        return 0;
    fmt::print(stderr, "{}\n", done.error().message.in(locale));
    for (const FieldError& field : done.error().fields)
        fmt::print(stderr, "  {}: {}\n", field.path, field.message.in(locale));
    return done.error().kind == ErrorKind::invalid ? 2 : 1;
}

} // namespace onefold::cli
