#include "sheet/table.h"

#include "core/text.h"

namespace onefold::sheet {
namespace {

constexpr std::size_t rows_looked_at = 200;

Failure no_header(std::uint64_t line) {
    return fail(ErrorKind::invalid, "import.no_header",
        LocalText(
            fmt::format("No row names the columns: line {} holds values already. Put a row with names above it, or say "
                        "in which line they stand.",
                line),
            fmt::format("没有找到表头：第 {} 行已是数据。请在其上方加一行列名，或指定表头所在的行。", line)));
}

RawError ragged(std::size_t found, std::size_t expected) {
    return {std::string(ragged_row), {fmt::format("the row has {} fields, the header {}.", found, expected),
                                         fmt::format("该行有 {} 个字段，而表头有 {} 个。", found, expected)}};
}

bool is_comment(const RawRow& row) {
    return !row.fields.empty() && row.fields[0].starts_with('#');
}

} // namespace

Result<std::unique_ptr<FoundTable>> FoundTable::over(
    std::unique_ptr<RowSource> rows, Description description, const Choice& choice, int table) {
    std::unique_ptr<FoundTable> found(new FoundTable(std::move(rows), std::move(description)));
    TRY(found->begin(choice, table));
    return found;
}

void FoundTable::note(std::uint64_t line, std::string_view code, std::string en, std::string zh) {
    if (told_++ < notes_max)
        notes_.push_back({line, std::string(code), LocalText(en, zh)});
}

Result<> FoundTable::look_ahead() {
    while (ahead_.size() < rows_looked_at) {
        RawRow row;
        if (!TRY(rows_->next(row)))
            break;
        ahead_.push_back(std::move(row));
    }
    return {};
}

Result<> FoundTable::begin(const Choice& choice, int table) {
    TRY(look_ahead());
    if (ahead_.empty())
        return fail(ErrorKind::invalid, "import.empty_file",
            LocalText("The file is empty: a header with the names of the columns is needed.",
                "文件为空：需要有列名组成的表头。"));
    if (const RawRow& first = ahead_.front(); first.error) {
        const auto error = error_at(first.line, "", *first.error);
        return fail(ErrorKind::invalid, error.code, error.message);
    }
    take_header(TRY(choose_header(choice)), choice);
    for (int passed = 1; passed < table; ++passed)
        if (!TRY(skip_table()))
            return fail(ErrorKind::not_found, "sheet.no_such_sheet",
                {fmt::format("The sheet holds {} tables, not {}.", passed, table),
                    fmt::format("该表中只找到 {} 个表格，没有第 {} 个。", passed, table)});
    list_tables();
    return {};
}

Result<std::size_t> FoundTable::choose_header(const Choice& choice) const {
    if (rows_->begins_with_header() || choice.header == Header::none)
        return 0;
    const std::vector<RawRow> rows(ahead_.begin(), ahead_.end());
    if (choice.header_line > 0) {
        const auto found = std::ranges::find(rows, choice.header_line, &RawRow::line);
        if (found != rows.end())
            return std::size_t(found - rows.begin());
        return fail(ErrorKind::invalid, "import.no_header",
            {fmt::format("Line {} holds no names of columns.", choice.header_line),
                fmt::format("第 {} 行没有列名。", choice.header_line)});
    }
    if (const auto found = find_header(rows))
        return *found;
    return no_header(rows.front().line);
}

void FoundTable::take_header(std::size_t index, const Choice& choice) {
    if (choice.header == Header::none && !rows_->begins_with_header()) {
        RawRow names;
        for (const RawRow& row : ahead_)
            names.fields.resize(std::max(names.fields.size(), row.fields.size()));
        description_.header = column_names(names);
        description_.header_line = 0;
        return;
    }
    RawRow header = std::move(ahead_[index]);
    for (std::size_t i = 0; i < index; ++i)
        has_comments_ |= is_comment(ahead_[i]);
    if (index > 0)
        note(ahead_.front().line, "sheet.before_header",
            fmt::format("{} rows above the header (line {}) were left out.", index, header.line),
            fmt::format("表头（第 {1} 行）之前的 {0} 行未作为数据读取。", index, header.line));
    ahead_.erase(ahead_.begin(), ahead_.begin() + std::ptrdiff_t(index) + 1);
    if (rows_->leaves_out_blanks()) { // a header may be shorter than its rows, too
        while (!header.fields.empty() && trimmed(header.fields.back()).empty())
            header.fields.pop_back();
    }
    description_.header = column_names(header);
    description_.header_line = rows_->begins_with_header() ? 0 : header.line;
    for (std::size_t i = 0; i < header.fields.size(); ++i)
        if (const std::string_view name = trimmed(header.fields[i]); !name.empty() && description_.header[i] != name)
            note(header.line, "sheet.same_name",
                fmt::format("Two columns are called “{}”; the later one is “{}” here.", name, description_.header[i]),
                fmt::format("有两列都叫“{}”；后一列在此称为“{}”。", name, description_.header[i]));
}

Result<bool> FoundTable::next_raw(RawRow& row) {
    if (ahead_.empty())
        return rows_->next(row);
    row = std::move(ahead_.front());
    ahead_.pop_front();
    return true;
}

Result<bool> FoundTable::is_next_table(const RawRow& row) {
    if (!row.follows_blank || row.error || rows_->begins_with_header())
        return false;
    if (ahead_.empty()) {
        RawRow next;
        if (!TRY(rows_->next(next)))
            return false;
        ahead_.push_back(std::move(next));
    }
    return begins_table(row, ahead_.front(), description_.header.size());
}

// To the header of the next table; false where there is none.
Result<bool> FoundTable::skip_table() {
    RawRow row;
    while (TRY(next_raw(row)))
        if (TRY(is_next_table(row))) {
            ahead_.push_front(std::move(row));
            notes_.clear();
            take_header(0, {});
            return true;
        }
    return false;
}

// The tables that are seen already, so that they can be chosen.
void FoundTable::list_tables() {
    if (rows_->begins_with_header())
        return;
    int tables = 1;
    for (std::size_t i = 0; i + 1 < ahead_.size(); ++i)
        if (ahead_[i].follows_blank && begins_table(ahead_[i], ahead_[i + 1], description_.header.size()))
            description_.sheets.push_back({fmt::format("{}#{}", description_.sheet, ++tables), false});
}

Result<FoundTable::Fit> FoundTable::judge(RawRow& row) {
    const std::size_t columns = description_.header.size();
    if (row.error || rows_->begins_with_header())
        return Fit::row;
    if (TRY(is_next_table(row))) {
        note(row.line, "sheet.next_table",
            fmt::format("Another table begins in line {}; it is not part of this one. Choose it as a sheet of its own.",
                row.line),
            fmt::format("第 {} 行起是另一个表格，未计入本表；可将其作为单独的工作表选择。", row.line));
        return Fit::end;
    }
    if ((row.follows_blank || is_after_remark_) && is_remark(row, columns)) {
        is_after_remark_ = true;
        note(row.line, "sheet.remark", fmt::format("Line {} holds a remark, no row; it was left out.", row.line),
            fmt::format("第 {} 行是备注而非数据，未读取。", row.line));
        return Fit::left_out;
    }
    is_after_remark_ = false;
    if (is_total(row, columns)) {
        note(row.line, "sheet.total", fmt::format("Line {} holds a total, no row; it was left out.", row.line),
            fmt::format("第 {} 行是合计，未作为数据读取。", row.line));
        return Fit::left_out;
    }
    if (has_comments_ && is_comment(row) && row.fields.size() != columns)
        return Fit::left_out;
    return Fit::row;
}

void FoundTable::deliver(RawRow& raw, Row& row) {
    const auto& header = description_.header;
    std::swap(row.fields, raw.fields);
    row.line = raw.line;
    row.error.reset();
    if (raw.is_hidden && hidden_++ == 0)
        first_hidden_ = raw.line;
    while (row.fields.size() > header.size() && trimmed(row.fields.back()).empty())
        row.fields.pop_back();
    if (!raw.error && row.fields.size() < header.size() && rows_->leaves_out_blanks())
        row.fields.resize(header.size());
    if (!raw.error && row.fields.size() != header.size())
        raw.error = ragged(row.fields.size(), header.size());
    if (raw.error) {
        const std::size_t field = raw.error->field;
        row.error = error_at(raw.line, field > 0 && field <= header.size() ? header[field - 1] : "", *raw.error);
    }
}

void FoundTable::tell_hidden() {
    if (hidden_ > 0)
        note(first_hidden_, "sheet.hidden_rows",
            hidden_ == 1 ? fmt::format("Line {} is hidden in the workbook; it was read too.", first_hidden_)
                         : fmt::format("{} rows are hidden in the workbook (the first is line {}); they were read too.",
                               hidden_, first_hidden_),
            fmt::format("工作簿中有 {} 行被隐藏（首个为第 {} 行），也已读取。", hidden_, first_hidden_));
    hidden_ = 0;
}

Result<bool> FoundTable::next(Row& row) {
    while (!is_over_) {
        std::swap(raw_.fields, row.fields); // to use their memory
        if (!TRY(next_raw(raw_)))
            break;
        const Fit fit = TRY(judge(raw_));
        if (fit == Fit::end)
            break;
        if (fit == Fit::left_out) {
            std::swap(raw_.fields, row.fields);
            continue;
        }
        deliver(raw_, row);
        return true;
    }
    if (!std::exchange(is_over_, true))
        tell_hidden();
    return false;
}

} // namespace onefold::sheet
