#include "sheet/csv.h"

#include "core/text.h"

#include <cstring>
#include <simdjson.h>

namespace onefold::sheet {
namespace {

constexpr std::size_t chunk_bytes = 256 << 10;
constexpr std::size_t looked_at_bytes = 64 << 10; // to find the dialect

RawError not_utf8(std::size_t field) {
    return {"import.not_utf8",
        {"the text is not UTF-8. Save the file as UTF-8 (in Excel: “CSV UTF-8”).",
            "文本不是 UTF-8 编码。请将文件另存为 UTF-8（Excel 中选“CSV UTF-8”）。"},
        field};
}

RawError undecodable(std::size_t field) {
    return {"sheet.undecodable",
        {"some characters cannot be read in the file's encoding. Name its encoding, or save the file as UTF-8.",
            "有字符无法按文件的编码读取。请指定编码，或将文件另存为 UTF-8。"},
        field};
}

RawError nul_byte(std::size_t field) {
    return {"import.nul_byte",
        {"there is a NUL byte in the text; the file is damaged or not a text file.",
            "文本中有 NUL 字节；文件已损坏或不是文本文件。"},
        field};
}

RawError unterminated() {
    return {"import.unterminated_quote",
        {"a quote that begins here is not closed before the end of the file or within 1 MiB.",
            "此处开始的引号直到文件结束或 1 MiB 之内都没有闭合。"}};
}

RawError stray_quote(std::size_t field) {
    return {"import.stray_quote",
        {"there are characters behind a closing quote; a quote within quotes is written twice.",
            "右引号后面还有字符；引号内的引号应写两次。"},
        field};
}

RawError too_large() {
    return {"import.record_too_large", {"the row is larger than 1 MiB.", "该行超过 1 MiB。"}};
}

RawError too_wide() {
    return {"import.too_many_columns", {"the row has more than 2,000 fields.", "该行超过 2000 个字段。"}};
}

bool has_nul(std::string_view text) {
    return std::memchr(text.data(), '\0', text.size()) != nullptr;
}

bool has_replacement(std::string_view text) {
    return text.find("\xEF\xBF\xBD") != std::string_view::npos;
}

// The number of the first field for which `is_bad` holds.
template <class Test>
std::size_t field_where(const std::vector<std::string>& fields, Test is_bad) {
    const auto found = std::ranges::find_if(fields, is_bad);
    return found == fields.end() ? 0 : std::size_t(found - fields.begin()) + 1;
}

bool is_blank(std::span<const std::string> fields, char first_byte, char quote) {
    return (fields.size() > 1 || first_byte != quote) &&
           std::ranges::all_of(fields, [](const std::string& field) { return trimmed(field).empty(); });
}

} // namespace

CsvRows::CsvRows(std::unique_ptr<ChunkSource> source, DecodedFrom from)
    : source_(std::move(source)), from_(from), buffer_(chunk_bytes, '\0') {}

Result<std::unique_ptr<CsvRows>> CsvRows::over(std::unique_ptr<ChunkSource> source, char delimiter, DecodedFrom from) {
    std::unique_ptr<CsvRows> rows(new CsvRows(std::move(source), from));
    while (rows->end_ < looked_at_bytes && TRY(rows->read_more())) {
    }
    if (rows->unread().starts_with("\xEF\xBB\xBF"))
        rows->at_ = 3;
    rows->dialect_ = detect_dialect(rows->unread(), rows->what_follows_);
    if (delimiter)
        rows->dialect_.delimiter = delimiter;
    return rows;
}

Result<bool> CsvRows::read_more() {
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

Result<bool> CsvRows::next(RawRow& row) {
    row.error.reset();
    row.follows_blank = false;
    for (;;) {
        row.line = line_;
        if (at_ == end_ && !TRY(read_more()))
            return false;
        if (at_ == end_)
            continue;
        const auto record = parse_record(unread(), what_follows_, dialect_, columns_max, row.fields);
        const std::size_t size = record.state == CsvRecord::State::complete ? record.bytes : end_ - at_;
        using enum CsvRecord::State;
        if (record.state == stray_quote)
            return leave_line(row, sheet::stray_quote(record.fields));
        if (record.state == too_wide)
            return leave_line(row, sheet::too_wide());
        if (record.state == complete && size > row_bytes_max) {
            row.error = sheet::too_large();
            at_ += size;
            line_ += record.line_ends;
            return true;
        }
        if (size > row_bytes_max || (record.state == open_quoted && what_follows_ == Bytes::end_here))
            return leave_line(row, record.state == open_quoted ? unterminated() : too_large());
        if (record.state != complete) {
            TRY(read_more());
            continue;
        }
        if (!is_blank(std::span(row.fields).first(record.fields), buffer_[at_], dialect_.quote))
            return deliver(row, record);
        row.follows_blank = true;
        at_ += record.bytes;
        line_ += record.line_ends;
    }
}

Result<bool> CsvRows::deliver(RawRow& row, const CsvRecord& record) {
    row.fields.resize(record.fields);
    const auto bytes = unread().substr(0, record.bytes);
    if (has_nul(bytes))
        row.error = nul_byte(field_where(row.fields, has_nul));
    else if (from_ == DecodedFrom::another && has_replacement(bytes))
        row.error = undecodable(field_where(row.fields, has_replacement));
    else if (!simdjson::validate_utf8(bytes.data(), bytes.size()))
        row.error = not_utf8(field_where(row.fields, [](const auto& field) { return !is_valid_utf8(field); }));
    at_ += record.bytes;
    line_ += record.line_ends;
    return true;
}

// Whatever went wrong in the record, its first line is lost and the next line begins a record again.
Result<bool> CsvRows::leave_line(RawRow& row, RawError error) {
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

} // namespace onefold::sheet
