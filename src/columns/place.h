#pragma once
// The files of this room's folder: columns.duckdb, the one being made beside it, and those put aside because they were
// broken.
#include "core/result.h"
#include "core/time.h"
#include "runtime/runtime.h"

#include <string>

namespace onefold::columns {

class Place {
  public:
    Place(runtime::Files& files, std::string folder) : files_(files), folder_(std::move(folder)) {}

    std::string live() const { return folder_ + "/columns.duckdb"; }
    std::string next() const { return folder_ + "/next.duckdb"; }
    bool has_live() const { return files_.exists(live()); }

    // Puts the live file aside under the time; the newest two of such files are kept.
    Result<> quarantine(Instant now);
    // Makes the next file, closed and complete, the live one.
    Result<> switch_over();
    Result<> remove_next();

  private:
    Result<> remove(const std::string& path);
    runtime::Files& files_;
    const std::string folder_;
};

} // namespace onefold::columns
