#include "extract/plan.h"

#include "core/text.h"
#include "http/json.h"
#include "identity/identifier.h"
#include "sheet/safe_cell.h"

#include <map>
#include <set>

namespace onefold::extract {
namespace {

using query::FieldType;

constexpr std::string_view identifiers = "identifiers", lines = "lines";

const std::vector<std::string>& usual(std::string_view object) {
    static const std::map<std::string_view, std::vector<std::string>> all{
        {"order", {"number", "source", "customer", "identifiers", "time", "status", "currency", "total", "refunded",
                      "is_cancelled", "lines"}},
        {"ticket", {"number", "source", "customer", "identifiers", "time", "subject", "status", "rating"}},
    };
    static const std::vector<std::string> none;
    const auto found = all.find(object);
    return found == all.end() ? none : found->second;
}

// What is not for people, or has several values.
bool is_left_out(std::string_view object, const query::FieldEntry& field) {
    return field.code == "id" || field.code == "version" || !field.steps.empty() ||
           (object == "customer" && field.code == "state");
}

std::vector<std::string> codes_of(const Words& words, const query::ObjectEntry& object) {
    if (!words.columns.empty())
        return words.columns;
    if (!usual(words.object).empty())
        return usual(words.object);
    std::vector<std::string> codes;
    for (const query::FieldEntry& field : object.fields)
        if (!is_left_out(words.object, field)) {
            codes.push_back(field.code);
            if (words.object == "customer" && field.code == "name")
                codes.emplace_back(identifiers);
        }
    return codes;
}

// Where the field's label alone would not be understood by an import.
LocalText header_of(std::string_view object, const query::FieldEntry& field) {
    static const std::map<std::pair<std::string_view, std::string_view>, LocalText> own{
        {{"order", "number"}, {"Order number", "订单号"}},
        {{"order", "time"}, {"Order time", "下单时间"}},
        {{"order", "total"}, {"Order amount", "订单金额"}},
        {{"ticket", "number"}, {"Ticket number", "工单号"}},
        {{"ticket", "time"}, {"Created at", "创建时间"}},
    };
    const auto found = own.find({object, field.code});
    return found == own.end() ? field.label : found->second;
}

class Planner {
  public:
    Planner(const Words& words, const query::Catalogue& catalogue, const Places& places)
        : words_(words), catalogue_(catalogue), places_(places) {}

    Result<std::vector<Column>> plan() {
        const auto* object = catalogue_.find_object(words_.object);
        if (!object || object->code == "order_line" || object->code == "conflict") {
            const LocalText message{"Customers, orders and tickets can be exported.", "可以导出客户、订单和工单。"};
            return fail(ErrorKind::invalid, "extract.unknown_object", message,
                {{"/object", "extract.unknown_object", message}});
        }
        add({text(sheet::exported_id), From::id});
        std::size_t place = 0;
        std::set<std::string_view> codes;
        const auto all = codes_of(words_, *object);
        for (const std::string& code : all) {
            if (!codes.insert(code).second)
                return refused(code, place);
            if (code == identifiers)
                add_identifiers();
            else if (code == lines && words_.object == "order")
                add_lines();
            else
                TRY(add_field(*object, code, place));
            ++place;
        }
        if (columns_.size() > columns_max)
            return fail(ErrorKind::invalid, "extract.too_many_columns",
                {"A file has at most 200 columns, with the ID and those of identifiers.",
                    "一个文件最多 200 列，包括编号列和标识列。"});
        return std::move(columns_);
    }

  private:
    std::string text(const LocalText& label) const { return std::string(label.in(words_.locale)); }

    static Failure refused(const std::string& code, std::size_t place) {
        const LocalText message{
            fmt::format("The column “{}” is asked for twice.", code), fmt::format("列“{}”重复。", code)};
        return fail(ErrorKind::invalid, "extract.repeated_column", message,
            {{fmt::format("/columns/{}", place), "extract.repeated_column", message}});
    }

    void add(Column column) {
        const std::string header = column.header;
        for (int again = 2; !headers_.insert(column.header).second; ++again)
            column.header = fmt::format("{} ({})", header, again);
        columns_.push_back(std::move(column));
    }

    Result<> add_field(const query::ObjectEntry& object, const std::string& code, std::size_t place) {
        const auto field = std::ranges::find(object.fields, code, &query::FieldEntry::code);
        if (field != object.fields.end() && field->steps.empty() && is_left_out(words_.object, *field))
            return {}; // as lists may show it; its id comes first anyway
        if (field == object.fields.end() || !field->steps.empty()) {
            const LocalText message{
                fmt::format("There is no column “{}” to export.", code), fmt::format("没有可导出的列“{}”。", code)};
            return fail(ErrorKind::invalid, "extract.unknown_field", message,
                {{fmt::format("/columns/{}", place), "extract.unknown_field", message}});
        }
        const std::string header = text(header_of(words_.object, *field));
        if (code == "source")
            add({header, From::source, code});
        else if (field->type == FieldType::relation)
            add({header, From::customer, code + ".name"});
        else
            add({header, From::field, code, "", "", field->type});
        return {};
    }

    void add_identifiers() {
        std::size_t count = 0;
        for (const auto& [code, scope] : places_) {
            const auto* type = identity::find_identifier_type(code);
            if (!type || type->is_secret || type->is_digest_only || type->strength == identity::Strength::weak ||
                count == identifier_columns_max)
                continue;
            ++count;
            add({scope.empty() ? text(type->label) : fmt::format("{}@{}", code, scope), From::identifier, "", code,
                scope});
        }
        add({text({"Further identifiers", "其他标识"}), From::others});
    }

    void add_lines() {
        const auto* line = catalogue_.find_object("order_line");
        for (const std::string_view code : {"sku", "name", "quantity", "price", "amount"}) {
            const auto field = std::ranges::find(line->fields, code, &query::FieldEntry::code);
            add({text(field->label), From::line, field->code, "", "", field->type});
        }
    }

    const Words& words_;
    const query::Catalogue& catalogue_;
    const Places& places_;
    std::set<std::string> headers_;
    std::vector<Column> columns_;
};

std::string local_text(std::chrono::local_time<std::chrono::microseconds> at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    std::string text = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", int(date.year()), unsigned(date.month()),
        unsigned(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
    if (const auto micros = time.subseconds().count(); micros != 0)
        text += fmt::format(".{:06}", micros);
    return text;
}

Cell time_cell(const std::string& text, const Zone& zone) {
    const auto at = parse_rfc3339(text);
    if (!at)
        return {Cell::Kind::text, text};
    const auto local = zone.local_of(*at);
    if (zone.instant_of_local(local) != *at)
        return {Cell::Kind::text, text};
    return {Cell::Kind::time, local_text(local), local};
}

} // namespace

bool wants(const Words& words, std::string_view code) {
    const auto& codes = words.columns.empty() ? usual(words.object) : words.columns;
    return (codes.empty() && words.object == "customer" && code == identifiers) ||
           std::ranges::find(codes, code) != codes.end();
}

Result<std::vector<Column>> plan_columns(const Words& words, const query::Catalogue& catalogue, const Places& places) {
    return Planner{words, catalogue, places}.plan();
}

Cell cell_of(const boost::json::value& value, FieldType kind, const Zone& zone, const Locale& locale) {
    if (value.is_null())
        return {};
    if (value.is_bool())
        return {Cell::Kind::text,
            std::string((value.get_bool() ? LocalText{"yes", "是"} : LocalText{"no", "否"}).in(locale))};
    if (value.is_int64())
        return {Cell::Kind::number, std::to_string(value.get_int64())};
    if (!value.is_string()) {
        std::string written;
        http::write_json(value, written);
        return {Cell::Kind::text, std::move(written)};
    }
    std::string text(value.get_string());
    if (kind == FieldType::instant)
        return time_cell(text, zone);
    const bool is_number = kind == FieldType::decimal || kind == FieldType::money || kind == FieldType::integer;
    return {is_number ? Cell::Kind::number : Cell::Kind::text, std::move(text)};
}

} // namespace onefold::extract
