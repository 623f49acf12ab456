#include "sheet/zip.h"

#include "core/text.h"

#include <zlib.h>

namespace onefold::sheet {
namespace {

constexpr std::size_t end_bytes = 22, comment_bytes_max = 0xFFFF, directory_bytes_max = 8 << 20;
constexpr std::uint32_t magic_of_end = 0x06054b50, magic_of_end64 = 0x06064b50, magic_of_locator64 = 0x07064b50,
                        magic_of_entry = 0x02014b50, magic_of_local = 0x04034b50;

Failure damaged() {
    return fail(ErrorKind::invalid, "sheet.bad_zip",
        {"The file is damaged or cut off: its zip archive does not hold together. Save or download it once more.",
            "文件已损坏或不完整（zip 结构有误），请重新保存或下载。"});
}

// Little-endian numbers out of bytes; 0 beyond their end, after which `is_whole` is false.
class Bytes {
  public:
    explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t number(std::size_t size) {
        const auto part = take(size);
        std::uint64_t value = 0;
        for (std::size_t i = part.size(); i-- > 0;)
            value = value << 8 | std::uint8_t(part[i]);
        return value;
    }
    std::string_view take(std::size_t size) {
        if (size > bytes_.size() - at_) {
            is_whole = false;
            at_ = bytes_.size();
            return {};
        }
        const auto part = bytes_.substr(at_, size);
        at_ += size;
        return part;
    }
    std::size_t left() const { return bytes_.size() - at_; }
    bool is_whole = true;

  private:
    std::string_view bytes_;
    std::size_t at_ = 0;
};

Result<std::string> read_exactly(const File& file, std::uint64_t at, std::uint64_t size) {
    if (at > file.size() || size > file.size() - at)
        return damaged();
    std::string bytes(size, '\0');
    if (TRY(file.read_at(at, bytes)) != size)
        return damaged();
    return bytes;
}

struct Directory {
    std::uint64_t at = 0, bytes = 0, entries = 0;
};

Result<Directory> find_directory(const File& file) {
    const std::uint64_t size = std::min<std::uint64_t>(file.size(), end_bytes + comment_bytes_max);
    const std::uint64_t begin = file.size() - size;
    const std::string tail = TRY(read_exactly(file, begin, size));
    std::size_t end = tail.rfind(std::string_view("PK\5\6", 4));
    if (end == std::string::npos || tail.size() - end < end_bytes)
        return damaged();
    Bytes fields(std::string_view(tail).substr(end + 10));
    Directory directory;
    directory.entries = fields.number(2);
    directory.bytes = fields.number(4);
    directory.at = fields.number(4);
    if (directory.entries != 0xFFFF && directory.bytes != 0xFFFFFFFF && directory.at != 0xFFFFFFFF)
        return directory;
    if (begin + end < 20)
        return directory;
    const std::string locator_bytes = TRY(read_exactly(file, begin + end - 20, 20));
    Bytes locator(locator_bytes);
    if (locator.number(4) != magic_of_locator64)
        return directory;
    locator.take(4);
    const std::string end64_bytes = TRY(read_exactly(file, locator.number(8), 56));
    Bytes end64(end64_bytes);
    if (end64.number(4) != magic_of_end64)
        return damaged();
    end64.take(28);
    directory.entries = end64.number(8);
    directory.bytes = end64.number(8);
    directory.at = end64.number(8);
    return directory;
}

// The 64-bit fields of an entry whose 32-bit ones are full.
void read_zip64(ZipEntry& entry, std::string_view extra) {
    Bytes fields(extra);
    while (fields.left() >= 4) {
        const auto tag = fields.number(2);
        Bytes content(fields.take(fields.number(2)));
        if (tag != 1)
            continue;
        if (entry.inflated_bytes == 0xFFFFFFFF)
            entry.inflated_bytes = content.number(8);
        if (entry.packed_bytes == 0xFFFFFFFF)
            entry.packed_bytes = content.number(8);
        if (entry.at == 0xFFFFFFFF)
            entry.at = content.number(8);
    }
}

class EntryBytes : public ChunkSource {
  public:
    EntryBytes(std::shared_ptr<File> file, const ZipEntry& entry, std::uint64_t at, const InflatingLimits& limits)
        : file_(std::move(file)), entry_(entry), at_(at), limits_(limits), packed_(64 << 10) {
        VERIFY(inflateInit2(&stream_, -15) == Z_OK);
    }
    ~EntryBytes() override { inflateEnd(&stream_); }
    EntryBytes(const EntryBytes&) = delete;
    EntryBytes& operator=(const EntryBytes&) = delete;

    Result<std::size_t> read(std::span<char> room) override {
        if (is_done_ || room.empty())
            return 0;
        const std::size_t size = entry_.method == 0 ? TRY(copy(room)) : TRY(inflate_into(room));
        given_ += size;
        crc_ = std::uint32_t(::crc32(crc_, reinterpret_cast<const Bytef*>(room.data()), uInt(size)));
        TRY(check_growth(read_ - stream_.avail_in, given_, limits_));
        if (given_ > entry_.inflated_bytes || (is_done_ && (given_ != entry_.inflated_bytes || crc_ != entry_.crc)))
            return damaged();
        return size;
    }
    std::uint64_t bytes_read() const override { return read_ - stream_.avail_in; }
    std::uint64_t bytes_total() const override { return entry_.packed_bytes; }

  private:
    Result<std::size_t> copy(std::span<char> room) {
        const auto size = std::min<std::uint64_t>(room.size(), entry_.packed_bytes - read_);
        if (TRY(file_->read_at(at_ + read_, room.first(size))) != size)
            return damaged();
        read_ += size;
        is_done_ = read_ == entry_.packed_bytes;
        return size;
    }

    Result<std::size_t> inflate_into(std::span<char> room) {
        stream_.next_out = reinterpret_cast<Bytef*>(room.data());
        stream_.avail_out = uInt(std::min<std::size_t>(room.size(), 1 << 30));
        const auto asked = stream_.avail_out;
        while (stream_.avail_out == asked && !is_done_) {
            if (stream_.avail_in == 0) {
                const auto size = std::min<std::uint64_t>(packed_.size(), entry_.packed_bytes - read_);
                if (size == 0 || TRY(file_->read_at(at_ + read_, std::span(packed_).first(size))) != size)
                    return damaged();
                read_ += size;
                stream_.next_in = reinterpret_cast<Bytef*>(packed_.data());
                stream_.avail_in = uInt(size);
            }
            const int status = ::inflate(&stream_, Z_NO_FLUSH);
            if (status == Z_STREAM_END)
                is_done_ = true;
            else if (status != Z_OK && status != Z_BUF_ERROR)
                return damaged();
        }
        return asked - stream_.avail_out;
    }

    std::shared_ptr<File> file_;
    const ZipEntry entry_;
    std::uint64_t at_;
    InflatingLimits limits_;
    std::vector<char> packed_;
    z_stream stream_{};
    std::uint64_t read_ = 0, given_ = 0;
    std::uint32_t crc_ = 0;
    bool is_done_ = false;
};

} // namespace

bool Zip::is_zip(const File& file) {
    std::array<char, 4> magic{};
    const auto size = file.read_at(0, magic);
    const std::string_view bytes(magic.data(), magic.size());
    return size && *size == 4 && (bytes == std::string_view("PK\3\4", 4) || bytes == std::string_view("PK\5\6", 4));
}

Result<std::shared_ptr<Zip>> Zip::open(std::shared_ptr<File> file) {
    std::shared_ptr<Zip> zip(new Zip(std::move(file)));
    TRY(zip->read_directory());
    return zip;
}

Result<> Zip::read_directory() {
    const Directory directory = TRY(find_directory(*file_));
    if (directory.entries > entries_max)
        return fail(ErrorKind::invalid, "sheet.too_many_entries",
            {"The archive holds more than 1,000 files: unpack it and import the tables one by one.",
                "压缩包内超过 1000 个文件：请先解压，再逐个导入。"});
    if (directory.bytes > directory_bytes_max)
        return damaged();
    const std::string bytes = TRY(read_exactly(*file_, directory.at, directory.bytes));
    Bytes fields(bytes);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> places; // of the packed bytes: begin, end
    for (std::uint64_t i = 0; i < directory.entries; ++i) {
        if (fields.number(4) != magic_of_entry)
            return damaged();
        ZipEntry entry;
        fields.take(4);
        entry.is_encrypted = fields.number(2) & 1;
        entry.method = std::uint16_t(fields.number(2));
        fields.take(4);
        entry.crc = std::uint32_t(fields.number(4));
        entry.packed_bytes = fields.number(4);
        entry.inflated_bytes = fields.number(4);
        const auto name_bytes = fields.number(2), extra_bytes = fields.number(2), comment_bytes = fields.number(2);
        fields.take(8);
        entry.at = fields.number(4);
        entry.name = fields.take(name_bytes);
        read_zip64(entry, fields.take(extra_bytes));
        fields.take(comment_bytes);
        if (!fields.is_whole || entry.at > file_->size() || entry.packed_bytes > file_->size() - entry.at)
            return damaged();
        std::ranges::replace(entry.name, '\\', '/');
        places.emplace_back(entry.at, entry.at + entry.packed_bytes + 1);
        entries_.push_back(std::move(entry));
    }
    std::ranges::sort(places);
    for (std::size_t i = 1; i < places.size(); ++i)
        if (places[i].first < places[i - 1].second)
            return damaged(); // two entries share their bytes, as in a bomb
    return {};
}

const ZipEntry* Zip::find(std::string_view name) const {
    const auto plain = [](std::string_view path) { return folded(path.starts_with('/') ? path.substr(1) : path); };
    const std::string wanted = plain(name);
    const auto found =
        std::ranges::find_if(entries_, [&](const ZipEntry& entry) { return plain(entry.name) == wanted; });
    return found == entries_.end() ? nullptr : &*found;
}

Result<std::unique_ptr<ChunkSource>> Zip::inflate(const ZipEntry& entry, const InflatingLimits& limits) const {
    if (entry.is_encrypted)
        return fail(ErrorKind::invalid, "sheet.encrypted",
            {"The archive has a password: unpack it and import what is inside.",
                "压缩包有密码：请先解压，再导入其中的文件。"});
    if (entry.method != 0 && entry.method != 8)
        return fail(ErrorKind::invalid, "sheet.unknown_compression",
            {"The archive is compressed in a way that is not read here: unpack it and import what is inside.",
                "不支持该压缩方式：请先解压，再导入其中的文件。"});
    const std::string header = TRY(read_exactly(*file_, entry.at, 30));
    Bytes fields(header);
    if (fields.number(4) != magic_of_local)
        return damaged();
    fields.take(22);
    const auto name_bytes = fields.number(2);
    const auto at = entry.at + 30 + name_bytes + fields.number(2);
    if (at > file_->size() || entry.packed_bytes > file_->size() - at)
        return damaged();
    return std::make_unique<EntryBytes>(file_, entry, at, limits);
}

Result<std::string> Zip::read(const ZipEntry& entry, std::size_t bytes_max) const {
    const auto source = TRY(inflate(entry, {.free_bytes = bytes_max, .bytes_max = bytes_max}));
    std::string bytes;
    for (std::array<char, 16384> chunk;;) {
        const auto size = TRY(source->read(chunk));
        if (size == 0)
            return bytes;
        bytes.append(chunk.data(), size);
        if (bytes.size() > bytes_max)
            TRY(check_growth(0, bytes.size(), {.free_bytes = bytes_max, .bytes_max = bytes_max}));
    }
}

} // namespace onefold::sheet
