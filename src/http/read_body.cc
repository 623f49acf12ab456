// How a connection reads the body of a request.
#include "http/connection.h"
#include "http/exchange.h"
#include "http/guard.h"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace onefold::http {

namespace beast = boost::beast;

namespace {

constexpr std::size_t read_bytes = 16 << 10;
constexpr std::size_t body_piece_bytes = 32 << 10;
constexpr std::size_t body_bytes_reserved = 64 << 10; // of what a head promises

// Whether Beast reads the same framing in a head as the guard, of a body that is not chunked.
bool is_head_of(const Exchange& exchange, std::string_view head) {
    beast::http::request_parser<beast::http::empty_body> parser;
    parser.header_limit(std::uint32_t(2 * head_bytes_max));
    parser.body_limit(boost::none);
    beast::error_code error;
    const auto used = parser.put(asio::buffer(head), error);
    return !error && used == head.size() && parser.is_header_done() && !parser.chunked() &&
           parser.content_length().value_or(0) == exchange.content_length;
}

} // namespace

asio::awaitable<int> Connection::read_body(Exchange& exchange) {
    if (exchange.is_chunked)
        co_return co_await read_chunks(exchange);
    if (!is_head_of(exchange, text_of(in_).substr(0, exchange.head_bytes)))
        co_return 400;
    in_.consume(exchange.head_bytes);
    std::string& body = exchange.incoming.body;
    const std::size_t length = exchange.content_length;
    body.reserve(std::min(length, body_bytes_reserved));
    body = text_of(in_).substr(0, length);
    in_.consume(body.size());
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t before = body.size(); before < length; before = body.size()) {
        if (before == 0 && !co_await go_on(exchange))
            co_return -1;
        expect_body(began, before);
        // Not filled beforehand: memory that nothing came for yet is not touched.
        body.resize_and_overwrite(
            std::min(length, before + body_piece_bytes), [](char*, std::size_t size) { return size; });
        const auto size = co_await wire_->read_some(asio::buffer(body.data() + before, body.size() - before));
        body.resize(before + size);
        if (size == 0)
            co_return -1;
    }
    co_return 0;
}

void Connection::expect_body(std::chrono::steady_clock::time_point began, std::size_t read) {
    state_ = State::reading;
    deadline_ = began + serving_.options.body_grace +
                std::chrono::milliseconds(read * 1000 / serving_.options.body_bytes_per_second_min);
}

// Tells a client that waits with its body for it that it may send.
asio::awaitable<bool> Connection::go_on(Exchange& exchange) {
    if (!std::exchange(exchange.expects_continue, false))
        co_return true;
    static constexpr std::string_view words = "HTTP/1.1 100 Continue\r\n\r\n";
    co_return co_await wire_->write({asio::buffer(words), asio::const_buffer{}});
}

asio::awaitable<int> Connection::read_chunks(Exchange& exchange) {
    beast::http::request_parser<beast::http::string_body> parser;
    parser.eager(true);
    parser.header_limit(std::uint32_t(2 * head_bytes_max));
    parser.body_limit(exchange.body_bytes_max.value_or(0));
    ChunkScan chunks;
    std::size_t scanned = exchange.head_bytes; // of what is in `in_`
    const auto began = std::chrono::steady_clock::now();
    std::size_t read = 0;
    while (!parser.is_done()) {
        if (chunks.look(text_of(in_).substr(scanned)) == ScanState::refused)
            co_return 400;
        beast::error_code error;
        const auto used = in_.size() > 0 ? parser.put(in_.data(), error) : 0;
        scanned = in_.size() - used;
        in_.consume(used);
        if (error == beast::http::error::body_limit)
            co_return 413;
        if (error && error != beast::http::error::need_more)
            co_return 400;
        if (parser.is_done())
            break;
        if (in_.size() == 0 && !co_await go_on(exchange))
            co_return -1;
        exchange.expects_continue = false;
        if (in_.size() > 2 * head_bytes_max + read_bytes)
            co_return 400;
        expect_body(began, read);
        const auto size = co_await wire_->read_some(in_.prepare(read_bytes));
        if (size == 0)
            co_return -1;
        in_.commit(size);
        read += size;
    }
    exchange.incoming.body = std::move(parser.get().body());
    co_return 0;
}

} // namespace onefold::http
