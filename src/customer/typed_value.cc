#include "customer/typed_value.h"

#include "core/text.h"
#include "identity/identifier.h"

#include <charconv>
#include <fmt/format.h>

namespace onefold::customer {
namespace {

constexpr std::size_t code_points_max = 1000;
constexpr int age_max = 150;

Failure bad(LocalText message) {
    return fail(ErrorKind::invalid, "customer.bad_value", std::move(message));
}

Result<std::string> date(const std::string& text, Instant now) {
    const auto at = parse_rfc3339(text + "T00:00:00Z");
    if (text.size() != 10 || !at || to_rfc3339(*at).substr(0, 10) != text)
        return bad({"A date is written as 1990-05-17.", "日期应写作 1990-05-17。"});
    if (*at > now + std::chrono::days{1})
        return bad({"A birthday lies in the past.", "生日不能晚于今天。"});
    return text;
}

Result<std::string> age(const std::string& text) {
    int years = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), years);
    if (error != std::errc{} || end != text.data() + text.size() || years < 0 || years > age_max)
        return bad({fmt::format("An age is a whole number from 0 to {}, as 34.", age_max),
            fmt::format("年龄应为 0 至 {} 的整数，例如 34。", age_max)});
    return std::to_string(years);
}

Result<std::string> identifier(std::string_view type, const std::string& text) {
    auto normal = identity::normalise(*identity::find_identifier_type(type), text, "CN");
    if (!normal)
        return bad(normal.error().message);
    return text;
}

} // namespace

Result<std::string> typed_value(std::string_view field_code, std::string_view raw, Instant now) {
    const std::string text{trimmed(raw)};
    if (text.empty())
        return bad({"Nothing is typed here. To hide a wrong value, send null; to let sources decide, name the field in "
                    "“automatic”.",
            "未填写内容。如需隐藏错误的值，请传 null；如需恢复自动取值，请列入 automatic。"});
    if (!is_valid_utf8(text) || beginning_of(text, code_points_max).size() < text.size())
        return bad({fmt::format("A value has at most {} characters.", code_points_max),
            fmt::format("值最多 {} 个字符。", code_points_max)});
    if (std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ' && c != '\n' && c != '\t') || c == 0x7f; }))
        return bad({"A value has no control characters.", "值不能包含控制字符。"});
    if (field_code == "birthday")
        return date(text, now);
    if (field_code == "age")
        return age(text);
    if (field_code == "phone" || field_code == "email")
        return identifier(field_code, text);
    return text;
}

} // namespace onefold::customer
