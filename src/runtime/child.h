#pragma once
// This very program once more, as a child, for work that may end its process: opening a file that may be broken.
#include "core/result.h"

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

namespace onefold::runtime {

struct Child {
    std::vector<std::string> words;     // of its command line, behind the program's name
    std::uint64_t memory_bytes_max = 0; // of its address space; 0: as much as there is
    std::chrono::milliseconds timeout{60'000};
};

enum class Ended { well, badly, too_late, cancelled };

// Runs it to its end. It inherits no file but the error output, and dies with this process. `badly`: with another code
// than 0 or by a signal. child.not_started.
Result<Ended> run_child(const Child& child, const std::atomic<bool>& is_cancelled);

} // namespace onefold::runtime
