#pragma once
// Where an import's bytes come from: a plain file, or a gzip file inflated on the way.
#include "core/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace onefold::import {

// For one thread.
class ChunkSource {
  public:
    virtual ~ChunkSource() = default;
    // Fills the beginning of `room`; 0 only at the end. import.unreadable_file, import.bad_gzip.
    virtual Result<std::size_t> read(std::span<char> room) = 0;
    // Of the file itself (of the compressed bytes where it is compressed), for progress.
    virtual std::uint64_t bytes_read() const = 0;
    virtual std::uint64_t bytes_total() const = 0;
};

// gzip is recognised by its first bytes, not by the name; several members one behind the other are one file.
// import.no_such_file, import.unreadable_file (also for folders and pipes).
Result<std::unique_ptr<ChunkSource>> open_file(const std::string& path);

} // namespace onefold::import
