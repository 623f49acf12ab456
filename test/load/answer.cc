#include "load/answer.h"

#include <charconv>
#include <strings.h>

namespace onefold::load {
namespace {

std::string_view field(std::string_view head, std::string_view name) {
    for (std::size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
        const std::string_view line = head.substr(at + 2);
        if (line.size() <= name.size() || line[name.size()] != ':' ||
            strncasecmp(line.data(), name.data(), name.size()) != 0)
            continue;
        std::string_view value = line.substr(name.size() + 1, line.find("\r\n") - name.size() - 1);
        value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
        return value;
    }
    return {};
}

int number(std::string_view text, int otherwise) {
    int value = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace

std::optional<Answer> read_answer(std::string_view bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == bytes.npos)
        return std::nullopt;
    const std::string_view head = bytes.substr(0, end + 2);
    Answer answer;
    answer.status = number(bytes.substr(std::min<std::size_t>(9, bytes.size())), 0);
    answer.bytes = end + 4 + std::size_t(number(field(head, "Content-Length"), 0));
    if (bytes.size() < answer.bytes)
        return std::nullopt;
    answer.retry_after_s = number(field(head, "Retry-After"), -1);
    answer.closes = field(head, "Connection") == "close";
    return answer;
}

} // namespace onefold::load
