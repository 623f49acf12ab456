#include "http/guard.h"

#include "http/target.h"

#include <algorithm>

namespace onefold::http {

namespace {

using Refused = std::unexpected<std::string_view>;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? char(c + 32) : c;
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_token(std::string_view text) {
    static constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || others.find(c) != others.npos;
    });
}

// Visible characters, blanks and what is beyond ASCII (opaque).
bool is_field_value(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::string_view take_line(std::string_view& rest) {
    const auto end = rest.find("\r\n");
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end, rest.size() - 2) + 2);
    return line;
}

bool is_host(std::string_view host) {
    if (host.empty() || host.size() > 300)
        return false;
    auto name = host;
    if (host.front() == '[') {
        const auto end = host.find(']');
        if (end == host.npos || end < 3)
            return false;
        if (std::ranges::any_of(host.substr(1, end - 1),
                [](char c) { return !is_digit(c) && c != ':' && c != '.' && !(lower(c) >= 'a' && lower(c) <= 'f'); }))
            return false;
        name = host.substr(end + 1);
        if (name.empty())
            return true;
        if (name.front() != ':')
            return false;
    } else {
        const auto colon = std::min(host.find(':'), host.size());
        if (colon == 0 || std::ranges::any_of(host.substr(0, colon), [](char c) {
                return !is_digit(c) && c != '-' && c != '.' && c != '_' && !(lower(c) >= 'a' && lower(c) <= 'z');
            }))
            return false;
        name = host.substr(colon);
        if (name.empty())
            return true;
    }
    const auto port = name.substr(1);
    return !port.empty() && port.size() <= 5 && std::ranges::all_of(port, is_digit);
}

bool is_ours(std::string_view host, const std::vector<std::string>& hosts) {
    if (hosts.empty())
        return true;
    const auto colon = host.rfind(':');
    const bool has_port = colon != host.npos && host.find(']', colon) == host.npos;
    const auto name = has_port ? host.substr(0, colon) : host;
    return std::ranges::any_of(hosts,
        [&](const std::string& ours) { return equal_ignoring_case(ours, host) || equal_ignoring_case(ours, name); });
}

std::expected<std::string_view, std::string_view> check_request_line(std::string_view line, Head& head) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == line.npos || first == last || line.find(' ', first + 1) != last)
        return Refused{"the request line has not three parts"};
    head.method = line.substr(0, first);
    if (head.method.empty() || head.method.size() > 16 ||
        !std::ranges::all_of(head.method, [](char c) { return c >= 'A' && c <= 'Z'; }))
        return Refused{"the method is not made of capital letters"};
    const auto target = line.substr(first + 1, last - first - 1);
    if (!target.starts_with('/') || target.starts_with("//"))
        return Refused{"the target is not in origin form"};
    if (std::ranges::any_of(target,
            [](unsigned char c) { return c <= 0x20 || c >= 0x7f || c == '#' || c == '"' || c == '<' || c == '>'; }))
        return Refused{"the target has characters that must be escaped"};
    const auto question = std::min(target.find('?'), target.size());
    const auto raw_path = target.substr(0, question);
    if (raw_path.find_first_of("\\^`{|}") != raw_path.npos)
        return Refused{"the path has characters that must be escaped"};
    auto path = decoded_path(raw_path);
    if (!path)
        return Refused{"the path can be understood in two ways"};
    head.path = std::move(*path);
    if (question < target.size())
        head.query = target.substr(question + 1);
    return line.substr(last + 1);
}

// What the fields say about the framing, each counted once.
struct Framing {
    int hosts = 0, lengths = 0, encodings = 0, expectations = 0;
};

std::optional<std::string_view> check_field(std::string_view name, std::string_view value, Head& head, Framing& framing,
    const std::vector<std::string>& hosts) {
    if (equal_ignoring_case(name, "host")) {
        if (++framing.hosts > 1)
            return "Host comes twice";
        if (!is_host(value))
            return "Host is not a name and a port";
        if (!is_ours(value, hosts))
            return "Host is not ours";
    } else if (equal_ignoring_case(name, "content-length")) {
        if (++framing.lengths > 1)
            return "Content-Length comes twice";
        if (value.empty() || value.size() > 18 || !std::ranges::all_of(value, is_digit) ||
            (value.size() > 1 && value[0] == '0'))
            return "Content-Length is not a plain number";
        for (const char c : value)
            head.content_length = head.content_length * 10 + std::uint64_t(c - '0');
    } else if (equal_ignoring_case(name, "transfer-encoding")) {
        if (++framing.encodings > 1)
            return "Transfer-Encoding comes twice";
        if (value != "chunked")
            return "Transfer-Encoding is not chunked";
        head.is_chunked = true;
    } else if (equal_ignoring_case(name, "expect")) {
        if (++framing.expectations > 1 || !equal_ignoring_case(value, "100-continue"))
            return "Expect is not 100-continue";
        head.expects_continue = true;
    } else if (equal_ignoring_case(name, "connection")) {
        for (std::size_t from = 0; from <= value.size();) {
            const auto end = std::min(value.find(',', from), value.size());
            if (equal_ignoring_case(without_blanks(value.substr(from, end - from)), "close"))
                head.is_kept_alive = false;
            from = end + 1;
        }
    } else if (equal_ignoring_case(name, "trailer")) {
        return "trailers are not taken";
    } else if (equal_ignoring_case(name, "content_length") || equal_ignoring_case(name, "transfer_encoding")) {
        return "a framing field is spelt with an underscore";
    }
    return std::nullopt;
}

} // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right) {
    return left.size() == right.size() && std::ranges::equal(left, right, {}, lower, lower);
}

ScanState HeadScan::look(std::string_view bytes) {
    if (!bytes.empty() && (bytes.front() < 'A' || bytes.front() > 'Z'))
        return ScanState::refused;
    while (true) {
        const auto end = bytes.find('\n', line_);
        if (end == bytes.npos)
            return bytes.size() > head_bytes_max ? ScanState::refused : ScanState::incomplete;
        if (end == 0 || bytes[end - 1] != '\r' || end >= head_bytes_max)
            return ScanState::refused;
        const bool is_empty = end - 1 == line_;
        line_ = end + 1;
        if (!is_empty)
            continue;
        size_ = line_;
        return ScanState::complete;
    }
}

bool ChunkScan::take(char c) {
    static constexpr int digits_max = 8;
    auto go = [&](Expecting next) {
        expecting_ = next;
        return true;
    };
    switch (expecting_) {
    case Expecting::digit_or_end:
        if (c == '\r')
            return go(Expecting::line_feed);
        [[fallthrough]];
    case Expecting::digit: {
        const int value = is_digit(c) ? c - '0' : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
        if (value < 0 || ++digits_ > digits_max)
            return false;
        left_ = left_ * 16 + std::size_t(value);
        return go(Expecting::digit_or_end);
    }
    case Expecting::line_feed:
        return c == '\n' && go(left_ == 0 ? Expecting::last_end : Expecting::data);
    case Expecting::end_of_data:
        return c == '\r' && go(Expecting::line_feed_of_data);
    case Expecting::line_feed_of_data:
        digits_ = 0;
        return c == '\n' && go(Expecting::digit);
    case Expecting::last_end:
        return c == '\r' && go(Expecting::last_line_feed);
    case Expecting::last_line_feed:
        return c == '\n' && go(Expecting::nothing);
    case Expecting::data:
    case Expecting::nothing:
        return false;
    }
    return false;
}

ScanState ChunkScan::look(std::string_view fresh) {
    while (expecting_ != Expecting::nothing) {
        if (fresh.empty())
            return ScanState::incomplete;
        std::size_t used = 1;
        if (expecting_ == Expecting::data) {
            used = std::min(left_, fresh.size());
            left_ -= used;
            if (left_ == 0)
                expecting_ = Expecting::end_of_data;
        } else if (!take(fresh.front())) {
            return ScanState::refused;
        }
        size_ += used;
        fresh.remove_prefix(used);
    }
    return ScanState::complete;
}

std::expected<Head, std::string_view> check_head(std::string_view bytes, const std::vector<std::string>& hosts) {
    if (bytes.size() > head_bytes_max)
        return Refused{"the head is larger than 8 KiB"};
    if (HeadScan scan; scan.look(bytes) != ScanState::complete || scan.size() != bytes.size())
        return Refused{"the lines do not end as they must"};
    Head head;
    auto rest = bytes;
    const auto version = check_request_line(take_line(rest), head);
    if (!version)
        return Refused{version.error()};
    if (*version != "HTTP/1.1" && *version != "HTTP/1.0")
        return Refused{"this is not HTTP/1.1"};
    head.is_kept_alive = *version == "HTTP/1.1";

    Framing framing;
    for (auto line = take_line(rest); !line.empty(); line = take_line(rest)) {
        if (line.front() == ' ' || line.front() == '\t')
            return Refused{"a field is folded over two lines"};
        const auto colon = line.find(':');
        if (colon == line.npos || !is_token(line.substr(0, colon)))
            return Refused{"a field name is not a token followed by a colon"};
        const auto name = line.substr(0, colon);
        const auto value = without_blanks(line.substr(colon + 1));
        if (!is_field_value(line.substr(colon + 1)))
            return Refused{"a field has control characters"};
        if (head.fields.size() == field_count_max)
            return Refused{"there are more than 100 fields"};
        if (const auto reason = check_field(name, value, head, framing, hosts))
            return Refused{*reason};
        head.fields.emplace_back(name, value);
    }
    if (framing.hosts == 0)
        return Refused{"Host is missing"};
    if (head.is_chunked && framing.lengths > 0)
        return Refused{"Content-Length and Transfer-Encoding come together"};
    if (head.is_chunked && *version == "HTTP/1.0")
        return Refused{"HTTP/1.0 has no Transfer-Encoding"};
    const bool takes_body = head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
    if (head.has_body() && !takes_body)
        return Refused{"this method takes no body"};
    return head;
}

} // namespace onefold::http
