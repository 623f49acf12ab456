#include "backup/backup.h"
#include "backup/store.h"
#include "http/bind.h"

namespace onefold::backup {
namespace {

struct BackupView {
    BackupId id;
    std::string cause, target;
    bool has_keys;
    std::string state;
    Instant started_at;
    std::optional<Instant> ended_at;
    std::int64_t bytes;
    std::optional<std::int64_t> bytes_expected;
    std::optional<Position> position; // none before it is whole
    std::int64_t events;
    std::optional<std::string> error_code, error;
    std::optional<Instant> removed_at;
};
BOOST_DESCRIBE_STRUCT(BackupView, (),
    (id, cause, target, has_keys, state, started_at, ended_at, bytes, bytes_expected, position, events, error_code,
        error, removed_at))

struct BackupList {
    std::vector<BackupView> items;
    std::optional<std::string> next;
    std::optional<BackupView> last_whole; // that is still there
};
BOOST_DESCRIBE_STRUCT(BackupList, (), (items, next, last_whole))

struct CreateBackup {
    std::optional<std::string> target;
    std::optional<bool> has_keys;
    static http::Rules rules() { return {{.member = "target", .length_max = 4000}}; }
};
BOOST_DESCRIBE_STRUCT(CreateBackup, (), (target, has_keys))

struct GetBackup {
    BackupId id;
};
BOOST_DESCRIBE_STRUCT(GetBackup, (), (id))

struct BackupSettingsView {
    bool is_scheduled;
    std::string folder;
    std::int64_t hour, keep_count;
    bool has_keys;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(BackupSettingsView, (), (is_scheduled, folder, hour, keep_count, has_keys, version))

struct UpdateBackupSettings {
    std::int64_t if_match;
    std::optional<bool> is_scheduled;
    std::optional<std::string> folder;
    std::optional<std::int64_t> hour, keep_count;
    std::optional<bool> has_keys;
    static http::Rules rules() { return {{.member = "folder", .length_max = 4000}}; }
};
BOOST_DESCRIBE_STRUCT(UpdateBackupSettings, (), (if_match, is_scheduled, folder, hour, keep_count, has_keys))

BackupView view_of(const Backup& backup, const Locale& locale) {
    BackupView view{backup.id, std::string(to_string(backup.cause)), backup.target, backup.has_keys,
        std::string(to_string(backup.state)), backup.started_at, backup.ended_at, std::int64_t(backup.bytes), {}, {},
        std::int64_t(backup.events), {}, {}, backup.removed_at};
    if (backup.position)
        view.position = backup.position;
    if (backup.state == State::running)
        view.bytes_expected = std::int64_t(backup.bytes_expected);
    if (backup.error) {
        view.error_code = backup.error->code;
        view.error = std::string(backup.error->message.in(locale));
    }
    return view;
}

BackupSettingsView view_of(const Settings& settings) {
    return {settings.is_scheduled, settings.folder, settings.hour, settings.keep_count, settings.has_keys,
        settings.version};
}

} // namespace

void Backups::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<http::Nothing, BackupList>({Method::get, "/api/v1/backups", "backup.list", http::may_administer,
                                                http::not_audited, {"The newest backups", "最近的备份"}},
        [this](const Caller& caller, const http::Nothing&) -> Result<BackupList> {
            BackupList answer;
            for (const Backup& backup : TRY(list(100)))
                answer.items.push_back(view_of(backup, caller.locale));
            if (const auto whole = TRY(last_whole()))
                answer.last_whole = view_of(*whole, caller.locale);
            return answer;
        });
    contract.add<GetBackup, BackupView>({Method::get, "/api/v1/backups/{id}", "backup.get", http::may_administer,
                                            http::not_audited, {"One backup", "单次备份"}},
        [this](const Caller& caller, const GetBackup& request) -> Result<BackupView> {
            return view_of(TRY(get(request.id)), caller.locale);
        });
    contract.add<CreateBackup, BackupView>(
        {Method::post, "/api/v1/backups", "backup.create", http::may_administer, http::audited{"backup.create"},
            {"Back up now; only commands of this host name the folder", "立即备份；只有本机命令可以指定目录"},
            http::Creates::something},
        [this](const Caller& caller, const CreateBackup& request) -> Result<BackupView> {
            const auto with_keys = request.has_keys.value_or(true) ? WithKeys::yes : WithKeys::no;
            return view_of(TRY(begin(caller, {request.target, with_keys})), caller.locale);
        });
    contract.add<http::Nothing, BackupSettingsView>(
        {Method::get, "/api/v1/backup_settings", "backup_settings.get", http::may_administer, http::not_audited,
            {"When and where backups are made", "备份的时间与目录"}},
        [this](const Caller&, const http::Nothing&) -> Result<BackupSettingsView> { return view_of(TRY(settings())); });
    contract.add<UpdateBackupSettings, BackupSettingsView>(
        {Method::patch, "/api/v1/backup_settings", "backup_settings.update", http::may_administer,
            http::audited{"backup_settings.update"},
            {"Change when and where backups are made, and how many are kept", "修改备份的时间、目录与保留份数"}},
        [this](const Caller& caller, const UpdateBackupSettings& request) -> Result<BackupSettingsView> {
            return view_of(TRY(update_settings(caller, request.if_match,
                {request.is_scheduled, request.has_keys, request.folder, request.hour, request.keep_count})));
        });
}

} // namespace onefold::backup
