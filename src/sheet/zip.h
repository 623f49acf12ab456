#pragma once
// A zip archive by its central directory (APPNOTE 6.3.10, with zip64), inflated by stream. Nothing that it says of
// sizes is believed: what comes out is counted.
#include "sheet/chunk_source.h"

#include <optional>
#include <string_view>
#include <vector>

namespace onefold::sheet {

struct ZipEntry {
    std::string name;
    std::uint16_t method = 0; // 0 stored, 8 deflated
    bool is_encrypted = false;
    std::uint32_t crc = 0;
    std::uint64_t packed_bytes = 0, inflated_bytes = 0; // as the archive says
    std::uint64_t at = 0;                               // of its local header
    bool is_folder() const { return name.ends_with('/'); }
};

class Zip {
  public:
    static constexpr std::size_t entries_max = 1000;
    static bool is_zip(const File& file);
    // sheet.bad_zip (damaged, cut off, entries that overlap), sheet.too_many_entries.
    static Result<std::shared_ptr<Zip>> open(std::shared_ptr<File> file);

    const std::vector<ZipEntry>& entries() const { return entries_; }
    const ZipEntry* find(std::string_view name) const; // without regard to case, with or without a leading '/'

    // sheet.encrypted, sheet.unknown_compression; while reading sheet.bad_zip (damage; another size or checksum than
    // the archive says) and sheet.too_much. bytes_read() and bytes_total() are of the entry, packed.
    Result<std::unique_ptr<ChunkSource>> inflate(const ZipEntry& entry, const InflatingLimits& limits = {}) const;
    // Whole; sheet.too_much beyond `bytes_max`.
    Result<std::string> read(const ZipEntry& entry, std::size_t bytes_max) const;

  private:
    explicit Zip(std::shared_ptr<File> file) : file_(std::move(file)) {}
    Result<> read_directory();
    std::shared_ptr<File> file_;
    std::vector<ZipEntry> entries_;
};

} // namespace onefold::sheet
