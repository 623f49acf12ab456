#pragma once
// One connection: reads requests strictly one after the other, has them answered, writes the answers. Lives on one io
// thread. Private to this room.
#include "http/peer_pace.h"
#include "http/proxies.h"
#include "http/server.h"
#include "http/wire.h"
#include "http/workers.h"

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <unordered_set>

namespace onefold::http {

class Connection;
class LiveStream; // in stream.cc
struct Exchange;  // one request and how to answer it; in exchange.h
struct Head;

// What all connections share.
struct Serving {
    Contract& contract;
    const StaticFiles& files;
    Options options;
    Workers workers;
    bool is_encrypted;
    Proxies proxies = {};

    std::atomic<bool> is_stopping{false};
    std::atomic<std::int64_t> connections{0};
    std::atomic<std::uint64_t> accepted{0}, heads_refused{0}, refused_by_load{0}, timeouts{0};
};

struct IoThread {
    std::unordered_set<Connection*> connections; // of this thread; destroyed after the context and its coroutines
    bool is_waking_workers = false;              // it will, in a moment
    asio::io_context context{1};
};

inline std::string_view text_of(const boost::beast::flat_buffer& buffer) {
    return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

// Wakes a connection's coroutine from any thread, as long as there is one.
class Bell {
  public:
    explicit Bell(Connection& connection) : connection_(&connection) {}
    void ring();
    void detach();

  private:
    std::mutex mutex_;
    Connection* connection_;
};

// An answer on its way from any thread to its connection.
class Pending {
  public:
    explicit Pending(std::shared_ptr<Bell> bell) : bell_(std::move(bell)) {}
    void answer(Outgoing outgoing); // the first counts
    // The answer, or nothing: then the bell rings when it is there.
    std::optional<Outgoing> take_or_await();

  private:
    std::mutex mutex_;
    std::shared_ptr<Bell> bell_;
    std::optional<Outgoing> outgoing_;
    bool is_answered_ = false;
    bool is_awaited_ = false;
};

enum class Origin { network, unix_socket };
enum class Admission { whole, turned_away }; // turned_away: gets 503, since there are enough already

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(Serving& serving, IoThread& io, std::unique_ptr<Wire> wire, std::string address, Origin origin,
        Admission admission);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // The whole life of the connection, begun on its io thread.
    void begin();

    void close_if_late(std::chrono::steady_clock::time_point now);
    void stop();  // at once where nothing runs, else after the answer
    void abort(); // at once; what was written is still sent

  private:
    friend class Bell;
    enum class State { idle, reading, working, writing, streaming };
    enum class Next { request, close };

    static asio::awaitable<void> live(std::shared_ptr<Connection> self);
    asio::awaitable<Next> serve_one();
    asio::awaitable<Next> answer(Exchange& exchange);
    asio::awaitable<std::size_t> read_head(); // 0: the peer has gone; beyond head_bytes_max: refused
    asio::awaitable<int> read_body(
        Exchange& exchange); // 0, or the status to refuse with, or -1 where the peer has gone
    asio::awaitable<int> read_chunks(Exchange& exchange); // likewise
    asio::awaitable<bool> go_on(Exchange& exchange);      // false where the peer has gone
    void expect_body(std::chrono::steady_clock::time_point began, std::size_t read);
    asio::awaitable<Outgoing> wait_for(std::shared_ptr<Pending> pending);
    asio::awaitable<Outgoing> answer_of(Exchange& exchange);
    asio::awaitable<Next> stream(Exchange& exchange);
    static asio::awaitable<void> watch_peer(std::shared_ptr<Connection> self, std::shared_ptr<LiveStream> stream);
    asio::awaitable<bool> wait_for_ring(std::chrono::steady_clock::time_point until); // false: nothing came
    asio::awaitable<Next> write_answer(Exchange& exchange, const Outgoing& outgoing);
    asio::awaitable<Next> write_static(Exchange& exchange, const StaticAnswer& answer);
    asio::awaitable<Next> write(Exchange& exchange, std::string head, std::string_view body);
    asio::awaitable<Next> write_file(Exchange& exchange, const Outgoing& outgoing, const FilePart& part);
    // Nothing where it cannot be read, or less than `size` is there.
    asio::awaitable<std::optional<std::string>> read_piece(
        const FilePart& part, std::uint64_t offset, std::size_t size);
    asio::awaitable<bool> write_piece(std::string_view first, std::string_view piece);
    bool takes_in_time(std::chrono::steady_clock::time_point now);
    asio::awaitable<bool> write_pieces(std::string_view first, std::string_view body);
    asio::awaitable<void> linger();

    Exchange exchange_of(const Head& head, std::size_t head_bytes) const;
    bool tells_handler(const Exchange& exchange) const;
    std::string client_of(const Incoming& incoming) const;
    std::string head_of(const Exchange& exchange, int status,
        const std::vector<std::pair<std::string, std::string>>& headers, std::optional<std::size_t> size) const;
    void enter(State state, std::chrono::milliseconds timeout);
    void submit(Exchange& exchange, std::shared_ptr<Pending> pending);
    bool hand_over(Workers::Job& job); // false where there is no time for it

    Serving& serving_;
    IoThread& io_;
    std::unique_ptr<Wire> wire_;
    const std::string address_;
    const Origin origin_;
    const Admission admission_;
    std::shared_ptr<Bell> bell_;
    asio::steady_timer wake_;
    boost::beast::flat_buffer in_;
    State state_ = State::reading;
    bool is_gone_ = false;
    std::chrono::steady_clock::time_point deadline_;
    std::optional<PeerPace> pace_; // of the peer that has not taken all yet
    bool is_writing_ = false;
    std::shared_ptr<LiveStream> live_stream_;
};

} // namespace onefold::http
