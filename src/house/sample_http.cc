#include "house/sample.h"
#include "http/bind.h"

#include <algorithm>

namespace onefold::house {

BOOST_DESCRIBE_ENUM(SampleState, none, running, finished, failed)

namespace {

constexpr std::int64_t customers_by_default = 2000;

struct CreateSample {
    std::optional<std::int64_t> customers, seed;
    std::optional<std::string> until; // a day; today where it is left out
    std::optional<std::map<std::string, std::int64_t>> rates;
    static http::Rules rules() {
        return {
            {.member = "customers", .minimum = 1, .maximum = sample_customers_max}, {.member = "seed", .minimum = 0}};
    }
};
BOOST_DESCRIBE_STRUCT(CreateSample, (), (customers, seed, until, rates))

struct SampleView {
    SampleState state;
    std::vector<ImportId> imports;
    std::int64_t messages, percent;
    std::optional<std::string> trouble;
};
BOOST_DESCRIBE_STRUCT(SampleView, (), (state, imports, messages, percent, trouble))

SampleView view_of(const SampleStatus& status, const Locale& locale) {
    SampleView view{status.state, status.imports, std::int64_t(status.messages), status.percent, {}};
    if (status.trouble)
        view.trouble = std::string(status.trouble->in(locale));
    return view;
}

Result<> set_rate(demo::Rates& rates, const std::string& name, std::int64_t value) {
    const auto found = std::ranges::find(demo::rates(), name, &demo::Rate::name);
    const LocalText message{fmt::format("“{}” is no rate, or not from 0 to 1000.", name),
        fmt::format("“{}”不是错误率，或不在 0 到 1000 之间。", name)};
    if (found == demo::rates().end() || value < 0 || value > 1000)
        return fail(ErrorKind::invalid, "house.bad_rate", message, {{"/rates/" + name, "house.bad_rate", message}});
    rates.*found->member = int(value);
    return {};
}

Result<demo::Options> options_of(const CreateSample& request, Instant now) {
    demo::Options options{.customers = std::uint64_t(request.customers.value_or(customers_by_default)),
        .seed = std::uint64_t(request.seed.value_or(1)),
        .until = Instant{std::chrono::floor<std::chrono::days>(now)}};
    if (request.until)
        options.until = TRY(parse_time(*request.until, Zone{}));
    if (request.rates)
        for (const auto& [name, value] : *request.rates)
            TRY(set_rate(options.rates, name, value));
    return options;
}

} // namespace

void Sample::add_routes() {
    rooms_.contract.add<CreateSample, SampleView>(
        {http::Method::post, "/api/v1/sample", "sample.create", http::may_administer, http::audited{"sample.create"},
            {"Fill an empty installation with the generated demo company", "用生成的演示公司填充空的系统"},
            http::Creates::something},
        [this](const Caller& caller, const CreateSample& request) -> Result<SampleView> {
            return view_of(TRY(start(caller, TRY(options_of(request, rooms_.outside.clock.now())))), caller.locale);
        });
    rooms_.contract.add<http::Nothing, SampleView>(
        {http::Method::get, "/api/v1/sample", "sample.get", http::may_read, http::not_audited,
            {"How far the demo company is on its way in", "演示公司的加载进度"}},
        [this](const Caller& caller, const http::Nothing&) -> Result<SampleView> {
            return view_of(status(), caller.locale);
        });
}

} // namespace onefold::house
