#pragma once
// A run: the entries of one stretch of the log in one file, sorted by node and of each node newest first, never
// changed.
//
// File (little endian): blocks of 4,096 bytes; the index, 16 bytes a block (node i64, at i64 of its first entry); a
// footer of 56 bytes: "OFTLRUN1", entries u64, from i64, to i64, oldest at i64, newest at i64, crc32c of the index u32,
// crc32c of the footer's 52 bytes before it u32. A block: crc32c of the rest xor its number u32, count u32, and up to
// 146 entries of 28 bytes (node i64, at i64, position i64, name u32), zeros behind them. Every block is proved when it
// is read. In memory: the index.
//
// Read with pread, not mapped: a sector that cannot be read is an error and not the end of the process.
#include "runtime/runtime.h"
#include "timeline/interval.h"
#include "timeline/newest.h"

#include <functional>
#include <memory>
#include <string>

namespace onefold::timeline {

inline constexpr std::size_t block_bytes = 4096, entry_bytes = 28, block_entries = 146, footer_bytes = 56;

Failure damaged(const std::string& path, std::string_view cause); // timeline.damaged

class Run {
  public:
    // Proves footer, index and size. timeline.damaged, files.enoent.
    static Result<std::shared_ptr<const Run>> open(runtime::Files& files, const std::string& path);

    const std::string& path() const { return path_; }
    const Interval& interval() const { return interval_; }
    std::uint64_t count() const { return count_; }
    std::uint32_t checksum() const { return checksum_; } // of the footer, and so of the index; it tells runs apart
    std::size_t index_bytes() const { return index_.size() * sizeof(Key); }

    Result<> collect(const Sought& sought, Newest& newest) const;
    // Every entry of one node, newest first.
    Result<> each(NodeId node, const std::function<void(const Entry&)>& sink) const;
    // Reads and proves all of it.
    Result<> verify() const;

    // From the first entry of `from` on, in order. The run outlives it.
    class Cursor {
      public:
        Cursor(const Run& run, NodeId from);
        Result<bool> next(Entry& entry); // false at the end

      private:
        const Run& run_;
        NodeId from_;
        std::size_t block_;
        std::vector<Entry> read_;
        std::size_t at_ = 0;
    };

  private:
    struct Key {
        NodeId node;
        Instant at;
    };
    Run() = default;
    Result<> read_footer(std::string_view footer, std::uint64_t size);
    Result<> read_blocks(std::size_t first, std::size_t count, std::vector<Entry>& entries) const;
    // The first block that may hold something of the node at or before `at`.
    std::size_t block_of(NodeId node, Instant at) const;
    // From `first` on in order, until `sink` says that it is enough.
    Result<> walk(std::size_t block, const Entry& first, const std::function<bool(const Entry&)>& sink) const;

    std::string path_;
    std::unique_ptr<runtime::File> file_;
    Interval interval_;
    std::uint64_t count_ = 0;
    Instant oldest_, newest_;
    std::uint32_t checksum_ = 0;
    std::vector<Key> index_;
};

} // namespace onefold::timeline
