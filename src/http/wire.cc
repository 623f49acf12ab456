#include "http/wire.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <linux/sockios.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>

namespace onefold::http {

namespace {

std::size_t untaken_of(int descriptor) {
    int bytes = 0;
    return ::ioctl(descriptor, SIOCOUTQ, &bytes) == 0 ? std::size_t(std::max(bytes, 0)) : 0;
}

// `written` moves with each piece that the system takes, so that `untaken` is never of more.
template <class Stream>
asio::awaitable<bool> write_all(Stream& stream, std::array<asio::const_buffer, 2> bytes, std::uint64_t& written) {
    boost::system::error_code error;
    while (bytes[0].size() + bytes[1].size() > 0) {
        const auto count = co_await stream.async_write_some(bytes, asio::redirect_error(asio::use_awaitable, error));
        if (error)
            co_return false;
        written += count;
        const auto of_first = std::min(count, bytes[0].size());
        bytes[0] += of_first;
        bytes[1] += count - of_first;
    }
    co_return true;
}

template <class Socket>
void reset_socket(Socket& socket) {
    boost::system::error_code error;
    socket.set_option(asio::socket_base::linger(true, 0), error);
    socket.close(error);
}

class PlainWire final : public Wire {
  public:
    explicit PlainWire(Socket socket) : socket_(std::move(socket)) {}

    asio::awaitable<bool> handshake() override { co_return true; }
    asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override {
        return socket_.async_read_some(into, asio::redirect_error(asio::use_awaitable, read_error_));
    }
    asio::awaitable<bool> write(std::array<asio::const_buffer, 2> bytes) override {
        return write_all(socket_, bytes, written_);
    }
    std::size_t untaken() const override { return untaken_of(const_cast<Socket&>(socket_).native_handle()); }
    std::uint64_t taken() const override { return written_ - std::min<std::uint64_t>(untaken(), written_); }
    asio::awaitable<void> end() override {
        boost::system::error_code error;
        socket_.shutdown(Socket::shutdown_send, error);
        co_return;
    }
    void close() override {
        boost::system::error_code error;
        socket_.close(error);
    }
    void reset() override { reset_socket(socket_); }

  private:
    Socket socket_;
    std::uint64_t written_ = 0;
    boost::system::error_code read_error_;
};

class TlsWire final : public Wire {
  public:
    TlsWire(Socket socket, std::shared_ptr<asio::ssl::context> context)
        : context_(std::move(context)), stream_(std::move(socket), *context_) {}

    asio::awaitable<bool> handshake() override {
        boost::system::error_code error;
        co_await stream_.async_handshake(
            asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
        co_return !error;
    }
    asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override {
        return stream_.async_read_some(into, asio::redirect_error(asio::use_awaitable, read_error_));
    }
    asio::awaitable<bool> write(std::array<asio::const_buffer, 2> bytes) override {
        return write_all(stream_, bytes, written_);
    }
    std::size_t untaken() const override {
        return untaken_of(const_cast<asio::ssl::stream<Socket>&>(stream_).lowest_layer().native_handle());
    }
    std::uint64_t taken() const override { return written_ - std::min<std::uint64_t>(untaken(), written_); }
    asio::awaitable<void> end() override {
        boost::system::error_code error;
        co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
    }
    void close() override {
        boost::system::error_code error;
        stream_.lowest_layer().close(error);
    }
    void reset() override { reset_socket(stream_.lowest_layer()); }

  private:
    std::shared_ptr<asio::ssl::context> context_;
    asio::ssl::stream<Socket> stream_;
    std::uint64_t written_ = 0;
    boost::system::error_code read_error_;
};

// We speak HTTP/1.1 only, and say so to who asks.
int choose_protocol(
    SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size, void*) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    return SSL_select_next_proto(const_cast<unsigned char**>(out), out_size, ours, sizeof ours - 1, in, in_size) ==
                   OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_NOACK;
}

} // namespace

std::unique_ptr<Wire> make_plain_wire(Wire::Socket socket) {
    return std::make_unique<PlainWire>(std::move(socket));
}

std::unique_ptr<Wire> make_tls_wire(Wire::Socket socket, std::shared_ptr<asio::ssl::context> context) {
    return std::make_unique<TlsWire>(std::move(socket), std::move(context));
}

Certificate::Certificate(std::string certificate_file, std::string key_file)
    : certificate_file_(std::move(certificate_file)), key_file_(std::move(key_file)) {}

Certificate::Times Certificate::times() const {
    std::error_code error;
    return {
        std::filesystem::last_write_time(certificate_file_, error), std::filesystem::last_write_time(key_file_, error)};
}

Result<> Certificate::load() {
    const auto seen = times();
    loaded_ = seen;
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    boost::system::error_code error;
    context->use_certificate_chain_file(certificate_file_, error);
    std::string file = certificate_file_;
    if (!error) {
        file = key_file_;
        context->use_private_key_file(key_file_, asio::ssl::context::pem, error);
    }
    auto* native = context->native_handle();
    if (!error && SSL_CTX_check_private_key(native) != 1)
        error = boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    if (error)
        return fail(ErrorKind::invalid, "http.bad_certificate",
            {fmt::format("The certificate and key cannot be used: {}: {}.", file, error.message()),
                fmt::format("证书和私钥无法使用：{}：{}。", file, error.message())});
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
    context_ = std::move(context);
    return {};
}

std::shared_ptr<asio::ssl::context> Certificate::current() {
    if (times() != loaded_)
        if (auto loaded = load(); !loaded)
            spdlog::error("the old certificate stays: {}", loaded.error().message.in("en"));
    return context_;
}

} // namespace onefold::http
