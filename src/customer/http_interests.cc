// What a customer turns to: read from its newest events and the lines of its newest orders.
#include "customer/interest.h"
#include "customer/view.h"
#include "object/shipped.h"

namespace onefold::customer {
BOOST_DESCRIBE_ENUM(InterestKind, product, category, page, search)
namespace {

constexpr int page_items = 200;
constexpr int pages_max = 3;
constexpr int orders_max = 100;
constexpr int lines_a_page = 1000;
constexpr std::size_t mentions_max = 20'000;
constexpr std::size_t most_a_kind = 6;

struct GetInterests {
    CustomerId id;
};
BOOST_DESCRIBE_STRUCT(GetInterests, (), (id))

// `seen`: how many of the newest events mention it, `bought`: how many lines of the newest orders.
struct InterestView {
    InterestKind kind;
    std::string name;
    std::int64_t seen, bought;
    Instant last_at;
};
BOOST_DESCRIBE_STRUCT(InterestView, (), (kind, name, seen, bought, last_at))

struct InterestList {
    std::vector<InterestView> items;
    bool is_rebuilding;
};
BOOST_DESCRIBE_STRUCT(InterestList, (), (items, is_rebuilding))

formula::Expression is(std::string field, formula::Expression value) {
    return formula::call(formula::Operator::equal, {formula::field({std::move(field)}), std::move(value)});
}

// What stands on the lines of the newest orders that hold.
Result<> add_bought(store::Session& session, CustomerId customer, std::vector<Mention>& mentions) {
    query::Query orders;
    orders.object = "order";
    orders.select = {{{"id"}}, {{"time"}}};
    orders.filter = formula::call(formula::Operator::and_,
        {is("customer", formula::literal(to_string(customer))), is("is_credit", formula::literal(false)),
            is("is_cancelled", formula::literal(false))});
    orders.sort = {{{"time"}, query::Direction::descending}, {{"id"}, query::Direction::descending}};
    orders.page.limit = orders_max;
    std::map<std::string, Instant> time_of;
    std::vector<formula::Expression> among{formula::field({"order"})};
    for (const auto& row : TRY(query::run(session, orders, object::shipped_catalogue())).rows) {
        const std::string id(row[0].as_string());
        time_of[id] = TRY(parse_rfc3339(std::string_view(row[1].as_string())));
        among.push_back(formula::literal(id));
    }
    if (time_of.empty())
        return {};
    query::Query lines;
    lines.object = "order_line";
    lines.select = {{{"order"}}, {{"name"}}, {{"sku"}}};
    lines.filter = formula::call(formula::Operator::in, std::move(among));
    lines.sort = {{{"id"}}};
    lines.page.limit = lines_a_page;
    do {
        const auto table = TRY(query::run(session, lines, object::shipped_catalogue()));
        for (const auto& row : table.rows) {
            const auto& name = row[1].is_string() && !row[1].get_string().empty() ? row[1] : row[2];
            if (name.is_string() && !name.get_string().empty())
                mentions.push_back({InterestKind::product, std::string(name.get_string()),
                    time_of.at(std::string(row[0].as_string())), true});
        }
        lines.page.after = table.next;
    } while (!lines.page.after.empty() && mentions.size() < mentions_max);
    return {};
}

} // namespace

void Customers::add_interest_routes(http::Contract& contract) {
    contract.add<GetInterests, InterestList>(
        {http::Method::get, "/api/v1/customers/{id}/interests", "customer.interests", http::may_read, http::not_audited,
            {"What the customer turned to lately: products, categories, pages and searches of its newest events and "
             "orders, the strongest of each kind first",
                "客户近期关注：由最新事件与订单得出的商品、品类、页面与搜索词，每类由强到弱"}},
        [this](const Caller&, const GetInterests& request) -> Result<InterestList> {
            std::vector<Mention> mentions;
            InterestList list{{}, false};
            TimelineFilter filter{.kinds = {"track", "page", "screen"}, .of = Of::with_members};
            std::string after;
            for (int page_number = 0; page_number < pages_max; ++page_number) {
                const auto page = TRY(timeline(request.id, page_items, after, filter));
                list.is_rebuilding |= page.is_rebuilding;
                for (const TimelineItem& item : page.items)
                    std::ranges::move(
                        mentions_in(item.kind, item.name, item.properties, item.at), std::back_inserter(mentions));
                after = page.next;
                if (after.empty())
                    break;
            }
            TRY(database_.read([&](store::Session& session) -> Result<> {
                return add_bought(session, TRY(living(session, request.id)), mentions);
            }));
            for (const Interest& interest : interests_of(mentions, outside_.clock.now(), most_a_kind))
                list.items.push_back({interest.kind, interest.name, interest.seen, interest.bought, interest.last_at});
            return list;
        });
}

} // namespace onefold::customer
