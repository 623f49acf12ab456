#pragma once
// Where a file's bytes come from: the file itself, or what is inflated or decoded on the way.
#include "core/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace onefold::sheet {

// Bytes one after the other. For one thread.
class ChunkSource {
  public:
    virtual ~ChunkSource() = default;
    // Fills the beginning of `room`; 0 only at the end. import.unreadable_file, import.bad_gzip.
    virtual Result<std::size_t> read(std::span<char> room) = 0;
    // Of the file itself (of the compressed bytes where it is compressed), for progress.
    virtual std::uint64_t bytes_read() const = 0;
    virtual std::uint64_t bytes_total() const = 0;
};

// An open regular file that may be read at any place.
class File {
  public:
    // import.no_such_file, import.unreadable_file (also for folders and pipes).
    static Result<std::shared_ptr<File>> open(const std::string& path);
    static Result<std::shared_ptr<File>> take(int descriptor, std::string name); // closes it in the end
    ~File();
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    // Fewer bytes than asked for only at the end.
    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> room) const;
    std::uint64_t size() const { return size_; }
    const std::string& name() const { return name_; }
    int descriptor() const { return descriptor_; }

  private:
    File(int descriptor, std::uint64_t size, std::string name);
    int descriptor_;
    std::uint64_t size_;
    std::string name_;
};

std::unique_ptr<ChunkSource> bytes_of(std::shared_ptr<File> file);
bool is_gzip(const File& file);
// Several members one behind the other are one file. sheet.too_much: it grows like a bomb (inflating_limits).
std::unique_ptr<ChunkSource> inflated(std::shared_ptr<File> file);

// What inflates may become this much larger once it has grown beyond `free_bytes`.
struct InflatingLimits {
    std::uint64_t ratio_max = 100;
    std::uint64_t free_bytes = 32 << 20;
    std::uint64_t bytes_max = std::uint64_t{64} << 30;
};
Result<> check_growth(std::uint64_t packed, std::uint64_t inflated, const InflatingLimits& limits = {});

} // namespace onefold::sheet
