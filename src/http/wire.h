#pragma once
// A connection's bytes: plain (TCP, unix socket) or TLS. Used from its io thread only. Private to this room.
#include "core/result.h"

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

namespace onefold::http {

namespace asio = boost::asio;

class Wire {
  public:
    using Socket = asio::generic::stream_protocol::socket;
    virtual ~Wire() = default;
    virtual asio::awaitable<bool> handshake() = 0;
    // 0 at the end and on failure.
    virtual asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) = 0;
    virtual asio::awaitable<bool> write(std::array<asio::const_buffer, 2> bytes) = 0;
    // Bytes written that the peer has not taken yet, and all that it took. Under TLS these are a little less than
    // exact.
    virtual std::size_t untaken() const = 0;
    virtual std::uint64_t taken() const = 0;
    // Says that nothing more comes.
    virtual asio::awaitable<void> end() = 0;
    virtual void close() = 0;
    // At once, and nothing of what waits is sent any more.
    virtual void reset() = 0;
};

std::unique_ptr<Wire> make_plain_wire(Wire::Socket socket);
std::unique_ptr<Wire> make_tls_wire(Wire::Socket socket, std::shared_ptr<asio::ssl::context> context);

// The certificate and key of two files; reads them again when they change, and keeps the old ones where the new are not
// good.
class Certificate {
  public:
    Certificate(std::string certificate_file, std::string key_file);
    Result<> load();
    std::shared_ptr<asio::ssl::context> current();

  private:
    using Times = std::pair<std::filesystem::file_time_type, std::filesystem::file_time_type>;
    Times times() const;

    const std::string certificate_file_, key_file_;
    Times loaded_;
    std::shared_ptr<asio::ssl::context> context_;
};

} // namespace onefold::http
