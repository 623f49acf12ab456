#include "http/stream.h"

#include "http/exchange.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace onefold::http {

void LiveStream::send(std::string_view event, std::string_view data) {
    const std::lock_guard lock(mutex_);
    if (is_closed_)
        return;
    waiting_.append("event: ").append(event).append("\n");
    while (true) {
        const auto end = std::min(data.find('\n'), data.size());
        waiting_.append("data: ").append(data.substr(0, end)).append("\n");
        if (end == data.size())
            break;
        data.remove_prefix(end + 1);
    }
    waiting_ += '\n';
    if (waiting_.size() > stream_bytes_waiting_max)
        is_closed_ = true;
    bell_->ring();
}

bool LiveStream::is_closed() const {
    const std::lock_guard lock(mutex_);
    return is_closed_;
}

void LiveStream::close() {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_closed_, true))
        return;
    bell_->ring();
}

std::string LiveStream::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, {});
}

// A peer that goes is noticed by reading; what it sends meanwhile is nothing to us.
asio::awaitable<void> Connection::watch_peer(std::shared_ptr<Connection> self, std::shared_ptr<LiveStream> stream) {
    std::array<char, 256> unused;
    while (co_await self->wire_->read_some(asio::buffer(unused)) > 0) {
    }
    stream->close();
}

asio::awaitable<Connection::Next> Connection::stream(Exchange& exchange) {
    exchange.keeps_alive = false;
    auto live = std::make_shared<LiveStream>(bell_);
    auto pending = std::make_shared<Pending>(bell_);
    state_ = State::working;
    Workers::Job job;
    job.run = [&contract = serving_.contract, incoming = exchange.incoming, live, pending] {
        auto refused = contract.open_stream(incoming, live);
        pending->answer(refused ? std::move(*refused) : Outgoing{.status = 0});
    };
    auto late = [pending, locale = exchange.locale, &refused = serving_.refused_by_load] {
        ++refused;
        pending->answer(outgoing_of(overloaded(), locale, new_request_id()));
    };
    job.late = late;
    if (!hand_over(job))
        late();
    const auto refused = co_await wait_for(pending);
    if (is_gone_ || serving_.is_stopping)
        live->close();
    if (is_gone_)
        co_return Next::close;
    if (refused.status != 0) {
        live->close();
        co_return co_await write_answer(exchange, refused);
    }

    const auto head =
        head_of(exchange, 200, {{"Content-Type", "text/event-stream"}, {"X-Accel-Buffering", "no"}}, std::nullopt);
    live_stream_ = live;
    bool is_open = co_await write_piece(head, {});
    state_ = State::streaming;
    asio::co_spawn(io_.context, watch_peer(shared_from_this(), live), asio::detached);
    while (is_open && !is_gone_) {
        auto events = live->take();
        if (events.empty()) {
            if (live->is_closed())
                break;
            const auto heartbeat = std::chrono::steady_clock::now() + serving_.options.heartbeat;
            if (co_await wait_for_ring(heartbeat))
                continue;
            events = ": still here\n\n";
        }
        is_open = co_await write_piece(events, {});
    }
    live->close();
    live_stream_ = nullptr;
    abort();
    co_return Next::close;
}

void Connection::stop() {
    if (live_stream_)
        return live_stream_->close();
    if (state_ == State::idle)
        abort();
}

} // namespace onefold::http
