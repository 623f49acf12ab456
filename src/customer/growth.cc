#include "customer/growth.h"

#include "company/company.h"
#include "http/bind.h"

#include <fmt/format.h>

namespace onefold::customer {
namespace {

using std::chrono::days;

constexpr std::chrono::milliseconds patience{500};

struct ListGrowth {
    std::optional<std::int64_t> days;
    static http::Rules rules() { return {{.member = "days", .minimum = 1, .maximum = 366}}; }
};
BOOST_DESCRIBE_STRUCT(ListGrowth, (), (days))

struct DayGrowthView {
    std::string day;
    std::optional<std::int64_t> count;
};
BOOST_DESCRIBE_STRUCT(DayGrowthView, (), (day, count))

struct GrowthView {
    std::vector<DayGrowthView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(GrowthView, (), (items, next))

std::string day_of(std::chrono::local_days day) {
    const std::chrono::year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

} // namespace

Result<std::vector<DayGrowth>> list_growth(
    store::Session& session, const Zone& zone, Instant now, int count, std::chrono::milliseconds patience) {
    const auto today = std::chrono::floor<days>(zone.local_of(now));
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::vector<DayGrowth> growth;
    bool is_late = false;
    for (int ago = 0; ago < count; ++ago) {
        const auto day = today - days(ago);
        DayGrowth one{day_of(day), std::nullopt};
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (!is_late && left.count() > 0) {
            std::int64_t seen = 0;
            is_late = !TRY(session.each_within(left,
                "SELECT COUNT(*) FROM customer_activity a JOIN customer c ON c.id = a.customer_id WHERE "
                "a.first_seen_at >= $1 AND a.first_seen_at < $2 AND c.state = 'active'",
                {micros_of(zone.instant_of_local(day)), micros_of(zone.instant_of_local(day + days(1)))},
                [&](const store::Row& row) -> Result<> {
                    seen = row.integer(0);
                    return {};
                }));
            if (!is_late)
                one.count = seen;
        }
        growth.push_back(std::move(one));
    }
    return growth;
}

void add_growth_route(http::Contract& contract, store::Database& database, const runtime::Clock& clock) {
    contract.add<ListGrowth, GrowthView>(
        {http::Method::get, "/api/v1/customer_growth", "customer.growth", http::may_read, http::not_audited,
            {"How many customers were first seen on each day, the newest day first",
                "每天首次出现的客户数（最新在前）"}},
        [&database, &clock](const Caller&, const ListGrowth& request) -> Result<GrowthView> {
            return database.read([&](store::Session& session) -> Result<GrowthView> {
                const Zone zone = TRY(Zone::named(TRY(company::get_company(session)).zone));
                GrowthView view;
                for (auto& [day, count] :
                    TRY(list_growth(session, zone, clock.now(), int(request.days.value_or(30)), patience)))
                    view.items.push_back({std::move(day), count});
                return view;
            });
        });
}

} // namespace onefold::customer
