#include "extract/rows.h"

#include "company/company.h"
#include "identity/places.h"
#include "object/listing.h"
#include "object/shipped.h"
#include "query/ids.h"

namespace onefold::extract {
namespace {

constexpr std::size_t records_a_step = 500;

std::size_t place_in(std::vector<std::string>& paths, const std::string& path) {
    const auto found = std::ranges::find(paths, path);
    if (found != paths.end())
        return std::size_t(found - paths.begin());
    paths.push_back(path);
    return paths.size() - 1;
}

std::size_t place_of(const std::vector<std::string>& paths, const std::string& path) {
    return std::size_t(std::ranges::find(paths, path) - paths.begin());
}

query::Query selecting(std::string_view object, const std::vector<std::string>& paths) {
    query::Query query;
    query.object = object;
    for (const std::string& path : paths)
        query.select.push_back({object::path_of(path)});
    return query;
}

std::string text_in(const boost::json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : "";
}

Failure too_many_records() {
    return fail(ErrorKind::too_large, "extract.too_many_records",
        {"These are more than 5,000,000 records. Narrow the list by conditions and export it in parts.",
            "超过 5,000,000 条记录，请用条件缩小范围后分批导出。"});
}

} // namespace

Result<Zone> zone_of_company(store::Session& session) {
    return Zone::named(TRY(company::get_company(session)).zone);
}

Failure too_long_for_xlsx() {
    return fail(ErrorKind::too_large, "extract.too_long_for_xlsx",
        {"A sheet of a workbook holds 1,048,575 rows, and these are more. Export them as CSV.",
            "Excel 工作表最多 1,048,575 行，当前数据超出，请导出为 CSV。"});
}

Result<> check(const Rooms& rooms, const Wish& wish) {
    const auto& catalogue = object::shipped_catalogue();
    TRY(plan_columns(wish.words, catalogue, {}));
    return rooms.database.read([&](store::Session& session) -> Result<> {
        auto query = TRY(query_of(wish, TRY(zone_of_company(session)), rooms.outside.clock.now()));
        query.select = {{{"id"}}};
        TRY(query::compile(query, catalogue, session.dialect()));
        return {};
    });
}

Result<query::Query> query_of(const Wish& wish, const Zone& zone, Instant now) {
    query::Query query;
    query.object = wish.words.object;
    query.filter = TRY(object::condition_of(wish.filter, wish.condition));
    query.sort = TRY(object::sort_of(wish.sort));
    query.now = now;
    query.zone = zone;
    if (!wish.ids.empty())
        query.among = wish.ids;
    return query;
}

Result<Rows> Rows::open(store::Session& session, const Rooms& rooms, const Wish& wish) {
    Rows rows(rooms, wish);
    const auto& catalogue = object::shipped_catalogue();
    const Places places = wants(wish.words, "identifiers") ? TRY(identity::list_places(session)) : Places{};
    rows.columns_ = TRY(plan_columns(wish.words, catalogue, places));
    rows.zone_ = TRY(zone_of_company(session));
    const auto query = TRY(query_of(wish, rows.zone_, rooms.outside.clock.now()));
    rows.ids_ = TRY(query::list_ids(session, query, catalogue, records_max + 1));
    if (rows.records() > records_max)
        return too_many_records();
    if (wish.format == Format::xlsx && rows.records() > rooms.limits.workbook_rows_max)
        return too_long_for_xlsx();
    place_in(rows.paths_, "id");
    for (const Column& column : rows.columns_) {
        if (column.from == From::line)
            place_in(rows.line_paths_, column.path);
        else if (!column.path.empty())
            place_in(rows.paths_, column.path);
        rows.has_identifiers_ |= column.from == From::identifier || column.from == From::others;
        rows.has_lines_ |= column.from == From::line;
    }
    rows.customer_path_ = wish.words.object == "customer" ? "id" : "customer";
    if (rows.has_identifiers_)
        place_in(rows.paths_, rows.customer_path_);
    if (rows.has_lines_)
        place_in(rows.line_paths_, "order");
    return rows;
}

Result<std::vector<std::vector<Cell>>> Rows::next(store::Session& session) {
    const auto ids = std::span(ids_).subspan(done_, std::min(records_a_step, ids_.size() - done_));
    std::vector<std::vector<Cell>> rows;
    if (ids.empty())
        return rows;
    auto query = selecting(wish_.words.object, paths_);
    query.among = std::vector(ids.begin(), ids.end());
    query.page.limit = query::Page::limit_max;
    auto records = TRY(query::run(session, query, object::shipped_catalogue())).rows;
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < ids.size(); ++i)
        places[std::to_string(ids[i])] = i;
    std::ranges::sort(records, {}, [&](const Record& record) { return places.at(text_in(record.front())); });
    const auto lines = has_lines_ ? TRY(read_lines(session, ids)) : Lines{};
    const auto identifiers = TRY(read_identifiers(session, records));
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto found = lines.find(text_in(records[i].front()));
        if (found == lines.end())
            rows.push_back(row_of(records[i], identifiers[i], nullptr));
        else
            for (const Record& line : found->second)
                rows.push_back(row_of(records[i], identifiers[i], &line));
    }
    done_ += ids.size();
    return rows;
}

Result<Rows::Lines> Rows::read_lines(store::Session& session, std::span<const std::int64_t> orders) const {
    auto query = selecting("order_line", line_paths_);
    std::vector<formula::Expression> arguments{formula::field({"order"})};
    for (const std::int64_t order : orders)
        arguments.push_back(formula::literal(std::to_string(order)));
    query.filter = formula::call(formula::Operator::in, std::move(arguments));
    query.sort = {query::Sort{{"order"}}, query::Sort{{"line_number"}}};
    query.page.limit = query::Page::limit_max;
    Lines lines;
    do {
        auto table = TRY(query::run(session, query, object::shipped_catalogue()));
        for (Record& line : table.rows)
            lines[text_in(line[place_of(line_paths_, "order")])].push_back(std::move(line));
        query.page.after = table.next;
    } while (!query.page.after.empty());
    return lines;
}

Result<std::vector<std::vector<identity::StoredIdentifier>>> Rows::read_identifiers(
    store::Session& session, const std::vector<Record>& records) const {
    if (!has_identifiers_)
        return std::vector<std::vector<identity::StoredIdentifier>>(records.size());
    const std::size_t place = place_of(paths_, customer_path_);
    std::vector<CustomerId> customers;
    for (const Record& record : records)
        customers.push_back(CustomerId{parse_id(text_in(record[place])).value_or(0)});
    return rooms_.identity.list_identifiers(session, customers);
}

std::vector<Cell> Rows::row_of(
    const Record& record, const std::vector<identity::StoredIdentifier>& identifiers, const Record* line) const {
    std::vector<Cell> cells;
    std::vector<bool> has_column(identifiers.size());
    for (const Column& column : columns_) {
        Cell cell;
        switch (column.from) {
        case From::id:
            cell.text = text_in(record.front());
            break;
        case From::source:
            if (const auto& id = record[place_of(paths_, column.path)]; id.is_int64())
                cell.text = rooms_.source_name(SourceId{id.get_int64()});
            break;
        case From::field:
        case From::customer:
            cell = cell_of(record[place_of(paths_, column.path)], column.kind, zone_, wish_.words.locale);
            break;
        case From::line:
            if (line)
                cell = cell_of((*line)[place_of(line_paths_, column.path)], column.kind, zone_, wish_.words.locale);
            break;
        case From::identifier:
            for (std::size_t i = 0; i < identifiers.size() && cell.text.empty(); ++i)
                if (identifiers[i].type == column.type && identifiers[i].scope == column.scope) {
                    cell.text = identifiers[i].value;
                    has_column[i] = true;
                }
            break;
        case From::others:
            break;
        }
        cells.push_back(std::move(cell));
    }
    for (std::size_t c = 0; c < columns_.size(); ++c)
        if (columns_[c].from == From::others)
            for (std::size_t i = 0; i < identifiers.size(); ++i) {
                const auto* type = identity::find_identifier_type(identifiers[i].type);
                if (has_column[i] || !type || type->is_secret || type->is_digest_only || identifiers[i].value.empty())
                    continue;
                cells[c].text += fmt::format("{}{}{}{}:{}", cells[c].text.empty() ? "" : "; ", identifiers[i].type,
                    identifiers[i].scope.empty() ? "" : "@", identifiers[i].scope, identifiers[i].value);
            }
    return cells;
}

} // namespace onefold::extract
