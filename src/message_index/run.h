#pragma once
// A sorted immutable file of message keys: those of the log's positions [from, to).
//
// Pages of 4 KiB, all little endian: one of the header, then the keys (255 a page, ascending, their number and a
// crc32c), the fences (the first 8 bytes of each page's first key), the filter. In memory are fences and filter:
// 1.3 bytes a key. Thread-safe once open.
#include "message_index/key_filter.h"
#include "runtime/new_file.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onefold::message_index {

struct Range {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    bool holds(const Range& other) const { return from <= other.from && other.to <= to; }
    friend bool operator==(const Range&, const Range&) = default;
};

// "0000000000000001-0000000004000001.ids"
std::string run_name(const Range& range);
std::optional<Range> range_from(std::string_view name);

class Run {
  public:
    // Reads header, fences and filter; message_index.damaged where they do not hold or were made under another secret.
    static Result<std::shared_ptr<const Run>> open(
        runtime::Files& files, const std::string& folder, const Range& range, std::uint64_t secret_mark);

    const Range& range() const { return range_; }
    std::uint64_t size() const { return count_; }
    std::size_t memory_bytes() const;
    void prefetch(const MessageKey& key) const { filter_.prefetch(key); }
    // One look at the filter, and mostly no more; message_index.damaged where a page does not hold.
    Result<bool> contains(const MessageKey& key) const;

    std::size_t page_count() const { return fences_.size(); }
    Result<std::vector<MessageKey>> read_page(std::size_t page) const;

  private:
    Run(std::unique_ptr<runtime::File> file, std::string path, const Range& range, std::uint64_t count,
        std::vector<std::uint64_t> fences, KeyFilter filter);

    const std::unique_ptr<runtime::File> file_;
    const std::string path_;
    const Range range_;
    const std::uint64_t count_;
    const std::vector<std::uint64_t> fences_;
    const KeyFilter filter_;
};
using RunPointer = std::shared_ptr<const Run>;

// Writes a run: keys in ascending order (equal ones once), then `finish`, after which it stands under its name, whole.
class RunWriter {
  public:
    static Result<RunWriter> begin(runtime::Files& files, const std::string& folder, const Range& range,
        std::uint64_t keys_max, std::uint64_t secret_mark);
    Result<> add(const MessageKey& key);
    Result<> finish();

  private:
    RunWriter(runtime::Files& files, std::string folder, const Range& range, std::uint64_t keys_max,
        std::uint64_t secret_mark, runtime::NewFile file);
    Result<> end_page();

    runtime::Files& files_;
    std::string folder_;
    Range range_;
    std::uint64_t secret_mark_;
    runtime::NewFile file_;
    KeyFilter filter_;
    std::vector<std::uint64_t> fences_;
    std::vector<MessageKey> page_;
    std::uint64_t count_ = 0;
    std::optional<MessageKey> last_;
};

} // namespace onefold::message_index
