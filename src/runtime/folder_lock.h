#pragma once
// One process a data folder: an exclusive lock on FOLDER/onefold.lock, which the system releases when the process ends,
// however it ends.
#include "core/result.h"

#include <string>

namespace onefold::runtime {

class FolderLock {
  public:
    // runtime.folder_in_use where another process (or another lock of this one) holds it; files.… where the file cannot
    // be opened.
    static Result<FolderLock> take(const std::string& folder);
    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&& other) noexcept;
    ~FolderLock();

  private:
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
};

} // namespace onefold::runtime
