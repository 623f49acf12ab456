#include "load/caller.h"

#include <arpa/inet.h>
#include <array>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace onefold::load {
namespace {

bool is_readable(int descriptor, std::chrono::steady_clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd waiting{descriptor, POLLIN, 0};
    return ::poll(&waiting, 1, int(std::max<std::int64_t>(left, 0))) > 0;
}

} // namespace

bool Caller::connect() {
    in_.clear();
    descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::uint16_t(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
        return true;
    close();
    return false;
}

bool Caller::send(std::string_view bytes) {
    if (descriptor_ < 0 && !connect())
        return false;
    while (!bytes.empty()) {
        const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0)
            return false;
        bytes.remove_prefix(std::size_t(count));
    }
    return true;
}

void Caller::end_sending() {
    ::shutdown(descriptor_, SHUT_WR);
}

void Caller::close() {
    if (descriptor_ >= 0)
        ::close(std::exchange(descriptor_, -1));
}

std::optional<Answer> Caller::receive(std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::array<char, 16 << 10> bytes;
    while (true) {
        if (const auto answer = read_answer(in_)) {
            in_.erase(0, answer->bytes);
            return answer;
        }
        if (!is_readable(descriptor_, deadline))
            return std::nullopt;
        const auto count = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
        if (count <= 0)
            return std::nullopt;
        in_.append(bytes.data(), std::size_t(count));
    }
}

bool Caller::drain(std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::array<char, 16 << 10> bytes;
    while (is_readable(descriptor_, deadline))
        if (::recv(descriptor_, bytes.data(), bytes.size(), 0) <= 0)
            return true;
    return false;
}

} // namespace onefold::load
