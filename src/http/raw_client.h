#pragma once
// A client for this room's tests that sends exactly the bytes it is given.
#include <arpa/inet.h>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace onefold::http {

class RawClient {
  public:
    // `receive_bytes`: how much the system takes for it while it does not read; 0 for as much as is usual.
    explicit RawClient(int port, int receive_bytes = 0) {
        fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (receive_bytes > 0)
            setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        is_connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    explicit RawClient(const std::filesystem::path& unix_socket) {
        const int folder = open(unix_socket.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        const auto name = fmt::format("/proc/self/fd/{}/{}", folder, unix_socket.filename().string());
        fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::copy(name.begin(), name.end(), address.sun_path);
        is_connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        ::close(folder);
    }
    ~RawClient() { ::close(fd_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    bool is_connected() const { return is_connected_; }
    int fd() const { return fd_; }
    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return;
            bytes.remove_prefix(std::size_t(sent));
        }
    }
    void end() const { shutdown(fd_, SHUT_WR); }

    // One whole answer by its Content-Length, or what came until the end or the timeout.
    std::string answer(bool has_body = true, std::chrono::milliseconds timeout = std::chrono::milliseconds(5'000)) {
        const auto until = std::chrono::steady_clock::now() + timeout;
        while (true) {
            const auto head_end = waiting_.find("\r\n\r\n");
            if (head_end != waiting_.npos) {
                const auto head = waiting_.substr(0, head_end + 4);
                const auto at = head.find("Content-Length: ");
                const auto size = head.size() + (has_body && at != head.npos ? std::stoul(head.substr(at + 16)) : 0);
                if (waiting_.size() >= size && !(has_body && at == head.npos && head.find("close") != head.npos))
                    return take(size);
            }
            if (!receive(until))
                return take(waiting_.size());
        }
    }
    // What is there of the next so many bytes, once anything is.
    std::string some(std::size_t bytes_max) const {
        std::string bytes(bytes_max, '\0');
        const auto size = recv(fd_, bytes.data(), bytes.size(), 0);
        bytes.resize(std::size_t(std::max<ssize_t>(size, 0)));
        return bytes;
    }
    // All that comes until the other side ends; `is_closed()` tells whether it did.
    std::string rest(std::chrono::milliseconds timeout = std::chrono::milliseconds(5'000)) {
        const auto until = std::chrono::steady_clock::now() + timeout;
        while (receive(until)) {
        }
        return take(waiting_.size());
    }
    // What comes until `words` stand in it.
    std::string until_words(
        std::string_view words, std::chrono::milliseconds timeout = std::chrono::milliseconds(5'000)) {
        const auto until = std::chrono::steady_clock::now() + timeout;
        while (waiting_.find(words) == waiting_.npos && receive(until)) {
        }
        return take(waiting_.size());
    }
    bool is_closed() const { return is_closed_; }

  private:
    bool receive(std::chrono::steady_clock::time_point until) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
        pollfd waited{fd_, POLLIN, 0};
        if (left <= 0 || poll(&waited, 1, int(left)) <= 0)
            return false;
        char buffer[65536];
        const auto size = recv(fd_, buffer, sizeof buffer, 0);
        if (size <= 0)
            is_closed_ = true;
        if (size <= 0)
            return false;
        waiting_.append(buffer, std::size_t(size));
        return true;
    }
    std::string take(std::size_t size) {
        auto taken = waiting_.substr(0, size);
        waiting_.erase(0, size);
        return taken;
    }

    int fd_ = -1;
    bool is_connected_ = false;
    bool is_closed_ = false;
    std::string waiting_;
};

} // namespace onefold::http
