#pragma once
// A folder below a root that somebody trusts, reached name by name without following a symbolic link, so that nothing
// done in it leaves the root, whoever writes there. The root itself may be named through links.
#include "core/result.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace onefold::runtime {

// A regular file in it. Equal entries are the same bytes, as far as a file system tells.
struct FolderEntry {
    std::string name;
    std::uint64_t size = 0;       // bytes
    std::int64_t modified_us = 0; // since 1970
    std::uint64_t inode = 0;
    friend bool operator==(const FolderEntry&, const FolderEntry&) = default;
};
struct FolderListing {
    std::vector<FolderEntry> entries; // sorted by name; no links, folders or devices
    bool is_cut = false;              // there are more
};

// Not thread-safe. Errors besides files.<errno>: folder.outside where the path is not below the root, folder.link
// where a part of it is a symbolic link.
class FolderBeneath {
  public:
    enum class Missing { refused, made };
    // Both paths are absolute. `made`: what is missing below the root is made, mode 0700.
    static Result<FolderBeneath> open(const std::string& root, const std::string& path, Missing missing);
    FolderBeneath(FolderBeneath&& other) noexcept;
    FolderBeneath& operator=(FolderBeneath&& other) noexcept;
    ~FolderBeneath();

    Result<FolderListing> list(std::size_t entries_max) const;
    Result<std::optional<FolderEntry>> find(const std::string& name) const; // none: not there, or no regular file
    // All its bytes to `to`, made anew and synced; what the entry was while they were read. folder.changed where it
    // changed meanwhile, folder.too_large, folder.cancelled
    Result<FolderEntry> copy(const std::string& name, const std::string& to, std::uint64_t bytes_max,
        const std::atomic<bool>& is_cancelled) const;
    Result<FolderBeneath> below(const std::string& name, Missing missing) const;
    // Never over another: files.eexist. Both folders are synced.
    Result<> move(const std::string& name, const FolderBeneath& to, const std::string& to_name) const;
    Result<> write(const std::string& name, std::string_view text) const; // made anew, mode 0600

  private:
    FolderBeneath(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
    std::string path_of(const std::string& name) const { return path_ + "/" + name; }

    int descriptor_;
    std::string path_; // for messages
};

// Without "." and "..", doubled and trailing slashes; "" where it is not absolute or leaves the root of the system.
std::string plain_path(std::string_view path);
bool is_below(std::string_view path, std::string_view root); // of plain ones; also where both are the same

} // namespace onefold::runtime
