#include "customer/customer.h"

#include "customer/taker.h"
#include "object/listing.h"
#include "object/shipped.h"

namespace onefold::customer {
namespace {

// The order of columns in every query for customers.
struct Columns {
    std::vector<query::Selection> select;
    std::size_t golden_first, computed_first;
};

const Columns& columns() {
    static const Columns all = [] {
        Columns c;
        for (const std::string_view code : {"id", "kind", "state", "version"})
            c.select.push_back({{std::string(code)}});
        c.golden_first = c.select.size();
        for (const object::GoldenField& field : object::golden_fields())
            c.select.push_back({{std::string(field.code)}});
        c.computed_first = c.select.size();
        for (const std::string_view code : {"first_seen_at", "last_seen_at", "last_purchase_at", "event_count",
                 "order_count", "ticket_count", "total_spend", "currency", "unconverted"})
            c.select.push_back({{std::string(code)}});
        return c;
    }();
    return all;
}

std::optional<Instant> instant_in(const boost::json::value& json) {
    if (!json.is_string())
        return std::nullopt;
    const auto at = parse_rfc3339(std::string_view(json.get_string()));
    return at ? std::optional(*at) : std::nullopt;
}
std::int64_t count_in(const boost::json::value& json) {
    return json.is_int64() ? json.get_int64() : 0;
}
std::string text_in(const boost::json::value& json) {
    return json.is_string() ? std::string(json.get_string()) : std::string();
}

Customer customer_of(const std::vector<boost::json::value>& row) {
    Customer customer;
    customer.id = CustomerId{parse_id(text_in(row[0])).value_or(0)};
    customer.kind = text_in(row[1]);
    customer.state = text_in(row[2]);
    customer.version = count_in(row[3]);
    std::size_t at = columns().golden_first;
    for (const object::GoldenField& field : object::golden_fields()) {
        const auto& value = row[at++];
        if (!value.is_null())
            customer.fields[field.code] = value;
    }
    Computed& computed = customer.computed;
    computed.first_seen_at = instant_in(row[at]);
    computed.last_seen_at = instant_in(row[at + 1]);
    computed.last_purchase_at = instant_in(row[at + 2]);
    computed.event_count = count_in(row[at + 3]);
    computed.order_count = count_in(row[at + 4]);
    computed.ticket_count = count_in(row[at + 5]);
    if (row[at + 6].is_string())
        computed.total_spend = text_in(row[at + 6]);
    computed.currency = text_in(row[at + 7]);
    if (const auto* others = row[at + 8].if_array())
        for (const auto& other : *others)
            computed.unconverted.push_back({text_in(other.at("currency")), text_in(other.at("amount"))});
    return customer;
}

Failure no_such_customer() {
    return fail(ErrorKind::not_found, "customer.no_such_customer", {"There is no such customer.", "没有这个客户。"});
}

query::Query query_for(CustomerId id) {
    query::Query query;
    query.object = "customer";
    query.select = columns().select;
    query.among = {id.value};
    query.page.limit = 1;
    return query;
}

} // namespace

Customers::Customers(store::Database& database, const access::Keys& keys, const runtime::Outside& outside,
    const source::Sources& sources, const event_log::EventLog& log, const timeline::Timeline& timeline)
    : database_(database),
      keys_(keys),
      outside_(outside),
      sources_(sources),
      log_(log),
      timeline_(timeline),
      identity_(keys, outside.clock) {}

std::string Customers::source_name(SourceId id) const {
    const auto source = sources_.get(id);
    return source ? source->name : "";
}

Result<CustomerId> Customers::living(store::Session& session, CustomerId id) const {
    const auto found = TRY(session.find("SELECT merged_into, state FROM customer WHERE id = $1", {id.value},
        [](const store::Row& row) { return std::pair(row.integer(0), row.text(1) == "withdrawn"); }));
    if (!found)
        return no_such_customer();
    if (found->second)
        return fail(ErrorKind::not_found, "customer.withdrawn",
            {"All that was known of this customer came from an import that was rolled back.",
                "该客户的全部信息均来自一次已撤回的导入。"});
    return found->first == 0 ? id : CustomerId{found->first};
}

Result<Customer> Customers::get(CustomerId id) const {
    return database_.read([&](store::Session& session) { return read(session, id); });
}

Result<Customer> Customers::read(store::Session& session, CustomerId id) const {
    const auto table = TRY(query::run(session, query_for(id), object::shipped_catalogue()));
    if (table.rows.empty()) {
        auto found = TRY(session.find("SELECT kind, state, merged_into, version FROM customer WHERE id = $1",
            {id.value}, [&](const store::Row& row) {
                Customer merged;
                merged.id = id;
                merged.kind = row.text(0);
                merged.state = row.text(1);
                if (!row.is_null(2))
                    merged.merged_into = CustomerId{row.integer(2)};
                merged.version = row.integer(3);
                return merged;
            }));
        if (!found)
            return no_such_customer();
        return std::move(*found);
    }
    Customer customer = customer_of(table.rows.front());
    customer.identifiers = std::move(TRY(identity_.list_identifiers(session, {id})).front());
    std::vector<Customer> one{std::move(customer)};
    TRY(add_what_is_not_written(session, one));
    return std::move(one.front());
}

Result<> Customers::add_what_is_not_written(store::Session& session, std::vector<Customer>& customers) const {
    const Written tables = TRY(Taker::written(session));
    if (!activity_->is_missing(tables))
        return {};
    for (Customer& customer : customers) {
        const EventSum missing = activity_->missing(TRY(identity_.list_nodes(session, customer.id)), tables);
        if (missing.count == 0)
            continue;
        Computed& computed = customer.computed;
        computed.event_count += missing.count;
        computed.first_seen_at = std::min(computed.first_seen_at.value_or(Instant::max()), missing.first_at);
        computed.last_seen_at = std::max(computed.last_seen_at, missing.seen_at()); // none is the earliest
    }
    return {};
}

Result<boost::json::object> Customers::get_provenance(CustomerId id) const {
    const auto stored = TRY(database_.read([&](store::Session& session) {
        return session.find("SELECT provenance FROM customer WHERE id = $1", {id.value},
            [](const store::Row& row) { return std::string(row.text(0)); });
    }));
    boost::json::object provenance;
    if (!stored || stored->empty())
        return provenance;
    auto said = [&](const boost::json::value& from) {
        return boost::json::object{{"value", from.at("value")},
            {"source", source_name(SourceId{from.at("source").as_int64()})},
            {"at", to_rfc3339(instant_of(from.at("at").as_int64()))},
            {"is_verified", from.as_object().contains("is_verified")}};
    };
    const auto parsed = boost::json::parse(*stored);
    for (const auto& [field, value] : parsed.as_object()) {
        const auto* golden = object::find_golden_field(FieldId{parse_id(field).value_or(0)});
        if (!golden)
            continue;
        boost::json::object entry = said(value);
        entry["rule"] = value.at("rule");
        entry["is_verified"] = value.as_object().contains("verified");
        if (value.at("rule") == "hidden")
            entry["value"] = nullptr;
        boost::json::array others;
        for (const auto& other : value.at("others").as_array())
            others.push_back(said(other));
        entry["others"] = std::move(others);
        provenance[golden->code] = std::move(entry);
    }
    return provenance;
}

namespace {

Result<identity::Reference> reference_of(const std::string& written) {
    auto reference = identity::parse_reference(written);
    if (reference)
        return reference;
    Error error = std::move(reference).error();
    error.fields = {{"/identifier", error.code, error.message}};
    return fail(std::move(error));
}

} // namespace

Result<CustomerPage> Customers::list(const Listing& listing) const {
    return database_.read([&](store::Session& session) -> Result<CustomerPage> {
        query::Query query;
        query.object = "customer";
        query.select = columns().select;
        query.filter = listing.filter;
        query.sort = listing.sort;
        query.page = listing.page;
        query.now = outside_.clock.now();
        if (listing.filter)
            query.zone = TRY(object::zone_of(session));
        if (listing.identifier) {
            const auto reference = TRY(reference_of(*listing.identifier));
            query.among.emplace();
            for (const CustomerId id : TRY(identity_.find_customers(session, reference, sources_.regions())))
                query.among->push_back(id.value);
        }
        const auto table = TRY(query::list(session, query, object::shipped_catalogue()));
        CustomerPage page{{}, table.next};
        std::vector<CustomerId> ids;
        for (const auto& row : table.rows) {
            page.items.push_back(customer_of(row));
            ids.push_back(page.items.back().id);
        }
        auto identifiers = TRY(identity_.list_identifiers(session, ids));
        for (std::size_t i = 0; i < ids.size(); ++i)
            page.items[i].identifiers = std::move(identifiers[i]);
        TRY(add_what_is_not_written(session, page.items));
        return page;
    });
}

Result<identity::Lineage> Customers::lineage(CustomerId id) const {
    return database_.read([&](store::Session& session) -> Result<identity::Lineage> {
        return identity_.lineage(session, TRY(living(session, id)));
    });
}

} // namespace onefold::customer
