#pragma once
// For this room's tests: texts as sources, tables as lists, archives made by hand.
#include "sheet/csv.h"
#include "sheet/encoding.h"
#include "sheet/table.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>
#include <zlib.h>

namespace onefold::sheet {

using Rows = std::vector<std::vector<std::string>>;

// Gives its text in pieces, so that every boundary falls everywhere.
class Pieces : public ChunkSource {
  public:
    explicit Pieces(std::string text, std::size_t piece = 1 << 20) : text_(std::move(text)), piece_(piece) {}
    Result<std::size_t> read(std::span<char> room) override {
        const auto size = std::min({piece_, room.size(), text_.size() - at_});
        std::copy_n(text_.data() + at_, size, room.data());
        at_ += size;
        return size;
    }
    std::uint64_t bytes_read() const override { return at_; }
    std::uint64_t bytes_total() const override { return text_.size(); }

  private:
    std::string text_;
    std::size_t piece_;
    std::size_t at_ = 0;
};

inline Result<std::unique_ptr<Table>> table_of(
    std::string text, std::size_t piece = 1 << 20, const Choice& choice = {}, int table = 1) {
    const Encoding encoding = detect_encoding(text);
    auto source = decoded(std::make_unique<Pieces>(std::move(text), piece), encoding);
    auto rows = TRY(
        CsvRows::over(std::move(source), '\0', encoding == Encoding::utf8 ? DecodedFrom::utf8 : DecodedFrom::another));
    return FoundTable::over(std::move(rows), {.format = "csv"}, choice, table);
}

// Header and rows; a bad row reads {"!", code, line}, a failure {"!!", code}.
inline Rows rows_of(Result<std::unique_ptr<Table>> table) {
    if (!table)
        return {{"!!", table.error().code}};
    Rows rows{(*table)->header()};
    Row row;
    for (;;) {
        const auto more = (*table)->next(row);
        if (!more)
            rows.push_back({"!!", more.error().code});
        if (!more || !*more)
            return rows;
        if (row.error)
            rows.push_back({"!", row.error->code, std::to_string(row.error->line)});
        else
            rows.push_back(row.fields);
    }
}

struct Folder {
    Folder() : path(std::filesystem::temp_directory_path() / fmt::format("onefold-sheet-{}", ::getpid())) {
        std::filesystem::create_directories(path);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string write(const std::string& name, std::string_view bytes) const {
        std::ofstream(path / name, std::ios::binary) << bytes;
        return path / name;
    }
    std::filesystem::path path;
};

inline std::string deflated(std::string_view text, int window_bits) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = uInt(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = uInt(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}
inline std::string gzip(std::string_view text) {
    return deflated(text, 15 + 16);
}

inline std::string little(std::uint64_t value, int bytes) {
    std::string text;
    for (; bytes > 0; --bytes, value >>= 8)
        text += char(value);
    return text;
}

// An archive; what it says of a file's size can be a lie.
class ZipMaker {
  public:
    ZipMaker& add(const std::string& name, std::string_view text, std::optional<std::uint64_t> said_bytes = {}) {
        const std::string packed = deflated(text, -15);
        const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), uInt(text.size()));
        fields_ = little(20, 2) + little(0, 2) + little(8, 2) + little(0, 4) + little(crc, 4) +
                  little(packed.size(), 4) + little(said_bytes.value_or(text.size()), 4);
        last_at_ = bytes_.size();
        bytes_ += "PK\3\4" + fields_ + little(name.size(), 2) + little(0, 2) + name + packed;
        return add_again(name);
    }
    // One more name for the bytes of the last one.
    ZipMaker& add_again(const std::string& name) {
        directory_ += "PK\1\2" + little(20, 2) + fields_ + little(name.size(), 2) + little(0, 2) + little(0, 2) +
                      little(0, 2) + little(0, 2) + little(0, 4) + little(last_at_, 4) + name;
        ++count_;
        return *this;
    }
    std::string bytes() const {
        return bytes_ + directory_ + "PK\5\6" + little(0, 4) + little(count_, 2) + little(count_, 2) +
               little(directory_.size(), 4) + little(bytes_.size(), 4) + little(0, 2);
    }

  private:
    std::string bytes_, directory_;
    std::string fields_; // of the last one, as both of its headers have them
    std::uint64_t last_at_ = 0;
    int count_ = 0;
};

struct SheetPart {
    std::string name, xml, state = "visible";
};
// A workbook of the given sheets ("<row …>" and so on go into <sheetData>), styles and shared strings.
inline std::string workbook_of(const std::vector<SheetPart>& sheets, const std::string& shared = "",
    const std::string& styles = "", const std::string& properties = "") {
    const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
                      main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                      office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    std::string names, relations;
    ZipMaker zip;
    for (std::size_t i = 0; i < sheets.size(); ++i) {
        names += fmt::format("<sheet name=\"{}\" sheetId=\"{}\" state=\"{}\" r:id=\"rId{}\"/>", sheets[i].name, i + 1,
            sheets[i].state, i + 1);
        relations += fmt::format("<Relationship Id=\"rId{}\" Type=\"{}/worksheet\" Target=\"worksheets/sheet{}.xml\"/>",
            i + 1, office, i + 1);
        zip.add(fmt::format("xl/worksheets/sheet{}.xml", i + 1),
            head + fmt::format("<worksheet xmlns=\"{}\">{}</worksheet>", main, sheets[i].xml));
    }
    relations += fmt::format("<Relationship Id=\"s\" Type=\"{}/styles\" Target=\"styles.xml\"/>", office);
    relations +=
        fmt::format("<Relationship Id=\"t\" Type=\"{}/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>", office);
    zip.add("[Content_Types].xml", head + "<Types/>");
    zip.add("_rels/.rels", head + fmt::format("<Relationships><Relationship Id=\"r\" Type=\"{}/officeDocument\" "
                                              "Target=\"xl/workbook.xml\"/></Relationships>",
                                      office));
    zip.add(
        "xl/workbook.xml", head + fmt::format("<workbook xmlns=\"{}\" xmlns:r=\"{}\">{}<sheets>{}</sheets></workbook>",
                                      main, office, properties, names));
    zip.add("xl/_rels/workbook.xml.rels", head + "<Relationships>" + relations + "</Relationships>");
    zip.add("xl/styles.xml", head + "<styleSheet>" + styles + "</styleSheet>");
    zip.add("xl/sharedStrings.xml", head + "<sst>" + shared + "</sst>");
    return zip.bytes();
}

} // namespace onefold::sheet
