#include "core/text.h"
#include "sheet/xlsx.h"
#include "sheet/xml.h"

#include <charconv>

namespace onefold::sheet {
namespace {

constexpr std::size_t chunk_bytes = 32 << 10;
constexpr std::uint64_t rows_max = 1'048'576;
constexpr std::uint64_t merges_looked_for_bytes_max = 16
                                                      << 20; // of the packed sheet, which is inflated once more for it
constexpr std::size_t merges_bytes_max = 4 << 20;

// A row with the cells that it has.
struct SparseRow {
    struct Cell {
        std::uint32_t column, end; // into text
    };
    std::uint64_t line = 0;
    std::vector<Cell> cells;
    std::string text;
    std::optional<RawError> error;
    bool follows_blank = false, is_hidden = false;

    void clear() {
        cells.clear();
        text.clear();
        error.reset();
        follows_blank = is_hidden = false;
    }
    std::string_view text_of(std::size_t cell) const {
        const std::size_t begin = cell == 0 ? 0 : cells[cell - 1].end;
        return std::string_view(text).substr(begin, cells[cell].end - begin);
    }
};

struct Place {
    std::uint64_t row = 0;    // from 1
    std::uint32_t column = 0; // from 0
};

// "B12"; nothing where it is no place of a sheet.
std::optional<Place> parse_place(std::string_view text) {
    std::uint32_t column = 0;
    std::size_t at = 0;
    for (; at < text.size() && at < 4 && (text[at] & ~0x20) >= 'A' && (text[at] & ~0x20) <= 'Z'; ++at)
        column = column * 26 + std::uint32_t((text[at] & ~0x20) - 'A' + 1);
    Place place{0, column - 1};
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), place.row);
    if (at == 0 || column > 16384 || error != std::errc() || end != text.data() + text.size() || place.row == 0 ||
        place.row > rows_max)
        return std::nullopt;
    return place;
}

// Of one column, over several rows.
struct Merge {
    std::uint64_t first, last;
    std::uint32_t column;
};

std::vector<Merge> parse_merges(std::string_view xml) {
    std::vector<Merge> merges;
    for (auto at = xml.find(" ref=\""); at != std::string_view::npos; at = xml.find(" ref=\"", at + 6)) {
        const auto range = xml.substr(at + 6, xml.substr(at + 6, 40).find('"'));
        const auto colon = range.find(':');
        if (colon == std::string_view::npos)
            continue;
        const auto from = parse_place(range.substr(0, colon)), to = parse_place(range.substr(colon + 1));
        if (from && to && from->column == to->column && from->row < to->row && from->column < columns_max)
            merges.push_back({from->row, to->row, from->column});
    }
    std::ranges::sort(merges, {}, &Merge::first);
    return merges;
}

// They stand behind all rows, so the sheet is read once before for them.
Result<std::vector<Merge>> find_merges(const Zip& zip, const ZipEntry& entry) {
    if (entry.packed_bytes > merges_looked_for_bytes_max)
        return std::vector<Merge>{};
    constexpr std::string_view word = "mergeCells";
    const auto source = TRY(zip.inflate(entry));
    std::string tail;
    bool is_found = false;
    for (std::vector<char> chunk(256 << 10);;) {
        const auto size = TRY(source->read(chunk));
        if (size == 0)
            break;
        tail.append(chunk.data(), size);
        if (const auto at = is_found ? 0 : tail.find(word); at != std::string::npos) {
            if (!is_found)
                tail.erase(0, at + word.size());
            is_found = true;
            if (tail.find(word) != std::string::npos || tail.size() > merges_bytes_max)
                break;
        } else {
            tail.erase(0, tail.size() - std::min(tail.size(), word.size()));
        }
    }
    return is_found ? parse_merges(std::string_view(tail).substr(0, merges_bytes_max)) : std::vector<Merge>{};
}

// Gives the cells of a merged column what its first one says.
class MergeFiller {
  public:
    explicit MergeFiller(std::vector<Merge> merges) : merges_(std::move(merges)) {}
    void fill(RawRow& row) {
        for (; next_ < merges_.size() && merges_[next_].first <= row.line; ++next_)
            active_[merges_[next_].column] = {merges_[next_], ""};
        for (auto it = active_.begin(); it != active_.end();) {
            auto& [merge, text] = it->second;
            if (merge.last < row.line) {
                it = active_.erase(it);
                continue;
            }
            if (row.fields.size() <= merge.column)
                row.fields.resize(merge.column + 1);
            std::string& field = row.fields[merge.column];
            if (merge.first == row.line)
                text = field;
            else if (field.empty())
                field = text;
            ++it;
        }
    }

  private:
    std::vector<Merge> merges_;
    std::size_t next_ = 0;
    std::map<std::uint32_t, std::pair<Merge, std::string>> active_; // by column
};

class SheetHandler : public XmlHandler {
  public:
    explicit SheetHandler(const Workbook& workbook) : workbook_(workbook) {}

    // The rows that are complete, first to last.
    std::vector<SparseRow> rows;
    std::size_t count = 0;

    void begin(std::string_view name, const char** attributes) override {
        if (name == "c")
            begin_cell(attributes);
        else if (name == "v")
            is_in_value_ = is_in_cell_;
        else if (name == "row")
            begin_row(attributes);
        else if (name == "t")
            is_in_value_ = is_in_cell_ && kind_ == Kind::inline_text && !is_phonetic_;
        else if (name == "rPh")
            is_phonetic_ = true;
    }
    void end(std::string_view name) override {
        if (name == "c")
            end_cell();
        else if (name == "v" || name == "t")
            is_in_value_ = false;
        else if (name == "row")
            end_row();
        else if (name == "rPh")
            is_phonetic_ = false;
    }
    void text(std::string_view text) override {
        if (is_in_value_ && value_.size() < row_bytes_max)
            value_ += text;
    }

  private:
    enum class Kind { number, shared_text, plain, inline_text, boolean };

    void begin_row(const char** attributes) {
        if (count == rows.size())
            rows.emplace_back();
        SparseRow& row = rows[count];
        row.clear();
        std::uint64_t line = line_ + 1;
        for (; *attributes; attributes += 2) {
            const std::string_view name = attributes[0], value = attributes[1];
            if (name == "r")
                std::from_chars(value.data(), value.data() + value.size(), line);
            else if (name == "hidden")
                row.is_hidden = value == "1" || value == "true";
        }
        row.line = line;
        if (line == 0 || line > rows_max)
            row.error = bad_place();
        row.follows_blank = is_after_blank_ || line > line_ + 1;
        line_ = line;
        column_ = 0;
        is_after_cell_ = is_in_cell_ = false;
        is_in_row_ = true;
    }

    void end_row() {
        if (!is_in_row_)
            return;
        is_in_row_ = is_in_cell_ = false;
        const bool is_blank = rows[count].cells.empty() && !rows[count].error;
        is_after_blank_ = is_blank;
        count += !is_blank;
    }

    void begin_cell(const char** attributes) {
        is_in_cell_ = is_in_row_;
        value_.clear();
        kind_ = Kind::number;
        style_ = 0;
        bool has_place = false;
        for (; *attributes; attributes += 2) {
            const char* name = attributes[0];
            const std::string_view value = attributes[1];
            if (name[0] == '\0' || name[1] != '\0')
                continue;
            if (name[0] == 'r') {
                const auto place = parse_place(value);
                has_place = place.has_value();
                if (place)
                    column_ = place->column;
                else if (is_in_row_)
                    rows[count].error = bad_place();
            } else if (name[0] == 's') {
                std::from_chars(value.data(), value.data() + value.size(), style_);
            } else if (name[0] == 't') {
                kind_ = value == "s"           ? Kind::shared_text
                        : value == "inlineStr" ? Kind::inline_text
                        : value == "b"         ? Kind::boolean
                        : value == "n"         ? Kind::number
                                               : Kind::plain;
            }
        }
        if (!has_place && is_after_cell_)
            ++column_;
        is_after_cell_ = true;
    }

    void end_cell() {
        if (!is_in_cell_)
            return;
        is_in_cell_ = false;
        SparseRow& row = rows[count];
        const std::size_t before = row.text.size();
        if (!row.error)
            append_text(row);
        if (row.text.size() == before)
            return;
        if (column_ >= columns_max)
            row.error =
                RawError{"import.too_many_columns", {"the row has more than 2,000 columns.", "该行超过 2000 列。"}};
        if (row.text.size() > row_bytes_max)
            row.error = RawError{"import.record_too_large", {"the row is larger than 1 MiB.", "该行超过 1 MiB。"}};
        if (row.error)
            row.text.clear(), row.cells.clear();
        else
            row.cells.push_back({column_, std::uint32_t(row.text.size())});
    }

    void append_text(SparseRow& row) {
        switch (kind_) {
        case Kind::shared_text: {
            std::size_t index = SIZE_MAX;
            std::from_chars(value_.data(), value_.data() + value_.size(), index);
            row.text += workbook_.texts.at(index);
            break;
        }
        case Kind::inline_text:
        case Kind::plain:
            if (value_.find("_x") == std::string::npos)
                row.text += value_;
            else
                row.text += unescaped(value_);
            break;
        case Kind::boolean:
            if (!value_.empty())
                row.text += value_ == "1" ? "TRUE" : "FALSE";
            break;
        case Kind::number:
            if (!value_.empty())
                row.text += number_text(value_,
                    style_ < workbook_.formats.size() ? workbook_.formats[style_] : CellFormat::general,
                    workbook_.epoch);
        }
    }

    static RawError bad_place() {
        return {
            "sheet.bad_cell", {"a cell says that it stands where no sheet has one.", "有单元格的位置超出工作表范围。"}};
    }

    const Workbook& workbook_;
    std::uint64_t line_ = 0;
    std::uint32_t column_ = 0;
    std::size_t style_ = 0;
    std::string value_;
    Kind kind_ = Kind::number;
    bool is_in_row_ = false, is_in_cell_ = false, is_after_cell_ = false, is_in_value_ = false, is_phonetic_ = false;
    bool is_after_blank_ = false;
};

class SheetRows : public RowSource {
  public:
    SheetRows(std::shared_ptr<Workbook> workbook, std::unique_ptr<ChunkSource> source, std::vector<Merge> merges)
        : workbook_(std::move(workbook)),
          source_(std::move(source)),
          handler_(*workbook_),
          parser_(handler_),
          filler_(std::move(merges)),
          chunk_(chunk_bytes) {}

    Result<bool> next(RawRow& row) override {
        while (at_ == handler_.count) {
            if (is_done_)
                return false;
            // The row that is not complete goes on at the beginning.
            if (handler_.count < handler_.rows.size())
                std::swap(handler_.rows[0], handler_.rows[handler_.count]);
            handler_.count = at_ = 0;
            const auto size = TRY(source_->read(chunk_));
            is_done_ = size == 0;
            TRY(parser_.feed({chunk_.data(), size}, is_done_ ? XmlParser::Piece::last : XmlParser::Piece::more_follow));
        }
        SparseRow& from = handler_.rows[at_++];
        row.line = from.line;
        row.follows_blank = from.follows_blank;
        row.is_hidden = from.is_hidden;
        row.error = std::move(from.error);
        std::uint32_t width = 0;
        for (const auto& cell : from.cells)
            width = std::max(width, cell.column + 1);
        row.fields.resize(width);
        for (std::string& field : row.fields)
            field.clear();
        for (std::size_t i = 0; i < from.cells.size(); ++i)
            row.fields[from.cells[i].column] = from.text_of(i);
        if (!row.error)
            filler_.fill(row);
        return true;
    }
    bool leaves_out_blanks() const override { return true; }
    std::uint64_t bytes_read() const override { return source_->bytes_read(); }
    std::uint64_t bytes_total() const override { return source_->bytes_total(); }

  private:
    std::shared_ptr<Workbook> workbook_;
    std::unique_ptr<ChunkSource> source_;
    SheetHandler handler_;
    XmlParser parser_;
    MergeFiller filler_;
    std::vector<char> chunk_;
    std::size_t at_ = 0;
    bool is_done_ = false;
};

} // namespace

Result<std::unique_ptr<RowSource>> open_sheet(std::shared_ptr<Workbook> workbook, std::size_t sheet) {
    const auto* entry = workbook->zip->find(workbook->sheets.at(sheet).path);
    if (!entry)
        return fail(ErrorKind::invalid, "sheet.bad_zip",
            {"The workbook is damaged: a sheet that it names is not in it.", "工作簿已损坏：缺少其所列的工作表。"});
    auto merges = TRY(find_merges(*workbook->zip, *entry));
    auto source = TRY(workbook->zip->inflate(*entry));
    return std::make_unique<SheetRows>(std::move(workbook), std::move(source), std::move(merges));
}

} // namespace onefold::sheet
