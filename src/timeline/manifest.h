#pragma once
// The file `manifest`: which runs there are, and what their entries' names mean. Replaced whole, so that it is the old
// one or the new. Its first line is the crc32c of the rest, which is JSON.
#include "runtime/runtime.h"
#include "timeline/interval.h"
#include "timeline/names.h"

#include <string>
#include <vector>

namespace onefold::timeline {

struct RunNote {
    std::string file;
    Interval interval;
    std::uint32_t checksum = 0; // Run::checksum
};

struct Manifest {
    std::string origin; // whose nodes the entries speak of; see origin.h
    std::uint64_t next_file = 1;
    std::vector<RunNote> runs; // sorted by interval
    std::vector<Name> names;
};

std::string to_text(const Manifest& manifest);
std::optional<Manifest> parse_manifest(std::string_view text); // nullopt for what is damaged or of a later make

} // namespace onefold::timeline
