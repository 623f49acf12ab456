#include "extract/sheet_file.h"
#include "sheet/safe_cell.h"

namespace onefold::extract {
namespace {

constexpr std::size_t buffered_bytes_max = 256 << 10;

class CsvFile : public SheetFile {
  public:
    explicit CsvFile(std::unique_ptr<runtime::File> file) : file_(std::move(file)), buffer_(sheet::byte_order_mark) {}

    Result<> add(const std::vector<Cell>& row) override {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i > 0)
                buffer_ += ',';
            buffer_ += row[i].kind == Cell::Kind::text ? sheet::csv_cell(sheet::safe_cell(row[i].text)) : row[i].text;
        }
        buffer_ += "\r\n";
        return buffer_.size() >= buffered_bytes_max ? finish() : Result<>{};
    }

    Result<> finish() override {
        TRY(file_->write_at(end_, buffer_));
        end_ += buffer_.size();
        buffer_.clear();
        return {};
    }

  private:
    std::unique_ptr<runtime::File> file_;
    std::string buffer_;
    std::uint64_t end_ = 0;
};

} // namespace

std::string_view to_string(Format format) {
    return format == Format::csv ? "csv" : "xlsx";
}

Result<std::unique_ptr<SheetFile>> make_csv(runtime::Files& files, const std::string& path) {
    auto file = TRY(files.open(path, runtime::OpenMode::create));
    TRY(file->truncate(0));
    return std::make_unique<CsvFile>(std::move(file));
}

} // namespace onefold::extract
