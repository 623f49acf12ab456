#pragma once
// A file line by line, in memory that does not grow with it.
#include "runtime/runtime.h"

#include <memory>
#include <string>

namespace onefold::house {

class LineReader {
  public:
    explicit LineReader(std::unique_ptr<runtime::File> file) : file_(std::move(file)) {}

    // False at the end. Without the line break.
    Result<bool> next(std::string& line) {
        for (;;) {
            const auto end = room_.find('\n', at_);
            if (end != std::string::npos) {
                line.assign(room_, at_, end - at_);
                at_ = end + 1;
                return true;
            }
            room_.erase(0, std::exchange(at_, 0));
            const std::string more = TRY(file_->read_at(offset_, chunk_bytes));
            if (more.empty())
                return false;
            offset_ += more.size();
            room_ += more;
        }
    }
    std::uint64_t bytes_read() const { return offset_; }
    std::uint64_t bytes_total() const { return file_->size().value_or(offset_); }

  private:
    static constexpr std::size_t chunk_bytes = 1 << 20;
    std::unique_ptr<runtime::File> file_;
    std::string room_;
    std::size_t at_ = 0;
    std::uint64_t offset_ = 0;
};

} // namespace onefold::house
