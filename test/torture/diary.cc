// diary FOLDER: prints what the event log in FOLDER holds, one line an event: position, source, message id. Nothing may
// have it open. Ends with 1 where the log is damaged.
#include "event_log/event_log.h"

#include <cstdio>
#include <fmt/format.h>

using namespace onefold;

int main(int count, char** words) {
    if (count != 2) {
        fmt::print(stderr, "diary FOLDER\n");
        return 2;
    }
    const auto clock = runtime::make_system_clock();
    const auto random = runtime::make_system_random();
    const auto files = runtime::make_system_files();
    const auto network = runtime::make_system_network();
    auto log = event_log::EventLog::open({*clock, *random, *files, *network}, words[1]);
    if (!log) {
        fmt::print(stderr, "{}\n", log.error().message.in("en"));
        return 1;
    }
    for (Position from = (*log)->begin(); from < (*log)->end();) {
        const auto frames = (*log)->read(from, 10'000);
        if (!frames) {
            fmt::print(stderr, "{}\n", frames.error().message.in("en"));
            return 1;
        }
        for (const auto& frame : *frames)
            fmt::print("{} {} {} {}\n", frame.position.value, int(frame.kind), frame.source_id.value, frame.message_id);
        from = frames->back().next;
    }
    const auto verified = (*log)->verify();
    if (!verified || !verified->damages.empty()) {
        fmt::print(stderr, "the log is damaged\n");
        return 1;
    }
    return 0;
}
