#include "event_log/redaction.h"

#include "core/crc32c.h"
#include "event_log/damage.h"

#include <charconv>
#include <fmt/format.h>

namespace onefold::event_log {
namespace {

constexpr std::string_view redactions_head = "onefold-redactions-1\n";
constexpr std::size_t redactions_bytes_max = 64 << 20;

std::string path_of_redactions(const std::string& folder) {
    return fmt::format("{}/{}", folder, redactions_file);
}

std::optional<std::vector<std::uint64_t>> positions_of(std::string_view text) {
    if (!text.starts_with(redactions_head) || text.size() < redactions_head.size() + 9)
        return std::nullopt;
    const std::string_view said = text.substr(0, text.size() - 9);
    if (text.substr(said.size()) != fmt::format("{:08x}\n", crc32c(said)))
        return std::nullopt;
    std::vector<std::uint64_t> positions;
    for (std::size_t at = redactions_head.size(); at + 17 <= said.size(); at += 17) {
        std::uint64_t position = 0;
        const auto [end, error] = std::from_chars(said.data() + at, said.data() + at + 16, position, 16);
        if (error != std::errc{} || end != said.data() + at + 16)
            return std::nullopt;
        positions.push_back(position);
    }
    return positions;
}

} // namespace

Result<> write_redactions(runtime::Files& files, const std::string& folder, std::span<const std::uint64_t> positions) {
    std::string text{redactions_head};
    for (const std::uint64_t position : positions)
        text += fmt::format("{:016x}\n", position);
    text += fmt::format("{:08x}\n", crc32c(text));
    return files.replace(path_of_redactions(folder), text);
}

Result<std::vector<std::uint64_t>> read_redactions(runtime::Files& files, const std::string& folder) {
    const std::string path = path_of_redactions(folder);
    if (!files.exists(path))
        return std::vector<std::uint64_t>{};
    auto positions = positions_of(TRY(files.read_all(path, redactions_bytes_max)));
    if (!positions)
        return damaged({path, 0, {"the list of redactions cannot be read", "抹除清单无法读取"}});
    return std::move(*positions);
}

Result<> redact_in(runtime::Files& files, const Segment& segment, std::uint64_t position) {
    return redact_in(files, segment, std::span(&position, 1));
}

Result<> redact_in(runtime::Files& files, const Segment& segment, std::span<const std::uint64_t> positions) {
    const auto file = TRY(files.open(segment.path, runtime::OpenMode::read_write));
    for (const std::uint64_t position : positions) {
        const std::uint64_t offset = position - segment.base;
        const std::string head = TRY(file->read_at(offset, frame_overhead_bytes));
        const std::size_t length = claimed_length(head);
        if (length < frame_overhead_bytes || length > frame_bytes_max)
            return damaged({segment.path, offset, text_of(Fault::length), position});
        std::string frame = TRY(file->read_at(offset, length));
        if (!redact_frame(frame, position))
            return damaged({segment.path, offset, text_of(Fault::position), position});
        TRY(file->write_at(offset, frame));
    }
    return file->sync_data();
}

} // namespace onefold::event_log
