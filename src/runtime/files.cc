#include "runtime/errno_error.h"
#include "runtime/runtime.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <mutex>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace onefold::runtime {
namespace {

constexpr Attempt opening{"could not be opened", "无法打开"};
constexpr Attempt reading{"could not be read", "无法读取"};
constexpr Attempt writing{"could not be written", "无法写入"};
constexpr Attempt syncing{"could not be made durable", "无法持久保存"};
constexpr Attempt making{"could not be created", "无法创建"};
constexpr Attempt renaming{"could not be renamed", "无法重命名"};
constexpr Attempt removing{"could not be removed", "无法删除"};

// Calls again where a signal came between.
template <class Call>
auto uninterrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR)
        result = call();
    return result;
}

// Never one that passes, also of a full disk: what was not synced may be gone, and a second sync would not tell.
Failure sync_failure(int error_number, const std::string& path) {
    auto failure = file_failure(error_number, syncing, path);
    failure.error().kind = ErrorKind::internal;
    return failure;
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }
    int number() const { return number_; }

  private:
    int number_;
};

Result<Descriptor> open_descriptor(const std::string& path, int flags) {
    const int number = uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0600); });
    if (number < 0)
        return file_failure(errno, opening, path);
    return Descriptor{number};
}

std::string folder_of(const std::string& path) {
    const auto slash = path.find_last_of('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

class SystemFile final : public File {
  public:
    SystemFile(Descriptor descriptor, std::string path) : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

    Result<> write_at(std::uint64_t offset, std::string_view bytes) override {
        while (!bytes.empty()) {
            const auto count = uninterrupted([&] { return ::pwrite(fd(), bytes.data(), bytes.size(), off_t(offset)); });
            if (count < 0)
                return file_failure(errno, writing, path_);
            bytes.remove_prefix(std::size_t(count));
            offset += std::uint64_t(count);
        }
        return {};
    }

    Result<std::string> read_at(std::uint64_t offset, std::size_t size) const override {
        std::string bytes;
        int error_number = 0;
        bytes.resize_and_overwrite(size, [&](char* data, std::size_t) {
            std::size_t done = 0;
            while (done < size) {
                const auto count =
                    uninterrupted([&] { return ::pread(fd(), data + done, size - done, off_t(offset + done)); });
                if (count < 0)
                    error_number = errno;
                if (count <= 0)
                    break;
                done += std::size_t(count);
            }
            return done;
        });
        if (error_number != 0)
            return file_failure(error_number, reading, path_);
        return bytes;
    }

    Result<> sync_data() override {
        // Not again after an interruption: a sync that failed may have dropped what it should have kept.
        if (::fdatasync(fd()) != 0)
            return sync_failure(errno, path_);
        return {};
    }

    // As background writing, behind the syncs of others. Errors are left to sync_data.
    void begin_sync(std::uint64_t offset, std::size_t size) override {
        if (offset > 0)
            (void)::sync_file_range(fd(), 0, off64_t(offset), SYNC_FILE_RANGE_WAIT_BEFORE);
        (void)::sync_file_range(fd(), off64_t(offset), off64_t(size), SYNC_FILE_RANGE_WRITE);
    }

    Result<std::uint64_t> size() const override {
        struct stat status{};
        if (::fstat(fd(), &status) != 0)
            return file_failure(errno, reading, path_);
        return std::uint64_t(status.st_size);
    }

    Result<> truncate(std::uint64_t size) override {
        if (uninterrupted([&] { return ::ftruncate(fd(), off_t(size)); }) != 0)
            return file_failure(errno, writing, path_);
        return {};
    }

    Result<> allocate(std::uint64_t bytes) override {
        if (bytes == 0 || uninterrupted([&] { return ::fallocate(fd(), 0, 0, off_t(bytes)); }) == 0)
            return {};
        if (errno != EOPNOTSUPP && errno != ENOSYS)
            return file_failure(errno, writing, path_);
        if (TRY(size()) < bytes)
            return truncate(bytes);
        return {};
    }

  private:
    int fd() const { return descriptor_.number(); }

    Descriptor descriptor_;
    std::string path_;
};

class SystemFiles final : public Files {
  public:
    Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
        const int flags = mode == OpenMode::read ? O_RDONLY : mode == OpenMode::read_write ? O_RDWR : O_RDWR | O_CREAT;
        return std::make_unique<SystemFile>(TRY(open_descriptor(path, flags)), path);
    }

    Result<> make_folder(const std::string& path) override {
        struct stat status{};
        if (::stat(path.c_str(), &status) == 0)
            return S_ISDIR(status.st_mode) ? Result<>{} : file_failure(ENOTDIR, making, path);
        const std::string parent = folder_of(path);
        if (parent != path)
            TRY(make_folder(parent));
        if (::mkdir(path.c_str(), 0700) != 0) {
            if (errno == EEXIST)
                return {};
            return file_failure(errno, making, path);
        }
        return sync_folder(parent);
    }

    Result<> rename(const std::string& from, const std::string& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0)
            return file_failure(errno, renaming, from);
        return {};
    }

    Result<> remove(const std::string& path) override {
        if (::unlink(path.c_str()) != 0)
            return file_failure(errno, removing, path);
        return {};
    }

    Result<> remove_folder(const std::string& path) override {
        if (::rmdir(path.c_str()) != 0)
            return file_failure(errno, removing, path);
        return {};
    }

    Result<> link(const std::string& from, const std::string& to) override {
        if (::link(from.c_str(), to.c_str()) != 0)
            return file_failure(errno, making, to);
        return {};
    }

    Result<> sync_folder(const std::string& path) override {
        const auto folder = TRY(open_descriptor(path, O_RDONLY | O_DIRECTORY));
        if (::fsync(folder.number()) != 0)
            return sync_failure(errno, path);
        return {};
    }

    Result<std::vector<std::string>> list(const std::string& folder) override {
        const std::unique_ptr<DIR, int (*)(DIR*)> stream{::opendir(folder.c_str()), ::closedir};
        if (!stream)
            return file_failure(errno, opening, folder);
        std::vector<std::string> names;
        errno = 0;
        while (const dirent* entry = ::readdir(stream.get())) {
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..")
                names.emplace_back(name);
            errno = 0;
        }
        if (errno != 0)
            return file_failure(errno, reading, folder);
        std::ranges::sort(names);
        return names;
    }

    bool exists(const std::string& path) override { return ::access(path.c_str(), F_OK) == 0; }

    Result<Space> space(const std::string& folder) override {
        struct statvfs status{};
        if (::statvfs(folder.c_str(), &status) != 0)
            return file_failure(errno, reading, folder);
        return Space{
            std::uint64_t(status.f_blocks) * status.f_frsize, std::uint64_t(status.f_bavail) * status.f_frsize};
    }

    Result<std::string> read_all(const std::string& path, std::uint64_t bytes_max) override {
        const SystemFile file{TRY(open_descriptor(path, O_RDONLY)), path};
        const auto size = TRY(file.size());
        std::string bytes = TRY(file.read_at(0, std::size_t(std::min(size, bytes_max) + 1)));
        while (bytes.size() > size && bytes.size() <= bytes_max) { // a pipe, /proc, or a file that grows
            const std::string more = TRY(file.read_at(bytes.size(), 1 << 16));
            if (more.empty())
                break;
            bytes += more;
        }
        if (bytes.size() <= bytes_max)
            return bytes;
        return fail(ErrorKind::too_large, "files.too_large",
            {fmt::format("{} is larger than {} bytes.", path, bytes_max),
                fmt::format("{} 超过 {} 字节。", path, bytes_max)});
    }

    Result<> replace(const std::string& path, std::string_view bytes) override {
        const std::lock_guard lock{replacing_[std::hash<std::string>{}(path) % replacing_.size()]};
        const std::string temporary = path + ".new";
        auto written = write_whole(temporary, bytes);
        if (written && ::rename(temporary.c_str(), path.c_str()) != 0)
            written = file_failure(errno, renaming, temporary);
        if (!written) {
            ::unlink(temporary.c_str());
            return written;
        }
        return sync_folder(folder_of(path));
    }

  private:
    static Result<> write_whole(const std::string& path, std::string_view bytes) {
        SystemFile file{TRY(open_descriptor(path, O_WRONLY | O_CREAT | O_TRUNC)), path};
        TRY(file.write_at(0, bytes));
        return file.sync_data();
    }

    std::array<std::mutex, 61> replacing_; // one file by one at a time
};

} // namespace

std::unique_ptr<Files> make_system_files() {
    return std::make_unique<SystemFiles>();
}

} // namespace onefold::runtime
