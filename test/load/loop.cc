#include "load/loop.h"

#include <arpa/inet.h>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace onefold::load {
namespace {

[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    std::exit(2);
}

} // namespace

Peer::Peer(Loop& loop, int port, int receive_bytes)
    : loop_(loop), descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)), reading_(EPOLLIN) {
    if (descriptor_ < 0)
        give_up("socket");
    const int one = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (receive_bytes > 0)
        ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::uint16_t(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS)
        give_up("connect");
    watch(reading_);
}

Peer::~Peer() {
    close();
}

void Peer::close() {
    if (descriptor_ >= 0)
        ::close(std::exchange(descriptor_, -1));
}

void Peer::stop_reading() {
    reading_ = 0;
    watch(watched_ & unsigned(EPOLLOUT));
}

std::string Peer::sip(std::size_t bytes_max) {
    std::array<char, 4096> bytes;
    const auto count = is_open() ? ::recv(descriptor_, bytes.data(), std::min(bytes_max, bytes.size()), 0) : 0;
    return {bytes.data(), std::size_t(std::max<ssize_t>(count, 0))};
}

void Peer::watch(unsigned events) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = this;
    const int verb = watched_ == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    event.events |= EPOLLRDHUP;
    watched_ = events | EPOLLHUP;
    if (::epoll_ctl(loop_.descriptor_, verb, descriptor_, &event) != 0)
        give_up("epoll_ctl");
}

void Peer::send(std::string_view bytes) {
    const bool is_waiting = !out_.empty();
    out_ += bytes;
    if (!is_waiting && is_open())
        write();
}

void Peer::write() {
    while (!out_.empty()) {
        const auto count = ::send(descriptor_, out_.data(), out_.size(), MSG_NOSIGNAL);
        if (count < 0 && (errno == EAGAIN || errno == ENOTCONN))
            return watch(reading_ | EPOLLOUT);
        if (count < 0)
            return; // the end is seen when reading
        out_.erase(0, std::size_t(count));
    }
    if (watched_ & EPOLLOUT)
        watch(reading_);
}

void Peer::end() {
    close();
    if (on_end)
        on_end();
}

void Peer::read() {
    std::array<char, 16 << 10> bytes;
    const auto count = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EAGAIN)
        return;
    if (count <= 0)
        return end();
    in_.append(bytes.data(), std::size_t(count));
    while (const auto answer = read_answer(in_)) {
        in_.erase(0, answer->bytes);
        if (on_answer)
            on_answer(*answer);
        if (!is_open())
            return;
    }
}

void Peer::ready(unsigned events) {
    if (is_open() && (events & EPOLLOUT))
        write();
    if (is_open() && reading_ == 0 && (events & EPOLLRDHUP))
        return end();
    if (is_open() && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
        read();
}

Loop::Loop() : descriptor_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (descriptor_ < 0)
        give_up("epoll_create1");
}

Loop::~Loop() {
    ::close(descriptor_);
}

void Loop::run(const std::function<bool()>& tick) {
    std::array<epoll_event, 256> events;
    while (tick()) {
        const int count = ::epoll_wait(descriptor_, events.data(), int(events.size()), 1);
        for (int i = 0; i < count; ++i)
            static_cast<Peer*>(events[std::size_t(i)].data.ptr)->ready(events[std::size_t(i)].events);
    }
}

} // namespace onefold::load
