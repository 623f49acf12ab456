#include "http/bind.h"
#include "import/preview.h"
#include "import/rollback.h"

#include <algorithm>

namespace onefold::import {
namespace {

struct CountsView {
    std::int64_t read, created, updated, unchanged, failed;
};
BOOST_DESCRIBE_STRUCT(CountsView, (), (read, created, updated, unchanged, failed))

struct ProblemView {
    bool is_warning;
    std::int64_t line;
    std::string column, code, message;
};
BOOST_DESCRIBE_STRUCT(ProblemView, (), (is_warning, line, column, code, message))

struct JoinView {
    std::int64_t line;
    std::string name;
    CustomerId customer;
    std::string customer_name, type, value;
};
BOOST_DESCRIBE_STRUCT(JoinView, (), (line, name, customer, customer_name, type, value))

// Of a dry run: new records of customers who are there already, or who stand in other rows of the file; and known
// customers of whom two would become one.
struct LookView {
    std::int64_t joined, joined_in_file, merged;
    std::vector<JoinView> examples;
};
BOOST_DESCRIBE_STRUCT(LookView, (), (joined, joined_in_file, merged, examples))

// While it runs.
struct PaceView {
    std::int64_t bytes_read, bytes_total, rows_per_second;
    std::optional<std::int64_t> seconds_left;
};
BOOST_DESCRIBE_STRUCT(PaceView, (), (bytes_read, bytes_total, rows_per_second, seconds_left))

// How far it is rolled back; of one that nobody began to roll back there is none.
struct RolledBackView {
    std::string state;
    Instant started_at;
    std::optional<Instant> finished_at;
    std::int64_t done, total;
};
BOOST_DESCRIBE_STRUCT(RolledBackView, (), (state, started_at, finished_at, done, total))

struct ImportView {
    ImportId id;
    std::string source, as, file, sheet, state;
    Instant started_at;
    std::optional<Instant> finished_at;
    CountsView counts;
    std::int64_t warnings;
    std::vector<ProblemView> problems;
    std::optional<std::string> error;
    std::optional<upload::UploadId> upload;
    std::int64_t resumed_at_row, failed_parts;
    std::optional<Instant> failed_rows_kept_until;
    std::optional<PaceView> pace;
    std::optional<LookView> dry_run;
    std::optional<RolledBackView> rollback;
};
BOOST_DESCRIBE_STRUCT(ImportView, (),
    (id, source, as, file, sheet, state, started_at, finished_at, counts, warnings, problems, error, upload,
        resumed_at_row, failed_parts, failed_rows_kept_until, pace, dry_run, rollback))

struct ImportList {
    std::vector<ImportView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ImportList, (), (items, next))

struct CreateImport {
    std::optional<std::string> path;
    std::optional<upload::UploadId> upload;
    std::string as, source;
    std::optional<boost::json::value> map;
    std::optional<std::string> sheet, encoding;
    std::optional<std::int64_t> header_line;
    std::optional<bool> has_header, dry_run;
};
BOOST_DESCRIBE_STRUCT(
    CreateImport, (), (path, upload, as, source, map, sheet, encoding, header_line, has_header, dry_run))

struct GetImport {
    ImportId id;
};
BOOST_DESCRIBE_STRUCT(GetImport, (), (id))

std::optional<PaceView> pace_of(const Import& import) {
    if (import.state != State::running)
        return std::nullopt;
    return PaceView{
        std::int64_t(import.bytes_read), std::int64_t(import.bytes_total), import.rows_per_second, import.seconds_left};
}

std::optional<LookView> look_of(const Import& import) {
    if (!import.is_dry)
        return std::nullopt;
    LookView view{import.joined, import.joined_in_file, import.merged, {}};
    for (const Joined& one : import.joins)
        view.examples.push_back(
            {std::int64_t(one.line), one.name, one.customer, one.customer_name, one.type, one.value});
    return view;
}

ImportView view_of(const Import& import, const source::Sources& sources, const Locale& locale) {
    const auto source = sources.get(import.source);
    const auto& counts = import.counts;
    ImportView view{.id = import.id,
        .source = source ? source->name : import.source_name,
        .as = std::string(to_string(import.kind)),
        .file = import.file,
        .sheet = import.sheet,
        .state = std::string(to_string(import.state)),
        .started_at = import.started_at,
        .finished_at = import.finished_at,
        .counts = {counts.read, counts.created, counts.updated, counts.unchanged, counts.failed},
        .warnings = import.warnings,
        .problems = {},
        .error = {},
        .upload = import.upload,
        .resumed_at_row = import.resumed_at_row,
        .failed_parts = import.failed_parts,
        .failed_rows_kept_until = {},
        .pace = pace_of(import),
        .dry_run = look_of(import),
        .rollback = {}};
    if (import.failed_parts > 0 && import.finished_at)
        view.failed_rows_kept_until = *import.finished_at + papers_kept_for;
    for (const Problem& problem : import.problems)
        view.problems.push_back({problem.severity == Severity::warning, std::int64_t(problem.line), problem.column,
            problem.code, std::string(problem.message.in(locale))});
    if (import.error)
        view.error = import.error->in(locale);
    return view;
}

Result<> add_rollbacks(std::vector<ImportView>& views, const Rollbacks& rollbacks) {
    std::vector<ImportId> ids;
    for (const ImportView& view : views)
        ids.push_back(view.id);
    for (const Rollback& one : TRY(rollbacks.list(ids)))
        std::ranges::find(views, one.import, &ImportView::id)->rollback =
            RolledBackView{std::string(to_string(one.state)), one.started_at, one.finished_at, one.done, one.total};
    return {};
}

} // namespace

Failure unknown_kind() {
    const LocalText message{
        "The kind is customer, order, ticket or event.", "as 应为 customer、order、ticket 或 event。"};
    return fail(ErrorKind::invalid, "import.unknown_kind", message, {{"/as", "import.unknown_kind", message}});
}

void Imports::add_routes(http::Contract& contract, const source::Sources& sources) {
    using http::Method;
    add_preview_route(contract);
    rollbacks().add_routes(contract);
    add_job_routes(contract, sources);
    contract.add<CreateImport, ImportView>(
        {Method::post, "/api/v1/imports", "import.create", http::may_edit, http::audited{"import.create"},
            {"Import a file that was uploaded, or find out what would happen", "导入已上传的文件，或先试运行"},
            http::Creates::something},
        [this, &sources](const Caller& caller, const CreateImport& request) -> Result<ImportView> {
            const auto kind = parse_kind(request.as);
            if (!kind)
                return unknown_kind();
            const sheet::Choice choice{request.sheet.value_or(""), request.encoding.value_or(""),
                request.has_header.value_or(true) ? sheet::Header::found : sheet::Header::none,
                std::uint64_t(std::max<std::int64_t>(0, request.header_line.value_or(0)))};
            const auto purpose = request.dry_run.value_or(false) ? Purpose::dry_run : Purpose::import;
            return view_of(TRY(create(caller, {TRY(path_of(caller, {request.path, request.upload})), *kind,
                                                  request.source, request.map, choice, request.upload, purpose})),
                sources, caller.locale);
        });
    contract.add<http::Nothing, ImportList>({Method::get, "/api/v1/imports", "import.list", http::may_read,
                                                http::not_audited, {"The newest imports", "最近的导入"}},
        [this, &sources](const Caller& caller, const http::Nothing&) -> Result<ImportList> {
            ImportList answer;
            for (const Import& import : TRY(list(100)))
                answer.items.push_back(view_of(import, sources, caller.locale));
            TRY(add_rollbacks(answer.items, rollbacks()));
            return answer;
        });
    contract.add<GetImport, ImportView>({Method::get, "/api/v1/imports/{id}", "import.get", http::may_read,
                                            http::not_audited, {"One import", "单次导入"}},
        [this, &sources](const Caller& caller, const GetImport& request) -> Result<ImportView> {
            std::vector<ImportView> views{view_of(TRY(get(request.id)), sources, caller.locale)};
            TRY(add_rollbacks(views, rollbacks()));
            return std::move(views.front());
        });
}

void Imports::add_job_routes(http::Contract& contract, const source::Sources& sources) {
    using http::Method;
    contract.add<GetImport, ImportView>({Method::post, "/api/v1/imports/{id}/cancel", "import.cancel", http::may_edit,
                                            http::audited{"import.cancel"}, {"Cancel an import", "取消导入"}},
        [this, &sources](const Caller& caller, const GetImport& request) -> Result<ImportView> {
            return view_of(TRY(cancel(request.id)), sources, caller.locale);
        });
    contract.add_raw({.method = Method::get,
                         .path = "/api/v1/imports/{id}/failed_rows/{part}",
                         .name = "import.failed_rows",
                         .permission = http::may_edit,
                         .audit = http::audited{"import.failed_rows"},
                         .summary = {"The rows that failed, with reasons, as CSV", "下载失败的行及原因（CSV）"}},
        {}, {{"type", "string"}, {"contentMediaType", "text/csv"}},
        [this](const Caller& caller, const http::Incoming& incoming, const http::Respond& respond) {
            const auto id = parse_id(incoming.path_values[0].second), part = parse_id(incoming.path_values[1].second);
            auto csv = failed_rows(
                ImportId{id.value_or(0)}, int(std::min<std::int64_t>(part.value_or(0), 100'000)), caller.locale);
            if (!csv)
                return respond(http::outgoing_of(csv.error(), caller.locale, caller.request_id));
            respond({200,
                {{"Content-Type", "text/csv; charset=utf-8"},
                    {"Content-Disposition", fmt::format("attachment; filename=\"failed-{}-{}.csv\"", *id, *part)}},
                std::move(*csv)});
        });
}

} // namespace onefold::import
