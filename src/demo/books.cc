#include "demo/books.h"

#include "demo/numbers.h"

#include <array>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace onefold::demo {
namespace {

using namespace std::chrono;

constexpr std::array<std::pair<std::string_view, Encoding>, 10> names{
    {{"crm_contacts.csv", Encoding::utf8_with_mark}, {"erp_orders.csv", Encoding::gbk},
        {"erp_movements.csv", Encoding::gbk}, {"shop_members.csv", Encoding::utf8}, {"shop_orders.csv", Encoding::utf8},
        {"wechat_followers.csv", Encoding::utf8}, {"service_tickets.csv", Encoding::utf8_with_mark},
        {"web_messages.jsonl", Encoding::utf8}, {"truth.csv", Encoding::utf8}, {"visits.xlsx", Encoding::utf8}}};

local_seconds local_of(Instant at) {
    return local_seconds{floor<seconds>(at.time_since_epoch()) + hours(8)};
}

std::string grouped(std::int64_t number) {
    return number < 1000 ? fmt::format("{}", number) : fmt::format("{},{:03}", grouped(number / 1000), number % 1000);
}

struct Parts {
    year_month_day date;
    hh_mm_ss<seconds> time;
};
Parts parts_of(Instant at) {
    const auto local = local_of(at);
    const auto day = floor<days>(local);
    return {year_month_day{day}, hh_mm_ss<seconds>{local - day}};
}

} // namespace

std::string local_time(Instant at) {
    const auto [date, time] = parts_of(at);
    return fmt::format("{}-{:02}-{:02} {:02}:{:02}:{:02}", int(date.year()), unsigned(date.month()),
        unsigned(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string short_date(Instant at) {
    const auto [date, time] = parts_of(at);
    return fmt::format("{}/{}/{} {}:{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()),
        time.hours().count(), time.minutes().count());
}

std::string long_date(Instant at) {
    const auto date = parts_of(at).date;
    return fmt::format("{}年{}月{}日", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

std::string money(std::int64_t cents) {
    return fmt::format("{}.{:02}", cents / 100, cents % 100);
}

std::string grouped_money(std::int64_t cents) {
    return fmt::format("{}.{:02}", grouped(cents / 100), cents % 100);
}

Result<Books> Books::open(runtime::Files& files, const std::string& folder, const Options& options) {
    std::vector<RowFile> opened;
    for (const auto& [name, encoding] : std::span(names).first(visits))
        opened.push_back(TRY(RowFile::create(files, fmt::format("{}/{}", folder, name), encoding)));
    auto sheet = TRY(sheet::XlsxFile::create(files, fmt::format("{}/{}", folder, names[visits].first), "登记"));
    Books books(options, std::move(opened), std::move(sheet));
    books.file(crm).row({"联系人编号", "姓名", "手机", "邮箱", "职务", "决策人", "建档日期", "客户代码", "公司名称",
        "统一社会信用代码", "公司网址", "行业", "国家", "省份", "城市", "客户等级", "负责人", "备注"});
    books.file(erp_orders)
        .row({"订单号", "下单日期", "客户代码", "客户名称", "税号", "CRM联系人号", "联系人", "联系电话", "物料编码",
            "物料名称", "数量", "单价", "状态", "备注"});
    books.file(erp_movements)
        .row({"业务", "时间", "单据号", "订单号", "客户代码", "客户名称", "CRM联系人号", "联系人", "联系电话", "金额",
            "备注"});
    books.file(members).row(
        {"会员号", "微信UnionID", "姓名", "手机", "邮箱", "性别", "城市", "家庭", "注册时间", "备注"});
    books.file(shop_orders)
        .row({"订单编号", "下单时间", "会员号", "收货人", "手机", "邮箱", "商品编码", "商品名称", "单价", "数量",
            "订单状态"});
    books.file(followers).row({"OpenID", "UnionID", "昵称", "绑定手机", "城市", "关注时间", "备注"});
    books.file(tickets).row(
        {"工单号", "提交时间", "客户姓名", "公司", "电话", "邮箱", "CRM联系人号", "问题", "状态", "满意度", "备注"});
    books.visits_.head({"登记号", "活动", "活动名称", "时间", "姓名", "公司", "职务", "手机", "邮箱", "备注"});
    books.file(truth).row({"source", "record_key", "person_key"});
    return books;
}

void Books::tell(const Unit& unit) {
    const Organisation* organisation = unit.organisation ? &*unit.organisation : nullptr;
    for (const Person& person : unit.people) {
        chance_ = chance_of(options_.seed * 8 + 5, person.number);
        if (organisation) {
            tell_contact(*organisation, person, person.contact_no);
            if (!person.second_contact_no.empty())
                tell_contact(*organisation, person, person.second_contact_no);
        }
        if (!person.member_no.empty())
            tell_member(person, unit.household);
        if (!person.openid.empty())
            tell_follower(person);
        const Life life = live(options_, person);
        for (const Order& order : life.company_orders)
            tell_company_order(*organisation, person, order);
        for (const Movement& movement : life.movements)
            tell_movement(*organisation, person, movement, life.company_orders[movement.order]);
        for (const Order& order : life.shop_orders)
            tell_shop_order(person, order);
        for (const Ticket& ticket : life.tickets)
            tell_ticket(organisation, person, ticket);
        for (const Visit& visit : life.visits)
            tell_visit(organisation, person, visit);
        tell_clicks(organisation, person, life.clicks);
    }
}

Result<> Books::finish() {
    Result<> finished;
    for (RowFile& file : files_)
        if (auto one = file.finish(); !one && finished)
            finished = std::move(one);
    if (auto one = visits_.finish(); !one && finished)
        finished = std::move(one);
    return finished;
}

void Books::know(Book book, std::string_view key, const Person& person) {
    file(truth).row({source_of(names[book].first), key, fmt::format("P{}", person.number + 1)});
}

void Books::know_organisation(Book book, std::string_view key, const Organisation& organisation) {
    file(truth).row({source_of(names[book].first), key, fmt::format("O{}", organisation.number + 1)});
}

std::string Books::placeholder_phone() {
    static constexpr std::array<std::string_view, 4> all{"13800000000", "无", "13800138000", "-"};
    return std::string(chance_.of(all));
}

std::string Books::placeholder_email() {
    static constexpr std::array<std::string_view, 4> all{"test@test.com", "无", "none@none.com", "n/a"};
    return std::string(chance_.of(all));
}

std::string Books::typed_phone(const Person& person, Instant at, Sharing known_by) {
    if (chance_.in_1000(options_.rates.placeholders))
        return placeholder_phone();
    return typed(person.phone_at(at, known_by));
}

std::string Books::typed(std::string_view phone) {
    return chance_.in_1000(options_.rates.typos) ? mistyped_phone(phone) : written(chance_, phone);
}

std::string Books::typed_email(const Person& person) {
    if (chance_.in_1000(options_.rates.placeholders))
        return placeholder_email();
    return chance_.in_1000(options_.rates.typos) ? mistyped_email(chance_, person.email) : person.email;
}

std::string Books::typed_name(const Person& person) {
    return chance_.in_1000(options_.rates.typos) ? mistyped_name(chance_, person.name) : person.name;
}

} // namespace onefold::demo
