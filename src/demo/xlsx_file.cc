#include "demo/xlsx_file.h"

#include <fmt/format.h>
#include <zlib.h>

namespace onefold::demo {
namespace {

constexpr std::size_t room_bytes = 1 << 18;
constexpr std::size_t pending_bytes_max = 1 << 18; // what zlib may still hold from before

constexpr std::string_view head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view content_types =
    R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>)";
constexpr std::string_view relations =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>)";
constexpr std::string_view workbook_relations =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>)";
constexpr std::string_view workbook =
    R"(<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="{}" sheetId="1" r:id="rId1"/></sheets></workbook>)";

// Little-endian, as zip archives have it (APPNOTE.TXT 4.3).
template <class Number>
void put(std::string& to, Number number) {
    for (std::size_t byte = 0; byte < sizeof(Number); ++byte)
        to += char((number >> (8 * byte)) & 0xff);
}

// What both headers of an entry share: version, flags (sizes stand behind it), deflate, 1 January 1980.
void put_beginning(std::string& to) {
    for (const std::uint16_t number : {20, 0x0808, 8, 0, 0x21})
        put(to, number);
}

void put_escaped(std::string& to, std::string_view text) {
    for (const char c : text) {
        if (c == '&')
            to += "&amp;";
        else if (c == '<')
            to += "&lt;";
        else
            to += c;
    }
}

} // namespace

struct XlsxFile::Packer {
    Packer() { VERIFY(deflateInit2(&stream, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK); }
    ~Packer() { deflateEnd(&stream); }
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;
    z_stream stream{};
};

XlsxFile::XlsxFile(std::unique_ptr<runtime::File> file) : file_(std::move(file)) {}
XlsxFile::~XlsxFile() = default;
XlsxFile::XlsxFile(XlsxFile&&) noexcept = default;

Result<XlsxFile> XlsxFile::create(runtime::Files& files, const std::string& path, std::string_view sheet) {
    auto file = TRY(files.open(path, runtime::OpenMode::create));
    TRY(file->truncate(0));
    XlsxFile made(std::move(file));
    made.add_entry("[Content_Types].xml", content_types);
    made.add_entry("_rels/.rels", relations);
    made.add_entry("xl/workbook.xml", fmt::format(workbook, sheet));
    made.add_entry("xl/_rels/workbook.xml.rels", workbook_relations);
    made.begin_entry("xl/worksheets/sheet1.xml");
    made.add(R"(<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>)");
    return made;
}

void XlsxFile::row(std::initializer_list<std::string_view> cells) {
    room_ += "<row>";
    for (const auto cell : cells) {
        if (cell.empty()) {
            room_ += "<c/>";
            continue;
        }
        room_ += R"(<c t="inlineStr"><is><t>)";
        put_escaped(room_, cell);
        room_ += "</t></is></c>";
    }
    add("</row>");
}

Result<> XlsxFile::finish() {
    add("</sheetData></worksheet>");
    end_entry();
    write_directory();
    return written_;
}

void XlsxFile::begin_entry(std::string name) {
    entries_.push_back({.name = std::move(name), .offset = std::uint32_t(offset_)});
    packer_ = std::make_unique<Packer>();
    std::string header = "PK\x03\x04";
    put_beginning(header);
    header.append(12, '\0'); // checksum and sizes, which follow the entry
    put(header, std::uint16_t(entries_.back().name.size()));
    put(header, std::uint16_t(0));
    write(header + entries_.back().name);
    room_ = head;
}

void XlsxFile::add(std::string_view text) {
    room_ += text;
    if (room_.size() >= room_bytes)
        pack(false);
}

void XlsxFile::end_entry() {
    pack(true);
    const Entry& entry = entries_.back();
    std::string behind = "PK\x07\x08";
    for (const std::uint32_t number : {entry.checksum, entry.packed_bytes, entry.bytes})
        put(behind, number);
    write(behind);
}

void XlsxFile::add_entry(std::string name, std::string_view text) {
    begin_entry(std::move(name));
    add(text);
    end_entry();
}

void XlsxFile::pack(bool is_last) {
    Entry& entry = entries_.back();
    entry.checksum =
        std::uint32_t(crc32(entry.checksum, reinterpret_cast<const Bytef*>(room_.data()), uInt(room_.size())));
    entry.bytes += std::uint32_t(room_.size());
    z_stream& stream = packer_->stream;
    std::string packed(deflateBound(&stream, uLong(room_.size())) + pending_bytes_max, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(room_.data());
    stream.avail_in = uInt(room_.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = uInt(packed.size());
    const int ended = deflate(&stream, is_last ? Z_FINISH : Z_NO_FLUSH);
    VERIFY(stream.avail_in == 0 && ended == (is_last ? Z_STREAM_END : Z_OK));
    packed.resize(packed.size() - stream.avail_out);
    entry.packed_bytes += std::uint32_t(packed.size());
    write(packed);
    room_.clear();
}

void XlsxFile::write(std::string_view bytes) {
    if (written_ && !bytes.empty())
        written_ = file_->write_at(offset_, bytes);
    offset_ += bytes.size();
}

void XlsxFile::write_directory() {
    std::string directory;
    for (const Entry& entry : entries_) {
        directory += "PK\x01\x02";
        put(directory, std::uint16_t(20));
        put_beginning(directory);
        for (const std::uint32_t number : {entry.checksum, entry.packed_bytes, entry.bytes})
            put(directory, number);
        put(directory, std::uint16_t(entry.name.size()));
        directory.append(12, '\0'); // no extra field, no comment, no attributes
        put(directory, entry.offset);
        directory += entry.name;
    }
    const auto begun = std::uint32_t(offset_);
    std::string end = "PK\x05\x06";
    put(end, std::uint32_t(0));
    for (int i = 0; i < 2; ++i)
        put(end, std::uint16_t(entries_.size()));
    put(end, std::uint32_t(directory.size()));
    put(end, begun);
    put(end, std::uint16_t(0));
    write(directory + end);
}

} // namespace onefold::demo
