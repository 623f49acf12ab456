// What a customer and its members add up to. Summed when it is asked for (docs/adr/0019): of members who were always
// members the figures that stand already, of others what lies within their time.
#include "company/company.h"
#include "customer/members.h"
#include "customer/taker.h"
#include "object/shipped.h"

#include <set>

namespace onefold::customer {
namespace {

constexpr std::size_t events_counted_max = 10'000'000;

constexpr std::string_view figures =
    "a.first_seen_at, a.last_seen_at, a.last_purchase_at, a.event_count, a.order_count, "
    "a.ticket_count, a.total_spend, a.currency, a.unconverted";

class Sum {
  public:
    Result<> add(const store::Row& row, int first) {
        see(row.optional_instant(first), row.optional_instant(first + 1));
        if (!row.is_null(first + 2))
            purchase(instant_of(row.integer(first + 2)));
        events += row.integer(first + 3);
        orders += row.integer(first + 4);
        tickets += row.integer(first + 5);
        if (row.integer(first + 4) == 0)
            return {};
        TRY(spend(std::string(row.text(first + 7)), Decimal::of_scaled(row.integer(first + 6), object::amount_scale)));
        if (row.is_null(first + 8))
            return {};
        const auto others = boost::json::parse(row.text(first + 8));
        for (const auto& other : others.as_array())
            TRY(spend(std::string(other.at("currency").as_string()),
                TRY(Decimal::parse(std::string_view(other.at("amount").as_string())))));
        return {};
    }
    Result<> add(const object::Totals& totals) {
        orders += totals.order_count;
        tickets += totals.ticket_count;
        see(totals.first_at, totals.last_at);
        if (totals.last_purchase_at)
            purchase(*totals.last_purchase_at);
        for (const auto& [currency, amount] : totals.spend)
            TRY(spend(currency, amount));
        return {};
    }
    void add(const EventSum& missing) {
        if (missing.count == 0)
            return;
        events += missing.count;
        see(missing.first_at, missing.seen_at());
    }
    void see(const std::optional<Instant>& first, const std::optional<Instant>& last) {
        first_ = std::min(first_, first.value_or(Instant::max()));
        last_ = std::max(last_, last); // none is the earliest
    }

    Computed computed(const std::string& company_currency) const {
        Computed all;
        if (first_ != Instant::max())
            all.first_seen_at = first_;
        all.last_seen_at = last_;
        all.last_purchase_at = last_purchase_;
        all.event_count = events;
        all.order_count = orders;
        all.ticket_count = tickets;
        const std::vector<std::pair<std::string, Decimal>> spend(spend_.begin(), spend_.end());
        const SpendSummary summary = summarise(spend, company_currency);
        all.total_spend = summary.total.to_string();
        all.currency = summary.currency;
        if (spend.size() > 1)
            for (const auto& [currency, amount] : spend)
                if (currency != company_currency)
                    all.unconverted.push_back({currency, amount.to_string()});
        return all;
    }

    std::int64_t events = 0, orders = 0, tickets = 0;

  private:
    void purchase(Instant at) { last_purchase_ = std::max(last_purchase_.value_or(Instant::min()), at); }
    Result<> spend(const std::string& currency, const Decimal& amount) {
        auto [place, is_first] = spend_.try_emplace(currency, amount);
        if (!is_first)
            place->second = TRY(place->second.plus(amount));
        return {};
    }

    Instant first_ = Instant::max();
    std::optional<Instant> last_, last_purchase_;
    std::map<std::string, Decimal> spend_;
};

// A member for a time, some of whose figures lie outside it.
struct PartOfMember {
    object::CustomerSpan span;
    std::optional<Instant> last_seen_at;
};

} // namespace

SpendSummary summarise(const std::vector<std::pair<std::string, Decimal>>& spend, const std::string& company_currency) {
    if (spend.size() == 1)
        return {spend.front().second, spend.front().first, {}};
    SpendSummary summary{{}, company_currency, {}};
    boost::json::array others;
    for (const auto& [currency, amount] : spend) {
        if (currency == company_currency)
            summary.total = amount;
        else
            others.push_back(boost::json::object{{"currency", currency}, {"amount", amount.to_string()}});
    }
    if (!others.empty())
        summary.unconverted = boost::json::serialize(others);
    return summary;
}

Result<Computed> Customers::own_figures(store::Session& session, CustomerId id) const {
    Sum sum;
    TRY(session.each(fmt::format("SELECT {} FROM customer_activity a WHERE a.customer_id = $1", figures), {id.value},
        [&](const store::Row& row) { return sum.add(row, 0); }));
    std::vector<Customer> one(1);
    one.front().id = id;
    one.front().computed = sum.computed(TRY(company::get_company(session)).currency);
    TRY(add_what_is_not_written(session, one));
    return std::move(one.front().computed);
}

Result<WithMembers> Customers::with_members(CustomerId id) const {
    return database_.read([&](store::Session& session) -> Result<WithMembers> {
        const CustomerId customer = TRY(living(session, id));
        const auto kind = TRY(kind_of(session, customer));
        WithMembers all;
        Sum sum;
        TRY(session.each(fmt::format("SELECT {} FROM customer_activity a WHERE a.customer_id = $1", figures),
            {customer.value}, [&](const store::Row& row) { return sum.add(row, 0); }));
        std::vector<PartOfMember> parts;
        std::set<CustomerId> whole{customer};
        if (kind != identity::NodeKind::person)
            TRY(session.each(fmt::format("SELECT t.customer_id, t.from_at, t.to_at, {} FROM ({}) t LEFT JOIN "
                                         "customer_activity a ON a.customer_id = t.customer_id",
                                 figures, members_sql(kind)),
                {customer.value}, [&](const store::Row& row) -> Result<> {
                    ++all.member_count;
                    const CustomerId member{row.integer(0)};
                    const Instant from = row.is_null(1) ? Instant::min() : instant_of(row.integer(1));
                    const Instant to = row.is_null(2) ? Instant::max() : instant_of(row.integer(2));
                    if (from == Instant::min() && to == Instant::max()) {
                        whole.insert(member);
                        return sum.add(row, 3);
                    }
                    parts.push_back({{member, from, to}, row.optional_instant(4)});
                    return {};
                }));
        if (const Written tables = TRY(Taker::written(session)); activity_->is_missing(tables)) {
            const auto missing = [&](CustomerId one) -> Result<EventSum> {
                return activity_->missing(TRY(identity_.list_nodes(session, one)), tables);
            };
            for (const CustomerId one : whole)
                sum.add(TRY(missing(one)));
            for (auto& [span, last_seen_at] : parts)
                last_seen_at = std::max(last_seen_at, TRY(missing(span.customer)).seen_at());
        }
        std::vector<object::CustomerSpan> spans;
        for (const auto& [span, last_seen_at] : parts)
            spans.push_back(span);
        for (const object::Totals& totals : TRY(object::list_totals_within(session, spans)))
            TRY(sum.add(totals));
        for (const auto& [span, last_seen_at] : parts) {
            timeline::Filter within;
            within.from = span.from == Instant::min() ? std::nullopt : std::optional(span.from);
            within.to = span.to == Instant::max() ? std::nullopt : std::optional(span.to);
            const auto page = timeline_.list_newest(
                TRY(identity_.list_nodes(session, span.customer)), within, {}, events_counted_max);
            if (page.entries.empty())
                continue;
            sum.events += std::int64_t(page.entries.size());
            const Instant first_at = page.entries.back().at, last_at = page.entries.front().at;
            const bool was_seen = last_seen_at && *last_seen_at >= first_at;
            sum.see(first_at, was_seen ? std::optional(std::min(last_at, *last_seen_at)) : std::nullopt);
        }
        all.computed = sum.computed(TRY(company::get_company(session)).currency);
        return all;
    });
}

} // namespace onefold::customer
