#pragma once
// A spreadsheet of one sheet that is written row by row and never kept: a zip archive of Office Open XML (ECMA-376)
// with texts in their cells. For this room's own files.
#include "runtime/runtime.h"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::demo {

class XlsxFile {
  public:
    // Empties a file that is there.
    static Result<XlsxFile> create(runtime::Files& files, const std::string& path, std::string_view sheet);
    ~XlsxFile();
    XlsxFile(XlsxFile&&) noexcept;

    void row(std::initializer_list<std::string_view> cells);
    // Once at the end; tells also what went wrong before.
    Result<> finish();

  private:
    struct Entry {
        std::string name;
        std::uint32_t checksum = 0, packed_bytes = 0, bytes = 0, offset = 0;
    };
    struct Packer;
    explicit XlsxFile(std::unique_ptr<runtime::File> file);
    void begin_entry(std::string name);
    void add(std::string_view text);
    void end_entry();
    void add_entry(std::string name, std::string_view text);
    void pack(bool is_last);
    void write(std::string_view bytes);
    void write_directory();

    std::unique_ptr<runtime::File> file_;
    std::unique_ptr<Packer> packer_;
    std::vector<Entry> entries_;
    std::string room_;
    std::uint64_t offset_ = 0;
    Result<> written_;
};

} // namespace onefold::demo
