#pragma once
// Files as answers, whole or a part of them (RFC 9110, 14).
#include "http/contract.h"

namespace onefold::http {

struct ByteRange {
    std::uint64_t offset = 0, size = 0;
};
// What the field Range asks of `size` bytes. Everything, where it says nothing, several parts or what is no range;
// nothing, where it lies beyond the end. Pure.
std::optional<ByteRange> range_of(std::string_view field, std::uint64_t size);

// 200, 206 or 416. `name` goes into Content-Disposition, as ASCII and as UTF-8. `incoming` is what asked.
Outgoing file_answer(const Incoming& incoming, std::shared_ptr<const runtime::File> file, std::uint64_t size,
    std::string_view name, std::string_view content_type);

} // namespace onefold::http
