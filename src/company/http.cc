#include "company/company.h"
#include "http/bind.h"

namespace onefold::company {
namespace {

struct CompanyView {
    std::string name, zone, currency, locale;
    std::int64_t event_retention_days; // 0: for ever
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(CompanyView, (), (name, zone, currency, locale, event_retention_days, version))

struct UpdateCompany {
    std::int64_t if_match;
    std::optional<std::string> name, zone, currency, locale;
    std::optional<std::int64_t> event_retention_days;
    static http::Rules rules() { return {{.member = "name", .length_max = 200}}; }
};
BOOST_DESCRIBE_STRUCT(UpdateCompany, (), (if_match, name, zone, currency, locale, event_retention_days))

CompanyView view_of(const Company& company) {
    return {
        company.name, company.zone, company.currency, company.locale, company.event_retention_days, company.version};
}

} // namespace

void add_routes(http::Contract& contract, store::Database& database, const runtime::Outside& outside) {
    using http::Method;
    contract.add<http::Nothing, CompanyView>(
        {Method::get, "/api/v1/company", "company.get", http::may_read, http::not_audited, {"The company", "公司信息"}},
        [&](const Caller&, const http::Nothing&) -> Result<CompanyView> {
            return database.read(
                [&](store::Session& session) -> Result<CompanyView> { return view_of(TRY(get_company(session))); });
        });
    contract.add<UpdateCompany, CompanyView>(
        {Method::patch, "/api/v1/company", "company.update", http::may_administer, http::audited{"company.update"},
            {"Change the company's name, zone, currency, language, or how long events are kept",
                "修改公司名称、时区、货币、语言或事件保留期"}},
        [&](const Caller& caller, const UpdateCompany& request) -> Result<CompanyView> {
            return database.write([&](store::Session& session) -> Result<CompanyView> {
                return view_of(TRY(update_company(session, author_of(caller, outside), request.if_match,
                    {request.name, request.zone, request.currency, request.locale, request.event_retention_days})));
            });
        });
}

} // namespace onefold::company
