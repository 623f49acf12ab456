#pragma once
// How far an import is, in a file beside it: small lines, one a batch, so that noting it never waits for the database.
// What was noted survives a kill of the process; after a loss of power the last notes may be missing, and a few more
// batches are read again, which changes nothing. For this room's own files.
#include "core/id.h"
#include "import/import.h"
#include "runtime/runtime.h"

#include <string>

namespace onefold::import {

struct Tally {
    std::int64_t created = 0, updated = 0, unchanged = 0;
};

struct Checkpoint {
    std::int64_t batches = 0; // that are done whole
    Tally tally;              // of them
    Tally pending;            // what the batch after them will have done once it is in the log
    Position log;             // where the log ended before that
};
std::string line_of(const Checkpoint& checkpoint);
std::optional<Checkpoint> parse_checkpoint(std::string_view line); // nothing for a line that was torn

class Progress {
  public:
    // `folder` is there.
    static Result<Progress> open(runtime::Files& files, const std::string& folder);

    // The digest of the file that is read: import.file_changed where an earlier run read another.
    Result<> begin(const std::string& digest);
    const std::optional<Checkpoint>& last() const { return last_; } // of an earlier run
    Result<> note(const Checkpoint& checkpoint);

  private:
    Result<> add(const std::string& line);

    std::unique_ptr<runtime::File> file_;
    std::uint64_t end_ = 0; // of whole lines
    std::string digest_;
    std::optional<Checkpoint> last_;
};

} // namespace onefold::import
