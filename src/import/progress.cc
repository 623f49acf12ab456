#include "import/progress.h"

#include "core/text.h"

namespace onefold::import {
namespace {

constexpr std::uint64_t bytes_max = 256 << 20;
constexpr std::string_view digest_word = "file ";

} // namespace

std::string line_of(const Checkpoint& checkpoint) {
    const auto& [batches, tally, pending, log] = checkpoint;
    return fmt::format("{} {} {} {} {} {} {} {} .", batches, tally.created, tally.updated, tally.unchanged,
        pending.created, pending.updated, pending.unchanged, log.value);
}

std::optional<Checkpoint> parse_checkpoint(std::string_view line) {
    if (!line.ends_with(" ."))
        return std::nullopt;
    std::array<std::int64_t, 8> numbers{};
    const char *at = line.data(), *const end = at + line.size();
    for (std::int64_t& number : numbers) {
        const auto [next, error] = std::from_chars(at, end, number);
        if (error != std::errc{} || number < 0 || next == end || *next != ' ')
            return std::nullopt;
        at = next + 1;
    }
    if (std::string_view(at, end) != ".")
        return std::nullopt;
    const auto [batches, created, updated, unchanged, more_created, more_updated, more_unchanged, log] = numbers;
    return Checkpoint{
        batches, {created, updated, unchanged}, {more_created, more_updated, more_unchanged}, Position{log}};
}

Result<Progress> Progress::open(runtime::Files& files, const std::string& folder) {
    Progress progress;
    const std::string path = folder + "/progress";
    progress.file_ = TRY(files.open(path, runtime::OpenMode::create));
    const std::string text = TRY(files.read_all(path, bytes_max));
    for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        const auto line = std::string_view(text).substr(begin, end - begin);
        if (line.starts_with(digest_word))
            progress.digest_ = line.substr(digest_word.size());
        else if (const auto checkpoint = parse_checkpoint(line))
            progress.last_ = checkpoint;
        progress.end_ = end + 1;
    }
    return progress;
}

Result<> Progress::begin(const std::string& digest) {
    if (digest_.empty())
        return add(fmt::format("{}{}", digest_word, digest_ = digest));
    if (digest_ == digest)
        return {};
    return fail(ErrorKind::conflict, "import.file_changed",
        {"The file was changed while Onefold was stopped, so the import cannot go on in it. What was imported stays; "
         "import the file anew.",
            "系统停止期间文件被修改，无法继续导入。已导入的数据会保留，请重新导入该文件。"});
}

Result<> Progress::note(const Checkpoint& checkpoint) {
    return add(line_of(checkpoint));
}

Result<> Progress::add(const std::string& line) {
    TRY(file_->write_at(end_, line + "\n"));
    end_ += line.size() + 1;
    return {};
}

} // namespace onefold::import
