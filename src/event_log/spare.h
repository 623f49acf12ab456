#pragma once
// How much of a disk the log leaves to the database and the audit log. Pure.
#include <algorithm>
#include <cstdint>

namespace onefold::event_log {

// Of a disk of so many bytes: 512 MiB or 5 %, whichever is more, though never more than a tenth of a small one.
constexpr std::uint64_t spared_bytes(std::uint64_t disk_bytes) {
    constexpr std::uint64_t spared_min = 512 << 20;
    return std::min(std::max(disk_bytes / 20, spared_min), disk_bytes / 10);
}

} // namespace onefold::event_log
