#include "cli/commands.h"
#include "event_log/event_log.h"
#include "runtime/runtime.h"
#include "timeline/timeline.h"

#include <cstdio>

namespace onefold::cli {
namespace {

struct Log {
    std::string_view folder;
    LocalText name;
};

LocalText text_of(const event_log::Damage& damage) {
    return {fmt::format("damage: {} at byte {}, position {}: {}", damage.file, damage.offset, damage.position,
                damage.cause.in("en")),
        fmt::format(
            "损坏：{} 第 {} 字节，位置 {}：{}", damage.file, damage.offset, damage.position, damage.cause.in("zh-CN"))};
}

LocalText text_of(const Log& log, const event_log::EventLog::Verified& verified) {
    return {fmt::format("{}: {} frames, {} of them redacted; {} damages", log.name.in("en"), verified.frames,
                verified.redacted, verified.damages.size()),
        fmt::format("{}：{} 帧，其中 {} 帧已抹除；损坏 {} 处", log.name.in("zh-CN"), verified.frames, verified.redacted,
            verified.damages.size())};
}

// Whether everything holds.
Result<bool> verify(runtime::Files& files, const std::string& folder, const Log& log, std::string_view locale) {
    const auto verified = TRY(event_log::EventLog::verify(files, folder + "/" + std::string(log.folder)));
    for (const event_log::Damage& damage : verified.damages)
        fmt::print("{}\n", text_of(damage).in(locale));
    fmt::print("{}\n", text_of(log, verified).in(locale));
    return verified.damages.empty();
}

// What is newer than its files is in the event log, and in the memory of a server that runs. What a damaged run held is
// made again from the event log, so nothing is lost with it.
Result<bool> verify_timeline(runtime::Files& files, const std::string& folder, std::string_view locale) {
    const auto verified = TRY(timeline::Timeline::verify(files, folder + "/timeline"));
    for (const LocalText& damage : verified.damages)
        fmt::print("{}\n",
            LocalText{fmt::format("damage: {}", damage.in("en")), fmt::format("损坏：{}", damage.in("zh-CN"))}.in(
                locale));
    const LocalText summary{
        fmt::format("timeline: {} entries in its files; {} damages", verified.entries, verified.damages.size()),
        fmt::format("时间线：文件中 {} 条；损坏 {} 处", verified.entries, verified.damages.size())};
    const LocalText remedy{
        "; nothing is lost: what is damaged is made again from the event log when it is met, and all of "
        "it where the folder timeline is removed while nothing runs",
        "；数据不会丢失：读到损坏处时将由事件日志重建；停止服务后删除 timeline 目录则全部重建"};
    fmt::print("{}{}\n", summary.in(locale), verified.damages.empty() ? "" : remedy.in(locale));
    return verified.damages.empty();
}

} // namespace

int run(const Verify& command, std::string_view locale) {
    const auto files = runtime::make_system_files();
    if (!files->exists(command.folder + "/log")) {
        const LocalText message{
            fmt::format("{} is not a data folder.", command.folder), fmt::format("{} 不是数据目录。", command.folder)};
        fmt::print(stderr, "{}\n", message.in(locale));
        return 2;
    }
    bool is_whole = true;
    for (const Log& log : {Log{"log", {"event log", "事件日志"}}, Log{"audit", {"audit log", "审计日志"}}}) {
        const auto verified = verify(*files, command.folder, log, locale);
        if (!verified)
            fmt::print(stderr, "{}\n", verified.error().message.in(locale));
        is_whole = is_whole && verified && *verified;
    }
    const auto timeline = verify_timeline(*files, command.folder, locale);
    if (!timeline)
        fmt::print(stderr, "{}\n", timeline.error().message.in(locale));
    is_whole = is_whole && timeline && *timeline;
    return is_whole ? 0 : 1;
}

} // namespace onefold::cli
