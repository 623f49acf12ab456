#include "runtime/piped_child.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace onefold::runtime {
namespace {

constexpr const char* this_program = "/proc/self/exe";
constexpr std::size_t request_bytes_max = 32 << 10; // less than a pipe holds, so that writing it never waits

struct Ends {
    int request, file, answer;
};

void limit(int what, std::uint64_t value, std::uint64_t hard) {
    const rlimit both{value, hard};
    ::setrlimit(__rlimit_resource_t(what), &both);
}

// Between fork and exec: nothing here may allocate or lock.
[[noreturn]] void become(char* const* words, const PipedChild& child, Ends ends, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
        ::_exit(127);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    limit(RLIMIT_CORE, 0, 0);
    if (child.memory_bytes_max > 0)
        limit(RLIMIT_AS, child.memory_bytes_max, child.memory_bytes_max);
    const auto seconds = std::uint64_t(child.processor_time_max.count());
    limit(RLIMIT_CPU, seconds, seconds + 1);
    // First out of the way of one another, then where they belong.
    const int request = ::fcntl(ends.request, F_DUPFD, 20), file = ::fcntl(ends.file, F_DUPFD, 20),
              answer = ::fcntl(ends.answer, F_DUPFD, 20), nothing = ::open("/dev/null", O_RDWR);
    if (request < 0 || file < 0 || answer < 0 || nothing < 0)
        ::_exit(127);
    ::dup2(nothing, STDOUT_FILENO);
    ::dup2(request, STDIN_FILENO);
    ::dup2(file, file_of_child);
    ::dup2(answer, answer_of_child);
    ::close_range(answer_of_child + 1, ~0U, 0);
    ::execv(this_program, words);
    ::_exit(127);
}

Failure not_started() {
    return fail(ErrorKind::unavailable, "child.not_started",
        {std::string("A process could not be started: ") + std::strerror(errno),
            std::string("无法启动进程：") + std::strerror(errno)});
}

Failure request_too_large(std::size_t size) {
    return fail(ErrorKind::invalid, "child.request_too_large",
        {fmt::format(
             "What a process is to be told is too long: {} bytes, of {} at most. Shorten texts of the settings.", size,
             request_bytes_max),
            fmt::format("传给子进程的内容过长：{} 字节，上限 {} 字节。请缩短设置中的文本。", size, request_bytes_max)});
}

struct Pipe {
    int read = -1, write = -1;
    bool open() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return false;
        read = ends[0];
        write = ends[1];
        return true;
    }
    void close_write() {
        if (write >= 0)
            ::close(std::exchange(write, -1));
    }
    ~Pipe() {
        close_write();
        if (read >= 0)
            ::close(read);
    }
};

} // namespace

Result<std::unique_ptr<ChildStream>> ChildStream::start(const PipedChild& child) {
    if (child.request.size() > request_bytes_max)
        return request_too_large(child.request.size());
    std::vector<std::string> words{"onefold"};
    words.insert(words.end(), child.words.begin(), child.words.end());
    std::vector<char*> pointers;
    for (std::string& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    Pipe request, answer;
    if (!request.open() || !answer.open() ||
        ::write(request.write, child.request.data(), child.request.size()) != ssize_t(child.request.size()))
        return not_started();
    request.close_write();
    const pid_t parent = ::getpid(), pid = ::fork();
    if (pid < 0)
        return not_started();
    if (pid == 0)
        become(pointers.data(), child, {request.read, child.file, answer.write}, parent);
    return std::unique_ptr<ChildStream>(new ChildStream(pid, std::exchange(answer.read, -1)));
}

ChildStream::~ChildStream() {
    end(SIGKILL);
    ::close(answer_);
}

void ChildStream::end(int signal) {
    if (std::exchange(is_over_, true))
        return;
    if (signal)
        ::kill(pid_, signal);
    while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
}

Result<std::size_t> ChildStream::read(std::span<char> room, std::chrono::milliseconds silence) {
    for (;;) {
        pollfd waiting{answer_, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, int(silence.count()));
        if (ready == 0)
            return fail(ErrorKind::unavailable, "child.silent",
                {"A process that was asked for something did not answer in time.", "子进程未在规定时间内响应。"});
        const auto size = ready > 0 ? ::read(answer_, room.data(), room.size()) : -1;
        if (size >= 0)
            return std::size_t(size);
        if (errno != EINTR)
            return not_started();
    }
}

bool ChildStream::ended_well() {
    end(0);
    return WIFEXITED(status_) && WEXITSTATUS(status_) == 0;
}

std::string read_request() {
    std::string request;
    for (std::array<char, 4096> chunk;;) {
        const auto size = ::read(STDIN_FILENO, chunk.data(), chunk.size());
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return request;
        request.append(chunk.data(), std::size_t(size));
    }
}

bool send_answer(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto size = ::write(answer_of_child, bytes.data(), bytes.size());
        if (size < 0 && errno != EINTR)
            return false;
        bytes.remove_prefix(std::size_t(std::max<ssize_t>(size, 0)));
    }
    return true;
}

} // namespace onefold::runtime
