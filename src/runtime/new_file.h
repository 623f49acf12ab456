#pragma once
// A file that appears whole: written as PATH.new from front to back, synced, renamed. What is not finished leaves
// PATH.new behind. Its bytes go to the disk as they come, so that its sync holds nobody else's up for long.
#include "runtime/runtime.h"

namespace onefold::runtime {

class NewFile {
  public:
    static Result<NewFile> begin(Files& files, const std::string& path);

    Result<> append(std::string_view bytes);
    Result<> overwrite(std::uint64_t offset, std::string_view bytes); // what was appended
    // Durable under its name; the folder is not synced.
    Result<> finish();

  private:
    NewFile(Files& files, std::string path, std::unique_ptr<File> file)
        : files_(&files), path_(std::move(path)), file_(std::move(file)) {}
    Result<> flush();

    Files* files_;
    std::string path_;
    std::unique_ptr<File> file_;
    std::string waiting_;
    std::uint64_t flushed_bytes_ = 0;
};

} // namespace onefold::runtime
