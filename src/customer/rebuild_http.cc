#include "customer/rebuild.h"
#include "http/bind.h"

namespace onefold::customer {
namespace {

struct CustomerDifferenceView {
    std::string what, key, field;
    std::optional<std::string> live, rebuilt;
};
BOOST_DESCRIBE_STRUCT(CustomerDifferenceView, (), (what, key, field, live, rebuilt))

struct CustomerCountView {
    std::string what;
    std::int64_t live, rebuilt;
};
BOOST_DESCRIBE_STRUCT(CustomerCountView, (), (what, live, rebuilt))

struct RebuiltCustomersView {
    Instant at;
    std::int64_t took_ms;
    Position position;
    std::int64_t events;
    std::vector<CustomerCountView> compared;
    std::int64_t differences;
    std::vector<CustomerDifferenceView> first_differences;
    std::optional<std::string> trouble;
};
BOOST_DESCRIBE_STRUCT(
    RebuiltCustomersView, (), (at, took_ms, position, events, compared, differences, first_differences, trouble))

struct CustomerRebuildView {
    bool is_running;
    std::int64_t percent;
    std::optional<RebuiltCustomersView> last_rebuilt;
};
BOOST_DESCRIBE_STRUCT(CustomerRebuildView, (), (is_running, percent, last_rebuilt))

RebuiltCustomersView view_of(const Rebuilt& rebuilt, const Locale& locale) {
    RebuiltCustomersView view{
        rebuilt.at, rebuilt.took_ms, rebuilt.position, rebuilt.events, {}, rebuilt.comparison.differences, {}, {}};
    for (const auto& [what, live, fresh] : rebuilt.comparison.counts)
        view.compared.push_back({what, live, fresh});
    for (const auto& [what, key, field, live, fresh] : rebuilt.comparison.first_differences)
        view.first_differences.push_back({what, key, field, live, fresh});
    if (rebuilt.trouble)
        view.trouble = std::string(rebuilt.trouble->message.in(locale));
    return view;
}

CustomerRebuildView view_of(const RebuildStatus& status, const Locale& locale) {
    CustomerRebuildView view{status.is_running, status.percent, {}};
    if (status.last_rebuilt)
        view.last_rebuilt = view_of(*status.last_rebuilt, locale);
    return view;
}

} // namespace

void Rebuild::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<http::Nothing, CustomerRebuildView>(
        {Method::get, "/api/v1/rebuilds/customers", "customer_rebuild.get", http::may_administer, http::not_audited,
            {"How the comparison of customers with the log stands, and how the last one came out",
                "客户与事件日志比对的进度及上次结果"}},
        [this](const Caller& caller, const http::Nothing&) -> Result<CustomerRebuildView> {
            return view_of(status(), caller.locale);
        });
    contract.add<http::Nothing, CustomerRebuildView>(
        {Method::post, "/api/v1/rebuilds/customers", "customer_rebuild.create", http::may_administer,
            http::audited{"customer_rebuild.create"},
            {"Make customers a second time from the log, in the background, and compare; what is live stays as it is",
                "在后台由事件日志重新生成客户数据并比对；现有数据不变"}},
        [this](const Caller& caller, const http::Nothing&) -> Result<CustomerRebuildView> {
            TRY(begin());
            return view_of(status(), caller.locale);
        });
}

} // namespace onefold::customer
