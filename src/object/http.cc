#include "http/bind.h"
#include "object/listing.h"
#include "object/object.h"
#include "object/question.h"
#include "object/shipped.h"
#include "query/choices.h"

#include <cstdlib>

namespace onefold::object {
namespace {

using boost::json::value;
using Row = std::vector<value>;

struct OrderView {
    RecordId id;
    std::string number, source;
    std::optional<CustomerId> customer;
    Instant time;
    std::string total, currency;
    std::int64_t line_count;
    std::optional<std::string> status;
    std::string refunded; // of the total
    bool is_cancelled;
};
BOOST_DESCRIBE_STRUCT(
    OrderView, (), (id, number, source, customer, time, total, currency, line_count, status, refunded, is_cancelled))

struct OrderLineView {
    std::optional<std::string> sku, name;
    std::string quantity, price, amount;
};
BOOST_DESCRIBE_STRUCT(OrderLineView, (), (sku, name, quantity, price, amount))

struct OrderDetail : OrderView {
    std::vector<OrderLineView> lines;
};
BOOST_DESCRIBE_STRUCT(OrderDetail, (OrderView), (lines))

struct TicketView {
    RecordId id;
    std::string number, source;
    std::optional<CustomerId> customer;
    std::optional<Instant> time;
    std::optional<std::string> subject, status;
    value rating; // a number or null
};
BOOST_DESCRIBE_STRUCT(TicketView, (), (id, number, source, customer, time, subject, status, rating))

struct OrderList {
    std::vector<OrderView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(OrderList, (), (items, next))

struct TicketList {
    std::vector<TicketView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(TicketList, (), (items, next))

struct ListRecords : http::PageRequest {
    std::optional<CustomerId> customer;
    std::optional<std::string> filter, sort;
};
BOOST_DESCRIBE_STRUCT(ListRecords, (http::PageRequest), (customer, filter, sort))

struct GetRecord {
    RecordId id;
};
BOOST_DESCRIBE_STRUCT(GetRecord, (), (id))

struct ChoiceView {
    std::string code;
    LocalText label;
};
BOOST_DESCRIBE_STRUCT(ChoiceView, (), (code, label))

struct FieldView {
    std::string code;
    LocalText label;
    std::string type;
    bool is_computed;
    bool has_several;                // values a record: for filters only
    std::vector<ChoiceView> choices; // values that are shown by other words than they are written with
};
BOOST_DESCRIBE_STRUCT(FieldView, (), (code, label, type, is_computed, has_several, choices))

struct FieldList {
    std::vector<FieldView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(FieldList, (), (items, next))

struct ListFields {
    std::string object;
};
BOOST_DESCRIBE_STRUCT(ListFields, (), (object))

struct ColumnView {
    std::string path;
    std::optional<AggregateName> aggregate;
    std::string type;
};
BOOST_DESCRIBE_STRUCT(ColumnView, (), (path, aggregate, type))

struct QueryAnswer {
    std::vector<ColumnView> columns;
    std::vector<std::vector<value>> rows;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(QueryAnswer, (), (columns, rows, next))

std::optional<std::string> text_in(const value& json) {
    return json.is_string() ? std::optional(std::string(json.get_string())) : std::nullopt;
}
std::int64_t integer_in(const value& json) {
    return json.is_int64() ? json.get_int64() : 0;
}
RecordId record_in(const value& json) {
    return RecordId{parse_id(text_in(json).value_or("")).value_or(0)};
}

std::optional<CustomerId> customer_in(const value& json) {
    const auto id = parse_id(text_in(json).value_or(""));
    return id ? std::optional(CustomerId{*id}) : std::nullopt;
}

std::optional<Instant> instant_in(const value& json) {
    const auto text = text_in(json);
    const auto at = text ? parse_rfc3339(*text) : fail(Error{});
    return at ? std::optional(*at) : std::nullopt;
}

std::optional<std::string> next_of(std::string next) {
    return next.empty() ? std::nullopt : std::optional(std::move(next));
}

query::Query query_for(std::string_view object, std::initializer_list<std::string_view> codes) {
    query::Query query;
    query.object = object;
    for (const std::string_view code : codes)
        query.select.push_back({{std::string(code)}});
    return query;
}

query::Query orders() {
    return query_for("order", {"id", "number", "source", "customer", "time", "total", "currency", "line_count",
                                  "status", "refunded", "is_cancelled"});
}

OrderView order_of(const Row& row, const SourceName& source_name) {
    return {record_in(row[0]), text_in(row[1]).value_or(""), source_name(SourceId{integer_in(row[2])}),
        customer_in(row[3]), instant_in(row[4]).value_or(Instant{}), text_in(row[5]).value_or("0"),
        text_in(row[6]).value_or(""), integer_in(row[7]), text_in(row[8]), text_in(row[9]).value_or("0"),
        row[10].is_bool() && row[10].get_bool()};
}

query::Query tickets() {
    return query_for("ticket", {"id", "number", "source", "customer", "time", "subject", "status", "rating"});
}

TicketView ticket_of(const Row& row, const SourceName& source_name) {
    const auto rating = text_in(row[7]);
    return {record_in(row[0]), text_in(row[1]).value_or(""), source_name(SourceId{integer_in(row[2])}),
        customer_in(row[3]), instant_in(row[4]), text_in(row[5]), text_in(row[6]),
        rating ? value(std::strtod(rating->c_str(), nullptr)) : value(nullptr)};
}

Result<query::Table> list(store::Session& session, query::Query query, const ListRecords& request) {
    query.filter = TRY(filter_of(request.filter));
    if (request.customer) {
        auto is_theirs = formula::call(
            formula::Operator::equal, {formula::field({"customer"}), formula::literal(to_string(*request.customer))});
        query.filter = query.filter
                           ? formula::call(formula::Operator::and_, {std::move(*query.filter), std::move(is_theirs)})
                           : std::move(is_theirs);
    }
    query.sort = TRY(sort_of(request.sort));
    if (query.sort.empty())
        query.sort = {{{"time"}, query::Direction::descending}};
    query.page = TRY(page_of(request.limit, request.after));
    return query::run(session, query, shipped_catalogue());
}

Result<std::optional<Row>> find(store::Session& session, query::Query query, RecordId id) {
    query.among = {id.value};
    query.page.limit = 1;
    auto table = TRY(query::run(session, query, shipped_catalogue()));
    return table.rows.empty() ? std::nullopt : std::optional(std::move(table.rows.front()));
}

Result<std::vector<OrderLineView>> list_lines(store::Session& session, RecordId order) {
    query::Query query = query_for("order_line", {"sku", "name", "quantity", "price", "amount"});
    query.filter =
        formula::call(formula::Operator::equal, {formula::field({"order"}), formula::literal(to_string(order))});
    query.sort = {{{"line_number"}}};
    query.page.limit = query::Page::limit_max;
    std::vector<OrderLineView> lines;
    do {
        const auto table = TRY(query::run(session, query, shipped_catalogue()));
        for (const Row& row : table.rows)
            lines.push_back({text_in(row[0]), text_in(row[1]), text_in(row[2]).value_or("0"),
                text_in(row[3]).value_or("0"), text_in(row[4]).value_or("0")});
        query.page.after = table.next;
    } while (!query.page.after.empty());
    return lines;
}

Result<OrderDetail> get_order(store::Session& session, RecordId id, const SourceName& source_name) {
    const auto row = TRY(find(session, orders(), id));
    if (!row)
        return fail(ErrorKind::not_found, "object.no_such_order", {"There is no such order.", "没有这个订单。"});
    return OrderDetail{order_of(*row, source_name), TRY(list_lines(session, id))};
}

Result<TicketView> get_ticket(store::Session& session, RecordId id, const SourceName& source_name) {
    const auto row = TRY(find(session, tickets(), id));
    if (!row)
        return fail(ErrorKind::not_found, "object.no_such_ticket", {"There is no such ticket.", "没有这个工单。"});
    return ticket_of(*row, source_name);
}

Result<FieldList> list_fields(const std::string& code) {
    const query::ObjectEntry* object = shipped_catalogue().find_object(code);
    if (!object) {
        const LocalText message{"There is no such object.", "没有这个对象。"};
        return fail(
            ErrorKind::invalid, "object.unknown_object", message, {{"/object", "object.unknown_object", message}});
    }
    FieldList answer;
    const auto* shown = dynamic_cast<const query::Choices*>(&shipped_catalogue());
    for (const query::FieldEntry& field : object->fields) {
        FieldView view{field.code, field.label, std::string(to_string(field.type)),
            !field.extension.empty() || !field.steps.empty(), !field.steps.empty(), {}};
        if (const auto* choices = shown ? shown->choices_of(field.id) : nullptr)
            for (const auto& choice : *choices)
                view.choices.push_back({choice.code, choice.label});
        answer.items.push_back(std::move(view));
    }
    return answer;
}

Result<QueryAnswer> answer_question(store::Session& session, const Question& question, Instant now) {
    query::Query query = TRY(query_of(question));
    query.now = now;
    if (query.filter)
        query.zone = TRY(zone_of(session));
    const auto compiled = TRY(query::compile(query, shipped_catalogue(), session.dialect()));
    auto table = TRY(query::run(session, query, shipped_catalogue()));
    QueryAnswer answer{{}, std::move(table.rows), next_of(std::move(table.next))};
    for (std::size_t i = 0; i < question.select.size(); ++i) {
        const query::Column& column = compiled.columns[i];
        const auto type = column.form == query::Form::sum_and_count ? query::FieldType::decimal : column.type;
        answer.columns.push_back({question.select[i].path, question.select[i].aggregate, std::string(to_string(type))});
    }
    return answer;
}

void add_order_routes(http::Contract& contract, store::Database& database, const SourceName& source_name) {
    using http::Method;
    contract.add<ListRecords, OrderList>({Method::get, "/api/v1/orders", "order.list", http::may_read,
                                             http::not_audited, {"Orders, newest first", "订单列表（最新在前）"}},
        [&database, source_name](const Caller&, const ListRecords& request) -> Result<OrderList> {
            return database.read([&](store::Session& session) -> Result<OrderList> {
                auto table = TRY(list(session, orders(), request));
                OrderList answer{{}, next_of(std::move(table.next))};
                for (const Row& row : table.rows)
                    answer.items.push_back(order_of(row, source_name));
                return answer;
            });
        });
    contract.add<GetRecord, OrderDetail>({Method::get, "/api/v1/orders/{id}", "order.get", http::may_read,
                                             http::not_audited, {"One order with its lines", "订单详情（含明细行）"}},
        [&database, source_name](const Caller&, const GetRecord& request) -> Result<OrderDetail> {
            return database.read([&](store::Session& session) { return get_order(session, request.id, source_name); });
        });
}

void add_ticket_routes(http::Contract& contract, store::Database& database, const SourceName& source_name) {
    using http::Method;
    contract.add<ListRecords, TicketList>({Method::get, "/api/v1/tickets", "ticket.list", http::may_read,
                                              http::not_audited, {"Tickets, newest first", "工单列表（最新在前）"}},
        [&database, source_name](const Caller&, const ListRecords& request) -> Result<TicketList> {
            return database.read([&](store::Session& session) -> Result<TicketList> {
                auto table = TRY(list(session, tickets(), request));
                TicketList answer{{}, next_of(std::move(table.next))};
                for (const Row& row : table.rows)
                    answer.items.push_back(ticket_of(row, source_name));
                return answer;
            });
        });
    contract.add<GetRecord, TicketView>({Method::get, "/api/v1/tickets/{id}", "ticket.get", http::may_read,
                                            http::not_audited, {"One ticket", "工单详情"}},
        [&database, source_name](const Caller&, const GetRecord& request) -> Result<TicketView> {
            return database.read([&](store::Session& session) { return get_ticket(session, request.id, source_name); });
        });
}

} // namespace

void add_routes(
    http::Contract& contract, store::Database& database, const runtime::Clock& clock, SourceName source_name) {
    using http::Method;
    add_order_routes(contract, database, source_name);
    add_ticket_routes(contract, database, source_name);
    add_count_route(contract, database, clock);
    add_function_route(contract);
    contract.add<ListFields, FieldList>({Method::get, "/api/v1/fields", "field.list", http::may_read, http::not_audited,
                                            {"The fields of an object", "对象的字段"}},
        [](const Caller&, const ListFields& request) -> Result<FieldList> { return list_fields(request.object); });
    contract.add<Question, QueryAnswer>({Method::post, "/api/v1/query", "query.run", http::may_read, http::not_audited,
                                            {"Ask for rows or figures of any object", "查询任意对象的明细或汇总"}},
        [&database, &clock](const Caller&, const Question& question) -> Result<QueryAnswer> {
            return database.read(
                [&](store::Session& session) { return answer_question(session, question, clock.now()); });
        });
}

} // namespace onefold::object
