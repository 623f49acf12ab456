#include "backup/restore.h"

#include "access/keys.h"
#include "backup/failure.h"
#include "runtime/folder_lock.h"
#include "store/copy.h"

#include <boost/json.hpp>
#include <filesystem>

namespace onefold::backup {
namespace {

constexpr std::size_t piece_bytes = 1 << 20;
constexpr std::uint64_t key_bytes_max = 64 << 20;

Failure needs_keys() {
    return fail(ErrorKind::invalid, "backup.needs_keys",
        {"This backup was made without keys. Name the folder that holds master.key and keys.db with --keys.",
            "该备份不含密钥。请用 --keys 指定存放 master.key 和 keys.db 的目录。"});
}
Failure other_keys(const std::string& folder) {
    return fail(ErrorKind::invalid, "backup.other_keys",
        {fmt::format("The keys in {} are not those that this backup was made with.", folder),
            fmt::format("{} 中的密钥不是生成该备份时所用的密钥。", folder)});
}
Failure needs_database() {
    return fail(ErrorKind::invalid, "backup.needs_database",
        {"This backup is of a PostgreSQL database. Name a new, empty one with --database postgres://….",
            "该备份来自 PostgreSQL 数据库。请用 --database postgres://… 指定一个新的空数据库。"});
}
Failure other_kind() {
    return fail(ErrorKind::invalid, "backup.other_kind",
        {"This backup is of the embedded database and cannot be restored into PostgreSQL. Leave --database out.",
            "该备份来自内置数据库，不能恢复到 PostgreSQL。请去掉 --database。"});
}
Failure cannot_switch(const std::string& folder, const Error& cause) {
    return fail(ErrorKind::invalid, "backup.cannot_switch",
        {fmt::format("{} cannot be put in place ({}). Where it is a mount point, name a folder within it.", folder,
             cause.message.in("en")),
            fmt::format(
                "无法启用 {}（{}）。如果它是挂载点，请指定其中的一个子目录。", folder, cause.message.in("zh-CN"))});
}

class Restore {
  public:
    Restore(const runtime::Outside& outside, const Restoring& restoring, const LogNeeded& log_needed,
        const Progress& progress)
        : outside_(outside),
          files_(outside.files),
          restoring_(restoring),
          log_needed_(log_needed),
          progress_(progress),
          beside_(restoring.folder + ".restoring") {}

    Result<Manifest> run() {
        manifest_ = TRY(read_manifest(files_, restoring_.source));
        TRY(check_wishes());
        TRY(prepare());
        auto done = fill();
        if (done)
            done = change_over();
        if (done)
            return manifest_;
        lock_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(beside_, ignored);
        return fail(done.error());
    }

  private:
    Result<> check_wishes() const {
        if (!manifest_.has_keys && !restoring_.keys)
            return needs_keys();
        if (manifest_.is_postgres && !restoring_.database)
            return needs_database();
        if (!manifest_.is_postgres && restoring_.database)
            return other_kind();
        return {};
    }

    // An empty folder beside the one that is wanted, so that it can be renamed.
    Result<> prepare() {
        if (files_.exists(restoring_.folder)) {
            const auto names = files_.list(restoring_.folder);
            if (!names || !names->empty())
                return folder_not_empty(restoring_.folder);
            if (auto removed = files_.remove_folder(restoring_.folder); !removed)
                return cannot_switch(restoring_.folder, removed.error());
        }
        TRY(files_.make_folder(beside_));
        lock_.emplace(TRY(runtime::FolderLock::take(beside_)));
        for (const auto& name : TRY(files_.list(beside_)))
            if (name != "onefold.lock") {
                std::error_code ignored;
                std::filesystem::remove_all(beside_ + "/" + name, ignored);
            }
        return {};
    }

    Result<> fill() {
        for (const StoredFile& file : manifest_.files)
            TRY(copy(restoring_.source, file));
        if (!manifest_.has_keys)
            TRY(take_keys());
        const auto flaws = TRY(verify_contents(files_, beside_, manifest_, log_needed_));
        if (!flaws.empty())
            return wrong(restoring_.source, flaws.front().file, flaws.front().cause);
        TRY(access::Keys::open(outside_, beside_));
        TRY(files_.replace(beside_ + "/settings.json",
            boost::json::serialize(boost::json::object{{"database", restoring_.database.value_or("")}}) + "\n"));
        return files_.replace(beside_ + "/" + std::string(restored_file),
            boost::json::serialize(boost::json::object{{"from", restoring_.source},
                {"made_at", to_rfc3339(manifest_.made_at)}, {"bytes", manifest_.bytes()},
                {"position", to_string(manifest_.end)}, {"events", manifest_.events}}) +
                "\n");
    }

    // The digest is that of the bytes that were written here.
    Result<> copy(const std::string& source, const StoredFile& file) {
        if (const auto slash = file.path.find('/'); slash != std::string::npos)
            TRY(files_.make_folder(beside_ + "/" + file.path.substr(0, slash)));
        const auto target = TRY(files_.open(beside_ + "/" + file.path, runtime::OpenMode::create));
        std::uint64_t at = 0;
        const auto read = read_stored(
            files_, source, file.path,
            [&](std::string_view bytes) -> Result<> {
                TRY(target->write_at(at, bytes));
                at += bytes.size();
                return {};
            },
            progress_);
        if (!read && read.error().kind != ErrorKind::not_found)
            return fail(read.error());
        if (!read)
            return wrong(source, file.path, read.error().message);
        if (*read != file)
            return wrong(source, file.path, {"its contents are not those that were written", "内容与写入时不一致"});
        return target->sync_data();
    }

    Result<> take_keys() {
        for (const auto name : {master_key_file, keyring_file}) {
            const auto bytes = files_.read_all(*restoring_.keys + "/" + std::string(name), key_bytes_max);
            if (!bytes)
                return fail(bytes.error());
            if (name == master_key_file && digest_of(*bytes) != manifest_.master_key)
                return other_keys(*restoring_.keys);
            TRY(files_.replace(beside_ + "/" + std::string(name), *bytes));
        }
        return {};
    }

    Result<> change_over() {
        if (manifest_.is_postgres)
            TRY(load());
        for (const std::string folder : {"", "/log", "/audit"})
            if (files_.exists(beside_ + folder))
                TRY(files_.sync_folder(beside_ + folder));
        if (auto renamed = files_.rename(beside_, restoring_.folder); !renamed)
            return cannot_switch(restoring_.folder, renamed.error());
        return files_.sync_folder(std::filesystem::path(restoring_.folder).parent_path().string());
    }

    Result<> load() {
        const std::string path = beside_ + "/" + std::string(dump_file);
        {
            const auto file = TRY(files_.open(path, runtime::OpenMode::read));
            std::uint64_t at = 0;
            const auto get = [&]() -> Result<std::string> {
                std::string bytes = TRY(file->read_at(at, piece_bytes));
                at += bytes.size();
                return bytes;
            };
            TRY(store::load_postgres(*restoring_.database, get, [&](store::Session& session) -> Result<> {
                if (!log_needed_ || TRY(log_needed_(session)) <= manifest_.end)
                    return {};
                return wrong(restoring_.source, "log",
                    {"the database has taken up more events than the log holds", "数据库已处理的事件多于日志中的事件"});
            }));
        }
        return files_.remove(path);
    }

    const runtime::Outside& outside_;
    runtime::Files& files_;
    const Restoring& restoring_;
    const LogNeeded& log_needed_;
    const Progress& progress_;
    const std::string beside_;
    Manifest manifest_;
    std::optional<runtime::FolderLock> lock_;
};

} // namespace

Result<Manifest> restore(const runtime::Outside& outside, const Restoring& restoring, const LogNeeded& log_needed,
    const Progress& progress) {
    return Restore{outside, restoring, log_needed, progress}.run();
}

} // namespace onefold::backup
