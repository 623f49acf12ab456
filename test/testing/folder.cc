#include "testing/folder.h"

#include "core/result.h"

#include <cstdlib>
#include <filesystem>

namespace onefold::testing {

Folder::Folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "onefold-XXXXXX").string();
    VERIFY(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

} // namespace onefold::testing
