#pragma once
// A file that is written row by row and never kept: CSV or lines, in UTF-8 or GBK. For this room's own files.
#include "runtime/runtime.h"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace onefold::demo {

enum class Encoding { utf8, utf8_with_mark, gbk };

class RowFile {
  public:
    // Empties a file that is there.
    static Result<RowFile> create(runtime::Files& files, const std::string& path, Encoding encoding);

    void line(std::string_view text);
    void row(std::initializer_list<std::string_view> cells);
    // Once at the end; tells also what went wrong before.
    Result<> finish();

  private:
    RowFile(std::unique_ptr<runtime::File> file, Encoding encoding);
    void write_full();
    void write();

    std::unique_ptr<runtime::File> file_;
    Encoding encoding_;
    std::string room_;
    std::uint64_t offset_ = 0;
    Result<> written_;
};

} // namespace onefold::demo
