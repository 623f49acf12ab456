// Which organisations a person belongs to, who belongs to an organisation, and what people say of it.
#include "core/text.h"
#include "customer/members.h"
#include "object/shipped.h"

namespace onefold::customer {
namespace {

constexpr std::size_t word_code_points_max = 100;

Failure wrong(std::string_view path, std::string_view code, LocalText message) {
    return fail(ErrorKind::invalid, code, message, {{std::string(path), std::string(code), message}});
}

struct Order {
    std::string_view name, key;
};
constexpr Order orders[] = {{"name", "c.name IS NULL, c.name {0}"}, {"last_seen_at", "COALESCE(a.last_seen_at, 0) {0}"},
    {"order_count", "COALESCE(a.order_count, 0) {0}"}, {"total_spend", "COALESCE(a.total_spend, 0) {0}"}};

Result<std::string> order_of(std::string_view sort) {
    if (sort.empty())
        return std::string();
    const bool is_descending = sort.starts_with('-');
    const auto found = std::ranges::find(orders, sort.substr(is_descending ? 1 : 0), &Order::name);
    if (found == std::end(orders))
        return wrong("/sort", "customer.bad_sort",
            {"Members are sorted by name, last_seen_at, order_count or total_spend, with - before it descending.",
                "成员可按 name、last_seen_at、order_count 或 total_spend 排序，前加 - 为降序。"});
    return fmt::format(fmt::runtime(found->key), is_descending ? "DESC" : "ASC") + ", ";
}

// Pages by id go on behind the last id, others behind so many rows.
struct Edge {
    std::int64_t id = 0, rows = 0;
};
Result<Edge> edge_of(const std::string& after, bool is_by_id) {
    const std::int64_t edge = after.empty() ? 0 : parse_id(after).value_or(-1);
    if (edge < 0)
        return wrong("/after", "customer.bad_cursor", {"This is no cursor of this list.", "分页游标无效。"});
    return is_by_id ? Edge{edge, 0} : Edge{0, edge};
}

// What several say of one pair: a hand before sources, the newer before the older, of two at one time the greater.
class Words {
  public:
    void hear(const store::Row& row) {
        const int hand = row.integer(1) == source::manual.value ? 1 : 0;
        keep(role_, hand, row.integer(2), text(row, 3));
        keep(title_, hand, row.integer(4), text(row, 5));
        keep(is_decision_maker_, hand, row.integer(6),
            row.integer(6) ? std::optional(row.integer(7) != 0) : std::nullopt);
    }
    identity::MembershipWords said(const std::optional<Instant>& from, const std::optional<Instant>& to) const {
        return {role_ ? std::get<2>(*role_) : "", title_ ? std::get<2>(*title_) : "",
            is_decision_maker_ ? std::optional(std::get<2>(*is_decision_maker_)) : std::nullopt, from, to};
    }

  private:
    template <class T>
    using Said = std::optional<std::tuple<int, std::int64_t, T>>;
    template <class T>
    static void keep(Said<T>& kept, int hand, std::int64_t at, std::optional<T> word) {
        if (word)
            kept = std::max(kept, Said<T>(std::tuple(hand, at, std::move(*word))));
    }
    static std::optional<std::string> text(const store::Row& row, int column) {
        return row.is_null(column) ? std::nullopt : std::optional(std::string(row.text(column)));
    }

    Said<std::string> role_, title_;
    Said<bool> is_decision_maker_;
};

struct Pair {
    CustomerId person, organisation;
};

// The rows between two customers.
std::string rows_sql(std::string_view columns) {
    return fmt::format("SELECT {} FROM node n JOIN membership m ON m.person_node = n.id JOIN node o ON o.id = "
                       "m.organisation_node WHERE n.customer_id = $1 AND o.customer_id = $2",
        columns);
}

Result<> add_words(store::Session& session, CustomerId customer, identity::NodeKind kind,
    std::vector<Membership>& items, const std::function<std::string(SourceId)>& source_name) {
    const bool is_person = kind == identity::NodeKind::person;
    std::vector<store::Values> keys;
    for (const Membership& item : items)
        keys.push_back(
            {is_person ? customer.value : item.customer.value, is_person ? item.customer.value : customer.value});
    std::vector<Words> words(items.size());
    std::vector<SourceId> first(items.size(), SourceId{INT64_MAX});
    TRY(session.each_many(rows_sql("m.is_removed, m.source_id, m.said_at, m.role, m.title_at, m.title, "
                                   "m.decision_maker_at, m.is_decision_maker"),
        keys, [&](std::size_t index, const store::Row& row) -> Result<> {
            const SourceId source{row.integer(1)};
            if (source == source::manual)
                items[index].is_by_hand = true;
            else
                first[index] = std::min(first[index], source);
            words[index].hear(row);
            return {};
        }));
    for (std::size_t i = 0; i < items.size(); ++i) {
        items[i].words = words[i].said(items[i].words.valid_from, items[i].words.valid_to);
        items[i].source = source_name(first[i].value == INT64_MAX ? source::manual : first[i]);
    }
    return {};
}

Result<NodeId> anchor_of(store::Session& session, CustomerId customer) {
    const auto node =
        TRY(session.find_integer("SELECT id FROM node WHERE customer_id = $1 AND anchor_of = $1", {customer.value}));
    VERIFY(node);
    return NodeId{*node};
}

Result<Pair> pair_of(store::Session& session, CustomerId one, CustomerId other) {
    const bool is_person = TRY(kind_of(session, one)) == identity::NodeKind::person;
    if (is_person == (TRY(kind_of(session, other)) == identity::NodeKind::person))
        return wrong("/other", "customer.no_membership_between",
            {"A membership stands between a person and an organisation or a household. Nothing was changed.",
                "成员关系只能存在于个人与组织或家庭之间。未做任何更改。"});
    return is_person ? Pair{one, other} : Pair{other, one};
}

Result<> check(const identity::MembershipWords& words) {
    for (const auto& [path, text] : {std::pair("/role", &words.role), std::pair("/title", &words.title)})
        if (length_of(*text) > word_code_points_max)
            return wrong(path, "customer.bad_membership",
                {fmt::format("At most {} characters. Nothing was changed.", word_code_points_max),
                    fmt::format("最多 {} 个字符。未做任何更改。", word_code_points_max)});
    if (words.valid_from && words.valid_to && *words.valid_from >= *words.valid_to)
        return wrong("/valid_to", "customer.bad_membership",
            {"A membership ends after it begins. Nothing was changed.", "结束时间必须晚于开始时间。未做任何更改。"});
    return {};
}

Failure no_such_membership() {
    return fail(ErrorKind::not_found, "customer.no_such_membership",
        {"There is no membership between these two. Nothing was changed.", "两者之间没有成员关系。未做任何更改。"});
}

boost::json::object json_of(const Pair& pair, const identity::MembershipWords& words) {
    boost::json::object json{{"person", to_string(pair.person)}, {"organisation", to_string(pair.organisation)}};
    for (const auto& [name, text] : {std::pair("role", &words.role), std::pair("title", &words.title)})
        if (!text->empty())
            json[name] = *text;
    if (words.is_decision_maker)
        json["is_decision_maker"] = *words.is_decision_maker;
    for (const auto& [name, at] : {std::pair("valid_from", &words.valid_from), std::pair("valid_to", &words.valid_to)})
        if (*at)
            json[name] = to_rfc3339(**at);
    return json;
}

} // namespace

Result<MembershipPage> Customers::list_memberships(
    store::Session& session, CustomerId customer, const MembershipListing& listing) const {
    const auto kind = TRY(kind_of(session, customer));
    const std::string order = TRY(order_of(listing.sort));
    const Edge edge = TRY(edge_of(listing.after, order.empty()));
    const std::string sql = fmt::format(
        "SELECT t.customer_id, c.kind, c.name, t.known_at, t.from_at, t.to_at FROM ({}) t JOIN customer c ON c.id = "
        "t.customer_id LEFT JOIN customer_activity a ON a.customer_id = t.customer_id WHERE t.customer_id > $2 AND ($3 "
        "= 0 OR t.customer_id = $3) ORDER BY {}t.customer_id LIMIT $4 OFFSET $5",
        members_sql(kind), order);
    MembershipPage page;
    page.items =
        TRY(session.list(sql, {customer.value, edge.id, listing.only.value, std::int64_t(listing.limit) + 1, edge.rows},
            [](const store::Row& row) {
                Membership item;
                item.customer = CustomerId{row.integer(0)};
                item.kind = row.text(1);
                item.name = row.text(2);
                item.known_since = row.optional_instant(3);
                item.words.valid_from = row.optional_instant(4);
                item.words.valid_to = row.optional_instant(5);
                return item;
            }));
    if (page.items.size() > std::size_t(listing.limit)) {
        page.items.pop_back();
        page.next = order.empty() ? to_string(page.items.back().customer) : std::to_string(edge.rows + listing.limit);
    }
    TRY(add_words(session, customer, kind, page.items, [this](SourceId id) { return source_name(id); }));
    for (Membership& item : page.items)
        item.computed = TRY(own_figures(session, item.customer));
    return page;
}

Result<MembershipPage> Customers::memberships(
    CustomerId id, int limit, const std::string& after, const std::string& sort) const {
    return database_.read([&](store::Session& session) -> Result<MembershipPage> {
        return list_memberships(session, TRY(living(session, id)), {limit, after, sort, {}});
    });
}

Result<Membership> Customers::get_membership(CustomerId id, CustomerId other) const {
    return database_.read([&](store::Session& session) -> Result<Membership> {
        auto page = TRY(list_memberships(session, TRY(living(session, id)), {1, "", "", TRY(living(session, other))}));
        if (page.items.empty())
            return no_such_membership();
        return std::move(page.items.front());
    });
}

Result<> Customers::put_membership(
    const Caller& caller, CustomerId id, CustomerId other, const identity::MembershipWords& words) const {
    TRY(check(words));
    return database_.write([&](store::Session& session) -> Result<> {
        const CustomerId one = TRY(living(session, id)), two = TRY(living(session, other));
        const Pair pair = TRY(pair_of(session, one, two));
        auto before = TRY(list_memberships(session, one, {1, "", "", two}));
        const change::Author author{caller.principal, outside_.clock.now(), "request", caller.request_id};
        const NodeId person = TRY(anchor_of(session, pair.person)),
                     organisation = TRY(anchor_of(session, pair.organisation));
        TRY(identity::put_membership(session, {person, organisation, words, author.at}));
        const auto record = TRY(session.find_integer(
            "SELECT id FROM membership WHERE person_node = $1 AND organisation_node = $2 AND source_id = $3",
            {person.value, organisation.value, source::manual.value}));
        change::Entry entry{
            identity::membership_object, record.value_or(0), 1, change::Op::create, std::nullopt, json_of(pair, words)};
        if (!before.items.empty()) {
            entry.version = 2;
            entry.op = change::Op::update;
            entry.before = json_of(pair, before.items.front().words);
        }
        return change::append(session, author, {entry});
    });
}

Result<> Customers::delete_membership(const Caller& caller, CustomerId id, CustomerId other) const {
    return database_.write([&](store::Session& session) -> Result<> {
        const CustomerId one = TRY(living(session, id)), two = TRY(living(session, other));
        auto before = TRY(list_memberships(session, one, {1, "", "", two}));
        if (before.items.empty())
            return no_such_membership();
        const Pair pair = TRY(pair_of(session, one, two));
        const change::Author author{caller.principal, outside_.clock.now(), "request", caller.request_id};
        std::vector<store::Values> by_hand;
        bool is_said_by_sources = false;
        TRY(session.each(rows_sql("m.id, m.source_id"), {pair.person.value, pair.organisation.value},
            [&](const store::Row& row) -> Result<> {
                if (row.integer(1) == source::manual.value)
                    by_hand.push_back({row.integer(0)});
                else
                    is_said_by_sources = true;
                return {};
            }));
        const std::int64_t record = by_hand.empty() ? 0 : std::get<std::int64_t>(by_hand.front().front());
        if (is_said_by_sources)
            TRY(identity::put_membership(
                session, {TRY(anchor_of(session, pair.person)), TRY(anchor_of(session, pair.organisation)),
                             std::nullopt, author.at}));
        else
            TRY(session.execute_many("DELETE FROM membership WHERE id = $1", by_hand));
        return change::append(session, author,
            {{identity::membership_object, record, 3, change::Op::delete_, json_of(pair, before.items.front().words),
                std::nullopt}});
    });
}

} // namespace onefold::customer
