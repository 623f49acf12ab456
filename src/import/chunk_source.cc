#include "import/chunk_source.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace onefold::import {
namespace {

constexpr std::size_t compressed_chunk_bytes = 256 << 10;

Failure unreadable(const std::string& path) {
    return fail(ErrorKind::invalid, "import.unreadable_file",
        LocalText(fmt::format("{} cannot be read: check that it is a file and that this account may read it.", path),
            fmt::format("无法读取 {}：请确认它是文件，且当前账户有读取权限。", path)));
}

class PlainFile : public ChunkSource {
  public:
    PlainFile(int descriptor, std::uint64_t size, const std::string& path)
        : descriptor_(descriptor), bytes_total_(size), path_(path) {}
    ~PlainFile() override { ::close(descriptor_); }
    PlainFile(const PlainFile&) = delete;
    PlainFile& operator=(const PlainFile&) = delete;

    Result<std::size_t> read(std::span<char> room) override {
        for (;;) {
            const auto size = ::read(descriptor_, room.data(), room.size());
            if (size < 0 && errno == EINTR)
                continue;
            if (size < 0)
                return unreadable(path_);
            bytes_read_ += std::uint64_t(size);
            return std::size_t(size);
        }
    }
    std::uint64_t bytes_read() const override { return bytes_read_; }
    std::uint64_t bytes_total() const override { return bytes_total_; }

    // Whether the next bytes are gzip's; reads nothing away.
    bool is_gzip() const {
        std::array<unsigned char, 2> magic{};
        return ::pread(descriptor_, magic.data(), magic.size(), 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    }

  private:
    int descriptor_;
    std::uint64_t bytes_read_ = 0;
    std::uint64_t bytes_total_;
    std::string path_;
};

class GzipFile : public ChunkSource {
  public:
    explicit GzipFile(std::unique_ptr<PlainFile> file) : file_(std::move(file)), compressed_(compressed_chunk_bytes) {
        VERIFY(inflateInit2(&stream_, 15 + 16) == Z_OK);
    }
    ~GzipFile() override { inflateEnd(&stream_); }
    GzipFile(const GzipFile&) = delete;
    GzipFile& operator=(const GzipFile&) = delete;

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
        return asked - stream_.avail_out;
    }
    std::uint64_t bytes_read() const override { return file_->bytes_read() - stream_.avail_in; }
    std::uint64_t bytes_total() const override { return file_->bytes_total(); }

  private:
    static Failure damaged() {
        return fail(ErrorKind::invalid, "import.bad_gzip",
            LocalText("The gzip file is damaged or cut off; rows before the damage were read.",
                "gzip 文件已损坏或不完整；损坏处之前的行已读取。"));
    }

    Result<bool> has_input() {
        if (stream_.avail_in > 0)
            return true;
        const auto size = TRY(file_->read(compressed_));
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

    std::unique_ptr<PlainFile> file_;
    std::vector<char> compressed_;
    z_stream stream_{};
    bool is_member_done_ = false;
};

} // namespace

Result<std::unique_ptr<ChunkSource>> open_file(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR))
        return fail(ErrorKind::invalid, "import.no_such_file",
            LocalText(fmt::format("There is no file {}.", path), fmt::format("文件 {} 不存在。", path)));
    if (descriptor < 0)
        return unreadable(path);
    struct stat facts{};
    const bool is_file = ::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
    auto file = std::make_unique<PlainFile>(descriptor, std::uint64_t(facts.st_size), path);
    if (!is_file)
        return unreadable(path);
    if (file->is_gzip())
        return std::make_unique<GzipFile>(std::move(file));
    return file;
}

} // namespace onefold::import
