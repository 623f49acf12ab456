#include "timeline/run_writer.h"

#include "core/crc32c.h"
#include "timeline/bytes.h"

namespace onefold::timeline {

Result<RunWriter> RunWriter::create(runtime::Files& files, const std::string& path, Interval interval) {
    return RunWriter{files, path, interval, TRY(runtime::NewFile::begin(files, path))};
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
    std::string block;
    block.reserve(block_bytes);
    put(block, crc32c(rest) ^ blocks_);
    block += rest;
    ++blocks_;
    block_count_ = 0;
    block_.clear();
    return file_.append(block);
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
    TRY(file_.append(index_));
    TRY(file_.append(footer));
    TRY(file_.finish());
    return Run::open(*files_, path_);
}

} // namespace onefold::timeline
