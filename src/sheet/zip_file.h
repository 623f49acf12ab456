#pragma once
// A zip archive that is written entry by entry and never kept (APPNOTE 6.3.10). For this room's own files.
#include "runtime/runtime.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::sheet {

class ZipFile {
  public:
    // Empties a file that is there. Sizes and places from `wide_from` on are written with 64 bits, which not every
    // program reads. Errors of files.
    static Result<ZipFile> create(runtime::Files& files, const std::string& path, std::uint64_t wide_from = 0xFFFFFFFF);
    ~ZipFile();
    ZipFile(ZipFile&&) noexcept;

    void begin(std::string name); // and ends the entry before
    void add(std::string_view bytes);
    // What went wrong so far; what is added after it is dropped.
    const Result<>& written() const { return written_; }
    // Once, in the end; tells also what went wrong before. Not synced.
    Result<> finish();

  private:
    struct Entry {
        std::string name;
        std::uint64_t at = 0, packed_bytes = 0, bytes = 0;
        std::uint32_t checksum = 0;
    };
    struct Packer;
    ZipFile(std::unique_ptr<runtime::File> file, std::uint64_t wide_from);
    void end_entry();
    void pack(int flush);
    void write(std::string_view bytes);
    void write_at(std::uint64_t at, std::string_view bytes);
    void write_directory();
    bool is_wide(const Entry& entry) const;
    std::string local_header(const Entry& entry) const;
    std::string directory_header(const Entry& entry) const;

    std::unique_ptr<runtime::File> file_;
    std::unique_ptr<Packer> packer_;
    std::vector<Entry> entries_;
    std::string pending_; // not packed yet
    std::uint64_t wide_from_, end_ = 0;
    Result<> written_;
};

} // namespace onefold::sheet
