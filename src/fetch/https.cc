#include "fetch/remote.h"
#include "fetch/web_address.h"
#include "runtime/transfer.h"

#include <cerrno>
#include <unistd.h>

namespace onefold::fetch {
namespace {

constexpr int redirects_max = 3;
constexpr long connect_s_max = 15, slow_bytes_per_second = 1;

// One request on its way: what curl's callbacks see.
struct Exchange {
    const Ask& ask;
    const std::vector<Network>& allowed;
    int to;
    const runtime::Transfer* transfer = nullptr;
    std::int64_t written = 0;
    Mark mark;
    std::string location;
    bool is_refused = false, is_too_large = false, is_disk_full = false;

    static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* to) {
        auto& exchange = *static_cast<Exchange*>(self);
        const auto address = address_of(to->addr);
        if (!address || !may_reach(*address, exchange.allowed)) {
            exchange.is_refused = true;
            return CURL_SOCKET_BAD;
        }
        return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
    }

    static std::size_t take_header(char* data, std::size_t, std::size_t size, void* self) {
        auto& exchange = *static_cast<Exchange*>(self);
        const std::string_view line{data, size};
        if (line.starts_with("HTTP/")) {
            exchange.mark = {};
            exchange.location.clear();
        }
        const auto [name, value] = runtime::header_of(line);
        if (name == "etag" && value.size() <= mark_bytes_max)
            exchange.mark.etag = value;
        else if (name == "last-modified" && value.size() <= mark_bytes_max)
            exchange.mark.last_modified = value;
        else if (name == "location")
            exchange.location = value;
        return size;
    }

    static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self) {
        auto& exchange = *static_cast<Exchange*>(self);
        if (exchange.transfer->status() != 200)
            return size; // what an error page says is nobody's business
        exchange.written += std::int64_t(size);
        if (exchange.written > exchange.ask.settings.size_mb_max << 20) {
            exchange.is_too_large = true;
            return 0;
        }
        for (std::string_view rest(data, size); !rest.empty();) {
            const auto put = ::write(exchange.to, rest.data(), rest.size());
            if (put < 0 && errno != EINTR) {
                exchange.is_disk_full = true;
                return 0;
            }
            rest.remove_prefix(std::size_t(std::max<ssize_t>(put, 0)));
        }
        return size;
    }
};

Failure refused_status(std::string_view host, long status) {
    if (status == 401 || status == 403)
        return login_refused(host);
    if (status == 404 || status == 410)
        return fail(ErrorKind::not_found, "fetch.not_there",
            {fmt::format("{} says that there is no such file ({}).", host, status),
                fmt::format("{} 表示没有该文件（{}）。", host, status)});
    return fail(ErrorKind::unavailable, "fetch.bad_status",
        {fmt::format("{} answered with the status {}.", host, status), fmt::format("{} 返回状态 {}。", host, status)});
}

Failure failure_of(CURLcode code, const Exchange& exchange, const WebAddress& address, std::string_view detail) {
    if (exchange.is_refused)
        return address_refused(address.host);
    if (exchange.is_too_large || code == CURLE_FILESIZE_EXCEEDED)
        return too_large(address.name, exchange.ask.settings.size_mb_max);
    if (exchange.is_disk_full)
        return fail(ErrorKind::storage_full, "fetch.no_space",
            {"The file could not be written: the disk of the server is full.", "无法写入文件：服务器磁盘已满。"});
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
        return fail(ErrorKind::forbidden, "fetch.bad_certificate",
            {fmt::format("The certificate of {} is not trusted: {}. Nothing was fetched.", address.host, detail),
                fmt::format("{} 的证书不受信任：{}。未取任何数据。", address.host, detail)});
    if (code == CURLE_OPERATION_TIMEDOUT)
        return unreachable(address.host, {"it does not answer in time", "未在规定时间内响应"});
    return unreachable(address.host, LocalText(detail));
}

void add_headers(runtime::Transfer& transfer, const Mark& mark) {
    if (!mark.etag.empty())
        transfer.add_header("If-None-Match: " + mark.etag);
    else if (!mark.last_modified.empty())
        transfer.add_header("If-Modified-Since: " + mark.last_modified);
    transfer.add_header("User-Agent: Onefold");
}

enum class Login { sent, withheld };

// The status.
Result<long> request(Exchange& exchange, const WebAddress& address, Login login) {
    const Ask& ask = exchange.ask;
    runtime::Transfer transfer(address.url, "https");
    exchange.transfer = &transfer;
    add_headers(transfer, ask.mark);
    transfer.set(CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2));
    transfer.set(CURLOPT_CONNECTTIMEOUT, connect_s_max);
    transfer.set(CURLOPT_TIMEOUT, long(ask.limits.fetch_max.count()));
    transfer.set(CURLOPT_LOW_SPEED_LIMIT, slow_bytes_per_second);
    transfer.set(CURLOPT_LOW_SPEED_TIME, long(ask.limits.silence_max.count()));
    transfer.set(CURLOPT_MAXFILESIZE_LARGE, curl_off_t(ask.settings.size_mb_max << 20));
    transfer.set(CURLOPT_OPENSOCKETFUNCTION, &Exchange::open_socket);
    transfer.set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&exchange));
    transfer.set(CURLOPT_HEADERFUNCTION, &Exchange::take_header);
    transfer.set(CURLOPT_HEADERDATA, static_cast<void*>(&exchange));
    transfer.set(CURLOPT_WRITEFUNCTION, &Exchange::take_body);
    transfer.set(CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
    std::string ca = ask.settings.ca_certificates;
    if (!ca.empty()) {
        curl_blob blob{ca.data(), ca.size(), CURL_BLOB_COPY};
        transfer.set(CURLOPT_CAINFO_BLOB, &blob);
    }
    if (login == Login::sent && !ask.settings.login.empty()) {
        transfer.set(CURLOPT_HTTPAUTH, long(CURLAUTH_BASIC));
        transfer.set(CURLOPT_USERNAME, ask.settings.login.c_str());
        transfer.set(CURLOPT_PASSWORD, ask.secrets.password.c_str());
    }
    const CURLcode code = transfer.perform();
    if (code != CURLE_OK)
        return failure_of(code, exchange, address, transfer.reason(code));
    return transfer.status();
}

bool leads_on(long status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Result<std::optional<Arrived>> fetch(const Ask& ask, int to) {
    const auto allowed = networks_of(ask);
    const WebAddress first = TRY(parse_web_address(ask.settings.url));
    WebAddress address = first;
    for (int redirects = 0; redirects <= redirects_max; ++redirects) {
        Exchange exchange{.ask = ask, .allowed = allowed, .to = to};
        const Login login = address.origin() == first.origin() ? Login::sent : Login::withheld;
        const long status = TRY(request(exchange, address, login));
        if (status == 304)
            return std::optional<Arrived>();
        if (status == 200)
            return Arrived{{first.name, exchange.written, 0, 0}, exchange.mark};
        if (!leads_on(status) || exchange.location.empty())
            return refused_status(address.host, status);
        address = TRY(parse_web_address(TRY(resolved(address, exchange.location))));
    }
    return fail(ErrorKind::unavailable, "fetch.too_many_redirects",
        {fmt::format("{} leads on more than {} times.", first.host, redirects_max),
            fmt::format("{} 的跳转超过 {} 次。", first.host, redirects_max)});
}

} // namespace

Answer ask_https(const Ask& ask, int to) {
    Answer answer;
    if (ask.act == Act::list) {
        const auto address = parse_web_address(ask.settings.url);
        if (address)
            answer.listing.files.push_back({address->name, 0, 0, 0});
        else
            answer.error = address.error();
        return answer;
    }
    auto arrived = fetch(ask, to);
    if (arrived)
        answer.arrived = std::move(*arrived);
    else
        answer.error = arrived.error();
    return answer;
}

} // namespace onefold::fetch
