#include "http/exchange.h"

#include "http/body_size.h"
#include "http/gzip.h"
#include "http/static_files.h"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <ctime>
#include <spdlog/spdlog.h>

namespace onefold::http {

namespace {

constexpr std::size_t packing_bytes_min = 1'024;

// ui.md: what pages may load. Answers may bring a policy of their own.
constexpr std::string_view content_policy =
    "Content-Security-Policy: default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' "
    "'unsafe-inline'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n";
constexpr std::string_view protection =
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(self), geolocation=(self)\r\nCross-Origin-Opener-Policy: same-origin\r\n";
constexpr std::string_view strict_transport = "Strict-Transport-Security: max-age=31536000\r\n";

std::string_view date_field() {
    thread_local std::time_t second = 0;
    thread_local std::string field;
    const auto now = std::time(nullptr);
    if (now == second)
        return field;
    second = now;
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[48];
    field.assign(text, std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts));
    return field;
}

std::optional<Method> method_of(std::string_view name) {
    if (name == "GET" || name == "HEAD")
        return Method::get;
    if (name == "POST")
        return Method::post;
    if (name == "PUT")
        return Method::put;
    if (name == "PATCH")
        return Method::patch;
    if (name == "DELETE")
        return Method::delete_;
    return std::nullopt;
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z')
            c = char(c + 32);
    return result;
}

Headers cross_origin_headers(const Exchange& exchange) {
    switch (exchange.origins) {
    case Origins::own:
        return {};
    case Origins::any:
        return {
            {"Access-Control-Allow-Origin", "*"}, {"Access-Control-Expose-Headers", "Retry-After, X-RateLimit-Reset"}};
    case Origins::any_with_cookies:
        return {{"Access-Control-Allow-Origin", exchange.origin}, {"Access-Control-Allow-Credentials", "true"},
            {"Vary", "Origin"}};
    }
    return {};
}

} // namespace

Exchange::Exchange(const Head& head)
    : content_length(head.content_length),
      has_body(head.has_body()),
      is_chunked(head.is_chunked),
      expects_continue(head.expects_continue),
      is_head(head.method == "HEAD"),
      is_options(head.method == "OPTIONS"),
      keeps_alive(head.is_kept_alive) {
    const auto method = method_of(head.method);
    is_known_method = method.has_value();
    incoming.method = method.value_or(Method::get);
    incoming.path = head.path;
    incoming.query = head.query;
    incoming.headers.reserve(head.fields.size());
    for (const auto& [name, value] : head.fields)
        incoming.headers.emplace_back(lower_case(name), value);
    locale = locale_from(incoming.header("accept-language"));
    takes_gzip = accepts_coding(incoming.header("accept-encoding"), "gzip");
}

Headers with_cross_origin(const Exchange& exchange, const Headers& headers) {
    constexpr std::string_view name = "Access-Control-Allow-Origin";
    const bool says_itself = std::ranges::find(headers, name, &Headers::value_type::first) != headers.end();
    Headers all = says_itself ? Headers{} : cross_origin_headers(exchange);
    for (const auto& header : headers)
        if (header.first != name || !header.second.empty())
            all.push_back(header);
    return all;
}

Outgoing preflight_answer(const Exchange& exchange, const std::string& allowed) {
    Outgoing outgoing{204, {{"Access-Control-Allow-Methods", allowed}, {"Access-Control-Max-Age", "7200"}}, ""};
    if (const auto asked = exchange.incoming.header("access-control-request-headers"); !asked.empty())
        outgoing.headers.emplace_back("Access-Control-Allow-Headers", asked);
    return outgoing;
}

std::string answer_head(int status, const std::vector<std::pair<std::string, std::string>>& headers,
    std::optional<std::size_t> size, Ending ending, Cover cover) {
    std::string head;
    head.reserve(1'024);
    head += "HTTP/1.1 ";
    head += std::to_string(status);
    head += ' ';
    head += std::string_view(boost::beast::http::obsolete_reason(boost::beast::http::status(status)));
    head += "\r\n";
    head += date_field();
    bool has_policy = false, has_caching = false;
    for (const auto& [name, value] : headers) {
        if ((name + value).find_first_of("\r\n") != std::string::npos) {
            spdlog::error("an answer's field {} was left out: it has a line break", name.substr(0, 40));
            continue;
        }
        has_policy = has_policy || name == "Content-Security-Policy";
        has_caching = has_caching || name == "Cache-Control";
        head.append(name).append(": ").append(value).append("\r\n");
    }
    if (!has_caching)
        head += "Cache-Control: no-store\r\n";
    if (!has_policy)
        head += content_policy;
    head += protection;
    if (cover == Cover::tls)
        head += strict_transport;
    if (size && status != 204 && status != 304)
        head.append("Content-Length: ").append(std::to_string(*size)).append("\r\n");
    if (ending == Ending::closes)
        head += "Connection: close\r\n";
    head += "\r\n";
    return head;
}

Result<> unpack(Incoming& incoming, std::size_t bytes_max) {
    const auto encoding = incoming.header("content-encoding");
    if (encoding.empty() || equal_ignoring_case(encoding, "identity"))
        return {};
    if (!equal_ignoring_case(encoding, "gzip"))
        return fail(ErrorKind::unsupported, "http.bad_encoding",
            {"Bodies may be packed with gzip only. Nothing was changed.", "请求体只能使用 gzip 压缩。未做任何更改。"});
    incoming.body = TRY(gunzipped(incoming.body, bytes_max));
    return {};
}

void pack(Outgoing& outgoing) {
    if (outgoing.body.size() < packing_bytes_min)
        return;
    bool is_text = false;
    for (const auto& [name, value] : outgoing.headers) {
        if (name == "Content-Encoding")
            return;
        if (name == "Content-Type")
            is_text = value.starts_with("application/json") || value.starts_with("text/");
    }
    if (!is_text)
        return;
    outgoing.body = gzipped(outgoing.body);
    outgoing.headers.emplace_back("Content-Encoding", "gzip");
    outgoing.headers.emplace_back("Vary", "Accept-Encoding");
}

Error bad_framing(std::string_view reason) {
    return {ErrorKind::invalid, "http.bad_framing",
        {"This HTTP request can be misunderstood and was not read: " + std::string(reason) + ".",
            "此 HTTP 请求存在歧义，未被处理：" + std::string(reason) + "。"}};
}

Error overloaded() {
    return {ErrorKind::unavailable, "http.overloaded",
        {"Too much is asked at once. Nothing was changed; try again in a moment.",
            "请求过多，未做任何更改，请稍后再试。"},
        {}, 1};
}

Outgoing refusal(const Exchange& exchange, int status) {
    if (status != 413)
        return outgoing_of(bad_framing("the body is not framed as it must be"), exchange.locale, new_request_id());
    return outgoing_of(too_large(exchange.body_bytes_max.value_or(0)), exchange.locale, new_request_id());
}

Outgoing method_not_allowed(const Exchange& exchange, const std::string& allowed) {
    auto outgoing = outgoing_of({ErrorKind::invalid, "http.method_not_allowed",
                                    {"This path does not take this method.", "此路径不支持该方法。"}},
        exchange.locale, new_request_id());
    outgoing.status = 405;
    outgoing.headers.emplace_back("Allow", allowed.empty() ? "GET, HEAD" : allowed);
    return outgoing;
}

} // namespace onefold::http
