#include "store/copy.h"
#include "store/failure.h"
#include "store/sqlite.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

namespace onefold::store {
namespace {

constexpr int pages_a_step = 256; // 1 MB

struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

// A full disk of the copy is no reason to stop the server, as one of the database would be.
Error error_of(int code, sqlite3* target) {
    if ((code & 0xff) == SQLITE_FULL || (target && sqlite3_system_errno(target) == ENOSPC))
        return full("");
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        return damaged(sqlite3_errstr(code));
    return failed(sqlite3_errstr(code));
}

Result<Handle> open_target(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return fail(errno == ENOSPC ? full("") : failed(fmt::format("{}: {}", path, std::strerror(errno))));
    ::close(file);
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, nullptr);
    Handle target(opened);
    if (code != SQLITE_OK)
        return fail(error_of(code, opened));
    for (const char* pragma : {"PRAGMA synchronous = OFF", "PRAGMA journal_mode = OFF", "PRAGMA cache_size = -4096"})
        if (const int set = sqlite3_exec(opened, pragma, nullptr, nullptr, nullptr); set != SQLITE_OK)
            return fail(error_of(set, opened));
    return target;
}

// The source stays in one read transaction, so the steps see one snapshot and never begin anew.
Result<> copy_pages(sqlite3* source, const std::string& path, const Copying& copying) {
    const auto target = TRY(open_target(path));
    std::unique_ptr<sqlite3_backup, Close> backup(sqlite3_backup_init(target.get(), "main", source, "main"));
    if (!backup)
        return fail(error_of(sqlite3_errcode(target.get()), target.get()));
    for (int code = SQLITE_OK; code != SQLITE_DONE;) {
        code = sqlite3_backup_step(backup.get(), pages_a_step);
        if (code != SQLITE_OK && code != SQLITE_DONE)
            return fail(error_of(code, target.get()));
        constexpr std::uint64_t page_bytes = 4096;
        const auto total = std::uint64_t(sqlite3_backup_pagecount(backup.get())) * page_bytes;
        if (copying.progress)
            TRY(copying.progress(total - std::uint64_t(sqlite3_backup_remaining(backup.get())) * page_bytes, total));
    }
    const int code = sqlite3_backup_finish(backup.release());
    return code == SQLITE_OK ? Result<>{} : fail(error_of(code, target.get()));
}

// As part of a URI, in which a few characters mean something.
std::string immutable_uri(const std::string& path) {
    std::string uri = "file:";
    for (const char c : path)
        uri += c == '?' || c == '#' || c == '%' ? fmt::format("%{:02X}", static_cast<unsigned char>(c))
                                                : std::string(1, c);
    return uri + "?immutable=1";
}

} // namespace

Result<> copy_sqlite(const std::string& path, const std::string& target, const Copying& copying) {
    const auto source = TRY(SqliteConnection::open(path, SqliteConnection::Purpose::reading, nullptr));
    TRY(source->begin_reading());
    TRY(source->find_integer("SELECT COUNT(*) FROM sqlite_schema")); // here the snapshot begins
    if (copying.look)
        TRY(copying.look(*source));
    return copy_pages(source->handle(), target, copying);
}

Result<std::vector<std::string>> check_sqlite(const std::string& path, const std::function<Result<>(Session&)>& look) {
    const auto connection = TRY(SqliteConnection::open_unchanging(immutable_uri(path)));
    auto wrong = TRY(
        connection->list("PRAGMA integrity_check(20)", {}, [](const Row& row) { return std::string(row.text(0)); }));
    if (wrong != std::vector<std::string>{"ok"})
        return wrong;
    if (look)
        TRY(look(*connection));
    return std::vector<std::string>{};
}

} // namespace onefold::store
