#include "runtime/child.h"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace onefold::runtime {
namespace {

using namespace std::chrono_literals;

constexpr const char* this_program = "/proc/self/exe";

// Between fork and exec: nothing here may allocate or lock.
[[noreturn]] void become(char* const* words, const Child& child, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
        ::_exit(127);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    if (child.memory_bytes_max > 0) {
        const rlimit memory{child.memory_bytes_max, child.memory_bytes_max};
        ::setrlimit(RLIMIT_AS, &memory);
    }
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
    ::close_range(STDERR_FILENO + 1, ~0U, 0);
    ::execv(this_program, words);
    ::_exit(127);
}

Ended wait_for(pid_t pid, std::chrono::milliseconds timeout, const std::atomic<bool>& is_cancelled) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (int status = 0;;) {
        if (::waitpid(pid, &status, WNOHANG) == pid)
            return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? Ended::well : Ended::badly;
        const bool is_late = std::chrono::steady_clock::now() >= deadline;
        if (is_late || is_cancelled) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, &status, 0);
            return is_late ? Ended::too_late : Ended::cancelled;
        }
        std::this_thread::sleep_for(5ms);
    }
}

} // namespace

Result<Ended> run_child(const Child& child, const std::atomic<bool>& is_cancelled) {
    std::vector<std::string> words{"onefold"};
    words.insert(words.end(), child.words.begin(), child.words.end());
    std::vector<char*> pointers;
    for (std::string& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0)
        return fail(ErrorKind::unavailable, "child.not_started",
            {std::string("A process could not be started: ") + std::strerror(errno),
                std::string("无法启动进程：") + std::strerror(errno)});
    if (pid == 0)
        become(pointers.data(), child, parent);
    return wait_for(pid, child.timeout, is_cancelled);
}

} // namespace onefold::runtime
