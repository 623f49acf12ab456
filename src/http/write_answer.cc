// How a connection writes its answers, and holds its peer to taking them.
#include "http/connection.h"
#include "http/exchange.h"

#include <boost/asio/use_awaitable.hpp>

namespace onefold::http {

namespace {

constexpr std::size_t write_piece_bytes = 16 << 10;
constexpr std::size_t file_piece_bytes = 256 << 10;
constexpr std::chrono::milliseconds read_retry_interval{100};
constexpr int read_tries_max = 100;

// Bytes of a file on their way: what was read, or 500.
struct Fetch {
    std::shared_ptr<const runtime::File> file;
    std::uint64_t offset;
    std::size_t size;
    std::shared_ptr<Pending> pending;

    ~Fetch() { pending->answer({.status = 500, .headers = {}, .body = {}}); }

    void run() const {
        if (auto piece = file->read_at(offset, size); piece && piece->size() == size)
            pending->answer({.status = 200, .headers = {}, .body = std::move(*piece)});
    }
};

} // namespace

// What the system holds of an answer counts as little as what waits here: only what the peer took does.
bool Connection::takes_in_time(std::chrono::steady_clock::time_point now) {
    if (!is_writing_ && wire_->untaken() == 0)
        pace_.reset();
    return !pace_ || pace_->is_kept(now, wire_->taken());
}

asio::awaitable<Connection::Next> Connection::write_answer(Exchange& exchange, const Outgoing& outgoing) {
    if (outgoing.file)
        return write_file(exchange, outgoing, *outgoing.file);
    return write(exchange, head_of(exchange, outgoing.status, outgoing.headers, outgoing.body.size()), outgoing.body);
}

// By a worker, since a disk may be slow; where all have too much to do, a little later.
asio::awaitable<std::optional<std::string>> Connection::read_piece(
    const FilePart& part, std::uint64_t offset, std::size_t size) {
    for (int tries = 0; tries < read_tries_max && !is_gone_ && !serving_.is_stopping; ++tries) {
        auto pending = std::make_shared<Pending>(bell_);
        const auto is_late = std::make_shared<std::atomic<bool>>(false);
        auto fetch = std::make_shared<Fetch>(part.file, part.offset + offset, size, pending);
        state_ = State::working;
        Workers::Job job{[fetch] { fetch->run(); },
            [fetch, is_late] {
                *is_late = true;
                fetch->pending->answer({.status = 503, .headers = {}, .body = {}});
            }};
        fetch.reset();
        if (hand_over(job)) {
            auto read = co_await wait_for(std::move(pending));
            if (is_gone_ || (!*is_late && read.status != 200))
                co_return std::nullopt;
            if (read.status == 200)
                co_return std::move(read.body);
        }
        co_await wait_for_ring(std::chrono::steady_clock::now() + read_retry_interval);
    }
    co_return std::nullopt;
}

// A piece at a time is in memory. What cannot be read ends the connection: the peer sees that bytes are missing.
asio::awaitable<Connection::Next> Connection::write_file(
    Exchange& exchange, const Outgoing& outgoing, const FilePart& part) {
    std::string first = head_of(exchange, outgoing.status, outgoing.headers, part.size);
    const bool keeps_alive = exchange.keeps_alive && !serving_.is_stopping;
    std::uint64_t done = 0;
    const std::uint64_t size = exchange.is_head ? 0 : part.size;
    do {
        const auto wanted = std::size_t(std::min<std::uint64_t>(size - done, file_piece_bytes));
        std::optional<std::string> piece("");
        if (wanted > 0)
            piece = co_await read_piece(part, done, wanted);
        if (!piece || !co_await write_pieces(first, *piece))
            co_return Next::close;
        first.clear();
        done += wanted;
    } while (done < size);
    co_return keeps_alive ? Next::request : Next::close;
}

asio::awaitable<Connection::Next> Connection::write_static(Exchange& exchange, const StaticAnswer& answer) {
    return write(exchange, head_of(exchange, answer.status, answer.headers, answer.body.size()), answer.body);
}

std::string Connection::head_of(const Exchange& exchange, int status,
    const std::vector<std::pair<std::string, std::string>>& headers, std::optional<std::size_t> size) const {
    const bool keeps_alive = exchange.keeps_alive && !serving_.is_stopping;
    auto written = [&](const Headers& all) {
        return answer_head(status, all, size, keeps_alive ? Ending::keeps_alive : Ending::closes,
            serving_.is_encrypted && origin_ == Origin::network ? Cover::tls : Cover::none);
    };
    if (exchange.origins == Origins::own)
        return written(headers);
    return written(with_cross_origin(exchange, headers));
}

asio::awaitable<bool> Connection::write_piece(std::string_view first, std::string_view piece) {
    state_ = State::writing;
    deadline_ = std::chrono::steady_clock::time_point::max();
    if (!pace_)
        pace_.emplace(PeerPace::Bounds{serving_.options.write_grace, serving_.options.write_bytes_per_second_min},
            std::chrono::steady_clock::now(), wire_->taken());
    is_writing_ = true;
    const bool is_written =
        co_await wire_->write({asio::buffer(first.data(), first.size()), asio::buffer(piece.data(), piece.size())});
    is_writing_ = false;
    co_return is_written;
}

asio::awaitable<bool> Connection::write_pieces(std::string_view first, std::string_view body) {
    bool is_written = true;
    do {
        const auto piece = body.substr(0, write_piece_bytes);
        body.remove_prefix(piece.size());
        is_written = co_await write_piece(first, piece);
        first = {};
    } while (is_written && !body.empty());
    co_return is_written;
}

asio::awaitable<Connection::Next> Connection::write(Exchange& exchange, std::string head, std::string_view body) {
    if (exchange.is_head)
        body = {};
    const bool keeps_alive = exchange.keeps_alive && !serving_.is_stopping;
    const bool is_written = co_await write_pieces(head, body);
    co_return is_written&& keeps_alive ? Next::request : Next::close;
}

} // namespace onefold::http
