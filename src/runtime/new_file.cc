#include "runtime/new_file.h"

namespace onefold::runtime {
namespace {

constexpr std::size_t piece_bytes = 1 << 20;

} // namespace

Result<NewFile> NewFile::begin(Files& files, const std::string& path) {
    auto file = TRY(files.open(path + ".new", OpenMode::create));
    TRY(file->truncate(0));
    return NewFile{files, path, std::move(file)};
}

Result<> NewFile::append(std::string_view bytes) {
    while (waiting_.size() + bytes.size() >= piece_bytes) {
        const auto part = bytes.substr(0, piece_bytes - waiting_.size());
        waiting_ += part;
        bytes.remove_prefix(part.size());
        TRY(flush());
    }
    waiting_ += bytes;
    return {};
}

Result<> NewFile::flush() {
    TRY(file_->write_at(flushed_bytes_, waiting_));
    file_->begin_sync(flushed_bytes_, waiting_.size());
    flushed_bytes_ += waiting_.size();
    waiting_.clear();
    return {};
}

Result<> NewFile::overwrite(std::uint64_t offset, std::string_view bytes) {
    TRY(flush());
    VERIFY(offset + bytes.size() <= flushed_bytes_);
    return file_->write_at(offset, bytes);
}

Result<> NewFile::finish() {
    TRY(flush());
    TRY(file_->sync_data());
    file_.reset();
    return files_->rename(path_ + ".new", path_);
}

} // namespace onefold::runtime
