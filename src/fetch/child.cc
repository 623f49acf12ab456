#include "fetch/remote.h"
#include "runtime/piped_child.h"

#include <csignal>

namespace onefold::fetch {

int serve_child() {
    std::signal(SIGPIPE, SIG_IGN);
    const Ask ask = ask_of(runtime::read_request());
    const Answer answer = ask.settings.place == PlaceKind::sftp ? ask_sftp(ask, runtime::file_of_child)
                                                                : ask_https(ask, runtime::file_of_child);
    return runtime::send_answer(to_json(answer)) ? 0 : 1;
}

} // namespace onefold::fetch
