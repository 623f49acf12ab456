#include "store/failure.h"

#include <fmt/format.h>

namespace onefold::store {
namespace {

Error make(ErrorKind kind, std::string_view code, std::string_view en, std::string_view zh, std::string_view detail,
    int retry_after_s = 0) {
    Error error{kind, std::string(code), LocalText(en, zh), {}, retry_after_s};
    if (!detail.empty())
        error.message = LocalText(fmt::format("{} ({})", en, detail), fmt::format("{}（{}）", zh, detail));
    return error;
}

} // namespace

Error busy(std::string_view detail) {
    return make(ErrorKind::unavailable, "store.busy", "The database is busy; nothing was saved. Try again in a moment.",
        "数据库繁忙，未保存任何内容，请稍后重试。", detail, 1);
}
Error unavailable(std::string_view detail) {
    return make(ErrorKind::unavailable, "store.unavailable",
        "The database cannot be reached; nothing was saved. Try again in a moment.",
        "无法连接数据库，未保存任何内容，请稍后重试。", detail, 2);
}
Error unknown_outcome(std::string_view detail) {
    return make(ErrorKind::unavailable, "store.unavailable",
        "The connection to the database broke while saving: the outcome is unknown. Look before you try again.",
        "保存时与数据库的连接中断，结果未知，请先确认再重试。", detail, 2);
}
Error too_slow(std::string_view detail) {
    return make(ErrorKind::unavailable, "store.too_slow", "The question took too long and was given up.",
        "查询耗时过长，已停止。", detail);
}
Error full(std::string_view detail) {
    return make(ErrorKind::storage_full, "store.full",
        "The disk is full; nothing was saved, and what was saved before is safe. Free some space.",
        "磁盘已满，未保存任何内容，此前保存的内容不受影响，请释放空间。", detail);
}
Error constraint(std::string_view detail) {
    return make(ErrorKind::conflict, "store.constraint", "A value conflicts with what is stored; nothing was saved.",
        "数值与已保存的内容冲突，未保存任何内容。", detail);
}
Error bad_text() {
    return make(ErrorKind::invalid, "store.bad_text", "A text is not valid UTF-8 or contains a zero byte.",
        "文本不是有效的 UTF-8，或包含零字节。", "");
}
Error damaged(std::string_view detail) {
    return make(ErrorKind::internal, "store.damaged",
        "The database file is damaged or is not a database. Restore it from a backup.",
        "数据库文件已损坏或不是数据库，请从备份恢复。", detail);
}
Error failed(std::string_view detail) {
    return make(ErrorKind::internal, "store.failed", "The database refused a statement; nothing was saved.",
        "数据库拒绝了一条语句，未保存任何内容。", detail);
}

} // namespace onefold::store
