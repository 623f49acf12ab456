#pragma once
// How far the log was durable at least, and the head of its chain there: the file `hwm` of the log's folder. What lies
// before it can never be an unfinished tail.
#include "event_log/frame.h"
#include "runtime/runtime.h"

#include <cstdint>
#include <optional>
#include <string>

namespace onefold::event_log {

struct HighWaterMark {
    std::uint64_t position = 1;
    Digest chain{};

    friend bool operator==(const HighWaterMark&, const HighWaterMark&) = default;
};

constexpr std::string_view high_water_mark_file = "hwm";

// nullopt where the file is not there; event_log.damaged where it cannot be understood.
Result<std::optional<HighWaterMark>> read_high_water_mark(runtime::Files& files, const std::string& folder);
Result<> write_high_water_mark(runtime::Files& files, const std::string& folder, const HighWaterMark& mark);

} // namespace onefold::event_log
