#include "runtime/folder_lock.h"

#include "runtime/errno_error.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace onefold::runtime {

Result<FolderLock> FolderLock::take(const std::string& folder) {
    const std::string path = folder + "/onefold.lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return file_failure(errno, {"could not be opened", "无法打开"}, path);
    FolderLock lock{descriptor};
    int outcome = ::flock(descriptor, LOCK_EX | LOCK_NB);
    while (outcome != 0 && errno == EINTR)
        outcome = ::flock(descriptor, LOCK_EX | LOCK_NB);
    if (outcome == 0)
        return lock;
    if (errno != EWOULDBLOCK)
        return file_failure(errno, {"could not be locked", "无法加锁"}, path);
    return fail(ErrorKind::conflict, "runtime.folder_in_use",
        {fmt::format("The folder {} is in use by another Onefold process. Nothing was changed; stop that process or "
                     "name another folder.",
             folder),
            fmt::format("文件夹 {} 正被另一个归一进程使用。没有任何改动；请先停止那个进程，或换一个文件夹。", folder)});
}

FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

FolderLock::~FolderLock() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

} // namespace onefold::runtime
