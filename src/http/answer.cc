// Requests read, errors and JSON written: what every operation shares.
#include "core/text.h"
#include "http/contract.h"
#include "http/json.h"
#include "http/target.h"

#include <algorithm>
#include <array>
#include <sodium.h>

namespace onefold::http {

std::string_view Incoming::header(std::string_view lower_case_name) const {
    const auto found = std::ranges::find(headers, lower_case_name, &std::pair<std::string, std::string>::first);
    return found == headers.end() ? std::string_view{} : std::string_view(found->second);
}

std::string_view Incoming::cookie(std::string_view name) const {
    for (const auto& [header_name, value] : headers) {
        if (header_name != "cookie")
            continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            const auto end = std::min(rest.find(';'), rest.size());
            auto pair = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            while (pair.starts_with(' '))
                pair.remove_prefix(1);
            if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
                return pair.substr(name.size() + 1);
        }
    }
    return {};
}

std::optional<std::string> Incoming::query_value(std::string_view name) const {
    const auto parameters = query_parameters(query);
    if (!parameters)
        return std::nullopt;
    for (const auto& [key, value] : *parameters)
        if (key == name)
            return value;
    return std::nullopt;
}

namespace {

int status_of(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::invalid:
        return 400;
    case ErrorKind::unauthenticated:
        return 401;
    case ErrorKind::forbidden:
        return 403;
    case ErrorKind::not_found:
        return 404;
    case ErrorKind::conflict:
        return 409;
    case ErrorKind::precondition_failed:
        return 412;
    case ErrorKind::too_large:
        return 413;
    case ErrorKind::unsupported:
        return 415;
    case ErrorKind::unprocessable:
        return 422;
    case ErrorKind::precondition_missing:
        return 428;
    case ErrorKind::too_many:
        return 429;
    case ErrorKind::unavailable:
        return 503;
    case ErrorKind::storage_full:
        return 507;
    case ErrorKind::internal:
        return 500;
    }
    return 500;
}

void write_message(std::string_view code, std::string_view message, std::string& out) {
    out += "\"code\":";
    write_json_string(code, out);
    out += ",\"message\":";
    write_json_string(message, out);
}

} // namespace

// What failed inside is for the log: people get the request id to ask with.
Outgoing outgoing_of(const Error& error, const Locale& locale, std::string_view request_id) {
    Outgoing out;
    out.status = status_of(error.kind);
    const std::string id(request_id);
    const LocalText message =
        error.kind == ErrorKind::internal
            ? LocalText("Something went wrong here. Your data is safe. Tell your administrator the number " + id + ".",
                  "系统内部出错，你的数据是安全的。请将编号 " + id + " 告知管理员。")
            : error.message;
    out.body = "{\"error\":{";
    write_message(error.code.empty() ? "http.internal" : error.code, message.in(locale), out.body);
    out.body += ",\"fields\":[";
    if (error.kind != ErrorKind::internal)
        for (const auto& field : error.fields) {
            if (out.body.back() != '[')
                out.body += ',';
            out.body += "{\"path\":";
            write_json_string(field.path, out.body);
            out.body += ',';
            write_message(field.code, field.message.in(locale), out.body);
            out.body += '}';
        }
    out.body += "]}}";
    out.headers = {{"Content-Type", "application/json"}, {"X-Request-Id", id}};
    if (error.retry_after_s > 0)
        out.headers.emplace_back("Retry-After", std::to_string(error.retry_after_s));
    if (out.status == 401)
        out.headers.emplace_back("WWW-Authenticate", "Bearer");
    return out;
}

// Chance is fetched for many ids at once: one call to the kernel for each would be felt.
std::string new_request_id() {
    constexpr std::size_t id_bytes = 12;
    thread_local std::array<char, 256 * id_bytes> chance;
    thread_local std::size_t used = chance.size();
    if (used == chance.size()) {
        randombytes_buf(chance.data(), chance.size());
        used = 0;
    }
    used += id_bytes;
    return to_base64url({chance.data() + used - id_bytes, id_bytes});
}

Outgoing json_answer(int status, const boost::json::value& body) {
    return {status, {{"Content-Type", "application/json"}}, boost::json::serialize(body)};
}

} // namespace onefold::http
