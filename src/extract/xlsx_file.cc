#include "extract/sheet_file.h"
#include "sheet/safe_cell.h"

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <xlsxwriter.h>

namespace onefold::extract {
namespace {

constexpr std::size_t exact_digits_max = 15;   // of a double
constexpr std::size_t cell_units_max = 32'767; // of UTF-16

Failure cell_too_long(lxw_row_t row) {
    return fail(ErrorKind::too_large, "extract.cell_too_long",
        {fmt::format("A text in row {} has more than the 32,767 characters that a cell of a workbook holds. Export as "
                     "CSV.",
             row + 1),
            fmt::format("第 {} 行有文本超过 Excel 单元格 32,767 个字符的上限，请导出为 CSV。", row + 1)});
}

Failure not_written(lxw_error error) {
    if (error == LXW_ERROR_CREATING_TMPFILE || error == LXW_ERROR_CREATING_XLSX_FILE)
        return fail(ErrorKind::storage_full, "extract.not_written",
            {"The file could not be written. The disk of the server may be full.",
                "文件无法写入，服务器磁盘可能已满。"});
    return fail(ErrorKind::internal, "extract.not_written", LocalText(lxw_strerror(error), lxw_strerror(error)));
}

bool is_exact(std::string_view number) {
    return std::ranges::count_if(number, [](char c) { return c >= '0' && c <= '9'; }) <=
           std::ptrdiff_t(exact_digits_max);
}

std::size_t utf16_units(std::string_view text) {
    std::size_t units = 0;
    for (const unsigned char c : text)
        units += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
    return units;
}

bool is_escape(std::string_view text) {
    return text.size() >= 7 && text.starts_with("_x") && text[6] == '_' &&
           std::ranges::all_of(text.substr(2, 4), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

// What reads like a character in the format's own writing (_x0041_) stays what it is.
std::string escaped(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (is_escape(text.substr(i)))
            result += "_x005F_";
        else
            result += text[i];
    return result;
}

class XlsxFile : public SheetFile {
  public:
    XlsxFile(const std::string& path, std::string folder) : folder_(std::move(folder)) {
        lxw_workbook_options options{.constant_memory = LXW_TRUE, .tmpdir = folder_.data(), .use_zip64 = LXW_TRUE};
        workbook_ = workbook_new_opt(path.c_str(), &options);
        if (!workbook_)
            return;
        sheet_ = workbook_add_worksheet(workbook_, nullptr);
        time_ = workbook_add_format(workbook_);
        format_set_num_format(time_, "yyyy-mm-dd hh:mm:ss");
        head_ = workbook_add_format(workbook_);
        format_set_bold(head_);
        if (sheet_)
            worksheet_freeze_panes(sheet_, 1, 0);
    }
    ~XlsxFile() override {
        if (!workbook_)
            return;
        if (sheet_ && sheet_->optimize_tmpfile) // the library closes it only where it puts the file together
            std::fclose(std::exchange(sheet_->optimize_tmpfile, nullptr));
        lxw_workbook_free(workbook_);
    }
    bool is_open() const { return workbook_ && sheet_; }

    Result<> add(const std::vector<Cell>& row) override {
        for (std::size_t i = 0; i < row.size(); ++i)
            TRY(write(lxw_col_t(i), row[i]));
        ++row_;
        return {};
    }

    Result<> finish() override {
        const auto error = workbook_close(std::exchange(workbook_, nullptr));
        return error == LXW_NO_ERROR ? Result<>{} : not_written(error);
    }

  private:
    Result<> write(lxw_col_t column, const Cell& cell) {
        if (cell.text.empty())
            return {};
        if (utf16_units(cell.text) > cell_units_max)
            return cell_too_long(row_);
        const auto error = write_into(column, cell);
        if (error == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
            return cell_too_long(row_);
        return error == LXW_NO_ERROR ? Result<>{} : not_written(error);
    }

    lxw_error write_into(lxw_col_t column, const Cell& cell) {
        if (row_ > 0 && cell.kind == Cell::Kind::number && is_exact(cell.text))
            return worksheet_write_number(sheet_, row_, column, std::strtod(cell.text.c_str(), nullptr), nullptr);
        if (row_ > 0 && cell.kind == Cell::Kind::time)
            if (const auto at = date_of(cell))
                return worksheet_write_datetime(sheet_, row_, column, const_cast<lxw_datetime*>(&*at), time_);
        const std::string text = escaped(row_ == 0 ? cell.text : sheet::marked_cell(cell.text));
        return worksheet_write_string(sheet_, row_, column, text.c_str(), row_ == 0 ? head_ : nullptr);
    }

    // Whole seconds of the years that spreadsheet programs know.
    static std::optional<lxw_datetime> date_of(const Cell& cell) {
        const auto day = std::chrono::floor<std::chrono::days>(cell.at);
        const std::chrono::year_month_day date(day);
        const std::chrono::hh_mm_ss time(cell.at - day);
        if (int(date.year()) < 1901 || int(date.year()) > 9998 || time.subseconds().count() != 0)
            return std::nullopt;
        return lxw_datetime{int(date.year()), int(unsigned(date.month())), int(unsigned(date.day())),
            int(time.hours().count()), int(time.minutes().count()), double(time.seconds().count())};
    }

    std::string folder_;
    lxw_workbook* workbook_ = nullptr;
    lxw_worksheet* sheet_ = nullptr;
    lxw_format* time_ = nullptr;
    lxw_format* head_ = nullptr;
    lxw_row_t row_ = 0;
};

} // namespace

Result<std::unique_ptr<SheetFile>> make_xlsx(const std::string& path, const std::string& folder) {
    auto file = std::make_unique<XlsxFile>(path, folder);
    if (!file->is_open())
        return not_written(LXW_ERROR_CREATING_XLSX_FILE);
    return file;
}

} // namespace onefold::extract
