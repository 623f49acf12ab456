#pragma once
// Reading a file in a process of its own, which has little and may do little: the file may be made to break its reader.
#include "sheet/sheet.h"

#include <chrono>
#include <sys/types.h>

namespace onefold::sheet {

struct ChildLimits {
    std::uint64_t memory_bytes_max = std::uint64_t{512} << 20; // of address space
    // Of processor time: these seconds, and one more for each so many bytes of the file.
    std::chrono::seconds processor_time_max{10};
    std::uint64_t bytes_per_second = 16 << 20;
    std::chrono::milliseconds silence{30'000};
};

// `words`: the command line of this program that calls serve_child. Errors of open and Table, and
//   sheet.reader_ended (it was killed: too much memory or time, or from outside), sheet.too_slow
Result<std::unique_ptr<Table>> open_in_child(const std::string& path, const Choice& choice,
    const std::vector<std::string>& words = {"read-file"}, const ChildLimits& limits = {});

// The process that reads a table that came from open_in_child; for tests.
pid_t child_of(const Table& table);

// What the child does: reads the choice from its standard input and the file from the descriptor that it was given, and
// writes frames. The process's exit code.
int serve_child();

} // namespace onefold::sheet
