#include "demo/demo.h"

#include "demo/books.h"

#include <algorithm>
#include <array>

namespace onefold::demo {
namespace {

constexpr std::string_view contacts_map = R"({
  "organisation": {
    "identifiers": {"客户代码": "member_no@ERP", "统一社会信用代码": "credit_code", "公司网址": "web_domain"},
    "fields": {"公司名称": "name", "公司网址": "website", "行业": "industry", "国家": "country", "省份": "province",
               "城市": "city", "客户等级": "grade", "负责人": "owner", "备注": "note"}
  },
  "person": {
    "identifiers": {"联系人编号": "member_no", "手机": "phone", "邮箱": "email"},
    "fields": {"姓名": "name", "职务": "title", "公司名称": "company", "国家": "country", "省份": "province",
               "城市": "city", "客户等级": "grade", "负责人": "owner", "备注": "note"}
  },
  "membership": {"title": "职务", "is_decision_maker": "决策人"}
}
)";
constexpr std::string_view orders_map = R"({
  "organisation": {
    "identifiers": {"客户代码": "member_no", "税号": "credit_code"},
    "fields": {"客户名称": "name", "备注": "note"}
  },
  "person": {
    "identifiers": {"CRM联系人号": "member_no@CRM", "联系电话": "phone"},
    "fields": {"联系人": "name", "备注": "note"}
  },
  "order": {"number": "订单号", "time": "下单日期", "status": "状态",
            "lines": {"sku": "物料编码", "name": "物料名称", "quantity": "数量", "price": "单价"}}
}
)";
constexpr std::string_view movements_map = R"({
  "organisation": {"identifiers": {"客户代码": "member_no"}, "fields": {"客户名称": "name"}},
  "person": {
    "identifiers": {"CRM联系人号": "member_no@CRM", "联系电话": "phone"},
    "fields": {"联系人": "name"}
  },
  "event": {"name": "业务", "time": "时间", "message_id": "单据号"}
}
)";
constexpr std::string_view members_map = R"({
  "household": {"fields": {"家庭": "name", "城市": "city", "备注": "note"}},
  "person": {
    "identifiers": {"会员号": "user_id", "微信UnionID": "unionid", "手机": "phone", "邮箱": "email"},
    "fields": {"姓名": "name", "性别": "gender", "城市": "city", "备注": "note"}
  }
}
)";
constexpr std::string_view shop_orders_map = R"({
  "identifiers": {"会员号": "user_id", "手机": "phone", "邮箱": "email"},
  "fields": {"收货人": "name"},
  "order": {"number": "订单编号", "time": "下单时间", "status": "订单状态",
            "lines": {"sku": "商品编码", "name": "商品名称", "quantity": "数量", "price": "单价"}}
}
)";
constexpr std::string_view followers_map = R"({
  "identifiers": {"OpenID": "openid", "UnionID": "unionid", "绑定手机": "phone"},
  "fields": {"昵称": "name", "城市": "city", "备注": "note"}
}
)";
constexpr std::string_view tickets_map = R"({
  "identifiers": {"CRM联系人号": "member_no@CRM", "电话": "phone", "邮箱": "email"},
  "fields": {"客户姓名": "name", "公司": "company", "备注": "note"},
  "ticket": {"number": "工单号", "time": "提交时间", "subject": "问题", "status": "状态", "rating": "满意度"}
}
)";
constexpr std::string_view visits_map = R"({
  "identifiers": {"手机": "phone", "邮箱": "email"},
  "fields": {"姓名": "name", "公司": "company", "职务": "title", "备注": "note"},
  "event": {"name": "活动", "time": "时间", "message_id": "登记号"}
}
)";
constexpr std::string_view readme =
    R"(All files here are generated: nobody in them exists, and no order was ever placed.
truth.csv tells whose record each really is; NAME.map.json how a file is imported.
此处所有文件均为生成的演示数据，其中的人物、公司和订单都不存在。
truth.csv 说明每条记录实际属于谁；名称.map.json 是各文件的导入映射。
)";

} // namespace

std::span<const Rate> rates() {
    static constexpr std::array<Rate, 7> all{{{"typos", "of 1,000 values, how many are mistyped", &Rates::typos},
        {"placeholders", "of 1,000 phones and addresses, how many nobody has", &Rates::placeholders},
        {"blanks", "of 1,000 phones and addresses in the CRM, how many are left out", &Rates::blanks},
        {"shared_phones",
            "of 1,000 companies, how many have one number for most contacts; of families twice as many, of large ones "
            "four times",
            &Rates::shared_phones},
        {"changed_numbers", "of 1,000 people, how many got another number", &Rates::changed_numbers},
        {"duplicates", "of 1,000 contacts, how many are in the CRM twice", &Rates::duplicates},
        {"conflicts", "of 1,000 people, of how many two systems say different cities", &Rates::conflicts}}};
    return all;
}

std::span<const DemoSource> sources() {
    static constexpr std::array<DemoSource, 7> all{{{"CRM", "file", 80}, {"ERP", "file", 70}, {"官网商城", "file", 80},
        {"公众号", "file", 10}, {"售后工单", "file", 40}, {"市场活动", "file", 30}, {"官网", "api", 50}}};
    return all;
}

std::span<const DemoFile> files() {
    static constexpr std::array<DemoFile, 9> all{{{"crm_contacts.csv", "CRM", "customer", contacts_map},
        {"web_messages.jsonl", "官网", "messages", ""}, {"shop_members.csv", "官网商城", "customer", members_map},
        {"erp_orders.csv", "ERP", "order", orders_map}, {"shop_orders.csv", "官网商城", "order", shop_orders_map},
        {"service_tickets.csv", "售后工单", "ticket", tickets_map}, {"visits.xlsx", "市场活动", "event", visits_map},
        {"wechat_followers.csv", "公众号", "customer", followers_map},
        {"erp_movements.csv", "ERP", "event", movements_map}}};
    return all;
}

std::string_view source_of(std::string_view file) {
    const auto found = std::ranges::find(files(), file, &DemoFile::name);
    return found == files().end() ? std::string_view() : found->source;
}

Result<> write_files(runtime::Files& system, const std::string& folder, const Options& options) {
    VERIFY(options.customers >= 1 && options.customers <= customers_max);
    TRY(system.make_folder(folder));
    for (const DemoFile& file : files())
        if (!file.map.empty())
            TRY(system.replace(
                fmt::format("{}/{}.map.json", folder, file.name.substr(0, file.name.rfind('.'))), file.map));
    TRY(system.replace(folder + "/README.txt", readme));
    Books books = TRY(Books::open(system, folder, options));
    for (std::uint64_t block = 0; block * block_people < options.customers; ++block)
        for (const Unit& unit : make_block(options, block))
            books.tell(unit);
    return books.finish();
}

} // namespace onefold::demo
