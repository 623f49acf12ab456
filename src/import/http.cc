#include "http/bind.h"
#include "import/preview.h"

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

struct ImportView {
    ImportId id;
    std::string source, as, file, sheet, state;
    Instant started_at;
    std::optional<Instant> finished_at;
    CountsView counts;
    std::int64_t warnings;
    std::vector<ProblemView> problems;
    std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(
    ImportView, (), (id, source, as, file, sheet, state, started_at, finished_at, counts, warnings, problems, error))

struct ImportList {
    std::vector<ImportView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ImportList, (), (items, next))

struct CreateImport {
    std::string path, as, source;
    std::optional<boost::json::value> map;
    std::optional<std::string> sheet, encoding;
    std::optional<std::int64_t> header_line;
    std::optional<bool> has_header;
};
BOOST_DESCRIBE_STRUCT(CreateImport, (), (path, as, source, map, sheet, encoding, header_line, has_header))

struct GetImport {
    ImportId id;
};
BOOST_DESCRIBE_STRUCT(GetImport, (), (id))

ImportView view_of(const Import& import, const source::Sources& sources, const Locale& locale) {
    const auto source = sources.get(import.source);
    ImportView view{import.id, source ? source->name : "", std::string(to_string(import.kind)), import.file,
        import.sheet, std::string(to_string(import.state)), import.started_at, import.finished_at,
        {import.counts.read, import.counts.created, import.counts.updated, import.counts.unchanged,
            import.counts.failed},
        import.warnings, {}, {}};
    for (const Problem& problem : import.problems)
        view.problems.push_back({problem.severity == Severity::warning, std::int64_t(problem.line), problem.column,
            problem.code, std::string(problem.message.in(locale))});
    if (import.error)
        view.error = import.error->in(locale);
    return view;
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
    contract.add<CreateImport, ImportView>(
        {Method::post, "/api/v1/imports", "import.create", http::local_only, http::audited{"import.create"},
            {"Import a file of this host", "导入服务器上的文件"}, http::Creates::something},
        [this, &sources](const Caller& caller, const CreateImport& request) -> Result<ImportView> {
            const auto kind = parse_kind(request.as);
            if (!kind)
                return unknown_kind();
            const sheet::Choice choice{request.sheet.value_or(""), request.encoding.value_or(""),
                request.has_header.value_or(true) ? sheet::Header::found : sheet::Header::none,
                std::uint64_t(std::max<std::int64_t>(0, request.header_line.value_or(0)))};
            return view_of(TRY(create(caller, {request.path, *kind, request.source, request.map, choice})), sources,
                caller.locale);
        });
    contract.add<http::Nothing, ImportList>({Method::get, "/api/v1/imports", "import.list", http::may_read,
                                                http::not_audited, {"The newest imports", "最近的导入"}},
        [this, &sources](const Caller& caller, const http::Nothing&) -> Result<ImportList> {
            ImportList answer;
            for (const Import& import : TRY(list(100)))
                answer.items.push_back(view_of(import, sources, caller.locale));
            return answer;
        });
    contract.add<GetImport, ImportView>({Method::get, "/api/v1/imports/{id}", "import.get", http::may_read,
                                            http::not_audited, {"One import", "单次导入"}},
        [this, &sources](const Caller& caller, const GetImport& request) -> Result<ImportView> {
            return view_of(TRY(get(request.id)), sources, caller.locale);
        });
}

} // namespace onefold::import
