#include "runtime/runtime.h"

#include <algorithm>
#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <mutex>
#include <unistd.h>

namespace onefold::runtime {
namespace {

constexpr std::size_t header_bytes_max = 256 << 10;
constexpr std::size_t socket_path_bytes_max = 107; // sockaddr_un

struct HeaderListCloser {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, HeaderListCloser>;

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

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? char(c + 32) : c;
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

std::string_view without_blanks(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
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
        const auto colon = line.find(':');
        if (colon == line.npos)
            return size;
        auto& value = receiver.response.headers[lower_case(line.substr(0, colon))];
        if (!value.empty())
            value += ", ";
        value += without_blanks(line.substr(colon + 1));
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

Result<HeaderList> header_list_of(const OutboundRequest& request) {
    HeaderList list;
    auto add = [&](const std::string& line) {
        curl_slist* longer = curl_slist_append(list.get(), line.c_str());
        VERIFY(longer);
        list.release();
        list.reset(longer);
    };
    bool has_content_type = false;
    for (const auto& [name, value] : request.headers) {
        if (!is_token(name) || !is_one_line(value))
            return invalid_request(
                "a header has a line break or a forbidden character", "请求头含有换行或不允许的字符");
        has_content_type |= lower_case(name) == "content-type";
        add(value.empty() ? name + ";" : name + ": " + value);
    }
    if (!has_content_type)
        add("Content-Type:");
    add("Expect:");
    return list;
}

Failure failure_of(CURLcode code, const Receiver& receiver, const OutboundRequest& request, const char* detail) {
    const std::string where = request.unix_socket.empty() ? request.url : request.unix_socket;
    const std::string_view cause = *detail ? detail : curl_easy_strerror(code);
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
    SystemNetwork() {
        static std::once_flag once;
        std::call_once(once, [] { VERIFY(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
    }

    Result<OutboundResponse> request(const OutboundRequest& request) override {
        if (!is_token(request.method))
            return invalid_request("the method is not a word", "请求方法不正确");
        if (!is_one_line(request.url))
            return invalid_request("the address has a line break", "地址含有换行");
        const auto headers = TRY(header_list_of(request));
        const SocketName socket{request.unix_socket};
        const std::unique_ptr<CURL, void (*)(CURL*)> curl{curl_easy_init(), curl_easy_cleanup};
        VERIFY(curl);
        Receiver receiver{.body_bytes_max = request.response_bytes_max};
        char detail[CURL_ERROR_SIZE] = "";
        auto set = [&](CURLoption option, auto value) {
            VERIFY(curl_easy_setopt(curl.get(), option, value) == CURLE_OK);
        };
        set(CURLOPT_ERRORBUFFER, detail);
        set(CURLOPT_URL, request.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_PROXY, "");
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        set(CURLOPT_TIMEOUT_MS, std::max(1L, long(request.timeout.count())));
        set(CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, long(request.timeout.count())));
        set(CURLOPT_HTTPHEADER, headers.get());
        set(CURLOPT_WRITEFUNCTION, &Receiver::take_body);
        set(CURLOPT_WRITEDATA, static_cast<void*>(&receiver));
        set(CURLOPT_HEADERFUNCTION, &Receiver::take_header);
        set(CURLOPT_HEADERDATA, static_cast<void*>(&receiver));
        if (!request.unix_socket.empty())
            set(CURLOPT_UNIX_SOCKET_PATH, socket.name().c_str());
        if (request.method == "HEAD") {
            set(CURLOPT_NOBODY, 1L);
        } else if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
                   request.method == "PATCH") {
            set(CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.size()));
            set(CURLOPT_POSTFIELDS, request.body.data());
        }
        if (request.method != "HEAD")
            set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
        const CURLcode code = curl_easy_perform(curl.get());
        if (code != CURLE_OK)
            return failure_of(code, receiver, request, detail);
        long status = 0;
        curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
        receiver.response.status = int(status);
        return std::move(receiver.response);
    }
};

} // namespace

std::unique_ptr<Network> make_system_network() {
    return std::make_unique<SystemNetwork>();
}

} // namespace onefold::runtime
