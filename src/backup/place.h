#pragma once
// A backup's folder while it is made, and taking one away.
//
// The file `unfinished` is the first, the manifest the last: it is written when everything else is durable. What is cut
// short in between is no backup and is cleared away by whoever begins one at the same place.
#include "backup/digest.h"
#include "backup/manifest.h"
#include "runtime/runtime.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace onefold::backup {

// So many bytes more are done; its error ends the work.
using Progress = std::function<Result<>(std::uint64_t bytes)>;

class Place {
  public:
    // `folder` is absolute. backup.target_inside (of `data_folder`), backup.target_not_empty, backup.target_unusable
    static Result<std::unique_ptr<Place>> begin(
        runtime::Files& files, const std::string& folder, const std::string& data_folder);
    ~Place(); // without `finish`: takes everything away
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    // An earlier backup on the same disk: what it holds unchanged becomes one file with two names.
    void resemble(const std::string& folder, const Manifest& manifest);
    void tell(Progress progress);

    Result<> put(const std::string& path, std::string_view bytes);
    // A file in pieces, one at a time.
    Result<> open(const std::string& path);
    Result<> add(std::string_view bytes);
    Result<> close();
    std::string path_of(std::string_view path) const { return folder_ + "/" + std::string(path); }
    // A file that somebody else wrote to `path_of`.
    Result<> adopt(const std::string& path);

    // Everything is durable and whole from here on.
    Result<> finish(Manifest& manifest);

  private:
    Place(runtime::Files& files, std::string folder);
    Result<> make_folder_of(const std::string& path);
    bool links(const std::string& path, const StoredFile& file);

    runtime::Files& files_;
    const std::string folder_;
    Progress progress_;
    std::string earlier_folder_;
    Manifest earlier_;
    std::vector<StoredFile> stored_;
    struct Written;
    std::unique_ptr<Written> written_;
    bool is_finished_ = false;
};

// backup.no_backup, backup.unfinished, backup.bad_manifest, backup.newer_format
Result<Manifest> read_manifest(runtime::Files& files, const std::string& folder);

// The digest of a file as it lies there; `sink`, where there is one, gets its bytes.
Result<StoredFile> read_stored(runtime::Files& files, const std::string& folder, const std::string& path,
    const std::function<Result<>(std::string_view)>& sink, const Progress& progress);

// Takes a backup away, whole or not: its manifest first. Nothing where there is none.
Result<> remove_backup(runtime::Files& files, const std::string& folder);

// A path with "." and ".." taken out and links followed as far as it exists.
std::string true_path(const std::string& path);
bool is_inside(const std::string& path, const std::string& folder);

} // namespace onefold::backup
