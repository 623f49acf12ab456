#include "backup/verify.h"

#include "store/copy.h"

namespace onefold::backup {
namespace {

constexpr std::size_t piece_bytes = 1 << 20;

// What is wrong with one file as it lies there.
std::optional<Flaw> flaw_of(const Result<StoredFile>& found, const StoredFile& expected) {
    if (!found)
        return Flaw{expected.path, found.error().message};
    if (found->bytes != expected.bytes)
        return Flaw{expected.path, {fmt::format("it has {} bytes instead of {}", found->bytes, expected.bytes),
                                       fmt::format("大小为 {} 字节，应为 {} 字节", found->bytes, expected.bytes)}};
    if (found->digest != expected.digest)
        return Flaw{expected.path, {"its contents are not those that were written", "内容与写入时不一致"}};
    return std::nullopt;
}

Result<> verify_log(
    runtime::Files& files, const std::string& folder, const std::string& name, std::vector<Flaw>& flaws) {
    if (!files.exists(folder + "/" + name))
        return {};
    const auto verified = TRY(event_log::EventLog::verify(files, folder + "/" + name));
    for (const event_log::Damage& damage : verified.damages)
        flaws.push_back({name + damage.file.substr(damage.file.rfind('/')), damage.cause});
    return {};
}

Result<> check_needed(
    store::Session& session, const Manifest& manifest, const LogNeeded& log_needed, std::vector<Flaw>& flaws) {
    if (log_needed && TRY(log_needed(session)) > manifest.end)
        flaws.push_back({"log",
            {"the database has taken up more events than the log holds", "数据库已处理的事件多于日志中的事件"}});
    return {};
}

Result<> verify_sqlite(
    const std::string& folder, const Manifest& manifest, const LogNeeded& log_needed, std::vector<Flaw>& flaws) {
    for (const auto name : {database_file, keyring_file}) {
        if (!manifest.find(name))
            continue;
        const auto look = [&](store::Session& session) {
            return name == database_file ? check_needed(session, manifest, log_needed, flaws) : Result<>{};
        };
        const auto wrong = store::check_sqlite(folder + "/" + std::string(name), look);
        if (!wrong)
            flaws.push_back({std::string(name), wrong.error().message});
        else
            for (const std::string& words : *wrong)
                flaws.push_back({std::string(name), LocalText(words)});
    }
    return {};
}

Result<> verify_dump(runtime::Files& files, const std::string& folder, std::vector<Flaw>& flaws) {
    const auto file = TRY(files.open(folder + "/" + std::string(dump_file), runtime::OpenMode::read));
    std::uint64_t at = 0;
    const auto whole = store::check_dump([&]() -> Result<std::string> {
        std::string bytes = TRY(file->read_at(at, piece_bytes));
        at += bytes.size();
        return bytes;
    });
    if (!whole)
        flaws.push_back({std::string(dump_file), whole.error().message});
    return {};
}

} // namespace

Result<std::vector<Flaw>> verify_contents(
    runtime::Files& files, const std::string& folder, const Manifest& manifest, const LogNeeded& log_needed) {
    std::vector<Flaw> flaws;
    TRY(verify_log(files, folder, "log", flaws));
    TRY(verify_log(files, folder, "audit", flaws));
    TRY(verify_sqlite(folder, manifest, log_needed, flaws));
    if (manifest.is_postgres)
        TRY(verify_dump(files, folder, flaws));
    return flaws;
}

Result<Verified> verify(
    runtime::Files& files, const std::string& folder, const LogNeeded& log_needed, const Progress& progress) {
    Verified verified{TRY(read_manifest(files, folder)), {}};
    for (const StoredFile& expected : verified.manifest.files)
        if (auto flaw = flaw_of(read_stored(files, folder, expected.path, {}, progress), expected))
            verified.flaws.push_back(std::move(*flaw));
    if (verified.flaws.empty())
        verified.flaws = TRY(verify_contents(files, folder, verified.manifest, log_needed));
    return verified;
}

} // namespace onefold::backup
