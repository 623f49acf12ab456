#include "source/origin.h"

#include "core/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace onefold::source {
namespace {

constexpr std::size_t origin_bytes_max = 300;

Failure bad_origin(std::string_view text) {
    const std::string shown(beginning_of(text, 60));
    const LocalText message{
        fmt::format(
            "\"{}\" is not the origin of a website, such as https://shop.example or https://*.shop.example.", shown),
        fmt::format("“{}”不是网站来源，例如 https://shop.example 或 https://*.shop.example。", shown)};
    return fail(ErrorKind::invalid, "source.bad_origin", message, {{"/allowed_origins", "source.bad_origin", message}});
}

bool is_host(std::string_view host) {
    if (host.starts_with("*."))
        host.remove_prefix(2);
    const bool is_plain = !host.empty() && std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
    return is_plain && !host.starts_with('.') && !host.ends_with('.') && host.find("..") == host.npos;
}

bool is_port(std::string_view port) {
    return !port.empty() && port.size() <= 5 && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
}

std::string lower(std::string_view text) {
    std::string all(text);
    std::ranges::transform(all, all.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return all;
}

// "https://*.shop.example:8443" holds for "https://www.shop.example:8443".
bool holds(std::string_view rule, std::string_view origin) {
    const auto star = rule.find("*.");
    if (star == rule.npos)
        return rule == origin;
    const auto before = rule.substr(0, star);
    const auto after = rule.substr(star + 1);
    return origin.size() > before.size() + after.size() && origin.starts_with(before) && origin.ends_with(after);
}

} // namespace

Result<std::string> origin_of(std::string_view text) {
    std::string origin = lower(trimmed(text));
    if (origin.ends_with('/'))
        origin.pop_back();
    const std::string_view whole = origin;
    const auto end_of_scheme = whole.find("://");
    if (whole.size() > origin_bytes_max || end_of_scheme == whole.npos)
        return bad_origin(text);
    const std::string_view scheme = whole.substr(0, end_of_scheme);
    std::string_view host = whole.substr(end_of_scheme + 3);
    std::string_view port;
    const bool is_web = scheme == "http" || scheme == "https";
    if (const auto colon = host.rfind(':'); colon != host.npos) {
        port = host.substr(colon + 1);
        host = host.substr(0, colon);
        if (!is_port(port))
            return bad_origin(text);
    }
    if (!is_web || !is_host(host))
        return bad_origin(text);
    const bool is_usual = port.empty() || port == (scheme == "https" ? "443" : "80");
    return is_usual ? fmt::format("{}://{}", scheme, host) : fmt::format("{}://{}:{}", scheme, host, port);
}

bool is_allowed(std::string_view origin, const std::vector<std::string>& allowed) {
    if (allowed.empty())
        return true;
    const std::string named = lower(origin);
    return std::ranges::any_of(allowed, [&](const std::string& rule) { return holds(rule, named); });
}

} // namespace onefold::source
