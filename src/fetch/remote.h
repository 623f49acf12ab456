#pragma once
// What the child that speaks with other computers is asked, and what it answers. For this room's own files.
#include "fetch/place.h"

namespace onefold::fetch {

enum class Act { list, take, put_away };

struct Ask {
    Act act = Act::list;
    Settings settings; // where; the rest of it is not sent
    Secrets secrets;
    std::vector<std::string> networks; // that are allowed, as text
    Limits limits;
    Seen seen; // of take and put_away
    Mark mark; // of take
    Move move; // of put_away
};

struct Answer {
    std::optional<Error> error;
    std::string host_key;
    Listing listing;
    std::optional<Arrived> arrived;
    MoveAnswer moved;
};

std::string to_json(const Ask& ask);
Ask ask_of(std::string_view json);
std::string to_json(const Answer& answer);
std::optional<Answer> answer_of(std::string_view json); // nothing where it is none

// In the child. The bytes of a file go to the open file `to`.
Answer ask_https(const Ask& ask, int to);
Answer ask_sftp(const Ask& ask, int to);

// `onefold fetch-remote`: what make_remote_place starts. The exit code.
int serve_child();

Failure address_refused(std::string_view host);
Failure unreachable(std::string_view host, const LocalText& cause);
Failure too_large(std::string_view name, std::int64_t size_mb_max);
Failure login_refused(std::string_view host);
std::vector<Network> networks_of(const Ask& ask);

} // namespace onefold::fetch
