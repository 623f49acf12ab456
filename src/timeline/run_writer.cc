#include "timeline/run_writer.h"

#include "core/crc32c.h"
#include "timeline/bytes.h"

namespace onefold::timeline {
namespace {

constexpr std::size_t waiting_bytes_max = 1 << 20;

} // namespace

Result<RunWriter> RunWriter::create(runtime::Files& files, const std::string& path, Interval interval) {
    auto file = TRY(files.open(path + ".new", runtime::OpenMode::create));
    TRY(file->truncate(0));
    return RunWriter{files, path, interval, std::move(file)};
}

Result<> RunWriter::add(const Entry& entry) {
    if (block_count_ == 0) {
        put(index_, entry.node.value);
        put(index_, micros_of(entry.at));
    }
    put_entry(block_, entry);
    oldest_ = std::min(oldest_, micros_of(entry.at));
    newest_ = std::max(newest_, micros_of(entry.at));
    ++count_;
    if (++block_count_ == block_entries)
        return end_block();
    return {};
}

Result<> RunWriter::end_block() {
    std::string rest;
    rest.reserve(block_bytes);
    put(rest, block_count_);
    rest += block_;
    rest.resize(block_bytes - 4, '\0');
    put(waiting_, crc32c(rest) ^ blocks_);
    waiting_ += rest;
    ++blocks_;
    block_count_ = 0;
    block_.clear();
    return waiting_.size() >= waiting_bytes_max ? flush() : Result<>{};
}

Result<> RunWriter::flush() {
    TRY(file_->write_at(written_bytes_, waiting_));
    written_bytes_ += waiting_.size();
    waiting_.clear();
    return {};
}

Result<std::shared_ptr<const Run>> RunWriter::finish() {
    if (block_count_ > 0)
        TRY(end_block());
    std::string footer{run_magic};
    put(footer, count_);
    put(footer, interval_.from.value);
    put(footer, interval_.to.value);
    put(footer, oldest_);
    put(footer, newest_);
    put(footer, crc32c(index_));
    put(footer, crc32c(footer));
    waiting_ += index_;
    waiting_ += footer;
    TRY(flush());
    TRY(file_->sync_data());
    file_.reset();
    TRY(files_->rename(path_ + ".new", path_));
    return Run::open(*files_, path_);
}

} // namespace onefold::timeline
