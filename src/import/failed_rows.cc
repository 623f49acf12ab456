#include "import/failed_rows.h"

#include "core/id.h"
#include "core/text.h"
#include "sheet/safe_cell.h"

namespace onefold::import {
namespace {

namespace json = boost::json;
using sheet::csv_cell, sheet::safe_cell;

constexpr std::size_t buffered_bytes_max = 64 << 10;
constexpr std::string_view reason_name = "reason";

std::string header_line(const json::array& header) {
    std::string line;
    bool has_reason = false;
    for (const auto& name : header) {
        has_reason |= name.as_string() == reason_name;
        line += csv_cell(safe_cell(std::string_view(name.as_string()))) + ",";
    }
    return line + (has_reason ? "reason (2)" : std::string(reason_name)) + "\r\n";
}

// As many fields as the header has; what is beyond stands in the last one, so that nothing is lost.
std::string row_line(const json::object& row, std::size_t columns, const Locale& locale) {
    std::vector<std::string> fields;
    for (const auto& field : row.at("fields").as_array()) {
        if (fields.size() < columns)
            fields.emplace_back(field.as_string());
        else if (!fields.empty())
            fields.back() += ", " + std::string(field.as_string());
    }
    fields.resize(columns);
    std::string line;
    for (const std::string& field : fields)
        line += csv_cell(safe_cell(field)) + ",";
    const auto text = [&](std::string_view key) { return std::string_view(row.at(key).as_string()); };
    const RowError reason{0, std::string(text("column")), std::string(text("code")), LocalText(text("en"), text("zh"))};
    return line + csv_cell(reason_of(row.at("line").to_number<std::uint64_t>(), reason, locale)) + "\r\n";
}

} // namespace

Result<> FailedRows::clear() {
    for (int part = 1; files_.exists(failed_rows_path(folder_, part)); ++part)
        TRY(files_.remove(failed_rows_path(folder_, part)));
    return {};
}

Result<> FailedRows::begin_part() {
    TRY(flush());
    file_ = TRY(files_.open(failed_rows_path(folder_, ++parts_), runtime::OpenMode::create));
    TRY(file_->truncate(0));
    end_ = 0;
    rows_ = 0;
    buffer_ = json::serialize(json::value_from(header_)) + "\n";
    return {};
}

Result<> FailedRows::add(const Row& row, const RowError& reason) {
    if (parts_ == 0 || rows_ >= failed_rows_a_part || end_ + buffer_.size() >= failed_bytes_a_part)
        TRY(begin_part());
    ++rows_;
    buffer_ += json::serialize(
                   json::object{{"line", row.line}, {"fields", json::value_from(row.fields)}, {"column", reason.column},
                       {"code", reason.code}, {"en", reason.message.in("en")}, {"zh", reason.message.in("zh-CN")}}) +
               "\n";
    return buffer_.size() >= buffered_bytes_max ? flush() : Result<>{};
}

Result<> FailedRows::flush() {
    if (!file_ || buffer_.empty())
        return {};
    TRY(file_->write_at(end_, buffer_));
    end_ += buffer_.size();
    buffer_.clear();
    return {};
}

std::string failed_rows_path(const std::string& folder, int part) {
    return fmt::format("{}/failed-{}", folder, part);
}

Result<std::string> failed_rows_csv(runtime::Files& files, const std::string& folder, int part, const Locale& locale) {
    const std::string text = TRY(files.read_all(failed_rows_path(folder, part), 4 * failed_bytes_a_part));
    std::string csv(sheet::byte_order_mark);
    std::size_t columns = 0;
    for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        const auto line = json::parse(std::string_view(text).substr(begin, end - begin));
        if (const auto* header = line.if_array()) {
            columns = header->size();
            csv += header_line(*header);
        } else {
            csv += row_line(line.as_object(), columns, locale);
        }
    }
    return csv;
}

std::string reason_of(std::uint64_t line, const RowError& reason, const Locale& locale) {
    const std::string message{reason.message.in(locale)};
    if (is_reason(message))
        return message;
    const bool is_chinese = locale == "zh-CN";
    if (reason.column.empty())
        return is_chinese ? fmt::format("第 {} 行：{}", line, message) : fmt::format("Line {}: {}", line, message);
    return is_chinese ? fmt::format("第 {} 行，“{}”列：{}", line, reason.column, message)
                      : fmt::format("Line {}, column “{}”: {}", line, reason.column, message);
}

bool is_reason(std::string_view cell) {
    for (const auto& [before, after] : {std::pair<std::string_view, std::string_view>{"Line ", ""}, {"第 ", " 行"}}) {
        if (!cell.starts_with(before))
            continue;
        const auto rest = cell.substr(before.size());
        const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        const auto behind = rest.substr(digits);
        if (digits > 0 && behind.starts_with(after) &&
            (behind.substr(after.size()).starts_with(after.empty() ? ":" : "：") ||
                behind.substr(after.size()).starts_with(after.empty() ? "," : "，")))
            return true;
    }
    return false;
}

bool is_exported(const Row& row, std::span<const std::string> header) {
    return (header.front() == sheet::exported_id.in("en") || header.front() == sheet::exported_id.in("zh-CN")) &&
           parse_id(row.fields.front());
}

void restore_row(Row& row, std::span<const std::string> header) {
    if (header.empty() || row.fields.size() != header.size())
        return;
    const bool has_failed = header.back().starts_with(reason_name) && is_reason(row.fields.back());
    if (!has_failed && !is_exported(row, header))
        return;
    if (has_failed)
        row.fields.back().clear();
    for (std::string& field : row.fields)
        field = sheet::restored_cell(field);
}

} // namespace onefold::import
