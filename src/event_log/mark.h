#pragma once
// Two marks in the log's folder, each a position and the head of the chain there.
//
// hwm: how far the log was durable at least; what lies before it can never be an unfinished tail.
// begin: where the log begins since its oldest segments expired; not there before.
#include "event_log/frame.h"
#include "runtime/runtime.h"

#include <cstdint>
#include <optional>
#include <string>

namespace onefold::event_log {

struct Mark {
    std::uint64_t position = 1;
    Digest chain{};

    friend bool operator==(const Mark&, const Mark&) = default;
};

constexpr std::string_view high_water_mark_file = "hwm";
constexpr std::string_view begin_file = "begin";

// nullopt where the file is not there; event_log.damaged where it cannot be understood.
Result<std::optional<Mark>> read_mark(runtime::Files& files, const std::string& folder, std::string_view file);
// What the file of a mark says.
std::string text_of(const Mark& mark);
Result<> write_mark(runtime::Files& files, const std::string& folder, std::string_view file, const Mark& mark);

} // namespace onefold::event_log
