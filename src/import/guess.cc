#include "import/guess.h"

#include "core/text.h"

namespace onefold::import {
// Only names that leave no doubt; every other column waits for a map.
const std::vector<Meaning>& identifier_meanings() {
    static const std::vector<Meaning> all{
        {"user_id", {"userid", "uid", "用户id", "用户编号"}},
        {"member_no", {"memberno", "membernumber", "memberid", "customerno", "customernumber", "customerid", "客户编号",
                          "客户号", "客户id", "会员号", "会员编号", "会员卡号", "会员id"}},
        {"phone", {"phone", "phonenumber", "phoneno", "mobile", "mobilephone", "mobilenumber", "mobileno", "cellphone",
                      "telephone", "tel", "手机", "手机号", "手机号码", "电话", "电话号码", "联系电话", "联系方式",
                      "移动电话"}},
        {"email", {"email", "emailaddress", "mail", "邮箱", "邮箱地址", "电子邮箱", "电子邮件", "邮件地址"}},
        {"unionid", {"unionid", "微信unionid"}},
        {"openid", {"openid", "微信openid"}},
        {"external_userid", {"externaluserid"}},
        {"credit_code", {"creditcode", "unifiedsocialcreditcode", "统一社会信用代码", "社会信用代码", "信用代码"}},
        {"id_card", {"idcard", "idcardno", "idcardnumber", "身份证", "身份证号", "身份证号码"}},
    };
    return all;
}

const std::vector<Meaning>& field_meanings() {
    static const std::vector<Meaning> all{
        {"name", {"name", "fullname", "姓名", "名字", "名称", "客户名称", "客户姓名", "会员姓名"}},
        {"first_name", {"firstname", "givenname", "forename", "名"}},
        {"last_name", {"lastname", "surname", "familyname", "姓", "姓氏"}},
        {"gender", {"gender", "sex", "性别"}},
        {"birthday", {"birthday", "dateofbirth", "birthdate", "dob", "生日", "出生日期"}},
        {"age", {"age", "年龄"}},
        {"company", {"company", "companyname", "公司", "公司名称", "单位", "工作单位"}},
        {"title", {"title", "jobtitle", "职位", "职务"}},
        {"industry", {"industry", "行业", "所属行业"}},
        {"grade", {"grade", "tier", "customergrade", "等级", "客户等级", "客户级别", "会员等级"}},
        {"owner", {"owner", "accountowner", "salesperson", "salesrep", "负责人", "销售负责人", "业务员", "客户经理",
                      "所属销售"}},
        {"website", {"website", "网站", "官网", "网址"}},
        {"language", {"language", "语言"}},
        {"country", {"country", "国家", "国家地区"}},
        {"province", {"province", "state", "省", "省份"}},
        {"city", {"city", "城市", "市"}},
        {"district", {"district", "区", "区县"}},
        {"address", {"address", "地址", "详细地址", "联系地址"}},
        {"postal_code", {"postalcode", "postcode", "zip", "zipcode", "邮编", "邮政编码"}},
        {"note", {"note", "notes", "remark", "remarks", "备注"}},
    };
    return all;
}

const std::vector<Meaning>& ticket_meanings() {
    static const std::vector<Meaning> all{
        {"number", {"ticketid", "ticketno", "ticketnumber", "number", "工单号", "工单编号", "编号"}},
        {"time", {"tickettime", "createdat", "createdtime", "creationdate", "ticketdate", "opened", "openedat",
                     "创建时间", "提交时间"}},
        {"subject", {"ticketsubject", "subject", "title", "工单主题", "工单标题", "主题", "标题"}},
        {"status", {"ticketstatus", "status", "工单状态", "状态"}},
        {"rating", {"rating", "csat", "satisfactionrating", "satisfaction", "评分", "满意度", "满意度评分"}},
    };
    return all;
}

std::string bare(std::string_view name) {
    std::string result = folded(trimmed(name));
    std::erase_if(result, [](char c) { return std::string_view(" _-.:/()#'\"").find(c) != std::string_view::npos; });
    return result;
}

std::string_view meaning_of(std::string_view bare_name, const std::vector<Meaning>& meanings) {
    for (const Meaning& meaning : meanings)
        if (std::ranges::find(meaning.names, bare_name) != meaning.names.end())
            return meaning.target;
    return {};
}

std::string_view meaning_of_customers(std::string_view bare_name, const std::vector<Meaning>& meanings) {
    auto meaning = meaning_of(bare_name, meanings);
    for (const std::string_view owner :
        {"customer", "contact", "client", "member", "buyer", "客户", "顾客", "会员", "联系人", "买家"})
        if (meaning.empty() && bare_name.starts_with(owner))
            meaning = meaning_of(bare_name.substr(owner.size()), meanings);
    return meaning;
}

namespace {

// A type that the policy added, by its code or its label.
const identity::IdentifierType* added_type(std::string_view bare_name) {
    for (const identity::IdentifierType* type : identity::identifier_types())
        if (type->spelling && (bare(type->code) == bare_name || bare(type->label.in("en")) == bare_name ||
                                  bare(type->label.in("zh-CN")) == bare_name))
            return type;
    return nullptr;
}

// As exports name columns: "member_no@shop".
std::optional<identity::TypeReference> scoped_type(std::string_view name) {
    if (name.find('@') == name.npos)
        return std::nullopt;
    auto type = identity::parse_type(name);
    return type && type->type->is_scoped ? std::optional(std::move(*type)) : std::nullopt;
}

Failure map_needed(std::string_view en, std::string_view zh) {
    return fail(ErrorKind::invalid, "import.map_needed", LocalText(en, zh));
}

Result<TicketColumns> guess_ticket(std::span<const Column> columns) {
    std::map<std::string_view, Column> parts;
    for (const Column& column : columns) {
        const auto part = meaning_of_customers(bare(column.name), ticket_meanings());
        if (!part.empty())
            parts.emplace(part, column);
    }
    if (!parts.contains("number"))
        return map_needed(
            R"(No column could be recognised as the ticket's number. Give a map: {"ticket":{"number":COLUMN}}.)",
            R"(未能识别出工单号所在的列。请提供映射：{"ticket":{"number":列名}}。)");
    const auto find = [&](std::string_view part) {
        const auto found = parts.find(part);
        return found == parts.end() ? std::nullopt : std::optional(found->second);
    };
    return TicketColumns{parts.at("number"), find("time"), find("subject"), find("status"), find("rating")};
}

// Whether the column is one of an order's, ticket's or event's own.
bool is_of_section(Kind kind, std::string_view bare_name) {
    switch (kind) {
    case Kind::customer:
        return false;
    case Kind::order:
        return !meaning_of(bare_name, order_meanings()).empty();
    case Kind::ticket:
        return !meaning_of(bare_name, ticket_meanings()).empty();
    case Kind::event:
        return !meaning_of(bare_name, event_meanings()).empty();
    }
    return false;
}

// A company beside people is an organisation, of which they are members; a credit code is never a person's.
void add_organisation(Map& map, GroupColumns organisation) {
    const auto company = std::ranges::find(map.fields, "company", &FieldColumn::field);
    if (company != map.fields.end())
        organisation.fields.push_back({company->column, "name"});
    else if (map.identifiers.empty() && !organisation.identifiers.empty()) // of companies alone
        organisation.fields = std::exchange(map.fields, {});
    if (!organisation.identifiers.empty() || !organisation.fields.empty())
        map.group = std::move(organisation);
}

} // namespace

Result<Map> guess_map(const MapContext& context) {
    Map map;
    map.kind = context.kind;
    GroupColumns organisation;
    std::vector<Column> columns;
    for (const std::string& name : context.header)
        columns.push_back({name, columns.size()});
    for (const Column& column : columns) {
        const auto name = bare(column.name);
        if (is_of_section(context.kind, name))
            continue;
        if (const auto scoped = scoped_type(column.name)) {
            map.identifiers.push_back({column, *scoped, find_verified(column, context.header)});
            continue;
        }
        const auto type = meaning_of_customers(name, identifier_meanings());
        const auto field = meaning_of_customers(name, field_meanings());
        if (const auto* added = added_type(name))
            map.identifiers.push_back({column, {added, std::nullopt}, find_verified(column, context.header)});
        else if (type == "credit_code")
            organisation.identifiers.push_back(
                {column, {identity::find_identifier_type(type), std::nullopt}, find_verified(column, context.header)});
        else if (!type.empty())
            map.identifiers.push_back(
                {column, {identity::find_identifier_type(type), std::nullopt}, find_verified(column, context.header)});
        else if (!field.empty() && std::ranges::find(context.fields, field) != context.fields.end() &&
                 std::ranges::find(map.fields, field, &FieldColumn::field) == map.fields.end())
            map.fields.push_back({column, std::string(field)});
    }
    add_organisation(map, std::move(organisation));
    if (context.kind == Kind::ticket)
        map.ticket = TRY(guess_ticket(columns));
    else if (context.kind == Kind::order)
        map.order = TRY(guess_order(context.header));
    if (context.kind == Kind::event)
        map.event = TRY(guess_event(context.header));
    if ((context.kind == Kind::customer || context.kind == Kind::event) && map.identifiers.empty() && !map.group)
        return map_needed(
            R"(No column could be recognised as identifying the customer (phone, email, member number). Give a map: {"identifiers":{COLUMN:"phone"}}.)",
            R"(未能识别出用来识别客户的列（手机号、邮箱、会员号）。请提供映射：{"identifiers":{列名:"phone"}}。)");
    return map;
}

} // namespace onefold::import
