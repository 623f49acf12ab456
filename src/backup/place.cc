#include "backup/place.h"

#include "backup/failure.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace onefold::backup {
namespace {

constexpr std::size_t piece_bytes = 1 << 20;
constexpr std::uint64_t manifest_bytes_max = 256 << 20;

Result<> remove_tree(runtime::Files& files, const std::string& folder) {
    for (const auto& name : TRY(files.list(folder))) {
        const std::string path = folder + "/" + name;
        TRY(std::filesystem::is_directory(std::filesystem::symlink_status(path)) ? remove_tree(files, path)
                                                                                 : files.remove(path));
    }
    return files.remove_folder(folder);
}

bool is_missing(const Error& error) {
    return error.code == "files.enoent" || error.code == "files.enotdir";
}

} // namespace

struct Place::Written {
    std::string path;
    std::unique_ptr<runtime::File> file;
    std::uint64_t bytes = 0, synced = 0;
    Digest digest;
};

std::string true_path(const std::string& path) {
    std::error_code ignored;
    auto resolved = std::filesystem::weakly_canonical(path, ignored).string();
    if (resolved.empty())
        resolved = std::filesystem::path(path).lexically_normal().string();
    while (resolved.size() > 1 && resolved.back() == '/')
        resolved.pop_back();
    return resolved;
}

bool is_inside(const std::string& path, const std::string& folder) {
    const std::string inner = true_path(path), outer = true_path(folder);
    return inner == outer || inner.starts_with(outer == "/" ? outer : outer + "/");
}

Result<std::unique_ptr<Place>> Place::begin(
    runtime::Files& files, const std::string& folder, const std::string& data_folder) {
    if (is_inside(folder, data_folder))
        return target_inside(folder);
    const auto unusable = [&](const Error& error) { return target_unusable(folder, error); };
    if (auto made = files.make_folder(folder); !made)
        return unusable(made.error());
    const auto names = files.list(folder);
    if (!names)
        return unusable(names.error());
    const auto is_there = [&](std::string_view name) { return std::ranges::find(*names, name) != names->end(); };
    if (!names->empty()) {
        if (!is_there(unfinished_file) || is_there(manifest_file))
            return target_not_empty(folder);
        if (auto removed = remove_backup(files, folder); !removed)
            return unusable(removed.error());
        if (auto made = files.make_folder(folder); !made)
            return unusable(made.error());
    }
    if (auto marked = files.replace(folder + "/" + std::string(unfinished_file), "This backup is not whole.\n");
        !marked) {
        (void)files.remove_folder(folder);
        return unusable(marked.error());
    }
    return std::unique_ptr<Place>(new Place(files, folder));
}

Place::Place(runtime::Files& files, std::string folder) : files_(files), folder_(std::move(folder)) {}

Place::~Place() {
    written_.reset();
    if (!is_finished_)
        (void)remove_backup(files_, folder_);
}

void Place::resemble(const std::string& folder, const Manifest& manifest) {
    earlier_folder_ = folder;
    earlier_ = manifest;
}

void Place::tell(Progress progress) {
    progress_ = std::move(progress);
}

Result<> Place::make_folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == path.npos ? Result<>{} : files_.make_folder(path_of(path.substr(0, slash)));
}

// The earlier file is read again, so that what has rotted there does not come in here.
bool Place::links(const std::string& path, const StoredFile& file) {
    const StoredFile* earlier = earlier_.find(path);
    if (!earlier || *earlier != file)
        return false;
    const auto found = read_stored(files_, earlier_folder_, path, {}, {});
    return found && *found == file && files_.link(earlier_folder_ + "/" + path, path_of(path));
}

Result<> Place::put(const std::string& path, std::string_view bytes) {
    TRY(make_folder_of(path));
    const StoredFile file{path, bytes.size(), digest_of(bytes)};
    if (links(path, file)) {
        stored_.push_back(file);
        return progress_ ? progress_(bytes.size()) : Result<>{};
    }
    TRY(open(path));
    TRY(add(bytes));
    return close();
}

Result<> Place::open(const std::string& path) {
    TRY(make_folder_of(path));
    written_ = std::make_unique<Written>();
    written_->path = path;
    written_->file = TRY(files_.open(path_of(path), runtime::OpenMode::create));
    return {};
}

// Synced piece by piece, so that the disk never has much of ours to catch up with when the server syncs.
Result<> Place::add(std::string_view bytes) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece_bytes, bytes.size()))) {
        const auto piece = bytes.substr(0, piece_bytes);
        TRY(written_->file->write_at(written_->bytes, piece));
        written_->digest.add(piece);
        written_->bytes += piece.size();
        if (written_->bytes - written_->synced >= piece_bytes) {
            TRY(written_->file->sync_data());
            written_->synced = written_->bytes;
        }
        if (progress_)
            TRY(progress_(piece.size()));
    }
    return {};
}

Result<> Place::close() {
    TRY(written_->file->sync_data());
    stored_.push_back({written_->path, written_->bytes, written_->digest.end()});
    written_.reset();
    return {};
}

Result<> Place::adopt(const std::string& path) {
    {
        const auto file = TRY(files_.open(path_of(path), runtime::OpenMode::read_write));
        TRY(file->sync_data());
    }
    stored_.push_back(TRY(read_stored(files_, folder_, path, {}, {})));
    return {};
}

Result<> Place::finish(Manifest& manifest) {
    manifest.files = stored_;
    std::set<std::string> folders;
    for (const StoredFile& file : stored_)
        if (const auto slash = file.path.find('/'); slash != std::string::npos)
            folders.insert(file.path.substr(0, slash));
    for (const auto& name : folders)
        TRY(files_.sync_folder(path_of(name)));
    TRY(files_.sync_folder(folder_));
    TRY(files_.replace(path_of(manifest_file), text_of(manifest)));
    is_finished_ = true;
    TRY(files_.remove(path_of(unfinished_file)));
    return files_.sync_folder(folder_);
}

Result<Manifest> read_manifest(runtime::Files& files, const std::string& folder) {
    const auto text = files.read_all(folder + "/" + std::string(manifest_file), manifest_bytes_max);
    if (text)
        return manifest_of(*text);
    if (!is_missing(text.error()))
        return fail(text.error());
    if (files.exists(folder + "/" + std::string(unfinished_file)))
        return unfinished(folder);
    return no_backup(folder);
}

Result<StoredFile> read_stored(runtime::Files& files, const std::string& folder, const std::string& path,
    const std::function<Result<>(std::string_view)>& sink, const Progress& progress) {
    const auto file = TRY(files.open(folder + "/" + path, runtime::OpenMode::read));
    StoredFile stored{path, 0, {}};
    Digest digest;
    for (;;) {
        const std::string piece = TRY(file->read_at(stored.bytes, piece_bytes));
        if (piece.empty())
            break;
        digest.add(piece);
        stored.bytes += piece.size();
        if (sink)
            TRY(sink(piece));
        if (progress)
            TRY(progress(piece.size()));
    }
    stored.digest = digest.end();
    return stored;
}

Result<> remove_backup(runtime::Files& files, const std::string& folder) {
    const std::string manifest = folder + "/" + std::string(manifest_file);
    const std::string mark = folder + "/" + std::string(unfinished_file);
    if (!files.exists(manifest) && !files.exists(mark))
        return {};
    if (files.exists(manifest)) {
        TRY(files.replace(mark, "This backup is being removed.\n"));
        TRY(files.remove(manifest));
        TRY(files.sync_folder(folder));
    }
    for (const auto& name : TRY(files.list(folder))) {
        if (name == unfinished_file)
            continue;
        const std::string path = folder + "/" + name;
        TRY(std::filesystem::is_directory(std::filesystem::symlink_status(path)) ? remove_tree(files, path)
                                                                                 : files.remove(path));
    }
    TRY(files.remove(mark));
    return files.remove_folder(folder);
}

} // namespace onefold::backup
