#include "http/target.h"

#include "core/text.h"

#include <algorithm>

namespace onefold::http {

namespace {

int hex_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decoded(std::string_view text, char blank) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == blank) {
            result += ' ';
        } else if (text[at] == '%') {
            if (at + 2 >= text.size())
                return std::nullopt;
            const int high = hex_of(text[at + 1]);
            const int low = hex_of(text[at + 2]);
            if (high < 0 || low < 0)
                return std::nullopt;
            result += char(high << 4 | low);
            at += 2;
        } else {
            result += text[at];
        }
    }
    return result;
}

} // namespace

std::optional<std::string> decoded_query_text(std::string_view text) {
    return decoded(text, '+');
}

std::optional<std::string> decoded_path(std::string_view raw) {
    if (!raw.starts_with('/'))
        return std::nullopt;
    std::size_t from = 1;
    while (true) {
        const auto end = std::min(raw.find('/', from), raw.size());
        const auto segment = decoded(raw.substr(from, end - from), '\0');
        const bool is_last = end == raw.size();
        if (!segment || *segment == "." || *segment == ".." || (segment->empty() && !is_last))
            return std::nullopt;
        if (std::ranges::any_of(
                *segment, [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '/' || c == '\\'; }))
            return std::nullopt;
        if (is_last)
            break;
        from = end + 1;
    }
    auto path = decoded(raw, '\0');
    return is_valid_utf8(*path) ? path : std::nullopt;
}

std::optional<std::vector<std::pair<std::string, std::string>>> query_parameters(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> result;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty())
            continue;
        const auto equals = pair.find('=');
        auto name = decoded_query_text(pair.substr(0, equals));
        auto value = decoded_query_text(equals == pair.npos ? std::string_view{} : pair.substr(equals + 1));
        if (!name || !value)
            return std::nullopt;
        result.emplace_back(std::move(*name), std::move(*value));
    }
    return result;
}

} // namespace onefold::http
