#include "event_log/damage.h"

#include <fmt/format.h>

namespace onefold::event_log {
namespace {

Failure tell(ErrorKind kind, std::string_view code, const Damage& damage, LocalText message) {
    return fail(kind, code, std::move(message),
        {{"/file", std::string(code), LocalText{damage.file}},
            {"/offset", std::string(code), LocalText{std::to_string(damage.offset)}},
            {"/cause", std::string(code), damage.cause}});
}

} // namespace

Failure damaged(const Damage& damage) {
    return tell(ErrorKind::internal, "event_log.damaged", damage,
        {fmt::format(
             "The event log is damaged: {} at byte {}: {}. Nothing was changed; restore this file from a backup.",
             damage.file, damage.offset, damage.cause.in("en")),
            fmt::format("事件日志已损坏：{} 第 {} 字节处（{}）。没有任何改动；请从备份恢复该文件。", damage.file,
                damage.offset, damage.cause.in("zh-CN"))});
}

Failure recovery_needed(const Damage& damage) {
    Failure failure = tell(ErrorKind::unavailable, "event_log.recovery_needed", damage,
        {fmt::format(
             "The event log is damaged ({} at byte {}: {}), so nothing new is stored. What lies before the damage "
             "is safe and readable, and nothing was changed. Stop the server, restore this file from a backup, "
             "check with `onefold verify`, and start again.",
             damage.file, damage.offset, damage.cause.in("en")),
            fmt::format(
                "事件日志已损坏（{} 第 {} 字节处：{}），因此暂停接收新数据。损坏处之前的数据安全可读，未做任何改动。"
                "请停止服务，从备份恢复该文件，用 onefold verify 检查后再启动。",
                damage.file, damage.offset, damage.cause.in("zh-CN"))});
    failure.error().retry_after_s = 60;
    return failure;
}

} // namespace onefold::event_log
