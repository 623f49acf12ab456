#include "customer/problem.h"

#include <fmt/format.h>

namespace onefold::customer {

LocalText text_of(std::string_view code, std::string_view path) {
    const std::string_view place = path.starts_with('/') ? path.substr(1) : path;
    if (code == "order.no_number")
        return {"The event names no order (order_id, up to 200 bytes), so it changed none. It stays on the timeline.",
            "该事件没有订单号（order_id，最长 200 字节），未影响任何订单；事件仍保留在时间线上。"};
    if (code == "order.bad_amount")
        return {fmt::format("{} is no number that an order can hold, so the event changed no order. It stays on the "
                            "timeline.",
                    place),
            fmt::format("{} 不是有效数字，该事件未影响任何订单；事件仍保留在时间线上。", place)};
    if (code == "order.unknown_currency")
        return {fmt::format("{} is no currency such as CNY; the order counts in the source's.", place),
            fmt::format("{} 不是有效货币（例如 CNY），订单按来源的货币计。", place)};
    if (code == "merge.unknown_type")
        return {fmt::format("{} is no type of identifier that is known here, so what it names was not joined. The "
                            "message stays in the log.",
                    place),
            fmt::format("{} 不是已知的标识类型，其所指的标识未被合并；消息仍保留在日志中。", place)};
    if (code == "merge.bad_value")
        return {fmt::format("{} cannot be read as its type, or is a placeholder, so it was not joined. The message "
                            "stays in the log.",
                    place),
            fmt::format("{} 无法按其类型读取或为占位值，未被合并；消息仍保留在日志中。", place)};
    if (code == "trait.no_identifier")
        return {
            fmt::format(
                "{} cannot be read as what it is named, so it identifies nobody. The value stays as it came.", place),
            fmt::format("{} 无法按其名称识别，未成为客户标识；原值保留。", place)};
    if (code == "trait.no_date")
        return {fmt::format("{} is no date such as 1990-05-17. The value stays as it came.", place),
            fmt::format("{} 不是有效日期（例如 1990-05-17）；原值保留。", place)};
    if (code == "trait.no_age")
        return {fmt::format("{} is no whole number from 0 to 150. The value stays as it came.", place),
            fmt::format("{} 不是 0 至 150 的整数；原值保留。", place)};
    return {"The message has not all the effect that its name promises.", "该消息未产生应有的全部效果。"};
}

} // namespace onefold::customer
