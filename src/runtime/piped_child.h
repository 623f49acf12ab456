#pragma once
// This very program once more, as a child that is given one open file and sends back a stream of bytes: for work on
// bytes that nobody here has made.
#include "core/result.h"

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace onefold::runtime {

struct PipedChild {
    std::vector<std::string> words; // of its command line, behind the program's name
    std::string request;            // what it reads from its standard input, at most 32 KiB
    int file = -1;                  // an open file, which it finds as descriptor `file_of_child`
    std::uint64_t memory_bytes_max = 0;
    std::chrono::seconds processor_time_max{10};
};
inline constexpr int file_of_child = 3, answer_of_child = 4; // it writes to the latter

// What it sends. For one thread. Going away kills it. It dies with this process, and has no other file open but the
// error output.
class ChildStream {
  public:
    static Result<std::unique_ptr<ChildStream>> start(const PipedChild& child); // child.not_started
    ~ChildStream();
    ChildStream(const ChildStream&) = delete;
    ChildStream& operator=(const ChildStream&) = delete;

    // Some bytes; 0 once the child has closed its end. child.silent where nothing came for `silence`.
    Result<std::size_t> read(std::span<char> room, std::chrono::milliseconds silence);
    // Waits until it has ended; false where it did not end by itself with 0.
    bool ended_well();
    pid_t pid() const { return pid_; }

  private:
    ChildStream(pid_t pid, int answer) : pid_(pid), answer_(answer) {}
    void end(int signal);
    pid_t pid_;
    int answer_;
    int status_ = 0;
    bool is_over_ = false;
};

// In the child: the whole of what it is asked.
std::string read_request();
// False where nobody listens any more.
bool send_answer(std::string_view bytes);

} // namespace onefold::runtime
