#include "upload/upload.h"

#include "core/text.h"

#include <mutex>
#include <set>
#include <spdlog/spdlog.h>

namespace onefold::upload {
namespace {

constexpr std::size_t name_code_points_max = 200;

Failure no_such_upload() {
    return fail(ErrorKind::not_found, "upload.no_such_upload",
        {"There is no such uploaded file. It may have been taken away, since files are kept for a while only; send it "
         "again.",
            "没有这个上传文件。文件只保留一段时间，可能已被清理，请重新上传。"});
}

constexpr std::string_view by_id = "SELECT id, name, size, received, created_at, expires_at FROM upload WHERE id = $1";

Upload upload_of(const store::Row& row) {
    return {UploadId{row.integer(0)}, std::string(row.text(1)), row.integer(2), row.integer(3),
        instant_of(row.integer(4)), instant_of(row.integer(5))};
}

Result<Upload> find(store::Session& session, UploadId id, Instant now) {
    auto found = TRY(session.find(by_id, {id.value}, upload_of));
    if (!found || found->expires_at <= now)
        return no_such_upload();
    return std::move(*found);
}

Result<> check_size(std::int64_t size) {
    if (size < 1) {
        const LocalText message{"The file is empty.", "文件为空。"};
        return fail(ErrorKind::invalid, "upload.empty", message, {{"/size", "upload.empty", message}});
    }
    if (size <= size_max)
        return {};
    const LocalText message{"The file is larger than 8 GiB. Divide it, or import it on the host with the command line.",
        "文件超过 8 GiB，请拆分后上传，或在服务器上用命令行导入。"};
    return fail(ErrorKind::too_large, "upload.too_large", message, {{"/size", "upload.too_large", message}});
}

} // namespace

std::string bare_name(std::string_view name) {
    if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos)
        name.remove_prefix(slash + 1);
    std::string bare;
    for (const char c : name)
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
            bare += c;
    const std::string_view kept = beginning_of(trimmed(bare), name_code_points_max);
    return kept == "." || kept == ".." ? std::string() : std::string(kept);
}

struct Uploads::Parts {
    store::Database& database;
    const runtime::Outside& outside;
    const std::string folder;
    std::mutex writing; // one chunk at a time

    std::string path_of(UploadId id) const { return folder + "/" + to_string(id); }
    Instant now() const { return outside.clock.now(); }
    Result<> check_space(store::Session& session, std::int64_t size) const;
};

Result<> Uploads::Parts::check_space(store::Session& session, std::int64_t size) const {
    std::int64_t count = 0, outstanding = 0;
    TRY(session.each("SELECT size - received FROM upload WHERE received < size AND expires_at > $1", {micros_of(now())},
        [&](const store::Row& row) -> Result<> {
            ++count;
            outstanding += row.integer(0);
            return {};
        }));
    if (count >= unfinished_max)
        return fail(ErrorKind::too_many, "upload.too_many",
            {"100 files are being uploaded already. Finish or cancel some of them first.",
                "已有 100 个文件正在上传，请先完成或取消其中一些。"});
    const auto space = TRY(outside.files.space(folder));
    if (space.free_bytes >= free_bytes_min + std::uint64_t(outstanding) + std::uint64_t(size))
        return {};
    return fail(ErrorKind::storage_full, "upload.no_space",
        {"There is not enough space for this file on the disk of the server. Nothing was changed.",
            "服务器磁盘空间不足，无法接收该文件。未做任何更改。"});
}

Uploads::Uploads(store::Database& database, const runtime::Outside& outside, std::string folder)
    : parts_(new Parts{database, outside, std::move(folder), {}}) {}
Uploads::~Uploads() = default;

Result<Upload> Uploads::create(const Caller& caller, const std::string& name, std::int64_t size) {
    const std::string bare = bare_name(name);
    if (bare.empty()) {
        const LocalText message{"A file needs a name.", "文件需要名称。"};
        return fail(ErrorKind::invalid, "upload.bad_name", message, {{"/name", "upload.bad_name", message}});
    }
    TRY(check_size(size));
    TRY(parts_->outside.files.make_folder(parts_->folder));
    const Instant now = parts_->now();
    Upload upload{{}, bare, size, 0, now, now + kept_for};
    upload.id = TRY(parts_->database.write([&](store::Session& session) -> Result<UploadId> {
        TRY(parts_->check_space(session, size));
        const auto id = TRY(session.find_integer(
            "INSERT INTO upload (name, size, received, principal, created_at, expires_at) VALUES ($1, $2, 0, $3, $4, "
            "$5) RETURNING id",
            {bare, size, to_string(caller.principal), micros_of(now), micros_of(upload.expires_at)}));
        return UploadId{id.value_or(0)};
    }));
    return upload;
}

Result<Upload> Uploads::get(UploadId id) const {
    return parts_->database.read([&](store::Session& session) { return find(session, id, parts_->now()); });
}

Result<> Uploads::check_owner(const Caller& caller, UploadId id) const {
    if (caller.principal.role == Role::admin)
        return {};
    const auto owner = TRY(parts_->database.read([&](store::Session& session) {
        return session.find("SELECT principal FROM upload WHERE id = $1", {id.value},
            [](const store::Row& row) { return std::string(row.text(0)); });
    }));
    const bool is_of_all = owner == to_string(Principal{.kind = Principal::Kind::system});
    return is_of_all || owner == to_string(caller.principal) ? Result<>{} : no_such_upload();
}

Result<Upload> Uploads::append(UploadId id, std::int64_t offset, std::string_view bytes) {
    std::lock_guard lock(parts_->writing);
    Upload upload = TRY(get(id));
    if (offset != upload.received)
        return fail(ErrorKind::conflict, "upload.other_offset",
            {fmt::format("{} bytes of the file are here; send what follows them.", upload.received),
                fmt::format("已收到 {} 字节，请从该位置继续上传。", upload.received)});
    if (std::int64_t(bytes.size()) > upload.size - upload.received)
        return fail(ErrorKind::too_large, "upload.too_much",
            {"That is more than the size that was said at the beginning. Nothing was kept of it.",
                "数据超出最初声明的文件大小，未保存。"});
    if (!bytes.empty()) {
        const auto file = TRY(parts_->outside.files.open(parts_->path_of(id), runtime::OpenMode::create));
        TRY(file->write_at(std::uint64_t(offset), bytes));
        TRY(file->sync_data());
        if (offset == 0)
            TRY(parts_->outside.files.sync_folder(parts_->folder));
    }
    upload.received += std::int64_t(bytes.size());
    upload.expires_at = std::max(upload.expires_at, parts_->now() + kept_for);
    TRY(parts_->database.write([&](store::Session& session) {
        return session.execute("UPDATE upload SET received = $1, expires_at = $2 WHERE id = $3",
            {upload.received, micros_of(upload.expires_at), id.value});
    }));
    return upload;
}

Result<> Uploads::remove(UploadId id) {
    std::lock_guard lock(parts_->writing);
    TRY(get(id));
    TRY(parts_->database.write(
        [&](store::Session& session) { return session.execute("DELETE FROM upload WHERE id = $1", {id.value}); }));
    if (parts_->outside.files.exists(parts_->path_of(id)))
        TRY(parts_->outside.files.remove(parts_->path_of(id)));
    return {};
}

Result<std::string> Uploads::path_of(UploadId id) const {
    const Upload upload = TRY(get(id));
    if (!upload.is_whole())
        return fail(ErrorKind::conflict, "upload.not_whole",
            {fmt::format("The file is not here yet as a whole: {} of {} bytes.", upload.received, upload.size),
                fmt::format("文件尚未上传完整：已收到 {} / {} 字节。", upload.received, upload.size)});
    if (!parts_->outside.files.exists(parts_->path_of(id)))
        return no_such_upload(); // a restored copy of the data folder has none
    return parts_->path_of(id);
}

Result<> Uploads::keep_until(UploadId id, Instant until) {
    TRY(parts_->database.write([&](store::Session& session) {
        return session.execute(
            "UPDATE upload SET expires_at = $1 WHERE id = $2 AND expires_at < $1", {micros_of(until), id.value});
    }));
    return {};
}

Result<> Uploads::sweep() {
    std::lock_guard lock(parts_->writing);
    auto& files = parts_->outside.files;
    if (!files.exists(parts_->folder))
        return {};
    const auto names = TRY(files.list(parts_->folder));
    std::set<std::string> known;
    TRY(parts_->database.write([&](store::Session& session) -> Result<> {
        TRY(session.execute("DELETE FROM upload WHERE expires_at <= $1", {micros_of(parts_->now())}));
        return session.each("SELECT id FROM upload", {}, [&](const store::Row& row) -> Result<> {
            known.insert(std::to_string(row.integer(0)));
            return {};
        });
    }));
    for (const std::string& name : names)
        if (!known.contains(name))
            if (const auto removed = files.remove(parts_->folder + "/" + name); !removed)
                spdlog::warn("upload {} stays: {}", name, removed.error().message.in("en"));
    return {};
}

} // namespace onefold::upload
