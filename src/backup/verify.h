#pragma once
// Whether a backup is whole: its manifest, every file's size and digest, the chains of both logs, the database, and
// that the log reaches as far as the database needs. Changes nothing.
#include "backup/make.h"

namespace onefold::backup {

struct Flaw {
    std::string file;
    LocalText cause;
};
struct Verified {
    Manifest manifest;
    std::vector<Flaw> flaws; // none: it is whole
};

// The errors of read_manifest.
Result<Verified> verify(
    runtime::Files& files, const std::string& folder, const LogNeeded& log_needed, const Progress& progress = {});

// All but the digests of the files, of a folder that holds those of `manifest`.
Result<std::vector<Flaw>> verify_contents(
    runtime::Files& files, const std::string& folder, const Manifest& manifest, const LogNeeded& log_needed);

} // namespace onefold::backup
