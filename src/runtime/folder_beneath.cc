#include "runtime/folder_beneath.h"

#include "runtime/errno_error.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace onefold::runtime {
namespace {

constexpr std::size_t chunk_bytes = 1 << 20;
constexpr Attempt opened{"could not be opened", "无法打开"}, read_out{"could not be read", "无法读取"},
    written{"could not be written", "无法写入"}, moved{"could not be moved", "无法移动"};

class Descriptor {
  public:
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (value_ >= 0)
            ::close(value_);
    }
    int get() const { return value_; }
    int release() { return std::exchange(value_, -1); }
    bool is_open() const { return value_ >= 0; }

  private:
    int value_;
};

Failure outside(std::string_view path) {
    return fail(ErrorKind::invalid, "folder.outside",
        {fmt::format("{} is not below a folder that this server may read.", path),
            fmt::format("{} 不在本服务器允许读取的目录之内。", path)});
}

Failure link_refused(std::string_view path) {
    return fail(ErrorKind::invalid, "folder.link",
        {fmt::format("{} is a symbolic link, which is not followed.", path),
            fmt::format("{} 是符号链接，不会跟随。", path)});
}

Failure changed(std::string_view path) {
    return fail(ErrorKind::unavailable, "folder.changed",
        {fmt::format("{} changed while it was read.", path), fmt::format("{} 在读取过程中发生了变化。", path)});
}

FolderEntry entry_of(std::string name, const struct stat& status) {
    return {std::move(name), std::uint64_t(status.st_size),
        std::int64_t(status.st_mtim.tv_sec) * 1'000'000 + status.st_mtim.tv_nsec / 1000, std::uint64_t(status.st_ino)};
}

Result<int> open_folder(int from, const std::string& name, const std::string& path, FolderBeneath::Missing missing) {
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int descriptor = ::openat(from, name.c_str(), flags);
    if (descriptor < 0 && errno == ENOENT && missing == FolderBeneath::Missing::made) {
        if (::mkdirat(from, name.c_str(), 0700) != 0 && errno != EEXIST)
            return file_failure(errno, written, path);
        descriptor = ::openat(from, name.c_str(), flags);
    }
    if (descriptor >= 0)
        return descriptor;
    struct stat status{};
    const int error = errno;
    if (::fstatat(from, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode))
        return link_refused(path);
    return file_failure(error, opened, path);
}

// For file systems that cannot rename without taking another's place. Sets errno.
bool move_by_link(int from, const char* name, int to, const char* to_name) {
    if (::linkat(from, name, to, to_name, 0) != 0)
        return false;
    if (::unlinkat(from, name, 0) == 0)
        return true;
    const int error = errno;
    ::unlinkat(to, to_name, 0);
    errno = error;
    return false;
}

// Of a name that came out of a listing or from us.
bool is_plain_name(const std::string& name) {
    return !name.empty() && name != "." && name != ".." && name.find('/') == name.npos && name.find('\0') == name.npos;
}

} // namespace

std::string plain_path(std::string_view path) {
    if (!path.starts_with('/') || path.find('\0') != path.npos)
        return "";
    std::string plain;
    while (!path.empty()) {
        path.remove_prefix(std::min(path.size(), path.find_first_not_of('/')));
        const std::string_view name = path.substr(0, path.find('/'));
        path.remove_prefix(name.size());
        if (name == "..")
            return "";
        if (!name.empty() && name != ".")
            plain.append("/").append(name);
    }
    return plain.empty() ? "/" : plain;
}

bool is_below(std::string_view path, std::string_view root) {
    if (root == "/")
        return path.starts_with('/');
    return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

Result<FolderBeneath> FolderBeneath::open(const std::string& root, const std::string& path, Missing missing) {
    const std::string plain = plain_path(path), trusted = plain_path(root);
    if (plain.empty() || trusted.empty() || !is_below(plain, trusted))
        return outside(path);
    const int descriptor = ::open(trusted.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return file_failure(errno, opened, trusted);
    FolderBeneath folder(descriptor, trusted == "/" ? "" : trusted);
    for (std::string_view rest = std::string_view(plain).substr(folder.path_.size()); rest.size() > 1;) {
        rest.remove_prefix(1);
        const std::string_view name = rest.substr(0, rest.find('/'));
        rest.remove_prefix(name.size());
        folder = TRY(folder.below(std::string(name), missing));
    }
    return folder;
}

FolderBeneath::FolderBeneath(FolderBeneath&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

FolderBeneath& FolderBeneath::operator=(FolderBeneath&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(path_, other.path_);
    return *this;
}

FolderBeneath::~FolderBeneath() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

Result<FolderBeneath> FolderBeneath::below(const std::string& name, Missing missing) const {
    VERIFY(is_plain_name(name));
    return FolderBeneath(TRY(open_folder(descriptor_, name, path_of(name), missing)), path_of(name));
}

Result<FolderListing> FolderBeneath::list(std::size_t entries_max) const {
    Descriptor again(::openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(again.is_open() ? ::fdopendir(again.get()) : nullptr, ::closedir);
    if (!stream)
        return file_failure(errno, read_out, path_);
    again.release();
    FolderListing listing;
    for (;;) {
        errno = 0;
        const dirent* found = ::readdir(stream.get());
        if (!found && errno != 0)
            return file_failure(errno, read_out, path_);
        if (!found)
            break;
        struct stat status{};
        if (::fstatat(descriptor_, found->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
            continue;
        if (listing.entries.size() == entries_max) {
            listing.is_cut = true;
            break;
        }
        listing.entries.push_back(entry_of(found->d_name, status));
    }
    std::ranges::sort(listing.entries, {}, &FolderEntry::name);
    return listing;
}

Result<std::optional<FolderEntry>> FolderBeneath::find(const std::string& name) const {
    VERIFY(is_plain_name(name));
    struct stat status{};
    if (::fstatat(descriptor_, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
        return S_ISREG(status.st_mode) ? std::optional(entry_of(name, status)) : std::nullopt;
    if (errno == ENOENT)
        return std::optional<FolderEntry>();
    return file_failure(errno, read_out, path_of(name));
}

Result<FolderEntry> FolderBeneath::copy(const std::string& name, const std::string& to, std::uint64_t bytes_max,
    const std::atomic<bool>& is_cancelled) const {
    VERIFY(is_plain_name(name));
    const Descriptor from(::openat(descriptor_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!from.is_open())
        return errno == ELOOP ? link_refused(path_of(name)) : file_failure(errno, opened, path_of(name));
    struct stat before{}, after{};
    if (::fstat(from.get(), &before) != 0 || !S_ISREG(before.st_mode))
        return file_failure(EINVAL, read_out, path_of(name));
    const Descriptor into(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!into.is_open())
        return file_failure(errno, written, to);
    std::uint64_t copied = 0;
    for (std::string chunk(chunk_bytes, '\0');;) {
        if (is_cancelled)
            return fail(ErrorKind::unavailable, "folder.cancelled", {"It was stopped.", "已停止。"});
        const auto size = ::read(from.get(), chunk.data(), chunk.size());
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return file_failure(errno, read_out, path_of(name));
        if (size == 0)
            break;
        copied += std::uint64_t(size);
        if (copied > bytes_max)
            return fail(ErrorKind::too_large, "folder.too_large",
                {fmt::format("{} is larger than {} bytes.", name, bytes_max),
                    fmt::format("{} 超过 {} 字节。", name, bytes_max)});
        for (std::string_view rest(chunk.data(), std::size_t(size)); !rest.empty();) {
            const auto put = ::write(into.get(), rest.data(), rest.size());
            if (put < 0 && errno != EINTR)
                return file_failure(errno, written, to);
            rest.remove_prefix(std::size_t(std::max<ssize_t>(put, 0)));
        }
    }
    if (::fsync(into.get()) != 0)
        return file_failure(errno, written, to);
    if (::fstat(from.get(), &after) != 0 || entry_of(name, before) != entry_of(name, after) ||
        copied != std::uint64_t(after.st_size))
        return changed(path_of(name));
    return entry_of(name, after);
}

Result<> FolderBeneath::move(const std::string& name, const FolderBeneath& to, const std::string& to_name) const {
    VERIFY(is_plain_name(name) && is_plain_name(to_name));
    if (::renameat2(descriptor_, name.c_str(), to.descriptor_, to_name.c_str(), RENAME_NOREPLACE) != 0 &&
        ((errno != EINVAL && errno != ENOSYS) ||
            !move_by_link(descriptor_, name.c_str(), to.descriptor_, to_name.c_str())))
        return file_failure(errno, moved, path_of(name));
    ::fsync(to.descriptor_);
    ::fsync(descriptor_);
    return {};
}

Result<> FolderBeneath::write(const std::string& name, std::string_view text) const {
    VERIFY(is_plain_name(name));
    const Descriptor into(
        ::openat(descriptor_, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!into.is_open())
        return file_failure(errno, written, path_of(name));
    if (::write(into.get(), text.data(), text.size()) != ssize_t(text.size()) || ::fsync(into.get()) != 0) {
        const int error = errno;
        ::unlinkat(descriptor_, name.c_str(), 0);
        return file_failure(error, written, path_of(name));
    }
    return {};
}

} // namespace onefold::runtime
