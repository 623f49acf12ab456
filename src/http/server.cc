#include "http/server.h"

#include "http/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace onefold::http {

using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;

namespace {

constexpr int backlog = 4'096;
constexpr int accepted_at_once_max = 64;
constexpr std::chrono::milliseconds sweep_period_max{500};
constexpr std::size_t turned_away_max = 400; // connections beyond the limit at a time; more are closed
constexpr int unsent_bytes_max =
    128 << 10; // of an answer in the system; the rest waits here, where its pace is watched
constexpr std::chrono::milliseconds pause_without_descriptors{100};

Failure cannot_listen(std::string_view where, std::string_view reason) {
    return fail(ErrorKind::unavailable, "http.cannot_listen",
        {fmt::format("Cannot listen on {}: {}.", where, reason), fmt::format("无法监听 {}：{}。", where, reason)});
}

Result<Tcp::acceptor> listen_tcp(asio::io_context& context, const Options& options) {
    boost::system::error_code error;
    const auto where = fmt::format("{}:{}", options.address, options.port);
    const auto address = asio::ip::make_address(options.address, error);
    if (error)
        return cannot_listen(where, error.message());
    const Tcp::endpoint endpoint(address, static_cast<unsigned short>(options.port));
    Tcp::acceptor acceptor(context);
    acceptor.open(endpoint.protocol(), error);
    if (!error)
        acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error)
        acceptor.bind(endpoint, error);
    if (!error)
        acceptor.listen(backlog, error);
    if (error)
        return cannot_listen(where, error.message());
    return acceptor;
}

// A socket's name has at most 107 bytes, a folder's descriptor makes any path short. The mode that a socket has before
// bind is the mode of its file, so that there is no moment in which others could connect.
Result<Local::acceptor> listen_unix(asio::io_context& context, const std::string& path) {
    const std::filesystem::path whole(path);
    const auto folder = whole.has_parent_path() ? whole.parent_path().string() : ".";
    const int folder_fd = open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder_fd < 0)
        return cannot_listen(path, std::strerror(errno));
    const auto name = fmt::format("/proc/self/fd/{}/{}", folder_fd, whole.filename().string());
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    int fd = -1;
    int failure = ENAMETOOLONG;
    if (name.size() < sizeof address.sun_path) {
        std::copy(name.begin(), name.end(), address.sun_path);
        struct stat before{};
        if (lstat(name.c_str(), &before) == 0 && S_ISSOCK(before.st_mode))
            unlink(name.c_str());
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        const bool is_listening = fd >= 0 && fchmod(fd, 0600) == 0 &&
                                  bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                                  listen(fd, backlog) == 0;
        failure = is_listening ? 0 : errno;
    }
    close(folder_fd);
    if (failure != 0) {
        if (fd >= 0)
            close(fd);
        return cannot_listen(path, std::strerror(failure));
    }
    return Local::acceptor(context, Local(), fd);
}

std::string text_of(asio::ip::address address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

} // namespace

struct Server::Parts {
    Parts(Contract& contract, const StaticFiles& files, Options options)
        : serving{contract, files, options,
              Workers({options.workers, options.queue_max, options.queue_bytes_max, options.queue_wait_expected_max,
                  options.queue_wait_max}),
              !options.certificate_file.empty()} {
        for (int i = 0; i < std::max(1, options.io_threads); ++i)
            io.push_back(std::make_unique<IoThread>());
    }

    IoThread& next_io() { return *io[turn++ % io.size()]; }
    std::optional<Admission> admit();
    void begin(IoThread& on, Wire::Socket socket, std::string address, Origin origin, Admission admission);
    template <class Acceptor, class Begin>
    asio::awaitable<void> accept(Acceptor& acceptor, Begin begin_one);
    asio::awaitable<void> accept_tcp();
    asio::awaitable<void> accept_local();
    asio::awaitable<void> pause();
    asio::awaitable<void> sweep(IoThread& on);
    void run();
    void on_each_thread(void (*visit)(Parts&, IoThread&));
    bool wait_until_empty(std::chrono::milliseconds timeout) const;
    void stop();

    Serving serving; // outlives the connections, which end with the contexts
    std::vector<std::unique_ptr<IoThread>> io;
    std::unique_ptr<Certificate> certificate;
    std::optional<Tcp::acceptor> tcp;
    std::optional<Local::acceptor> local;
    std::size_t turn = 0;
    int port = 0;
    std::vector<std::thread> threads;
    bool is_stopped = false;
};

// Nothing where there are too many also to say so.
std::optional<Admission> Server::Parts::admit() {
    ++serving.accepted;
    const auto held = std::size_t(serving.connections);
    if (held < serving.options.connections_max)
        return Admission::whole;
    return held < serving.options.connections_max + turned_away_max ? std::optional(Admission::turned_away)
                                                                    : std::nullopt;
}

void Server::Parts::begin(IoThread& on, Wire::Socket socket, std::string address, Origin origin, Admission admission) {
    auto wire = certificate && origin == Origin::network ? make_tls_wire(std::move(socket), certificate->current())
                                                         : make_plain_wire(std::move(socket));
    asio::post(
        on.context, [this, &on, wire = std::move(wire), address = std::move(address), origin, admission]() mutable {
            std::make_shared<Connection>(serving, on, std::move(wire), std::move(address), origin, admission)->begin();
        });
}

// Where there are no more descriptors, somebody else must go first.
asio::awaitable<void> Server::Parts::pause() {
    asio::steady_timer timer(io.front()->context, pause_without_descriptors);
    co_await timer.async_wait(asio::use_awaitable);
}

// Takes what waits at the door, many at a time: where requests crowd, the turn comes seldom.
template <class Acceptor, class Begin>
asio::awaitable<void> Server::Parts::accept(Acceptor& acceptor, Begin begin_one) {
    boost::system::error_code error;
    acceptor.non_blocking(true, error);
    while (acceptor.is_open() && !serving.is_stopping) {
        co_await acceptor.async_wait(Acceptor::wait_read, asio::redirect_error(asio::use_awaitable, error));
        for (int i = 0; i < accepted_at_once_max && !error && !serving.is_stopping; ++i) {
            auto& on = next_io();
            typename Acceptor::protocol_type::socket socket(on.context);
            typename Acceptor::endpoint_type peer;
            acceptor.accept(socket, peer, error);
            if (const auto admission = error ? std::nullopt : admit())
                begin_one(on, std::move(socket), peer, *admission);
        }
        if (error == asio::error::operation_aborted)
            co_return;
        if (error && error != asio::error::would_block)
            co_await pause();
    }
}

asio::awaitable<void> Server::Parts::accept_tcp() {
    return accept(*tcp, [this](IoThread& on, Tcp::socket socket, const Tcp::endpoint& peer, Admission admission) {
        boost::system::error_code error;
        socket.set_option(Tcp::no_delay(true), error);
        socket.set_option(
            asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>(unsent_bytes_max), error);
        begin(on, std::move(socket), text_of(peer.address()), Origin::network, admission);
    });
}

asio::awaitable<void> Server::Parts::accept_local() {
    return accept(*local, [this](IoThread& on, Local::socket socket, const Local::endpoint&, Admission admission) {
        begin(on, std::move(socket), {}, Origin::unix_socket, admission);
    });
}

asio::awaitable<void> Server::Parts::sweep(IoThread& on) {
    const auto& options = serving.options;
    const auto shortest = std::min({options.head_timeout, options.idle_timeout, options.body_grace});
    const auto period = std::clamp(shortest / 4, std::chrono::milliseconds(5), sweep_period_max);
    asio::steady_timer timer(on.context);
    while (true) {
        timer.expires_after(period);
        co_await timer.async_wait(asio::use_awaitable);
        const auto now = std::chrono::steady_clock::now();
        const std::vector<Connection*> all(on.connections.begin(), on.connections.end());
        for (auto* connection : all)
            connection->close_if_late(now);
    }
}

void Server::Parts::run() {
    if (tcp)
        asio::co_spawn(io.front()->context, accept_tcp(), asio::detached);
    if (local)
        asio::co_spawn(io.front()->context, accept_local(), asio::detached);
    for (auto& one : io) {
        asio::co_spawn(one->context, sweep(*one), asio::detached);
        threads.emplace_back([&context = one->context] { context.run(); });
    }
}

void Server::Parts::on_each_thread(void (*visit)(Parts&, IoThread&)) {
    for (auto& one : io)
        asio::post(one->context, [this, visit, &on = *one] { visit(*this, on); });
}

bool Server::Parts::wait_until_empty(std::chrono::milliseconds timeout) const {
    const auto until = std::chrono::steady_clock::now() + timeout;
    while (serving.connections > 0 && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return serving.connections == 0;
}

void Server::Parts::stop() {
    if (std::exchange(is_stopped, true))
        return;
    serving.is_stopping = true;
    on_each_thread([](Parts& parts, IoThread& on) {
        boost::system::error_code error;
        if (&on == parts.io.front().get()) {
            if (parts.tcp)
                parts.tcp->close(error);
            if (parts.local)
                parts.local->close(error);
        }
        const std::vector<Connection*> all(on.connections.begin(), on.connections.end());
        for (auto* connection : all)
            connection->stop();
    });
    if (!wait_until_empty(serving.options.stop_timeout)) {
        spdlog::warn("stopping: {} connections are cut", serving.connections.load());
        on_each_thread([](Parts&, IoThread& on) {
            const std::vector<Connection*> all(on.connections.begin(), on.connections.end());
            for (auto* connection : all)
                connection->abort();
        });
        wait_until_empty(std::chrono::milliseconds(500));
    }
    for (auto& one : io)
        one->context.stop();
    for (auto& thread : threads)
        thread.join();
    if (local)
        unlink(serving.options.unix_socket.c_str());
}

std::size_t connections_max_of(std::uint64_t descriptors_max) {
    constexpr std::uint64_t others = 1'600, most = 50'000; // of small memory each, but of some
    return std::size_t(std::min(descriptors_max - std::min(others, descriptors_max / 4), most));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
    stop();
}

Result<std::unique_ptr<Server>> Server::start(Contract& contract, const StaticFiles& files, Options options) {
    auto parts = std::make_unique<Parts>(contract, files, options);
    parts->serving.proxies = TRY(Proxies::named(options.trusted_proxies));
    auto& first = parts->io.front()->context;
    if (parts->serving.is_encrypted) {
        parts->certificate = std::make_unique<Certificate>(options.certificate_file, options.key_file);
        TRY(parts->certificate->load());
    }
    parts->tcp = TRY(listen_tcp(first, options));
    parts->port = parts->tcp->local_endpoint().port();
    if (!options.unix_socket.empty())
        parts->local = TRY(listen_unix(first, options.unix_socket));
    parts->run();
    return std::unique_ptr<Server>(new Server(std::move(parts)));
}

int Server::port() const {
    return parts_->port;
}

void Server::stop() {
    parts_->stop();
}

ServerMetrics Server::metrics() const {
    const auto& serving = parts_->serving;
    return {serving.connections, serving.accepted, serving.heads_refused, serving.refused_by_load, serving.timeouts,
        serving.workers.queue_length()};
}

} // namespace onefold::http
