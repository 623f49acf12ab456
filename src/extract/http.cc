#include "extract/extract.h"
#include "extract/rows.h"
#include "http/bind.h"
#include "http/file_answer.h"
#include "object/shipped.h"

namespace onefold::extract {

BOOST_DESCRIBE_ENUM(Format, csv, xlsx)

namespace {

// By what the list was narrowed: nothing, a filter or condition, or records chosen one by one.
enum class Narrowed { no, by_filter, by_choice };
BOOST_DESCRIBE_ENUM(Narrowed, no, by_filter, by_choice)

constexpr std::string_view xlsx_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

// `columns`: codes of fields, and `identifiers`, `lines`; without them the usual ones. `ids` narrows to these records.
struct CreateExtract {
    std::string object;
    Format format;
    std::optional<std::vector<std::string>> columns;
    std::optional<boost::json::value> filter;
    std::optional<std::string> condition, sort;
    std::optional<std::vector<RecordId>> ids;
    static http::Rules rules() {
        return {{.member = "columns", .length_max = columns_max}, {.member = "ids", .length_max = 1000}};
    }
};
BOOST_DESCRIBE_STRUCT(CreateExtract, (), (object, format, columns, filter, condition, sort, ids))

// `file`: the name under which it is downloaded.
struct ExtractView {
    ExtractId id;
    std::string object, state;
    Narrowed narrowed;
    Format format;
    std::string file;
    std::int64_t records, rows, bytes;
    std::optional<std::int64_t> records_total;
    Instant created_at;
    std::optional<Instant> finished_at, kept_until;
    std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(ExtractView, (),
    (id, object, state, narrowed, format, file, records, rows, bytes, records_total, created_at, finished_at,
        kept_until, error))

struct ExtractList {
    std::vector<ExtractView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ExtractList, (), (items, next))

struct GetExtract {
    ExtractId id;
};
BOOST_DESCRIBE_STRUCT(GetExtract, (), (id))

Narrowed narrowed_of(const Wish& wish) {
    if (!wish.ids.empty())
        return Narrowed::by_choice;
    return wish.filter || wish.condition ? Narrowed::by_filter : Narrowed::no;
}

// By the day that the company's clock showed.
std::string name_of(const Extract& extract, const Zone& zone, const Locale& locale) {
    const auto* object = object::shipped_catalogue().find_object(extract.wish.words.object);
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(zone.local_of(extract.created_at)));
    return fmt::format("{}-{:04}-{:02}-{:02}.{}", object ? object->label.in(locale) : "export", int(day.year()),
        unsigned(day.month()), unsigned(day.day()), to_string(extract.wish.format));
}

ExtractView view_of(const Extract& extract, const Zone& zone, const Locale& locale) {
    ExtractView view{extract.id, extract.wish.words.object, std::string(to_string(extract.state)),
        narrowed_of(extract.wish), extract.wish.format, name_of(extract, zone, locale), extract.records, extract.rows,
        extract.bytes, {}, extract.created_at, extract.finished_at, {}, {}};
    if (extract.records_total > 0)
        view.records_total = extract.records_total;
    if (extract.finished_at)
        view.kept_until = *extract.finished_at + kept_for;
    if (extract.error)
        view.error = extract.error->in(locale);
    return view;
}

Wish wish_of(const CreateExtract& request) {
    Wish wish;
    wish.words = {request.object, request.columns.value_or(std::vector<std::string>{}), {}};
    wish.format = request.format;
    if (request.filter && !request.filter->is_null())
        wish.filter = boost::json::serialize(*request.filter);
    wish.condition = request.condition;
    wish.sort = request.sort;
    for (const RecordId id : request.ids.value_or(std::vector<RecordId>{}))
        wish.ids.push_back(id.value);
    return wish;
}

Result<http::Outgoing> file_of(
    const Extracts& extracts, const Rooms& rooms, const Caller& caller, const http::Incoming& incoming) {
    const ExtractId id{parse_id(incoming.path_values[0].second).value_or(0)};
    const std::string path = TRY(extracts.path_of(caller, id));
    const Extract extract = TRY(extracts.get(caller, id));
    const std::shared_ptr<const runtime::File> file = TRY(rooms.outside.files.open(path, runtime::OpenMode::read));
    const auto size = TRY(file->size());
    return http::file_answer(incoming, file, size,
        name_of(extract, TRY(rooms.database.read(zone_of_company)), caller.locale),
        extract.wish.format == Format::csv ? "text/csv; charset=utf-8" : xlsx_type);
}

} // namespace

void Extracts::add_routes(http::Contract& contract) {
    using http::Method;
    const auto shown = [this](const Caller& caller, const Result<Extract>& extract) -> Result<ExtractView> {
        return view_of(TRY(extract), TRY(rooms_.database.read(zone_of_company)), caller.locale);
    };
    contract.add<CreateExtract, ExtractView>(
        {Method::post, "/api/v1/extracts", "extract.create", http::may_read, http::audited{"extract.create"},
            {"Export a list as CSV or XLSX", "将列表导出为 CSV 或 XLSX"}, http::Creates::something},
        [this, shown](const Caller& caller, const CreateExtract& request) {
            return shown(caller, create(caller, wish_of(request)));
        });
    contract.add<http::Nothing, ExtractList>(
        {Method::get, "/api/v1/extracts", "extract.list", http::may_read, http::not_audited,
            {"One's own exports of the last day", "自己最近一天的导出"}},
        [this](const Caller& caller, const http::Nothing&) -> Result<ExtractList> {
            const Zone zone = TRY(rooms_.database.read(zone_of_company));
            ExtractList answer;
            for (const Extract& extract : TRY(list(caller)))
                answer.items.push_back(view_of(extract, zone, caller.locale));
            return answer;
        });
    contract.add<GetExtract, ExtractView>({Method::get, "/api/v1/extracts/{id}", "extract.get", http::may_read,
                                              http::not_audited, {"How an export stands", "导出的进度"}},
        [this, shown](
            const Caller& caller, const GetExtract& request) { return shown(caller, get(caller, request.id)); });
    contract.add<GetExtract, ExtractView>(
        {Method::post, "/api/v1/extracts/{id}/cancel", "extract.cancel", http::may_read,
            http::audited{"extract.cancel"}, {"Cancel an export", "取消导出"}},
        [this, shown](
            const Caller& caller, const GetExtract& request) { return shown(caller, cancel(caller, request.id)); });
    contract.add<GetExtract, void>({Method::delete_, "/api/v1/extracts/{id}", "extract.delete", http::may_read,
                                       http::audited{"extract.delete"}, {"Delete an export", "删除导出"}},
        [this](const Caller& caller, const GetExtract& request) { return remove(caller, request.id); });
    contract.add_raw(
        {.method = Method::get,
            .path = "/api/v1/extracts/{id}/file",
            .name = "extract.fetch",
            .permission = http::may_read,
            .audit = http::audited{"extract.fetch"},
            .summary = {"The file of an export, whole or a part of it (Range)", "下载导出的文件，可分段（Range）"}},
        {}, {{"type", "string"}, {"contentMediaType", "text/csv"}},
        [this](const Caller& caller, const http::Incoming& incoming, const http::Respond& respond) {
            auto answer = file_of(*this, rooms_, caller, incoming);
            respond(answer ? std::move(*answer) : http::outgoing_of(answer.error(), caller.locale, caller.request_id));
        });
}

} // namespace onefold::extract
