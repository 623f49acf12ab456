#include "message_index/run.h"

#include "core/crc32c.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fmt/format.h>

namespace onefold::message_index {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t keys_a_page = 255;
constexpr std::size_t buffer_bytes = 1 << 20;

struct Header {
    char magic[16] = "onefold-ids-001";
    std::uint64_t from = 0, to = 0, secret_mark = 0, count = 0, fences = 0, filter_blocks = 0;
    std::uint32_t fences_crc = 0, filter_crc = 0;
    std::uint32_t crc = 0; // of all before it
    std::uint32_t zero = 0;
};
static_assert(sizeof(Header) == 80);

struct PageEnd {
    std::uint32_t count = 0;
    std::uint32_t crc = 0; // of the keys and the count
    std::uint64_t zero = 0;
};
static_assert(keys_a_page * sizeof(MessageKey) + sizeof(PageEnd) == page_bytes);

std::uint32_t crc_of(const Header& header) {
    return crc32c({reinterpret_cast<const char*>(&header), offsetof(Header, crc)});
}

template <class Element>
std::string_view bytes_of(const std::vector<Element>& elements) {
    return {reinterpret_cast<const char*>(elements.data()), elements.size() * sizeof(Element)};
}

Failure damaged(const std::string& path) {
    return fail(ErrorKind::internal, "message_index.damaged",
        {fmt::format("{} does not hold; it is made again from the log.", path),
            fmt::format("{} 已损坏，将根据日志重建。", path)});
}

template <class Element>
Result<std::vector<Element>> read_elements(
    const runtime::File& file, std::uint64_t offset, std::size_t count, std::uint32_t crc, const std::string& path) {
    std::vector<Element> elements(count);
    auto* out = reinterpret_cast<char*>(elements.data());
    for (std::size_t left = count * sizeof(Element); left > 0;) {
        const std::string bytes = TRY(file.read_at(offset, std::min(left, buffer_bytes)));
        if (bytes.empty())
            return damaged(path);
        std::memcpy(out, bytes.data(), bytes.size());
        out += bytes.size();
        offset += bytes.size();
        left -= bytes.size();
    }
    if (crc32c(bytes_of(elements)) != crc)
        return damaged(path);
    return elements;
}

std::string path_of(const std::string& folder, const Range& range) {
    return fmt::format("{}/{}", folder, run_name(range));
}

} // namespace

std::string run_name(const Range& range) {
    return fmt::format("{:016x}-{:016x}.ids", range.from, range.to);
}

std::optional<Range> range_from(std::string_view name) {
    Range range;
    if (name.size() != run_name(range).size())
        return std::nullopt;
    std::from_chars(name.data(), name.data() + 16, range.from, 16);
    std::from_chars(name.data() + 17, name.data() + 33, range.to, 16);
    return run_name(range) == name && range.from < range.to ? std::optional(range) : std::nullopt;
}

Run::Run(std::unique_ptr<runtime::File> file, std::string path, const Range& range, std::uint64_t count,
    std::vector<std::uint64_t> fences, KeyFilter filter)
    : file_(std::move(file)),
      path_(std::move(path)),
      range_(range),
      count_(count),
      fences_(std::move(fences)),
      filter_(std::move(filter)) {}

Result<RunPointer> Run::open(
    runtime::Files& files, const std::string& folder, const Range& range, std::uint64_t secret_mark) {
    const std::string path = path_of(folder, range);
    auto file = TRY(files.open(path, runtime::OpenMode::read));
    const std::string bytes = TRY(file->read_at(0, sizeof(Header)));
    Header header;
    if (bytes.size() != sizeof header)
        return damaged(path);
    std::memcpy(&header, bytes.data(), sizeof header);
    const std::uint64_t fences_at = page_bytes * (1 + header.fences);
    const std::uint64_t filter_at = fences_at + 8 * header.fences;
    if (crc_of(header) != header.crc || std::memcmp(header.magic, Header{}.magic, sizeof header.magic) != 0 ||
        Range{header.from, header.to} != range || header.secret_mark != secret_mark || header.filter_blocks == 0 ||
        TRY(file->size()) != filter_at + sizeof(KeyFilter::Block) * header.filter_blocks)
        return damaged(path);
    auto fences = TRY(read_elements<std::uint64_t>(*file, fences_at, header.fences, header.fences_crc, path));
    auto blocks = TRY(read_elements<KeyFilter::Block>(*file, filter_at, header.filter_blocks, header.filter_crc, path));
    return RunPointer{
        new Run(std::move(file), path, range, header.count, std::move(fences), KeyFilter{std::move(blocks)})};
}

std::size_t Run::memory_bytes() const {
    return sizeof *this + bytes_of(fences_).size() + filter_.bytes().size();
}

Result<bool> Run::contains(const MessageKey& key) const {
    if (!filter_.may_contain(key))
        return false;
    // Keys with the same first 8 bytes may begin on the page before.
    auto fence = std::ranges::upper_bound(fences_, key.high);
    while (fence != fences_.begin()) {
        --fence;
        if (std::ranges::binary_search(TRY(read_page(std::size_t(fence - fences_.begin()))), key))
            return true;
        if (*fence != key.high)
            break;
    }
    return false;
}

Result<std::vector<MessageKey>> Run::read_page(std::size_t page) const {
    const std::string bytes = TRY(file_->read_at(page_bytes * (1 + page), page_bytes));
    if (bytes.size() != page_bytes)
        return damaged(path_);
    PageEnd end;
    std::memcpy(&end, bytes.data() + page_bytes - sizeof end, sizeof end);
    if (end.count > keys_a_page || crc32c({bytes.data(), page_bytes - sizeof end + sizeof end.count}) != end.crc)
        return damaged(path_);
    std::vector<MessageKey> keys(end.count);
    std::memcpy(keys.data(), bytes.data(), end.count * sizeof(MessageKey));
    return keys;
}

RunWriter::RunWriter(runtime::Files& files, std::string folder, const Range& range, std::uint64_t keys_max,
    std::uint64_t secret_mark, runtime::NewFile file)
    : files_(files),
      folder_(std::move(folder)),
      range_(range),
      secret_mark_(secret_mark),
      file_(std::move(file)),
      filter_(keys_max) {}

Result<RunWriter> RunWriter::begin(runtime::Files& files, const std::string& folder, const Range& range,
    std::uint64_t keys_max, std::uint64_t secret_mark) {
    auto file = TRY(runtime::NewFile::begin(files, path_of(folder, range)));
    TRY(file.append(std::string(page_bytes, '\0'))); // of the header, which is known at the end
    return RunWriter{files, folder, range, keys_max, secret_mark, std::move(file)};
}

Result<> RunWriter::add(const MessageKey& key) {
    if (last_ == key)
        return {};
    VERIFY(!last_ || *last_ < key);
    last_ = key;
    if (page_.empty())
        fences_.push_back(key.high);
    page_.push_back(key);
    ++count_;
    return page_.size() == keys_a_page ? end_page() : Result<>{};
}

Result<> RunWriter::end_page() {
    PageEnd end{.count = std::uint32_t(page_.size())};
    filter_.insert(page_);
    page_.resize(keys_a_page);
    std::string bytes{bytes_of(page_)};
    bytes.append(reinterpret_cast<const char*>(&end.count), sizeof end.count);
    end.crc = crc32c(bytes);
    bytes.append(reinterpret_cast<const char*>(&end) + sizeof end.count, sizeof end - sizeof end.count);
    page_.clear();
    return file_.append(bytes);
}

Result<> RunWriter::finish() {
    if (!page_.empty())
        TRY(end_page());
    TRY(file_.append(bytes_of(fences_)));
    TRY(file_.append(filter_.bytes()));
    Header header{.from = range_.from,
        .to = range_.to,
        .secret_mark = secret_mark_,
        .count = count_,
        .fences = fences_.size(),
        .filter_blocks = filter_.block_count(),
        .fences_crc = crc32c(bytes_of(fences_)),
        .filter_crc = crc32c(filter_.bytes())};
    header.crc = crc_of(header);
    TRY(file_.overwrite(0, {reinterpret_cast<const char*>(&header), sizeof header}));
    TRY(file_.finish());
    return files_.sync_folder(folder_);
}

} // namespace onefold::message_index
