#include "import/csv.h"

#include "core/text.h"

#include <cstring>
#include <simdjson.h>
#include <unordered_set>

namespace onefold::import {
namespace {

constexpr std::size_t chunk_bytes = 256 << 10;
constexpr std::size_t looked_at_bytes = 64 << 10; // to find the delimiter

RowError error_at(std::uint64_t line, std::string_view column, std::string_view code, std::string en, std::string zh) {
    if (column.empty())
        return {line, "", std::string(code),
            LocalText(fmt::format("Line {}: {}", line, en), fmt::format("第 {} 行：{}", line, zh))};
    return {line, std::string(column), std::string(code),
        LocalText(fmt::format("Line {}, column “{}”: {}", line, column, en),
            fmt::format("第 {} 行，“{}”列：{}", line, column, zh))};
}

RowError not_utf8(std::uint64_t line, std::string_view column) {
    return error_at(line, column, "import.not_utf8",
        "the text is not UTF-8. Save the file as UTF-8 (in Excel: “CSV UTF-8”).",
        "文本不是 UTF-8 编码。请将文件另存为 UTF-8（Excel 中选“CSV UTF-8”）。");
}

RowError unterminated(std::uint64_t line) {
    return error_at(line, "", "import.unterminated_quote",
        "a quote that begins here is not closed before the end of the file or within 1 MiB.",
        "此处开始的引号直到文件结束或 1 MiB 之内都没有闭合。");
}

RowError stray_quote(std::uint64_t line, std::string_view column) {
    return error_at(line, column, "import.stray_quote",
        "there are characters behind a closing quote; a quote within quotes is written twice.",
        "右引号后面还有字符；引号内的引号应写两次。");
}

RowError too_large(std::uint64_t line) {
    return error_at(line, "", "import.record_too_large", "the row is larger than 1 MiB.", "该行超过 1 MiB。");
}

RowError too_wide(std::uint64_t line) {
    return error_at(
        line, "", "import.too_many_columns", "the row has more than 2,000 fields.", "该行超过 2000 个字段。");
}

RowError ragged(std::uint64_t line, std::size_t found, std::size_t expected) {
    return error_at(line, "", "import.ragged_row",
        fmt::format("the row has {} fields, the header {}.", found, expected),
        fmt::format("该行有 {} 个字段，而表头有 {} 个。", found, expected));
}

Failure as_failure(const RowError& error) {
    return fail(ErrorKind::invalid, error.code, error.message);
}

// The name of the column for which `is_bad` holds first.
template <class Test>
std::string_view column_where(
    const std::vector<std::string>& header, const std::vector<std::string>& fields, Test is_bad) {
    for (std::size_t i = 0; i < fields.size() && i < header.size(); ++i)
        if (is_bad(fields[i]))
            return header[i];
    return {};
}

bool has_nul(std::string_view text) {
    return std::memchr(text.data(), '\0', text.size()) != nullptr;
}

bool is_number_or_blank(std::string_view text) {
    return text.find_first_not_of("0123456789.,-+:/ ") == std::string_view::npos;
}

} // namespace

CsvReader::CsvReader(std::unique_ptr<ChunkSource> source) : source_(std::move(source)), buffer_(chunk_bytes, '\0') {}

Result<std::unique_ptr<CsvReader>> CsvReader::open(const std::string& path) {
    return over(TRY(open_file(path)));
}

Result<std::unique_ptr<CsvReader>> CsvReader::over(std::unique_ptr<ChunkSource> source) {
    std::unique_ptr<CsvReader> reader(new CsvReader(std::move(source)));
    while (reader->end_ < looked_at_bytes && TRY(reader->read_more())) {
    }
    const auto beginning = reader->unread();
    if (beginning.starts_with("\xFF\xFE") || beginning.starts_with("\xFE\xFF"))
        return as_failure(not_utf8(1, ""));
    if (beginning.starts_with("\xEF\xBB\xBF"))
        reader->at_ = 3;
    reader->delimiter_ = detect_delimiter(reader->unread(), reader->what_follows_);
    TRY(reader->read_header());
    return reader;
}

Result<> CsvReader::read_header() {
    CsvRow row;
    if (!TRY(read_record(row)))
        return fail(ErrorKind::invalid, "import.empty_file",
            LocalText("The file is empty: a header with the names of the columns is needed.",
                "文件为空：需要有列名组成的表头。"));
    if (row.error)
        return as_failure(*row.error);
    if (std::ranges::all_of(row.fields, is_number_or_blank))
        return fail(ErrorKind::invalid, "import.no_header",
            LocalText(
                fmt::format("Line {} holds only numbers or nothing: the first line must name the columns.", row.line),
                fmt::format("第 {} 行只有数字或为空：首行必须是列名。", row.line)));
    std::unordered_set<std::string> seen;
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
        std::string name(trimmed(row.fields[i]));
        if (name.empty())
            name = fmt::format("column {}", i + 1);
        if (!seen.insert(name).second)
            return as_failure(error_at(row.line, name, "import.duplicate_column",
                "two columns have this name. Give each its own.", "有两列同名，请分别命名。"));
        header_.push_back(std::move(name));
    }
    return {};
}

Result<bool> CsvReader::read_more() {
    if (what_follows_ == Bytes::end_here)
        return false;
    if (at_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + at_, end_ - at_);
        end_ -= at_;
        at_ = 0;
    }
    if (end_ == buffer_.size())
        buffer_.resize(buffer_.size() * 2);
    const auto size = TRY(source_->read(std::span(buffer_).subspan(end_)));
    end_ += size;
    if (size == 0)
        what_follows_ = Bytes::end_here;
    return true;
}

Result<bool> CsvReader::next(CsvRow& row) {
    if (!TRY(read_record(row)))
        return false;
    if (!row.error && row.fields.size() != header_.size())
        row.error = ragged(row.line, row.fields.size(), header_.size());
    return true;
}

Result<bool> CsvReader::read_record(CsvRow& row) {
    row.error.reset();
    for (;;) {
        row.line = line_;
        if (at_ == end_ && !TRY(read_more()))
            return false;
        if (at_ == end_)
            continue;
        const auto record = parse_record(unread(), what_follows_, delimiter_, columns_max, row.fields);
        const std::size_t size = record.state == CsvRecord::State::complete ? record.bytes : end_ - at_;
        using enum CsvRecord::State;
        if (record.state == stray_quote)
            return leave_line(
                row, import::stray_quote(line_, record.fields <= header_.size() ? header_[record.fields - 1] : ""));
        if (record.state == too_wide)
            return leave_line(row, import::too_wide(line_));
        if (record.state == complete && size > record_bytes_max) {
            row.error = import::too_large(line_);
            at_ += size;
            line_ += record.line_ends;
            return true;
        }
        if (size > record_bytes_max || (record.state == open_quoted && what_follows_ == Bytes::end_here))
            return leave_line(row, record.state == open_quoted ? unterminated(line_) : too_large(line_));
        if (record.state != complete) {
            TRY(read_more());
            continue;
        }
        const bool is_blank = record.fields == 1 && buffer_[at_] != '"' && trimmed(row.fields[0]).empty();
        if (!is_blank)
            return deliver(row, record);
        at_ += record.bytes;
        line_ += record.line_ends;
    }
}

Result<bool> CsvReader::deliver(CsvRow& row, const CsvRecord& record) {
    row.fields.resize(record.fields);
    const auto bytes = unread().substr(0, record.bytes);
    if (has_nul(bytes))
        row.error = error_at(line_, column_where(header_, row.fields, has_nul), "import.nul_byte",
            "there is a NUL byte in the text; the file is damaged or not a text file.",
            "文本中有 NUL 字节；文件已损坏或不是文本文件。");
    else if (!simdjson::validate_utf8(bytes.data(), bytes.size()))
        row.error =
            not_utf8(line_, column_where(header_, row.fields, [](const auto& field) { return !is_valid_utf8(field); }));
    at_ += record.bytes;
    line_ += record.line_ends;
    return true;
}

// Whatever went wrong in the record, its first line is lost and the next line begins a record again.
Result<bool> CsvReader::leave_line(CsvRow& row, RowError error) {
    row.error = std::move(error);
    for (;;) {
        const auto size = line_bytes(unread());
        const bool may_be_half_a_line_end = size == end_ - at_ && buffer_[end_ - 1] == '\r';
        if (size != std::string_view::npos && (!may_be_half_a_line_end || what_follows_ == Bytes::end_here)) {
            at_ += size;
            ++line_;
            return true;
        }
        if (!may_be_half_a_line_end)
            at_ = end_;
        if (!TRY(read_more()))
            return true;
    }
}

} // namespace onefold::import
