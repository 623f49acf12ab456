#include "http/file_answer.h"

#include <algorithm>
#include <charconv>

namespace onefold::http {
namespace {

std::optional<std::uint64_t> number_in(std::string_view digits) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc{} && end == digits.data() + digits.size() && !digits.empty() ? std::optional(number)
                                                                                           : std::nullopt;
}

std::string disposition_of(std::string_view name) {
    std::string plain, encoded;
    for (const char c : name) {
        const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
                              c == '-' || c == '_';
        plain += is_plain ? c : '_';
        encoded += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain, encoded);
}

} // namespace

std::optional<ByteRange> range_of(std::string_view field, std::uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    const ByteRange whole{0, size};
    if (!field.starts_with(unit) || field.find(',') != field.npos)
        return whole;
    field.remove_prefix(unit.size());
    const auto dash = field.find('-');
    if (dash == field.npos)
        return whole;
    const auto first = number_in(field.substr(0, dash)), last = number_in(field.substr(dash + 1));
    if (dash == 0) { // the last so many
        if (!last)
            return whole;
        const auto count = std::min(*last, size);
        return count == 0 ? std::nullopt : std::optional(ByteRange{size - count, count});
    }
    if (!first || (!last && dash + 1 < field.size()) || (last && *last < *first))
        return whole;
    if (*first >= size)
        return std::nullopt;
    return ByteRange{*first, std::min(last.value_or(size - 1), size - 1) - *first + 1};
}

Outgoing file_answer(const Incoming& incoming, std::shared_ptr<const runtime::File> file, std::uint64_t size,
    std::string_view name, std::string_view content_type) {
    const auto range = range_of(incoming.header("range"), size);
    if (!range)
        return {416, {{"Content-Range", fmt::format("bytes */{}", size)}}, {}};
    Outgoing outgoing{200,
        {{"Content-Type", std::string(content_type)}, {"Content-Disposition", disposition_of(name)},
            {"Accept-Ranges", "bytes"}},
        {}, FilePart{std::move(file), range->offset, range->size}};
    if (range->size < size) {
        outgoing.status = 206;
        outgoing.headers.emplace_back(
            "Content-Range", fmt::format("bytes {}-{}/{}", range->offset, range->offset + range->size - 1, size));
    }
    return outgoing;
}

} // namespace onefold::http
