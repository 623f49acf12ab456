#include "house/state.h"

#include "http/bind.h"

namespace onefold::house {
namespace {

struct ProblemView {
    std::string code, message;
};
BOOST_DESCRIBE_STRUCT(ProblemView, (), (code, message))

struct StateView {
    bool is_taking_events;
    std::vector<ProblemView> problems;
};
BOOST_DESCRIBE_STRUCT(StateView, (), (is_taking_events, problems))

// The last two names of the path: which log, which file.
std::string_view file_of(const event_log::Damage& damage) {
    const std::string_view path = damage.file;
    const auto name = path.rfind('/');
    const auto folder = name == path.npos || name == 0 ? path.npos : path.rfind('/', name - 1);
    return folder == path.npos ? path : path.substr(folder + 1);
}

std::string place_of(const event_log::Damage& damage) {
    return fmt::format("{}, byte {}: {}", file_of(damage), damage.offset, damage.cause.in("en"));
}
std::string zh_place_of(const event_log::Damage& damage) {
    return fmt::format("{} 第 {} 字节处，{}", file_of(damage), damage.offset, damage.cause.in("zh-CN"));
}

Problem damage_of_events(const event_log::Condition& events) {
    const auto& damage = *events.damage;
    if (!events.is_appending)
        return {"event_log.recovery_needed",
            {fmt::format("New events and imports are not stored: the event log is damaged ({}). All before the "
                         "damage is safe and readable. Restore the file from a backup, then start the server again.",
                 place_of(damage)),
                fmt::format("暂停接收新事件和导入：事件日志已损坏（{}）。损坏处之前的数据安全可读。请从备份恢复该文件，"
                            "然后重新启动服务。",
                    zh_place_of(damage))}};
    return {"event_log.damaged",
        {fmt::format(
             "Part of the event log is damaged ({}). New events are stored; what that part says cannot be read. "
             "Restore the file from a backup.",
             place_of(damage)),
            fmt::format("事件日志有一处损坏（{}）。新事件照常接收，但该处内容无法读取。请从备份恢复该文件。",
                zh_place_of(damage))}};
}

Problem damage_of_audit(const event_log::Condition& audit) {
    const auto& damage = *audit.damage;
    if (!audit.is_appending)
        return {"audit.recovery_needed",
            {fmt::format(
                 "What people do is not recorded: the audit log is damaged ({}). Restore the file from a backup, "
                 "then start the server again.",
                 place_of(damage)),
                fmt::format("操作暂时无法记录：审计日志已损坏（{}）。请从备份恢复该文件，然后重新启动服务。",
                    zh_place_of(damage))}};
    return {"audit.damaged",
        {fmt::format("Part of the audit log is damaged ({}). New entries are recorded. Restore the file from a backup.",
             place_of(damage)),
            fmt::format("审计日志有一处损坏（{}）。新操作照常记录。请从备份恢复该文件。", zh_place_of(damage))}};
}

} // namespace

std::vector<Problem> problems_of(const event_log::Condition& events, const event_log::Condition& audit) {
    std::vector<Problem> problems;
    if (events.damage)
        problems.push_back(damage_of_events(events));
    if (!events.has_space)
        problems.push_back({"event_log.full",
            {"New events are not stored: the disk is full, or nearly so. What is stored is safe. Events are taken "
             "again as "
             "soon as there is space.",
                "暂停接收新事件：磁盘已满或即将写满。已保存的数据是安全的，腾出空间后会自动恢复接收。"}});
    if (audit.damage)
        problems.push_back(damage_of_audit(audit));
    return problems;
}

void add_state_routes(http::Contract& contract, const event_log::EventLog& log, const audit::Audit& audit) {
    contract.add<http::Nothing, StateView>(
        {http::Method::get, "/api/v1/state", "state.get", http::may_read, http::not_audited,
            {"What is wrong with the server", "服务器当前的问题"}},
        [&](const Caller& caller, const http::Nothing&) -> Result<StateView> {
            const auto events = log.condition();
            StateView view{events.is_appending && events.has_space, {}};
            for (const Problem& problem : problems_of(events, audit.log().condition()))
                view.problems.push_back({problem.code, std::string(problem.message.in(caller.locale))});
            return view;
        });
}

} // namespace onefold::house
