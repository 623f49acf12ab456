#include "house/sample.h"

#include "demo/demo.h"
#include "http/bind.h"

namespace onefold::house {
namespace {

constexpr std::uint64_t map_bytes_max = 1 << 20;

struct Part {
    std::string_view name, source;
    import::Kind kind;
};
constexpr std::array<Part, 4> parts{
    {{"customers", "crm", import::Kind::customer}, {"orders", "shop", import::Kind::order},
        {"tickets", "helpdesk", import::Kind::ticket}, {"events", "website", import::Kind::event}}};

struct SampleView {
    std::vector<ImportId> imports;
};
BOOST_DESCRIBE_STRUCT(SampleView, (), (imports))

Result<> check_is_empty(const customer::Customers& customers) {
    customer::Listing one;
    one.page.limit = 1;
    if (TRY(customers.list(one)).items.empty())
        return {};
    return fail(ErrorKind::conflict, "house.not_empty",
        {"There are customers already: sample data are only for an empty installation. Nothing was changed.",
            "已有客户数据，示例数据只能用于空的系统。未做任何更改。"});
}

Result<SampleView> load(const Caller& caller, const SampleRooms& rooms) {
    TRY(check_is_empty(rooms.customers));
    TRY(demo::write_files(rooms.files, rooms.folder, {}));
    SampleView view;
    for (const Part& part : parts) {
        const std::string path = fmt::format("{}/{}", rooms.folder, part.name);
        const auto map = TRY(rooms.files.read_all(path + ".map.json", map_bytes_max));
        const auto import = TRY(rooms.imports.create(
            caller, {path + ".csv", part.kind, std::string(part.source), boost::json::parse(map)}));
        view.imports.push_back(import.id);
    }
    return view;
}

} // namespace

void add_sample_route(http::Contract& contract, SampleRooms rooms) {
    contract.add<http::Nothing, SampleView>(
        {http::Method::post, "/api/v1/sample", "sample.create", http::may_administer, http::audited{"sample.create"},
            {"Import a small generated set into an empty installation", "向空的系统导入少量生成的示例数据"},
            http::Creates::something},
        [rooms](const Caller& caller, const http::Nothing&) -> Result<SampleView> { return load(caller, rooms); });
}

} // namespace onefold::house
