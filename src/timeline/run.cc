#include "timeline/run.h"

#include "core/crc32c.h"
#include "timeline/bytes.h"

#include <algorithm>
#include <fmt/format.h>

namespace onefold::timeline {

Failure damaged(const std::string& path, std::string_view cause) {
    return fail(ErrorKind::internal, "timeline.damaged",
        {fmt::format("{} is damaged ({}). It is made again from the event log.", path, cause),
            fmt::format("{} 已损坏（{}），将从事件日志重建。", path, cause)});
}

Result<std::shared_ptr<const Run>> Run::open(runtime::Files& files, const std::string& path) {
    std::shared_ptr<Run> run(new Run);
    run->path_ = path;
    run->file_ = TRY(files.open(path, runtime::OpenMode::read));
    const std::uint64_t size = TRY(run->file_->size());
    if (size < footer_bytes)
        return damaged(path, "cut short");
    const std::string footer = TRY(run->file_->read_at(size - footer_bytes, footer_bytes));
    TRY(run->read_footer(footer, size));
    return run;
}

Result<> Run::read_footer(std::string_view footer, std::uint64_t size) {
    Reader reader{footer};
    const bool is_run = reader.text(run_magic.size()) == run_magic;
    count_ = reader.number<std::uint64_t>();
    interval_.from.value = reader.number<std::int64_t>();
    interval_.to.value = reader.number<std::int64_t>();
    oldest_ = instant_of(reader.number<std::int64_t>());
    newest_ = instant_of(reader.number<std::int64_t>());
    const auto index_checksum = reader.number<std::uint32_t>();
    checksum_ = reader.number<std::uint32_t>();
    if (!is_run || checksum_ != crc32c(footer.substr(0, footer_bytes - 4)))
        return damaged(path_, "footer");
    const std::uint64_t blocks = (count_ + block_entries - 1) / block_entries;
    if (size != blocks * (block_bytes + index_entry_bytes) + footer_bytes)
        return damaged(path_, "size");
    const std::string index = TRY(file_->read_at(blocks * block_bytes, std::size_t(blocks * index_entry_bytes)));
    if (crc32c(index) != index_checksum)
        return damaged(path_, "index");
    index_.reserve(blocks);
    for (Reader keys{index}; index_.size() < blocks;) {
        const NodeId node{keys.number<std::int64_t>()};
        index_.push_back({node, instant_of(keys.number<std::int64_t>())});
    }
    return {};
}

Result<> Run::read_blocks(std::size_t first, std::size_t count, std::vector<Entry>& entries) const {
    count = std::min(count, index_.size() - first);
    const std::string bytes = TRY(file_->read_at(first * block_bytes, count * block_bytes));
    if (bytes.size() != count * block_bytes)
        return damaged(path_, "cut short");
    entries.clear();
    entries.reserve(count * block_entries);
    for (std::size_t block = 0; block < count; ++block) {
        const std::string_view all = std::string_view{bytes}.substr(block * block_bytes, block_bytes);
        Reader reader{all};
        const auto checksum = reader.number<std::uint32_t>();
        const auto entry_count = reader.number<std::uint32_t>();
        if (checksum != (crc32c(all.substr(4)) ^ std::uint32_t(first + block)) || entry_count > block_entries)
            return damaged(path_, fmt::format("block {}", first + block));
        for (std::uint32_t i = 0; i < entry_count; ++i)
            entries.push_back(read_entry(reader));
    }
    return {};
}

std::size_t Run::block_of(NodeId node, Instant at) const {
    const auto behind = std::ranges::lower_bound(index_, Key{node, at},
        [](const Key& a, const Key& b) { return a.node != b.node ? a.node < b.node : a.at > b.at; });
    return behind == index_.begin() ? 0 : std::size_t(behind - index_.begin()) - 1;
}

Result<> Run::walk(std::size_t block, const Entry& first, const std::function<bool(const Entry&)>& sink) const {
    constexpr std::size_t blocks_at_once_max = 64;
    std::vector<Entry> entries;
    for (std::size_t at_once = 1; block < index_.size(); at_once = std::min(2 * at_once, blocks_at_once_max)) {
        TRY(read_blocks(block, at_once, entries));
        for (auto at = std::ranges::lower_bound(entries, first, is_before); at != entries.end(); ++at)
            if (!sink(*at))
                return {};
        block += at_once;
    }
    return {};
}

Result<> Run::collect(const Sought& sought, Newest& newest) const {
    const bool is_outside = newest_ < sought.from || oldest_ > sought.before.at || interval_.to <= sought.log_begin;
    if (index_.empty() || is_outside || !newest.wants({{}, newest_, Position{INT64_MAX}, {}}))
        return {};
    for (const NodeId node : sought.nodes) {
        const Entry first{node, sought.before.at, sought.before.position, {}};
        TRY(walk(block_of(node, sought.before.at), first, [&](const Entry& entry) {
            if (entry.node != node || entry.at < sought.from || !newest.wants(entry))
                return false;
            if (sought.matches(entry))
                newest.add(entry);
            return true;
        }));
    }
    return {};
}

Result<> Run::each(NodeId node, const std::function<void(const Entry&)>& sink) const {
    const Entry first{node, Instant::max(), Position{INT64_MAX}, {}};
    return walk(block_of(node, Instant::max()), first, [&](const Entry& entry) {
        if (entry.node == node)
            sink(entry);
        return entry.node == node;
    });
}

Result<> Run::verify() const {
    Entry last{NodeId{INT64_MIN}, Instant::max(), {}, {}}, entry;
    std::uint64_t seen = 0;
    for (Cursor cursor{*this, NodeId{INT64_MIN}}; TRY(cursor.next(entry)); ++seen) {
        if (seen > 0 && !is_before(last, entry))
            return damaged(path_, "order");
        last = entry;
    }
    if (seen != count_)
        return damaged(path_, "count");
    return {};
}

Run::Cursor::Cursor(const Run& run, NodeId from) : run_(run), from_(from), block_(run.block_of(from, Instant::max())) {}

Result<bool> Run::Cursor::next(Entry& entry) {
    constexpr std::size_t blocks_at_once = 64;
    for (;; ++at_) {
        if (at_ == read_.size()) {
            if (block_ >= run_.index_.size())
                return false;
            TRY(run_.read_blocks(block_, blocks_at_once, read_));
            block_ += blocks_at_once;
            at_ = 0;
            if (read_.empty())
                return damaged(run_.path_, "count");
        }
        if (read_[at_].node >= from_)
            break;
    }
    entry = read_[at_++];
    return true;
}

} // namespace onefold::timeline
