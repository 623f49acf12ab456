#include "fetch/remote.h"
#include "runtime/piped_child.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <unistd.h>

namespace onefold::fetch {
namespace {

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

bool send(std::string_view text) {
    while (!text.empty()) {
        const auto size = ::write(runtime::answer_of_child, text.data(), text.size());
        if (size < 0 && errno != EINTR)
            return false;
        text.remove_prefix(std::size_t(std::max<ssize_t>(size, 0)));
    }
    return true;
}

} // namespace

int serve_child() {
    std::signal(SIGPIPE, SIG_IGN);
    const Ask ask = ask_of(read_request());
    const Answer answer = ask.settings.place == PlaceKind::sftp ? ask_sftp(ask, runtime::file_of_child)
                                                                : ask_https(ask, runtime::file_of_child);
    return send(to_json(answer)) ? 0 : 1;
}

} // namespace onefold::fetch
