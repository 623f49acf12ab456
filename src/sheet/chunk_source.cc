#include "sheet/chunk_source.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace onefold::sheet {
namespace {

constexpr std::size_t compressed_chunk_bytes = 256 << 10;

Failure unreadable(const std::string& path) {
    return fail(ErrorKind::invalid, "import.unreadable_file",
        LocalText(fmt::format("{} cannot be read: check that it is a file and that this account may read it.", path),
            fmt::format("无法读取 {}：请确认它是文件，且当前账户有读取权限。", path)));
}

class PlainBytes : public ChunkSource {
  public:
    explicit PlainBytes(std::shared_ptr<File> file) : file_(std::move(file)) {}
    Result<std::size_t> read(std::span<char> room) override {
        const auto size = TRY(file_->read_at(bytes_read_, room));
        bytes_read_ += size;
        return size;
    }
    std::uint64_t bytes_read() const override { return bytes_read_; }
    std::uint64_t bytes_total() const override { return file_->size(); }

  private:
    std::shared_ptr<File> file_;
    std::uint64_t bytes_read_ = 0;
};

class GzipBytes : public ChunkSource {
  public:
    explicit GzipBytes(std::shared_ptr<File> file) : file_(std::move(file)), compressed_(compressed_chunk_bytes) {
        VERIFY(inflateInit2(&stream_, 15 + 16) == Z_OK);
    }
    ~GzipBytes() override { inflateEnd(&stream_); }
    GzipBytes(const GzipBytes&) = delete;
    GzipBytes& operator=(const GzipBytes&) = delete;

    Result<std::size_t> read(std::span<char> room) override {
        stream_.next_out = reinterpret_cast<Bytef*>(room.data());
        stream_.avail_out = uInt(std::min<std::size_t>(room.size(), 1 << 30));
        const auto asked = stream_.avail_out;
        while (stream_.avail_out == asked) {
            if (!TRY(has_input())) {
                if (!is_member_done_)
                    return damaged();
                return 0;
            }
            if (is_member_done_) {
                if (!TRY(begins_member()))
                    return 0;
            }
            const int status = inflate(&stream_, Z_NO_FLUSH);
            if (status == Z_STREAM_END)
                is_member_done_ = true;
            else if (status != Z_OK && status != Z_BUF_ERROR)
                return damaged();
        }
        inflated_ += asked - stream_.avail_out;
        TRY(check_growth(bytes_read(), inflated_));
        return asked - stream_.avail_out;
    }
    std::uint64_t bytes_read() const override { return file_.bytes_read() - stream_.avail_in; }
    std::uint64_t bytes_total() const override { return file_.bytes_total(); }

  private:
    static Failure damaged() {
        return fail(ErrorKind::invalid, "import.bad_gzip",
            LocalText("The gzip file is damaged or cut off; rows before the damage were read.",
                "gzip 文件已损坏或不完整；损坏处之前的行已读取。"));
    }

    Result<bool> has_input() {
        if (stream_.avail_in > 0)
            return true;
        const auto size = TRY(file_.read(compressed_));
        stream_.next_in = reinterpret_cast<Bytef*>(compressed_.data());
        stream_.avail_in = uInt(size);
        return size > 0;
    }

    // Zero bytes may pad the end of the file; anything else is one more member, or damage that inflate finds.
    Result<bool> begins_member() {
        while (*stream_.next_in == 0) {
            ++stream_.next_in;
            --stream_.avail_in;
            if (!TRY(has_input()))
                return false;
        }
        VERIFY(inflateReset2(&stream_, 15 + 16) == Z_OK);
        is_member_done_ = false;
        return true;
    }

    PlainBytes file_;
    std::vector<char> compressed_;
    z_stream stream_{};
    bool is_member_done_ = false;
    std::uint64_t inflated_ = 0;
};

} // namespace

File::File(int descriptor, std::uint64_t size, std::string name)
    : descriptor_(descriptor), size_(size), name_(std::move(name)) {}

File::~File() {
    ::close(descriptor_);
}

Result<std::shared_ptr<File>> File::open(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR))
        return fail(ErrorKind::invalid, "import.no_such_file",
            LocalText(fmt::format("There is no file {}.", path), fmt::format("文件 {} 不存在。", path)));
    if (descriptor < 0)
        return unreadable(path);
    return take(descriptor, path);
}

Result<std::shared_ptr<File>> File::take(int descriptor, std::string name) {
    struct stat facts{};
    const bool is_file = ::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
    std::shared_ptr<File> file(new File(descriptor, is_file ? std::uint64_t(facts.st_size) : 0, std::move(name)));
    if (!is_file)
        return unreadable(file->name_);
    return file;
}

Result<std::size_t> File::read_at(std::uint64_t offset, std::span<char> room) const {
    std::size_t read = 0;
    while (read < room.size()) {
        const auto size = ::pread(descriptor_, room.data() + read, room.size() - read, off_t(offset + read));
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return unreadable(name_);
        if (size == 0)
            break;
        read += std::size_t(size);
    }
    return read;
}

std::unique_ptr<ChunkSource> bytes_of(std::shared_ptr<File> file) {
    return std::make_unique<PlainBytes>(std::move(file));
}

bool is_gzip(const File& file) {
    std::array<char, 2> magic{};
    const auto size = file.read_at(0, magic);
    return size && *size == 2 && magic[0] == '\x1f' && magic[1] == '\x8b';
}

std::unique_ptr<ChunkSource> inflated(std::shared_ptr<File> file) {
    return std::make_unique<GzipBytes>(std::move(file));
}

Result<> check_growth(std::uint64_t packed, std::uint64_t inflated, const InflatingLimits& limits) {
    if (inflated <= limits.free_bytes || (inflated / limits.ratio_max <= packed && inflated <= limits.bytes_max))
        return {};
    return fail(ErrorKind::invalid, "sheet.too_much",
        {"The file unpacks to far more than a table would: it looks like an archive made to fill the memory. If it is "
         "a "
         "table, unpack it and import the text file itself.",
            "文件解压后异常庞大，疑似压缩炸弹。如果确实是表格，请先解压，再导入其中的文本文件。"});
}

} // namespace onefold::sheet
