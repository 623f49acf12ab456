#include "fetch/outcome.h"

namespace onefold::fetch {
namespace {

LocalText all_rows_failed(const import::Import& import) {
    LocalText first;
    for (const import::Problem& problem : import.problems)
        if (problem.severity == import::Severity::failure) {
            first = problem.message;
            break;
        }
    return {fmt::format("None of its rows could be taken ({} in all). The first reason: {}", import.counts.read,
                first.in("en")),
        fmt::format("全部 {} 行均未能导入。首个原因：{}", import.counts.read, first.in("zh-CN"))};
}

} // namespace

FetchedFile after_import(FetchedFile file, const import::Import& import, Instant now) {
    file.import = import.id;
    if (import.state == import::State::waiting || import.state == import::State::running) {
        file.state = FileState::importing;
        return file;
    }
    file.ended_at = now;
    file.reason.reset();
    const bool is_nothing = import.counts.read > 0 && import.counts.failed == import.counts.read;
    file.state = import.state == import::State::finished && !is_nothing ? FileState::imported : FileState::failed;
    if (file.state == FileState::imported)
        return file;
    if (import.state == import::State::cancelled)
        file.reason = LocalText{"Its import was cancelled.", "导入已被取消。"};
    else if (import.state == import::State::finished)
        file.reason = all_rows_failed(import);
    else
        file.reason = import.error.value_or(LocalText{"Its import ended early.", "导入提前结束。"});
    return file;
}

std::optional<std::string_view> folder_for(const FetchedFile& file) {
    if (file.lies != Lies::there)
        return std::nullopt;
    switch (file.state) {
    case FileState::imported:
    case FileState::repeated:
        return "archive";
    case FileState::failed:
        return "error";
    default:
        return std::nullopt;
    }
}

std::string note_of(const FetchedFile& file) {
    if (file.state != FileState::failed || !file.reason)
        return "";
    return fmt::format("{}\n\n{}\n{}\n", file.name, file.reason->in("en"), file.reason->in("zh-CN"));
}

} // namespace onefold::fetch
