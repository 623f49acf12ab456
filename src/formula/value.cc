#include "formula/value.h"

#include "core/text.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace onefold::formula {

LocalText name_of(Type type) {
    switch (type.kind) {
    case Kind::blank:
        return {"blank", "空值"};
    case Kind::truth:
        return {"a condition (TRUE or FALSE)", "条件（TRUE 或 FALSE）"};
    case Kind::number:
        return {"a number", "数字"};
    case Kind::text:
        return {"text", "文本"};
    case Kind::date:
        return {"a date", "日期"};
    case Kind::instant:
        return {"a date and time", "日期时间"};
    case Kind::record:
        return {"a record", "记录"};
    case Kind::records:
        return {"records", "多条记录"};
    case Kind::list:
        break;
    }
    switch (type.each) {
    case Kind::truth:
        return {"a list of conditions", "条件列表"};
    case Kind::number:
        return {"a list of numbers", "数字列表"};
    case Kind::text:
        return {"a list of texts", "文本列表"};
    case Kind::date:
        return {"a list of dates", "日期列表"};
    case Kind::instant:
        return {"a list of dates and times", "日期时间列表"};
    default:
        return {"a list", "列表"};
    }
}

std::strong_ordering compare(const Value& left, const Value& right) {
    if (const auto* number = left.as<Decimal>())
        return *number <=> right.get<Decimal>();
    if (const auto* text = left.as<std::string_view>())
        return text->compare(right.get<std::string_view>()) <=> 0;
    if (const auto* date = left.as<Date>())
        return *date <=> right.get<Date>();
    if (const auto* at = left.as<Instant>())
        return *at <=> right.get<Instant>();
    return left.get<bool>() <=> right.get<bool>();
}

std::string to_text(Date date) {
    const std::chrono::year_month_day day{date};
    return fmt::format("{:04}-{:02}-{:02}", int(day.year()), unsigned(day.month()), unsigned(day.day()));
}

std::string to_text(const Value& value) {
    if (const auto* truth = value.as<bool>())
        return *truth ? "TRUE" : "FALSE";
    if (const auto* number = value.as<Decimal>())
        return number->to_string();
    if (const auto* text = value.as<std::string_view>())
        return std::string(*text);
    if (const auto* date = value.as<Date>())
        return to_text(*date);
    if (const auto* at = value.as<Instant>())
        return to_rfc3339(*at);
    if (value.as<Value::List>())
        return to_json_text(value);
    return "";
}

std::string to_json_text(const Value& value) {
    if (const auto* truth = value.as<bool>())
        return *truth ? "true" : "false";
    if (const auto* number = value.as<Decimal>())
        return number->to_string();
    if (const auto* list = value.as<Value::List>()) {
        std::string text;
        for (const Value& member : *list)
            text += (text.empty() ? "" : ",") + to_json_text(member);
        return '[' + text + ']';
    }
    return value.is_blank() ? "null" : boost::json::serialize(boost::json::string(to_text(value)));
}

std::string_view code_of(Why why) {
    switch (why) {
    case Why::division_by_zero:
        return "formula.division_by_zero";
    case Why::out_of_range:
        return "formula.out_of_range";
    case Why::not_a_number:
        return "formula.not_a_number";
    case Why::not_a_date:
        return "formula.not_a_date";
    case Why::bad_argument:
        return "formula.bad_argument";
    case Why::bad_pattern:
        return "formula.bad_pattern";
    case Why::unknown_zone:
        return "formula.unknown_zone";
    case Why::not_found:
        return "formula.not_found";
    case Why::steps:
        return "formula.too_many_steps";
    case Why::time:
        return "formula.too_slow";
    case Why::memory:
        return "formula.too_much_memory";
    }
    return "formula.wrong";
}

LocalText message_of(const Trouble& trouble) {
    const std::string_view shown = beginning_of(trouble.detail, 60);
    switch (trouble.why) {
    case Why::division_by_zero:
        return {"division by zero.", "除数为零。"};
    case Why::out_of_range:
        return {"the result is outside what can be kept exactly (38 digits, the years 0001 to 9999).",
            "结果超出可精确保存的范围（38 位数字，公元 1 至 9999 年）。"};
    case Why::not_a_number:
        return {fmt::format("“{}” is not a number.", shown), fmt::format("“{}”不是数字。", shown)};
    case Why::not_a_date:
        return {fmt::format("“{}” is not a date such as 2026-05-31.", shown),
            fmt::format("“{}”不是日期，正确的写法如 2026-05-31。", shown)};
    case Why::bad_argument:
        return {fmt::format("{} cannot be used here.", shown), fmt::format("此处不能使用 {}。", shown)};
    case Why::bad_pattern:
        return {
            fmt::format("the pattern cannot be read: {}.", shown), fmt::format("无法识别该正则表达式：{}。", shown)};
    case Why::unknown_zone:
        return {fmt::format("“{}” is not a time zone; write it as Asia/Shanghai.", shown),
            fmt::format("“{}”不是时区名，正确的写法如 Asia/Shanghai。", shown)};
    case Why::not_found:
        return {fmt::format("“{}” was not found.", shown), fmt::format("未找到“{}”。", shown)};
    case Why::steps:
        return {"the formula takes more steps than allowed.", "公式的计算步骤超出限制。"};
    case Why::time:
        return {"the formula takes longer than allowed.", "公式的计算时间超出限制。"};
    case Why::memory:
        return {"the formula needs more memory than allowed.", "公式占用的内存超出限制。"};
    }
    return {"there is no value.", "没有值。"};
}

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    const auto digits = [&](std::size_t at, std::size_t count) {
        int value = 0;
        for (const char c : text.substr(at, count)) {
            if (c < '0' || c > '9')
                return 0;
            value = value * 10 + (c - '0');
        }
        return value;
    };
    using namespace std::chrono;
    const year_month_day day{
        year{digits(0, 4)}, month{unsigned(digits(5, 2))}, std::chrono::day{unsigned(digits(8, 2))}};
    if (int(day.year()) == 0 || !day.ok())
        return std::nullopt;
    return Date{day};
}

} // namespace onefold::formula
