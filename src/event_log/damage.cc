#include "event_log/damage.h"

#include <fmt/format.h>

namespace onefold::event_log {

Failure damaged(const Damage& damage) {
    return fail(ErrorKind::internal, "event_log.damaged",
        {fmt::format(
             "The event log is damaged: {} at byte {}: {}. Nothing was changed; restore this file from a backup.",
             damage.file, damage.offset, damage.cause),
            fmt::format("事件日志已损坏：{} 第 {} 字节处（{}）。没有任何改动；请从备份恢复该文件。", damage.file,
                damage.offset, damage.cause)},
        {{"/file", "event_log.damaged", LocalText{damage.file}},
            {"/offset", "event_log.damaged", LocalText{std::to_string(damage.offset)}},
            {"/cause", "event_log.damaged", LocalText{damage.cause}}});
}

} // namespace onefold::event_log
