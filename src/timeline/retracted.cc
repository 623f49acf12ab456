#include "timeline/retracted.h"

#include "core/crc32c.h"
#include "timeline/bytes.h"
#include "timeline/run.h"

#include <algorithm>

namespace onefold::timeline {
namespace {

constexpr std::uint64_t file_bytes_max = std::uint64_t(4) << 30;
constexpr std::size_t head_bytes = 8, positions_a_part = 1 << 16;

std::string part_of(std::span<const Position> positions) {
    std::string body, part;
    for (const Position position : positions)
        put(body, position.value);
    put(part, std::uint32_t(positions.size()));
    put(part, crc32c(body));
    return part + body;
}

// The positions of the whole parts, and how many bytes these are. At the end a part may be cut off.
Result<std::pair<PositionSet, std::uint64_t>> read_parts(const std::string& path, std::string_view bytes) {
    PositionSet positions;
    std::uint64_t whole = 0;
    while (bytes.size() >= head_bytes) {
        Reader head{bytes};
        const auto count = head.number<std::uint32_t>();
        const auto checksum = head.number<std::uint32_t>();
        const std::string_view body = bytes.substr(head_bytes, std::size_t(count) * 8);
        if (count == 0 || body.size() < std::size_t(count) * 8)
            break;
        if (crc32c(body) != checksum) {
            if (bytes.size() == head_bytes + body.size())
                break;
            return damaged(path, "checksum");
        }
        std::vector<Position> some(count);
        Reader reader{body};
        for (Position& position : some)
            position.value = reader.number<std::int64_t>();
        positions.add(std::move(some));
        bytes.remove_prefix(head_bytes + body.size());
        whole += head_bytes + body.size();
    }
    return std::pair{std::move(positions), whole};
}

} // namespace

void PositionSet::add(std::vector<Position> more) {
    if (more.empty())
        return;
    std::ranges::sort(more);
    more.erase(std::ranges::unique(more).begin(), more.end());
    while (!parts_.empty() && parts_.back()->size() < 2 * more.size()) {
        Part both;
        both.reserve(parts_.back()->size() + more.size());
        std::ranges::set_union(*parts_.back(), more, std::back_inserter(both));
        more = std::move(both);
        parts_.pop_back();
    }
    parts_.push_back(std::make_shared<const Part>(std::move(more)));
}

bool PositionSet::has(Position position) const {
    return std::ranges::any_of(parts_, [&](const auto& part) {
        return position >= part->front() && position <= part->back() && std::ranges::binary_search(*part, position);
    });
}

bool PositionSet::has_any(const Interval& interval) const {
    return std::ranges::any_of(parts_, [&](const auto& part) {
        const auto first = std::ranges::lower_bound(*part, interval.from);
        return first != part->end() && *first < interval.to;
    });
}

std::size_t PositionSet::size() const {
    std::size_t size = 0;
    for (const auto& part : parts_)
        size += part->size();
    return size;
}

std::vector<Position> PositionSet::list() const {
    std::vector<Position> list;
    for (const auto& part : parts_)
        list.insert(list.end(), part->begin(), part->end());
    std::ranges::sort(list);
    list.erase(std::ranges::unique(list).begin(), list.end());
    return list;
}

Result<> Retracted::open() {
    if (!files_.exists(path()))
        return {};
    auto [positions, bytes] = TRY(read_parts(path(), TRY(files_.read_all(path(), file_bytes_max))));
    bytes_ = bytes;
    show(std::move(positions));
    return {};
}

Result<> Retracted::clear() {
    const std::lock_guard writing{writing_};
    return replace({});
}

Result<> Retracted::add(std::vector<Position> positions) {
    if (positions.empty())
        return {};
    const std::lock_guard writing{writing_};
    const bool is_new = !files_.exists(path());
    const std::string part = part_of(positions);
    const auto file = TRY(files_.open(path(), runtime::OpenMode::create));
    TRY(file->truncate(bytes_));
    TRY(file->write_at(bytes_, part));
    TRY(file->sync_data());
    if (is_new)
        TRY(files_.sync_folder(folder_));
    bytes_ += part.size();
    const auto before = now();
    PositionSet after = before ? *before : PositionSet{};
    after.add(std::move(positions));
    show(std::move(after));
    return {};
}

std::shared_ptr<const PositionSet> Retracted::now() const {
    const std::lock_guard lock{mutex_};
    return positions_;
}

void Retracted::show(PositionSet positions) {
    auto shown = positions.size() > 0 ? std::make_shared<const PositionSet>(std::move(positions)) : nullptr;
    const std::lock_guard lock{mutex_};
    positions_ = std::move(shown);
}

Result<> Retracted::forget(const PositionSet& some, const std::function<bool(Position)>& stays) {
    const std::lock_guard writing{writing_};
    const auto all = now();
    if (!all)
        return {};
    auto left = all->list();
    std::erase_if(left, [&](Position position) { return some.has(position) && !stays(position); });
    PositionSet after;
    after.add(std::move(left));
    return replace(std::move(after));
}

Result<> Retracted::replace(PositionSet positions) {
    std::string bytes;
    const auto list = positions.list();
    for (std::size_t at = 0; at < list.size(); at += positions_a_part)
        bytes += part_of(std::span(list).subspan(at, std::min(positions_a_part, list.size() - at)));
    if (!bytes.empty())
        TRY(files_.replace(path(), bytes));
    else if (files_.exists(path()))
        TRY(files_.remove(path()));
    bytes_ = bytes.size();
    show(std::move(positions));
    return {};
}

} // namespace onefold::timeline
