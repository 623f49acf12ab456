#include "fetch/fetch.h"
#include "fetch/store.h"
#include "http/bind.h"

namespace onefold::fetch {

BOOST_DESCRIBE_ENUM(PlaceKind, folder, https, sftp)
BOOST_DESCRIBE_ENUM(FileState, taken, waiting, importing, imported, failed, repeated)
BOOST_DESCRIBE_ENUM(Lies, there, archive, error, stays, gone)

namespace {

struct LookView {
    Instant started_at;
    std::optional<Instant> ended_at;
    std::int64_t found, taken, unsteady;
    std::optional<std::string> error_code, error;
    std::optional<Instant> failing_since;
};
BOOST_DESCRIBE_STRUCT(LookView, (), (started_at, ended_at, found, taken, unsteady, error_code, error, failing_since))

struct FetchView {
    PlaceKind place;
    std::string folder, url, ca_certificates, host, login;
    std::int64_t port;
    std::string pattern;
    std::int64_t every_minutes;
    std::optional<std::string> daily_at;
    std::int64_t steady_s, size_mb_max;
    bool is_on;
    std::string host_key, host_key_offered;
    bool has_password, has_private_key;
    std::int64_t version;
    bool is_looking;
    std::optional<LookView> last_look;
    std::optional<Instant> next_look_at;
    std::vector<std::string> roots; // below which a watched folder may be
    std::string own_folder;         // that is proposed
};
BOOST_DESCRIBE_STRUCT(FetchView, (),
    (place, folder, url, ca_certificates, host, login, port, pattern, every_minutes, daily_at, steady_s, size_mb_max,
        is_on, host_key, host_key_offered, has_password, has_private_key, version, is_looking, last_look, next_look_at,
        roots, own_folder))

struct FetchedFileView {
    FetchedFileId id;
    std::string name;
    std::int64_t size;
    std::optional<Instant> modified_at;
    FileState state;
    Lies lies;
    Instant taken_at;
    std::optional<Instant> ended_at;
    std::optional<upload::UploadId> upload;
    std::optional<ImportId> import_; // a word of C++
    std::optional<std::int64_t> rows_read, rows_failed;
    std::optional<std::string> reason;
    std::optional<std::string> same_as; // the name of the file whose bytes it has
};
BOOST_DESCRIBE_STRUCT(FetchedFileView, (),
    (id, name, size, modified_at, state, lies, taken_at, ended_at, upload, import_, rows_read, rows_failed, reason,
        same_as))

struct GetFetch {
    SourceId id;
};
BOOST_DESCRIBE_STRUCT(GetFetch, (), (id))

struct UpdateFetch {
    SourceId id;
    std::int64_t if_match;
    std::optional<PlaceKind> place;
    std::optional<std::string> folder, url, ca_certificates, host, login, pattern, daily_at;
    std::optional<std::int64_t> port, every_minutes, steady_s, size_mb_max;
    std::optional<bool> is_on;
    std::optional<std::string> password, private_key, passphrase; // "" takes it away
    static http::Rules rules() {
        return {{.member = "folder", .length_max = 2000}, {.member = "url", .length_max = 2000},
            {.member = "ca_certificates", .length_max = std::int64_t(ca_bytes_max)},
            {.member = "host", .length_max = 255}, {.member = "login", .length_max = 200},
            {.member = "pattern", .length_max = 200}, {.member = "port", .minimum = 1, .maximum = 65'535},
            {.member = "every_minutes", .minimum = 1, .maximum = 10'080},
            {.member = "steady_s", .minimum = 1, .maximum = 3'600},
            {.member = "size_mb_max", .minimum = 1, .maximum = 8'192},
            {.member = "password", .length_max = std::int64_t(secret_bytes_max)},
            {.member = "private_key", .length_max = std::int64_t(private_key_bytes_max)},
            {.member = "passphrase", .length_max = std::int64_t(secret_bytes_max)}};
    }
};
BOOST_DESCRIBE_STRUCT(UpdateFetch, (),
    (id, if_match, place, folder, url, ca_certificates, host, login, pattern, daily_at, port, every_minutes, steady_s,
        size_mb_max, is_on, password, private_key, passphrase))

struct TrustKey {
    SourceId id;
    std::string host_key;
    static http::Rules rules() { return {{.member = "host_key", .length_max = 200}}; }
};
BOOST_DESCRIBE_STRUCT(TrustKey, (), (id, host_key))

struct ListFiles : http::PageRequest {
    SourceId id;
    static http::Rules rules() { return {{.member = "limit", .minimum = 1, .maximum = 200}}; }
};
BOOST_DESCRIBE_STRUCT(ListFiles, (http::PageRequest), (id))

LookView view_of(const Look& look, const Locale& locale) {
    LookView view{look.started_at, look.ended_at, look.found, look.taken, look.unsteady, {}, {}, look.failing_since};
    if (look.error) {
        view.error_code = look.error->code;
        view.error = std::string(look.error->message.in(locale));
    }
    return view;
}

Result<FetchView> view_of(const Fetches& fetches, SourceId id, const Locale& locale) {
    const Settings now = TRY(fetches.settings(id));
    const auto look = TRY(fetches.last_look(id));
    FetchView view{now.place, now.folder, now.url, now.ca_certificates, now.host, now.login, now.port, now.pattern,
        now.every_minutes, now.daily_at, now.steady_s, now.size_mb_max, now.is_on, now.host_key, now.host_key_offered,
        now.has_password, now.has_private_key, now.version, fetches.is_looking(id), {}, TRY(fetches.next_look(id)),
        fetches.allowed().roots, fetches.own_folder(id)};
    if (look)
        view.last_look = view_of(*look, locale);
    return view;
}

SettingsEdit edit_of(const UpdateFetch& request) {
    return {request.place, request.folder, request.url, request.ca_certificates, request.host, request.login,
        request.pattern, request.daily_at, request.port, request.every_minutes, request.steady_s, request.size_mb_max,
        request.is_on, request.password, request.private_key, request.passphrase};
}

FetchedFileView view_of(const FetchedFile& file, const import::Imports& imports, const Locale& locale) {
    FetchedFileView view{file.id, file.name, file.size, {}, file.state, file.lies, file.taken_at, file.ended_at,
        file.upload, file.import, {}, {}, {}, {}};
    if (file.modified_us > 0)
        view.modified_at = instant_of(file.modified_us);
    if (file.reason)
        view.reason = std::string(file.reason->in(locale));
    if (!file.import)
        return view;
    if (const auto import = imports.get(*file.import)) {
        view.rows_read = import->counts.read;
        view.rows_failed = import->counts.failed;
    }
    return view;
}

Result<http::Page<FetchedFileView>> page_of(
    const Fetches& fetches, const import::Imports& imports, const ListFiles& request, const Locale& locale) {
    const auto before = request.after ? parse_id(*request.after) : std::optional<std::int64_t>(0);
    if (!before || (request.after && *before <= 0)) {
        const LocalText message{"This is no place in the list.", "列表位置无效。"};
        return fail(ErrorKind::invalid, "fetch.bad_cursor", message, {{"/after", "fetch.bad_cursor", message}});
    }
    const auto limit = request.limit_or_default();
    const auto files = TRY(fetches.list(request.id, FetchedFileId{*before}, int(limit) + 1));
    http::Page<FetchedFileView> page;
    for (const FetchedFile& file : files) {
        if (std::int64_t(page.items.size()) == limit) {
            page.next = to_string(page.items.back().id);
            break;
        }
        page.items.push_back(view_of(file, imports, locale));
        if (file.same_as)
            for (const FetchedFile& other : TRY(fetches.list(request.id, FetchedFileId{file.same_as->value + 1}, 1)))
                page.items.back().same_as = other.name;
    }
    return page;
}

} // namespace

void Fetches::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<GetFetch, FetchView>(
        {Method::get, "/api/v1/sources/{id}/fetch", "fetch.get", http::may_edit, http::not_audited,
            {"How a source fetches its files by itself", "数据源的自动取数设置与状态"}},
        [this](const Caller& caller, const GetFetch& request) { return view_of(*this, request.id, caller.locale); });
    contract.add<UpdateFetch, FetchView>(
        {Method::patch, "/api/v1/sources/{id}/fetch", "fetch.update", http::may_administer,
            http::audited{"fetch.update"},
            {"Change where, what and when a source fetches; secrets are never shown again",
                "修改自动取数的位置、文件与时间（密码等不再显示）"}},
        [this](const Caller& caller, const UpdateFetch& request) -> Result<FetchView> {
            TRY(update(caller, request.id, request.if_match, edit_of(request)));
            return view_of(*this, request.id, caller.locale);
        });
    contract.add<GetFetch, FetchView>({Method::post, "/api/v1/sources/{id}/fetch/look", "fetch.look", http::may_edit,
                                          http::audited{"fetch.look"}, {"Look for files now", "立即取数"}},
        [this](const Caller& caller, const GetFetch& request) -> Result<FetchView> {
            TRY(look_now(request.id));
            return view_of(*this, request.id, caller.locale);
        });
    contract.add<TrustKey, FetchView>(
        {Method::post, "/api/v1/sources/{id}/fetch/trust", "fetch.trust_host_key", http::may_administer,
            http::audited{"fetch.trust_host_key"},
            {"Take the key that the SFTP server shows now as the right one", "信任 SFTP 服务器当前出示的主机密钥"}},
        [this](const Caller& caller, const TrustKey& request) -> Result<FetchView> {
            TRY(trust_host_key(caller, request.id, request.host_key));
            return view_of(*this, request.id, caller.locale);
        });
    contract.add<ListFiles, http::Page<FetchedFileView>>(
        {Method::get, "/api/v1/sources/{id}/fetched_files", "fetched_file.list", http::may_edit, http::not_audited,
            {"The files that a source fetched, the newest first", "数据源自动取得的文件（最新在前）"}},
        [this](const Caller& caller, const ListFiles& request) {
            return page_of(*this, imports(), request, caller.locale);
        });
}

} // namespace onefold::fetch
