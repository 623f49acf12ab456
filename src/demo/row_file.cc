#include "demo/row_file.h"

#include "sheet/safe_cell.h"

#include <unicode/ucnv.h>

namespace onefold::demo {
namespace {

constexpr std::size_t room_bytes = 1 << 20;

std::string to_gbk(std::string_view text) {
    std::string converted(text.size() + 16, '\0'); // nothing is longer in GBK
    UErrorCode status = U_ZERO_ERROR;
    const auto size =
        ucnv_convert("GBK", "UTF-8", converted.data(), int(converted.size()), text.data(), int(text.size()), &status);
    VERIFY(U_SUCCESS(status));
    converted.resize(std::size_t(size));
    return converted;
}

} // namespace

RowFile::RowFile(std::unique_ptr<runtime::File> file, Encoding encoding) : file_(std::move(file)), encoding_(encoding) {
    room_.reserve(room_bytes + 4096);
    if (encoding == Encoding::utf8_with_mark)
        room_ = "\xEF\xBB\xBF";
}

Result<RowFile> RowFile::create(runtime::Files& files, const std::string& path, Encoding encoding) {
    auto file = TRY(files.open(path, runtime::OpenMode::create));
    TRY(file->truncate(0));
    return RowFile(std::move(file), encoding);
}

void RowFile::line(std::string_view text) {
    room_ += text;
    room_ += '\n';
    write_full();
}

void RowFile::row(std::initializer_list<std::string_view> cells) {
    bool is_first = true;
    for (const auto cell : cells) {
        if (!is_first)
            room_ += ',';
        is_first = false;
        room_ += sheet::csv_cell(cell);
    }
    room_ += encoding_ == Encoding::utf8 ? "\n" : "\r\n";
    write_full();
}

void RowFile::write_full() {
    if (room_.size() >= room_bytes)
        write();
}

void RowFile::write() {
    if (encoding_ == Encoding::gbk)
        room_ = to_gbk(room_);
    if (written_)
        written_ = file_->write_at(offset_, room_);
    offset_ += room_.size();
    room_.clear();
}

Result<> RowFile::finish() {
    write();
    return written_;
}

} // namespace onefold::demo
