#include "runtime/runtime.h"
#include "runtime/transfer.h"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <strings.h>
#include <unistd.h>

namespace onefold::runtime {
namespace {

constexpr std::size_t header_bytes_max = 256 << 10;
constexpr std::size_t socket_path_bytes_max = 107; // sockaddr_un

Failure invalid_request(std::string_view what_en, std::string_view what_zh) {
    return fail(ErrorKind::invalid, "network.invalid_request",
        {fmt::format("The request cannot be sent: {}.", what_en), fmt::format("无法发送请求：{}。", what_zh)});
}

bool is_one_line(std::string_view text) {
    return text.find_first_of(std::string_view{"\r\n\0", 3}) == text.npos;
}

bool is_token(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](unsigned char c) {
        return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || marks.find(char(c)) != marks.npos;
    });
}

// What comes back, as curl's callbacks collect it.
struct Receiver {
    std::size_t body_bytes_max;
    OutboundResponse response;
    std::size_t header_bytes = 0;
    bool is_too_large = false;

    static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self) {
        auto& receiver = *static_cast<Receiver*>(self);
        if (receiver.response.body.size() + size > receiver.body_bytes_max) {
            receiver.is_too_large = true;
            return 0;
        }
        receiver.response.body.append(data, size);
        return size;
    }

    static std::size_t take_header(char* data, std::size_t, std::size_t size, void* self) {
        auto& receiver = *static_cast<Receiver*>(self);
        const std::string_view line{data, size};
        receiver.header_bytes += size;
        if (receiver.header_bytes > header_bytes_max) {
            receiver.is_too_large = true;
            return 0;
        }
        if (line.starts_with("HTTP/")) { // the headers of a 1xx answer before are not the answer's
            receiver.response.headers.clear();
            return size;
        }
        const auto [name, text] = header_of(line);
        if (name.empty())
            return size;
        auto& value = receiver.response.headers[name];
        value += (value.empty() ? "" : ", ") + text;
        return size;
    }
};

// Keeps a folder open so that a socket in it has a short name, however long its path.
class SocketName {
  public:
    explicit SocketName(const std::string& path) : name_(path) {
        if (path.size() <= socket_path_bytes_max)
            return;
        const auto slash = path.find_last_of('/');
        if (slash == path.npos)
            return;
        folder_ = ::open(path.substr(0, slash + 1).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (folder_ >= 0)
            name_ = fmt::format("/proc/self/fd/{}/{}", folder_, path.substr(slash + 1));
    }
    SocketName(const SocketName&) = delete;
    SocketName& operator=(const SocketName&) = delete;
    ~SocketName() {
        if (folder_ >= 0)
            ::close(folder_);
    }
    const std::string& name() const { return name_; }

  private:
    std::string name_;
    int folder_ = -1;
};

Result<> add_headers(Transfer& transfer, const OutboundRequest& request) {
    bool has_content_type = false;
    for (const auto& [name, value] : request.headers) {
        if (!is_token(name) || !is_one_line(value))
            return invalid_request(
                "a header has a line break or a forbidden character", "请求头含有换行或不允许的字符");
        has_content_type |= ::strcasecmp(name.c_str(), "content-type") == 0;
        transfer.add_header(value.empty() ? name + ";" : name + ": " + value);
    }
    if (!has_content_type)
        transfer.add_header("Content-Type:");
    transfer.add_header("Expect:");
    return {};
}

Failure failure_of(CURLcode code, const Receiver& receiver, const OutboundRequest& request, std::string_view cause) {
    const std::string where = request.unix_socket.empty() ? request.url : request.unix_socket;
    if (receiver.is_too_large)
        return fail(ErrorKind::too_large, "network.too_large",
            {fmt::format("The answer of {} is larger than {} bytes.", where, request.response_bytes_max),
                fmt::format("{} 的响应超过 {} 字节。", where, request.response_bytes_max)});
    if (code == CURLE_OPERATION_TIMEDOUT)
        return fail(ErrorKind::unavailable, "network.timeout",
            {fmt::format("{} did not answer within {} ms.", where, request.timeout.count()),
                fmt::format("{} 在 {} 毫秒内没有响应。", where, request.timeout.count())});
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
        return invalid_request("the address is not an http:// or https:// URL", "地址不是 http:// 或 https:// 网址");
    return fail(ErrorKind::unavailable, "network.unreachable",
        {fmt::format("{} cannot be reached: {}.", where, cause), fmt::format("无法连接 {}：{}。", where, cause)});
}

class SystemNetwork final : public Network {
  public:
    Result<OutboundResponse> request(const OutboundRequest& request) override {
        if (!is_token(request.method))
            return invalid_request("the method is not a word", "请求方法不正确");
        if (!is_one_line(request.url))
            return invalid_request("the address has a line break", "地址含有换行");
        const SocketName socket{request.unix_socket};
        Receiver receiver{.body_bytes_max = request.response_bytes_max};
        Transfer transfer(request.url, "http,https");
        TRY(add_headers(transfer, request));
        transfer.set(CURLOPT_TIMEOUT_MS, std::max(1L, long(request.timeout.count())));
        transfer.set(CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, long(request.timeout.count())));
        transfer.set(CURLOPT_WRITEFUNCTION, &Receiver::take_body);
        transfer.set(CURLOPT_WRITEDATA, static_cast<void*>(&receiver));
        transfer.set(CURLOPT_HEADERFUNCTION, &Receiver::take_header);
        transfer.set(CURLOPT_HEADERDATA, static_cast<void*>(&receiver));
        if (!request.unix_socket.empty())
            transfer.set(CURLOPT_UNIX_SOCKET_PATH, socket.name().c_str());
        if (request.method == "HEAD") {
            transfer.set(CURLOPT_NOBODY, 1L);
        } else if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
                   request.method == "PATCH") {
            transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.size()));
            transfer.set(CURLOPT_POSTFIELDS, request.body.data());
        }
        if (request.method != "HEAD")
            transfer.set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
        const CURLcode code = transfer.perform();
        if (code != CURLE_OK)
            return failure_of(code, receiver, request, transfer.reason(code));
        receiver.response.status = int(transfer.status());
        return std::move(receiver.response);
    }
};

} // namespace

std::unique_ptr<Network> make_system_network() {
    return std::make_unique<SystemNetwork>();
}

} // namespace onefold::runtime
