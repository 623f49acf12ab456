#pragma once
// What a start makes of the log's folder.
//
// Sealed segments are trusted by their sizes (`verify` looks into them); what lies behind the high-water mark is walked
// frame by frame, and an unfinished tail there is cut. Anything else that is not as it should be is a damage, after
// which nothing in the folder is changed any more.
#include "event_log/event_log.h"
#include "event_log/mark.h"
#include "event_log/segment.h"

namespace onefold::event_log {

struct Recovered {
    std::vector<Segment> segments; // up to the damage; none in a new log
    Mark begin, end;
    Mark mark; // as the file says
    std::optional<Damage> damage;
    std::unique_ptr<runtime::File> active; // the last segment, for writing; null in a new log and in a damaged one
};

// The frames of the last segment are handed to `sink`.
Result<Recovered> recover(runtime::Files& files, const std::string& folder, const FrameSink& sink);

// What may lie behind the last frame that holds: zeros, or frames behind the mark with no later group that was written
// when they were durable.
bool is_unfinished_tail(std::string_view bytes, std::uint64_t base, std::uint64_t tail, const Mark& mark);

} // namespace onefold::event_log
