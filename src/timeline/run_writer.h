#pragma once
// Writes a run, entry by entry in order.
#include "runtime/new_file.h"
#include "timeline/run.h"

namespace onefold::timeline {

class RunWriter {
  public:
    static Result<RunWriter> create(runtime::Files& files, const std::string& path, Interval interval);

    Result<> add(const Entry& entry); // behind all before it in the order of runs
    // The file is durable under its name; the folder is not synced.
    Result<std::shared_ptr<const Run>> finish();
    std::uint64_t count() const { return count_; }

  private:
    RunWriter(runtime::Files& files, std::string path, Interval interval, runtime::NewFile file)
        : files_(&files), path_(std::move(path)), interval_(interval), file_(std::move(file)) {}
    Result<> end_block();

    runtime::Files* files_;
    std::string path_;
    Interval interval_;
    runtime::NewFile file_;
    std::uint64_t count_ = 0;
    std::uint32_t blocks_ = 0, block_count_ = 0; // full blocks; entries of the one at hand
    std::string block_, index_;
    std::int64_t oldest_ = INT64_MAX, newest_ = INT64_MIN;
};

} // namespace onefold::timeline
