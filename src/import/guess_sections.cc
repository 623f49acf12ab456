#include "import/guess.h"

namespace onefold::import {

const std::vector<Meaning>& order_meanings() {
    static const std::vector<Meaning> all{
        {"number", {"orderno", "ordernumber", "orderid", "order", "invoiceno", "invoicenumber", "invoice", "salesorder",
                       "订单号", "订单编号", "订单id", "单号", "单据编号", "销售单号", "发票号", "交易号", "流水号"}},
        {"time", {"orderdate", "ordertime", "orderedat", "invoicedate", "purchasedate", "purchasetime", "createdat",
                     "date", "paidat", "下单时间", "下单日期", "订单时间", "订单日期", "购买时间", "购买日期",
                     "交易时间", "交易日期", "成交时间", "成交日期", "销售日期", "付款时间", "支付时间", "创建时间",
                     "日期", "时间", "订单创建时间"}},
        {"quantity", {"quantity", "qty", "count", "units", "数量", "件数", "购买数量", "销售数量", "商品数量"}},
        {"price", {"price", "unitprice", "单价", "价格", "售价", "销售单价", "商品单价", "成交单价"}},
        {"sku", {"sku", "stockcode", "productcode", "productid", "itemcode", "itemno", "商品编码", "商品编号", "货号",
                    "产品编号", "产品编码", "物料编码", "料号"}},
        {"name", {"product", "productname", "description", "item", "itemname", "商品", "商品名称", "产品", "产品名称",
                     "品名", "物料名称", "货品名称"}},
        {"status", {"status", "orderstatus", "状态", "订单状态"}},
        {"currency", {"currency", "币种", "货币"}},
        {"amount", {"amount", "total", "totalamount", "orderamount", "金额", "总金额", "订单金额", "实付金额",
                       "合计金额", "总价", "应付金额", "成交金额"}},
    };
    return all;
}

const std::vector<Meaning>& event_meanings() {
    static const std::vector<Meaning> all{
        {"name",
            {"event", "eventname", "eventtype", "action", "activity", "事件", "事件名", "事件名称", "行为", "动作"}},
        {"time", {"timestamp", "time", "eventtime", "occurredat", "datetime", "date", "createdat", "时间", "事件时间",
                     "发生时间", "日期", "时间戳"}},
        {"message_id", {"messageid", "eventid", "消息id", "事件id"}},
    };
    return all;
}

std::map<std::string_view, Column> parts_among(
    std::span<const std::string> header, const std::vector<Meaning>& meanings) {
    std::map<std::string_view, Column> parts;
    for (std::size_t i = 0; i < header.size(); ++i)
        if (const auto part = meaning_of(bare(header[i]), meanings); !part.empty())
            parts.emplace(part, Column{header[i], i});
    return parts;
}

namespace {

std::optional<Column> found(const std::map<std::string_view, Column>& parts, std::string_view part) {
    const auto place = parts.find(part);
    return place == parts.end() ? std::nullopt : std::optional(place->second);
}

} // namespace

Result<OrderColumns> guess_order(std::span<const std::string> header) {
    const auto parts = parts_among(header, order_meanings());
    const auto number = found(parts, "number"), time = found(parts, "time");
    if (!number || !time)
        return fail(ErrorKind::invalid, "import.map_needed",
            {R"(No column could be recognised as the order's number or time. Give a map: {"identifiers":{COLUMN:"member_no"},"order":{"number":COLUMN,"time":COLUMN,"lines":{"quantity":COLUMN,"price":COLUMN}}}.)",
                R"(未能识别出订单号或下单时间所在的列。请提供映射：{"identifiers":{列名:"member_no"},"order":{"number":列名,"time":列名,"lines":{"quantity":列名,"price":列名}}}。)"});
    OrderColumns order{*number, *time, std::nullopt, found(parts, "status"), found(parts, "currency")};
    const auto quantity = found(parts, "quantity"), price = found(parts, "price");
    if (quantity && price)
        order.lines = LineColumns{found(parts, "sku"), found(parts, "name"), *quantity, *price};
    return order;
}

Result<EventColumns> guess_event(std::span<const std::string> header) {
    const auto parts = parts_among(header, event_meanings());
    const auto name = found(parts, "name"), time = found(parts, "time");
    if (!name || !time)
        return fail(ErrorKind::invalid, "import.map_needed",
            {R"(No column could be recognised as the event's name or time. Give a map: {"identifiers":{COLUMN:"user_id"},"event":{"name":COLUMN,"time":COLUMN}}.)",
                R"(未能识别出事件名称或时间所在的列。请提供映射：{"identifiers":{列名:"user_id"},"event":{"name":列名,"time":列名}}。)"});
    return EventColumns{*name, *time, found(parts, "message_id")};
}

} // namespace onefold::import
