#include "backup/failure.h"

#include <fmt/format.h>

namespace onefold::backup {
namespace {

Failure full(const std::string& folder) {
    return fail(ErrorKind::storage_full, "backup.full",
        {fmt::format(
             "The disk of {} is full, so there is no backup; what was written of it is removed again. Free some "
             "space, keep fewer backups, or choose another folder.",
             folder),
            fmt::format(
                "{} 所在磁盘已满，备份未完成，已写入的部分已删除。请释放空间、减少保留份数或更换目录。", folder)});
}

} // namespace

Failure target_inside(const std::string& folder) {
    return fail(ErrorKind::invalid, "backup.target_inside",
        {fmt::format("{} lies in the data folder. A backup belongs elsewhere, best on another disk.", folder),
            fmt::format("{} 位于数据目录之内。备份应放在其他位置，最好是另一块磁盘。", folder)});
}
Failure target_not_empty(const std::string& folder) {
    return fail(ErrorKind::invalid, "backup.target_not_empty",
        {fmt::format("{} is not empty. Name a folder that is not there yet; nothing was changed.", folder),
            fmt::format("{} 不是空目录，请指定一个尚不存在的目录；未做任何更改。", folder)});
}
Failure target_unusable(const std::string& folder, const Error& cause) {
    if (cause.kind == ErrorKind::storage_full)
        return full(folder);
    return fail(ErrorKind::invalid, "backup.target_unusable",
        {fmt::format("No backup can be written to {}: {}", folder, cause.message.in("en")),
            fmt::format("无法在 {} 写入备份：{}", folder, cause.message.in("zh-CN"))});
}
Failure no_backup(const std::string& folder) {
    return fail(ErrorKind::invalid, "backup.no_backup",
        {fmt::format("There is no backup in {}.", folder), fmt::format("{} 中没有备份。", folder)});
}
Failure unfinished(const std::string& folder) {
    return fail(ErrorKind::invalid, "backup.unfinished",
        {fmt::format("The backup in {} was never finished, so it is not whole. Use another one.", folder),
            fmt::format("{} 中的备份没有完成，内容不完整，请使用其他备份。", folder)});
}
Failure interrupted() {
    return fail(ErrorKind::unavailable, "backup.interrupted",
        {"The server ended before the backup was whole; there is no backup of that time.",
            "服务在备份完成前停止，这一次没有生成备份。"});
}
Failure folder_not_empty(const std::string& folder) {
    return fail(ErrorKind::invalid, "backup.folder_not_empty",
        {fmt::format("{} is not empty. A backup is restored into a new folder; nothing was changed.", folder),
            fmt::format("{} 不是空目录。备份只能恢复到新目录；未做任何更改。", folder)});
}
Failure wrong(const std::string& folder, std::string_view file, const LocalText& cause) {
    return fail(ErrorKind::internal, "backup.damaged",
        {fmt::format("The backup in {} is not whole: {}: {}. Nothing was restored; use another backup.", folder, file,
             cause.in("en")),
            fmt::format(
                "{} 中的备份不完整：{}：{}。未恢复任何内容，请使用其他备份。", folder, file, cause.in("zh-CN"))});
}
Failure not_made(const std::string& folder, const Error& cause) {
    if (cause.code.starts_with("backup."))
        return fail(cause);
    if (cause.kind == ErrorKind::storage_full)
        return full(folder);
    return fail(cause.kind == ErrorKind::invalid ? ErrorKind::internal : cause.kind, "backup.not_made",
        {fmt::format("There is no backup; what was written of it is removed again. {}", cause.message.in("en")),
            fmt::format("备份未完成，已写入的部分已删除。{}", cause.message.in("zh-CN"))});
}

} // namespace onefold::backup
