#include "sheet/zip_file.h"

#include <algorithm>
#include <zlib.h>

namespace onefold::sheet {
namespace {

constexpr std::size_t pending_bytes_max = 1 << 18;
constexpr std::size_t withheld_bytes_max = 1 << 18; // what zlib may still hold from before
constexpr std::uint32_t elsewhere = 0xFFFFFFFF;     // a size or place that stands among the wide ones

// Little-endian, as everything in an archive.
template <class Number>
void put(std::string& to, Number number) {
    for (std::size_t byte = 0; byte < sizeof(Number); ++byte)
        to += char((number >> (8 * byte)) & 0xFF);
}

// What both headers of an entry have: version, names in UTF-8, deflate, 1 January 1980, checksum, sizes.
void put_fields(std::string& to, bool is_wide, std::uint32_t checksum, std::uint64_t packed, std::uint64_t bytes) {
    for (const std::uint16_t number : {is_wide ? 45 : 20, 0x0800, 8, 0, 0x21})
        put(to, number);
    put(to, checksum);
    put(to, is_wide ? elsewhere : std::uint32_t(packed));
    put(to, is_wide ? elsewhere : std::uint32_t(bytes));
}

// Room for two wide sizes, in the words of ECMA-376-2 (annex C) as long as there are none.
std::string growth_hint() {
    std::string hint;
    for (const std::uint16_t number : {0xA220, 16, 0xA028, 0})
        put(hint, number);
    return hint + std::string(12, '\0');
}

std::string wide(std::initializer_list<std::uint64_t> numbers) {
    std::string field;
    put(field, std::uint16_t(1));
    put(field, std::uint16_t(8 * numbers.size()));
    for (const auto number : numbers)
        put(field, number);
    return field;
}

} // namespace

struct ZipFile::Packer {
    Packer() { VERIFY(deflateInit2(&stream, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK); }
    ~Packer() { deflateEnd(&stream); }
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;
    z_stream stream{};
};

ZipFile::ZipFile(std::unique_ptr<runtime::File> file, std::uint64_t wide_from)
    : file_(std::move(file)), packer_(std::make_unique<Packer>()), wide_from_(wide_from) {
    pending_.reserve(pending_bytes_max + 4096);
}
ZipFile::~ZipFile() = default;
ZipFile::ZipFile(ZipFile&&) noexcept = default;

Result<ZipFile> ZipFile::create(runtime::Files& files, const std::string& path, std::uint64_t wide_from) {
    auto file = TRY(files.open(path, runtime::OpenMode::create));
    TRY(file->truncate(0));
    return ZipFile(std::move(file), wide_from);
}

void ZipFile::begin(std::string name) {
    end_entry();
    entries_.push_back({.name = std::move(name), .at = end_});
    write(local_header(entries_.back()));
}

void ZipFile::add(std::string_view bytes) {
    pending_ += bytes;
    if (pending_.size() >= pending_bytes_max)
        pack(Z_NO_FLUSH);
}

Result<> ZipFile::finish() {
    end_entry();
    write_directory();
    return written_;
}

void ZipFile::end_entry() {
    if (entries_.empty())
        return;
    pack(Z_FINISH);
    VERIFY(deflateReset(&packer_->stream) == Z_OK);
    write_at(entries_.back().at, local_header(entries_.back()));
}

void ZipFile::pack(int flush) {
    Entry& entry = entries_.back();
    const auto size = uInt(pending_.size());
    entry.checksum = std::uint32_t(crc32(entry.checksum, reinterpret_cast<const Bytef*>(pending_.data()), size));
    entry.bytes += size;
    z_stream& stream = packer_->stream;
    std::string packed(deflateBound(&stream, size) + withheld_bytes_max, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(pending_.data());
    stream.avail_in = size;
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = uInt(packed.size());
    const int ended = deflate(&stream, flush);
    VERIFY(stream.avail_in == 0 && ended == (flush == Z_FINISH ? Z_STREAM_END : Z_OK));
    packed.resize(packed.size() - stream.avail_out);
    entry.packed_bytes += packed.size();
    write(packed);
    pending_.clear();
}

void ZipFile::write(std::string_view bytes) {
    write_at(end_, bytes);
    end_ += bytes.size();
}

void ZipFile::write_at(std::uint64_t at, std::string_view bytes) {
    if (written_ && !bytes.empty())
        written_ = file_->write_at(at, bytes);
}

bool ZipFile::is_wide(const Entry& entry) const {
    return std::max({entry.at, entry.packed_bytes, entry.bytes}) >= wide_from_;
}

std::string ZipFile::local_header(const Entry& entry) const {
    std::string header = "PK\x03\x04";
    put_fields(header, is_wide(entry), entry.checksum, entry.packed_bytes, entry.bytes);
    const std::string extra = is_wide(entry) ? wide({entry.bytes, entry.packed_bytes}) : growth_hint();
    put(header, std::uint16_t(entry.name.size()));
    put(header, std::uint16_t(extra.size()));
    return header + entry.name + extra;
}

std::string ZipFile::directory_header(const Entry& entry) const {
    const std::string extra = is_wide(entry) ? wide({entry.bytes, entry.packed_bytes, entry.at}) : "";
    std::string header = "PK\x01\x02";
    put(header, std::uint16_t(is_wide(entry) ? 45 : 20));
    put_fields(header, is_wide(entry), entry.checksum, entry.packed_bytes, entry.bytes);
    put(header, std::uint16_t(entry.name.size()));
    put(header, std::uint16_t(extra.size()));
    header.append(10, '\0'); // no comment, no attributes
    put(header, is_wide(entry) ? elsewhere : std::uint32_t(entry.at));
    return header + entry.name + extra;
}

void ZipFile::write_directory() {
    const std::uint64_t begun = end_, count = entries_.size();
    std::string directory;
    for (const Entry& entry : entries_)
        directory += directory_header(entry);
    const std::uint64_t bytes = directory.size();
    if (begun >= wide_from_) {
        directory += std::string_view("PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0", 24);
        for (const std::uint64_t number : {count, count, bytes, begun})
            put(directory, number);
        directory += std::string_view("PK\x06\x07\0\0\0\0", 8);
        put(directory, begun + bytes);
        put(directory, std::uint32_t(1));
    }
    directory += std::string_view("PK\x05\x06\0\0\0\0", 8);
    put(directory, std::uint16_t(count));
    put(directory, std::uint16_t(count));
    put(directory, std::uint32_t(bytes));
    put(directory, begun >= wide_from_ ? elsewhere : std::uint32_t(begun));
    put(directory, std::uint16_t(0));
    write(directory);
}

} // namespace onefold::sheet
