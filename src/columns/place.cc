#include "columns/place.h"

namespace onefold::columns {
namespace {

constexpr std::string_view aside = "columns.duckdb.quarantine-";
constexpr std::string_view log_ending = ".wal";
constexpr std::size_t kept_max = 2;

} // namespace

Result<> Place::remove(const std::string& path) {
    if (files_.exists(path))
        TRY(files_.remove(path));
    return {};
}

Result<> Place::quarantine(Instant now) {
    std::vector<std::string> old;
    for (const std::string& name : TRY(files_.list(folder_)))
        if (name.starts_with(aside) && !name.ends_with(log_ending))
            old.push_back(name);
    for (std::size_t i = 0; i + kept_max <= old.size(); ++i) {
        TRY(remove(folder_ + "/" + old[i]));
        TRY(remove(folder_ + "/" + old[i] + std::string(log_ending)));
    }
    std::string time = to_rfc3339(now);
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    const std::string to = fmt::format("{}/{}{}", folder_, aside, time);
    const std::string log = live() + std::string(log_ending);
    if (files_.exists(log))
        TRY(files_.rename(log, to + std::string(log_ending)));
    if (has_live())
        TRY(files_.rename(live(), to));
    return files_.sync_folder(folder_);
}

Result<> Place::switch_over() {
    TRY(remove(live() + std::string(log_ending)));
    TRY(files_.rename(next(), live()));
    return files_.sync_folder(folder_);
}

Result<> Place::remove_next() {
    TRY(remove(next()));
    return remove(next() + std::string(log_ending));
}

} // namespace onefold::columns
