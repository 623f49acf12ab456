#include "http/connection.h"

#include "core/text.h"
#include "http/exchange.h"
#include "http/guard.h"
#include "http/gzip.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

namespace onefold::http {

namespace {

constexpr std::size_t buffer_bytes_kept = 4 << 10;
constexpr std::chrono::milliseconds linger_timeout{2'000};
constexpr std::chrono::milliseconds linger_look_interval{100};
constexpr std::size_t linger_bytes_max = 16 << 20; // more than the buffers of both ends hold

// One request on its way to its answer. Answers for a handler that forgot to.
struct Errand {
    Contract& contract;
    Incoming incoming;
    std::shared_ptr<Pending> pending;
    std::size_t body_bytes_max;
    bool takes_gzip;
    Locale locale;

    ~Errand() { fail(Error{ErrorKind::internal, "http.internal"}); }

    void fail(const Error& error) const { pending->answer(outgoing_of(error, locale, new_request_id())); }
    void turn_away() const { pending->answer(contract.turn_away(incoming)); }
    static void run(const std::shared_ptr<Errand>& errand) {
        if (auto unpacked = unpack(errand->incoming, errand->body_bytes_max); !unpacked)
            return errand->fail(unpacked.error());
        errand->contract.dispatch(std::move(errand->incoming), [errand](Outgoing outgoing) {
            if (errand->takes_gzip)
                pack(outgoing);
            errand->pending->answer(std::move(outgoing));
        });
    }
};

} // namespace

void Bell::ring() {
    const std::lock_guard lock(mutex_);
    if (!connection_)
        return;
    asio::post(connection_->io_.context, [weak = connection_->weak_from_this()] {
        if (const auto connection = weak.lock())
            connection->wake_.cancel();
    });
}

void Bell::detach() {
    const std::lock_guard lock(mutex_);
    connection_ = nullptr;
}

void Pending::answer(Outgoing outgoing) {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_answered_, true))
        return;
    outgoing_ = std::move(outgoing);
    if (is_awaited_)
        bell_->ring();
}

std::optional<Outgoing> Pending::take_or_await() {
    const std::lock_guard lock(mutex_);
    is_awaited_ = true;
    return std::exchange(outgoing_, std::nullopt);
}

Connection::Connection(
    Serving& serving, IoThread& io, std::unique_ptr<Wire> wire, std::string address, Origin origin, Admission admission)
    : serving_(serving),
      io_(io),
      wire_(std::move(wire)),
      address_(std::move(address)),
      origin_(origin),
      admission_(admission),
      bell_(std::make_shared<Bell>(*this)),
      wake_(io.context) {
    io_.connections.insert(this);
    ++serving_.connections;
}

Connection::~Connection() {
    bell_->detach();
    io_.connections.erase(this);
    --serving_.connections;
}

void Connection::enter(State state, std::chrono::milliseconds timeout) {
    state_ = state;
    deadline_ = std::chrono::steady_clock::now() + timeout;
}

void Connection::close_if_late(std::chrono::steady_clock::time_point now) {
    if (pace_ && !is_gone_ && !takes_in_time(now)) {
        ++serving_.timeouts;
        wire_->reset();
        return abort();
    }
    if (pace_ && state_ == State::writing) // also in the end: what the peer has not taken yet goes on
        return;
    if (state_ == State::working || state_ == State::streaming || now < deadline_)
        return;
    if (state_ != State::idle)
        ++serving_.timeouts;
    abort();
}

void Connection::abort() {
    is_gone_ = true;
    wire_->close();
    wake_.cancel();
}

void Connection::begin() {
    asio::co_spawn(io_.context, live(shared_from_this()), asio::detached);
}

asio::awaitable<void> Connection::live(std::shared_ptr<Connection> self) {
    self->enter(State::reading, self->serving_.options.head_timeout);
    try {
        if (co_await self->wire_->handshake())
            while (co_await self->serve_one() == Next::request) {
            }
    } catch (const std::exception& exception) {
        spdlog::error("connection: {}", exception.what());
    }
    co_await self->linger();
    self->wire_->close();
}

// Lets the peer read the last answer: a socket that is closed with unread input would reset it.
asio::awaitable<void> Connection::linger() {
    if (is_gone_)
        co_return;
    enter(State::writing, linger_timeout);
    co_await wire_->end();
    in_.clear();
    for (std::size_t read = 0; read < linger_bytes_max && !is_gone_;) {
        const auto size = co_await wire_->read_some(in_.prepare(buffer_bytes_kept));
        if (size == 0)
            break;
        read += size;
    }
    while (!is_gone_ && pace_ && wire_->untaken() > 0)
        co_await wait_for_ring(std::chrono::steady_clock::now() + linger_look_interval);
}

asio::awaitable<std::size_t> Connection::read_head() {
    HeadScan scan;
    if (in_.size() == 0) {
        if (in_.capacity() > buffer_bytes_kept)
            in_.shrink_to_fit();
        enter(State::idle, serving_.options.idle_timeout);
        if (serving_.is_stopping)
            co_return 0;
    } else {
        enter(State::reading, serving_.options.head_timeout);
    }
    while (true) {
        switch (scan.look(text_of(in_))) {
        case ScanState::complete:
            co_return scan.size();
        case ScanState::refused:
            co_return head_bytes_max + 1;
        case ScanState::incomplete:
            break;
        }
        const auto size = co_await wire_->read_some(in_.prepare(buffer_bytes_kept));
        if (size == 0)
            co_return 0;
        in_.commit(size);
        if (state_ == State::idle)
            enter(State::reading, serving_.options.head_timeout);
    }
}

asio::awaitable<Connection::Next> Connection::serve_one() {
    const auto size = co_await read_head();
    if (size == 0)
        co_return Next::close;
    static const std::vector<std::string> any_host;
    const auto head =
        check_head(text_of(in_).substr(0, size), origin_ == Origin::network ? serving_.options.hosts : any_host);
    if (admission_ == Admission::turned_away) {
        ++serving_.refused_by_load;
        Exchange late;
        const auto outgoing = outgoing_of(overloaded(), late.locale, new_request_id());
        co_return co_await write_answer(late, outgoing);
    }
    if (!head) {
        ++serving_.heads_refused;
        spdlog::debug("refused a request of {}: {}", address_, head.error());
        Exchange refused;
        const auto outgoing = outgoing_of(bad_framing(head.error()), refused.locale, new_request_id());
        co_return co_await write_answer(refused, outgoing);
    }
    Exchange exchange = exchange_of(*head, size);
    int status = 0;
    if (exchange.has_body && !exchange.body_bytes_max)
        exchange.keeps_alive = exchange.has_body = false; // nobody takes the body: it stays unread
    else if (exchange.has_body && exchange.content_length > *exchange.body_bytes_max && tells_handler(exchange))
        exchange.keeps_alive = false;
    else if (exchange.has_body && exchange.content_length > *exchange.body_bytes_max)
        status = 413;
    else
        status = co_await read_body(exchange);
    if (status < 0)
        co_return Next::close;
    if (status > 0) {
        exchange.keeps_alive = false;
        const auto outgoing = refusal(exchange, status);
        co_return co_await write_answer(exchange, outgoing);
    }
    co_return co_await answer(exchange);
}

// Of a body that is not even read (body_size.h).
bool Connection::tells_handler(const Exchange& exchange) const {
    const auto& incoming = exchange.incoming;
    return incoming.method == Method::post && incoming.header("content-encoding").empty() &&
           serving_.contract.is_for_senders(incoming.method, incoming.path);
}

asio::awaitable<Connection::Next> Connection::answer(Exchange& exchange) {
    const auto& incoming = exchange.incoming;
    if (exchange.is_options && exchange.origins != Origins::own) {
        const auto outgoing =
            preflight_answer(exchange, serving_.contract.allowed_methods(incoming.path) + ", OPTIONS");
        co_return co_await write_answer(exchange, outgoing);
    }
    if (!exchange.is_known_method) {
        const auto outgoing = method_not_allowed(exchange, serving_.contract.allowed_methods(incoming.path));
        co_return co_await write_answer(exchange, outgoing);
    }
    if (incoming.method == Method::get && !exchange.body_bytes_max)
        if (const auto file = serving_.files.find(
                incoming.path, incoming.header("accept-encoding"), incoming.header("if-none-match")))
            co_return co_await write_static(exchange, *file);
    if (!exchange.is_head && serving_.contract.stream_of(incoming.method, incoming.path))
        co_return co_await stream(exchange);
    const auto outgoing = co_await answer_of(exchange);
    if (is_gone_)
        co_return Next::close;
    if ((outgoing.status == 503 || outgoing.status == 429) &&
        in_.size() > 0) // what it asked for meanwhile would only be refused as well
        exchange.keeps_alive = false;
    co_return co_await write_answer(exchange, outgoing);
}

std::string Connection::client_of(const Incoming& incoming) const {
    std::string forwarded_for;
    if (serving_.options.trusted_proxies.empty())
        return address_;
    for (const auto& [name, value] : incoming.headers)
        if (name == "x-forwarded-for")
            forwarded_for += (forwarded_for.empty() ? "" : ",") + value;
    return serving_.proxies.client_of(address_, forwarded_for);
}

Exchange Connection::exchange_of(const Head& head, std::size_t head_bytes) const {
    Exchange exchange(head);
    exchange.head_bytes = head_bytes;
    auto& incoming = exchange.incoming;
    incoming.address = client_of(incoming);
    incoming.is_local = origin_ == Origin::unix_socket;
    incoming.is_encrypted = serving_.is_encrypted && origin_ == Origin::network;
    if (const auto origin = incoming.header("origin"); !origin.empty()) {
        exchange.origin = origin;
        exchange.origins = serving_.contract.origins_of(incoming.path);
    }
    if (exchange.is_known_method)
        exchange.body_bytes_max = serving_.contract.body_bytes_max(incoming.method, incoming.path);
    return exchange;
}

asio::awaitable<Outgoing> Connection::wait_for(std::shared_ptr<Pending> pending) {
    while (true) {
        if (auto outgoing = pending->take_or_await())
            co_return std::move(*outgoing);
        if (is_gone_)
            co_return Outgoing{};
        co_await wait_for_ring(asio::steady_timer::time_point::max());
    }
}

asio::awaitable<Outgoing> Connection::answer_of(Exchange& exchange) {
    auto pending = std::make_shared<Pending>(bell_);
    state_ = State::working;
    submit(exchange, pending);
    co_return co_await wait_for(std::move(pending));
}

asio::awaitable<bool> Connection::wait_for_ring(std::chrono::steady_clock::time_point until) {
    boost::system::error_code error;
    wake_.expires_at(until);
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, error));
    co_return error == asio::error::operation_aborted;
}

// On a worker, or here and now for what never waits.
void Connection::submit(Exchange& exchange, std::shared_ptr<Pending> pending) {
    const auto& incoming = exchange.incoming;
    const bool is_at_once = serving_.contract.run_of(incoming.method, incoming.path) == Run::at_once &&
                            incoming.header("onefold-min-position").empty();
    const Lane lane = serving_.contract.is_for_senders(incoming.method, incoming.path) ? Lane::sending : Lane::asking;
    const std::size_t bytes = incoming.body.size();
    const auto errand = std::make_shared<Errand>(serving_.contract, std::move(exchange.incoming), std::move(pending),
        exchange.body_bytes_max.value_or(0), exchange.takes_gzip, exchange.locale);
    if (is_at_once)
        return Errand::run(errand);
    auto late = [errand, &refused = serving_.refused_by_load] {
        ++refused;
        errand->turn_away();
    };
    Workers::Job job{[errand] { Errand::run(errand); }, late, lane, bytes};
    if (!hand_over(job))
        late();
}

// Workers are called after all that is at hand now: one call for many requests.
bool Connection::hand_over(Workers::Job& job) {
    if (!serving_.workers.submit(job))
        return false;
    if (std::exchange(io_.is_waking_workers, true))
        return true;
    asio::post(io_.context, [&io = io_, &workers = serving_.workers] {
        io.is_waking_workers = false;
        workers.wake();
    });
    return true;
}

} // namespace onefold::http
