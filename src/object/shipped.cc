#include "object/shipped.h"

#include "change/change.h"
#include "query/choices.h"

namespace onefold::object {
namespace {

using query::FieldEntry;
using query::FieldType;
using query::ObjectEntry;
using query::Via;
namespace ids = change::object_ids;

FieldEntry field(int id, std::string_view code, LocalText label, FieldType type) {
    FieldEntry entry;
    entry.id = FieldId{id};
    entry.code = code;
    entry.label = std::move(label);
    entry.type = type;
    entry.column = code;
    return entry;
}

FieldEntry amount(
    int id, std::string_view code, LocalText label, FieldType type, std::string_view currency_column = "") {
    FieldEntry entry = field(id, code, std::move(label), type);
    entry.scale = amount_scale;
    entry.currency_column = currency_column;
    return entry;
}

FieldEntry relation(int id, std::string_view code, LocalText label, std::string_view column, ObjectId target, Via via) {
    FieldEntry entry = field(id, code, std::move(label), FieldType::relation);
    entry.column = column;
    entry.target = target;
    entry.via = via;
    return entry;
}

FieldEntry required(FieldEntry entry) {
    entry.is_required = true;
    return entry;
}

FieldEntry several(int id, std::string_view code, LocalText label, FieldType type, std::string_view column,
    std::vector<query::Step> steps) {
    FieldEntry entry = field(id, code, std::move(label), type);
    entry.column = column;
    entry.steps = std::move(steps);
    return entry;
}

query::RecordsEntry records(
    int id, std::string_view code, LocalText label, ObjectId target, std::vector<query::Step> steps) {
    return {std::string(code), std::move(label), target, std::move(steps), FieldId{id}};
}

FieldEntry computed(FieldEntry entry) {
    entry.extension = "customer_activity";
    return entry;
}

ObjectEntry customer() {
    ObjectEntry entry;
    entry.id = ids::customer;
    entry.code = "customer";
    entry.label = {"Customer", "客户"};
    entry.table = "customer";
    entry.extensions = {{"customer_activity", "customer_id"}};
    entry.fields = {
        field(1, "id", {"ID", "编号"}, FieldType::relation),
        field(2, "kind", {"Kind", "类型"}, FieldType::choice),
        field(3, "state", {"State", "状态"}, FieldType::choice),
        field(4, "version", {"Version", "版本"}, FieldType::integer),
    };
    entry.fields[0].target = ids::customer;
    for (const GoldenField& golden : golden_fields()) {
        FieldEntry text = field(int(golden.id.value), golden.code, golden.label, FieldType::text);
        entry.fields.push_back(std::move(text));
    }
    entry.fields.push_back(computed(field(60, "first_seen_at", {"First seen", "首次出现"}, FieldType::instant)));
    entry.fields.push_back(computed(field(61, "last_seen_at", {"Last seen", "最近出现"}, FieldType::instant)));
    entry.fields.push_back(computed(field(62, "last_purchase_at", {"Last purchase", "最近购买"}, FieldType::instant)));
    entry.fields.push_back(computed(field(63, "event_count", {"Events", "事件数"}, FieldType::integer)));
    entry.fields.push_back(computed(field(64, "order_count", {"Orders", "订单数"}, FieldType::integer)));
    entry.fields.push_back(computed(field(65, "ticket_count", {"Tickets", "工单数"}, FieldType::integer)));
    entry.fields.push_back(
        computed(amount(66, "total_spend", {"Total spend", "累计消费"}, FieldType::money, "currency")));
    entry.fields.push_back(computed(field(67, "currency", {"Currency", "货币"}, FieldType::choice)));
    entry.fields.push_back(
        computed(field(68, "unconverted", {"Spend in other currencies", "其他货币消费"}, FieldType::json)));
    entry.fields.push_back(
        several(69, "sources", {"Sources", "来源"}, FieldType::integer, "source_id", {{"node", "customer_id", ""}}));
    entry.fields.push_back(several(70, "identifier_types", {"Identifiers", "标识"}, FieldType::choice, "type",
        {{"node", "customer_id", "id"}, {"claim", "node_id", "identifier_id"}, {"identifier", "id", ""}}));
    entry.fields.back().held = "identifier_types";
    entry.records = {
        records(71, "orders", {"Orders of theirs", "订单"}, ids::order,
            {{"node", "customer_id", "id"}, {"record_order", "node_id", ""}}),
        records(72, "tickets", {"Tickets of theirs", "工单"}, ids::ticket,
            {{"node", "customer_id", "id"}, {"record_ticket", "node_id", ""}}),
    };
    entry.always =
        formula::call(formula::Operator::equal, {formula::field({"state"}), formula::literal(std::string("active"))});
    return entry;
}

ObjectEntry order() {
    ObjectEntry entry;
    entry.id = ids::order;
    entry.code = "order";
    entry.label = {"Order", "订单"};
    entry.table = "record_order";
    entry.fields = {
        relation(100, "id", {"ID", "编号"}, "id", ids::order, Via::record),
        field(101, "number", {"Number", "单号"}, FieldType::text),
        field(102, "source", {"Source", "来源"}, FieldType::integer),
        relation(103, "customer", {"Customer", "客户"}, "node_id", ids::customer, Via::node),
        relation(104, "contact", {"Contact", "联系人"}, "contact_node_id", ids::customer, Via::node),
        required(field(105, "time", {"Time", "时间"}, FieldType::instant)),
        amount(106, "total", {"Total", "金额"}, FieldType::money, "currency"),
        field(107, "currency", {"Currency", "货币"}, FieldType::choice),
        field(108, "status", {"Status", "状态"}, FieldType::choice),
        field(109, "is_credit", {"Credit", "红字"}, FieldType::boolean),
        field(110, "line_count", {"Lines", "行数"}, FieldType::integer),
        field(111, "version", {"Version", "版本"}, FieldType::integer),
        amount(112, "refunded", {"Refunded", "已退款"}, FieldType::money, "currency"),
        field(113, "is_cancelled", {"Cancelled", "已取消"}, FieldType::boolean),
    };
    entry.fields[2].column = "source_id";
    entry.records = {
        records(114, "lines", {"Order lines", "订单行"}, ids::order_line, {{"record_order_line", "order_id", ""}})};
    return entry;
}

ObjectEntry order_line() {
    ObjectEntry entry;
    entry.id = ids::order_line;
    entry.code = "order_line";
    entry.label = {"Order line", "订单行"};
    entry.table = "record_order_line";
    entry.fields = {
        relation(130, "id", {"ID", "编号"}, "id", ids::order_line, Via::record),
        relation(131, "order", {"Order", "订单"}, "order_id", ids::order, Via::record),
        field(132, "line_number", {"Line", "行号"}, FieldType::integer),
        field(133, "sku", {"SKU", "货号"}, FieldType::text),
        field(134, "name", {"Product", "商品"}, FieldType::text),
        amount(135, "quantity", {"Quantity", "数量"}, FieldType::decimal),
        amount(136, "price", {"Price", "单价"}, FieldType::decimal),
        amount(137, "amount", {"Amount", "金额"}, FieldType::decimal),
    };
    return entry;
}

ObjectEntry ticket() {
    ObjectEntry entry;
    entry.id = ids::ticket;
    entry.code = "ticket";
    entry.label = {"Ticket", "工单"};
    entry.table = "record_ticket";
    entry.fields = {
        relation(150, "id", {"ID", "编号"}, "id", ids::ticket, Via::record),
        field(151, "number", {"Number", "单号"}, FieldType::text),
        field(152, "source", {"Source", "来源"}, FieldType::integer),
        relation(153, "customer", {"Customer", "客户"}, "node_id", ids::customer, Via::node),
        field(154, "time", {"Time", "时间"}, FieldType::instant),
        field(155, "subject", {"Subject", "主题"}, FieldType::text),
        field(156, "status", {"Status", "状态"}, FieldType::choice),
        field(157, "rating", {"Rating", "评分"}, FieldType::decimal),
        field(158, "version", {"Version", "版本"}, FieldType::integer),
    };
    entry.fields[2].column = "source_id";
    entry.fields[7].scale = rating_scale;
    return entry;
}

// Where sources of equal standing say different things of one field of a customer.
ObjectEntry conflict() {
    ObjectEntry entry;
    entry.id = ids::conflict;
    entry.code = "conflict";
    entry.label = {"Conflict between sources", "来源冲突"};
    entry.table = "conflict";
    entry.fields = {
        relation(170, "id", {"ID", "编号"}, "id", ids::conflict, Via::record),
        relation(171, "customer", {"Customer", "客户"}, "customer_id", ids::customer, Via::record),
        required(field(172, "field", {"Field", "字段"}, FieldType::choice)),
        required(field(173, "state", {"State", "状态"}, FieldType::choice)),
        field(174, "claims", {"What sources say", "各来源的值"}, FieldType::json),
        required(field(175, "since", {"Since", "始于"}, FieldType::instant)),
        field(176, "version", {"Version", "版本"}, FieldType::integer),
        field(177, "left_by", {"Left by", "搁置人"}, FieldType::text),
        field(178, "left_at", {"Left at", "搁置时间"}, FieldType::instant),
    };
    return entry;
}

struct Shown {
    FieldId field;
    std::vector<formula::Choice> choices;
};
// Identifiers as identity shows them, which stands above; the customers' test holds them to that.
std::vector<Shown> shown_values() {
    return {{FieldId{2}, {{"person", {"Person", "个人"}}, {"organisation", {"Organisation", "组织"}},
                             {"household", {"Household", "家庭"}}}},
        {FieldId{70}, {{"user_id", {"User ID", "用户 ID"}}, {"anonymous_id", {"Anonymous ID", "匿名 ID"}},
                          {"member_no", {"Member number", "会员号"}}, {"phone", {"Phone", "手机号"}},
                          {"email", {"E-mail", "邮箱"}}, {"unionid", {"WeChat UnionID", "微信 UnionID"}},
                          {"openid", {"WeChat OpenID", "微信 OpenID"}},
                          {"external_userid", {"WeCom external contact", "企业微信外部联系人"}},
                          {"credit_code", {"Unified social credit code", "统一社会信用代码"}},
                          {"id_card", {"Identity card", "身份证号"}}, {"device", {"Device", "设备"}},
                          {"web_domain", {"Web domain", "网站域名"}}, {"group_id", {"Group ID", "组织 ID"}},
                          {"organisation_name", {"Company name in its source", "来源内的组织名称"}}}}};
}

class ShippedCatalogue : public query::Catalogue, public query::Choices {
  public:
    const std::vector<formula::Choice>* choices_of(FieldId field) const override {
        const auto found = std::ranges::find(shown_, field, &Shown::field);
        return found == shown_.end() ? nullptr : &found->choices;
    }
    const ObjectEntry* find_object(std::string_view code) const override {
        const auto found = std::ranges::find(objects_, code, &ObjectEntry::code);
        return found == objects_.end() ? nullptr : &*found;
    }
    const ObjectEntry* find_object(ObjectId id) const override {
        const auto found = std::ranges::find(objects_, id, &ObjectEntry::id);
        return found == objects_.end() ? nullptr : &*found;
    }

  private:
    std::vector<Shown> shown_ = shown_values();
    std::vector<ObjectEntry> objects_{customer(), order(), order_line(), ticket(), conflict()};
};

} // namespace

const std::vector<GoldenField>& golden_fields() {
    static const std::vector<GoldenField> fields{
        {FieldId{10}, "name", {"Name", "姓名"}},
        {FieldId{11}, "first_name", {"First name", "名"}},
        {FieldId{12}, "last_name", {"Last name", "姓"}},
        {FieldId{13}, "gender", {"Gender", "性别"}},
        {FieldId{14}, "birthday", {"Birthday", "生日"}},
        {FieldId{15}, "age", {"Age", "年龄"}},
        {FieldId{16}, "company", {"Company", "公司"}},
        {FieldId{17}, "title", {"Title", "职务"}},
        {FieldId{18}, "industry", {"Industry", "行业"}},
        {FieldId{30}, "grade", {"Grade", "等级"}},
        {FieldId{31}, "owner", {"Owner", "负责人"}},
        {FieldId{19}, "website", {"Website", "网站"}},
        {FieldId{20}, "language", {"Language", "语言"}},
        {FieldId{21}, "country", {"Country", "国家/地区"}},
        {FieldId{22}, "province", {"Province", "省份"}},
        {FieldId{23}, "city", {"City", "城市"}},
        {FieldId{24}, "district", {"District", "区县"}},
        {FieldId{25}, "address", {"Address", "地址"}},
        {FieldId{26}, "postal_code", {"Postal code", "邮编"}},
        {FieldId{27}, "phone", {"Company phone", "公司电话"}},
        {FieldId{28}, "email", {"Company e-mail", "公司邮箱"}},
        {FieldId{29}, "note", {"Note", "备注"}},
    };
    return fields;
}

const GoldenField* find_golden_field(std::string_view code) {
    const auto found = std::ranges::find(golden_fields(), code, &GoldenField::code);
    return found == golden_fields().end() ? nullptr : &*found;
}

const GoldenField* find_golden_field(FieldId id) {
    const auto found = std::ranges::find(golden_fields(), id, &GoldenField::id);
    return found == golden_fields().end() ? nullptr : &*found;
}

const query::Catalogue& shipped_catalogue() {
    static const ShippedCatalogue catalogue;
    return catalogue;
}

} // namespace onefold::object
