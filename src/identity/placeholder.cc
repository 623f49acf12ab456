#include "identity/placeholder.h"

#include "core/text.h"

#include <algorithm>
#include <array>
#include <string>

namespace onefold::identity {
namespace {

constexpr std::size_t run_min = 8; // a shorter run of digits happens in honest numbers

constexpr std::array<std::string_view, 44> words{"n/a", "na", "n.a.", "#n/a", "none", "(none)", "no", "null", "(null)",
    "nil", "nan", "undefined", "unknown", "not available", "not provided", "not_authenticated", "anonymous", "guest",
    "true", "false", "tbd", "todo", "xxx", "xxxx", "email", "phone", "id", "distinct_id", "distinctid",
    "[object object]", "someone@example.com", "name@example.com", "you@example.com", "无", "没有", "暂无", "未知",
    "不详", "不知道", "空", "待补充", "未填写", "匿名", "保密"};

constexpr std::array<std::string_view, 16> mail_names{"test", "none", "no", "na", "null", "noemail", "no-email",
    "nomail", "unknown", "undefined", "noreply", "no-reply", "donotreply", "xxx", "asdf", "fake"};

constexpr std::array<std::string_view, 22> mail_domains{"gmail.com", "googlemail.com", "outlook.com", "hotmail.com",
    "live.com", "msn.com", "yahoo.com", "icloud.com", "me.com", "aol.com", "proton.me", "protonmail.com", "qq.com",
    "vip.qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "sina.com", "sina.cn", "sohu.com", "139.com"};

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& all, std::string_view text) {
    return std::ranges::find(all, text) != all.end();
}

bool is_one_digit(std::string_view digits) {
    return std::ranges::all_of(digits, [&](char c) { return c == digits.front(); });
}

// 12345678, 0123456789, 12345678901.
bool is_counted_up(std::string_view digits) {
    if (digits.front() != '0' && digits.front() != '1')
        return false;
    for (std::size_t i = 1; i < digits.size(); ++i)
        if ((digits[i] - digits[i - 1] + 9) % 10 != 0)
            return false;
    return true;
}

bool is_zero_or_mark(char c) {
    return c == '0' || c == '-' || c == '.' || c == '?' || c == '*' || c == '/' || c == '_';
}

bool is_long_number(std::string_view text) {
    return text.size() >= run_min && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

bool is_placeholder(std::string_view text) {
    if (text.size() > 64)
        return false;
    if (std::ranges::all_of(text, is_zero_or_mark) || text == "-1")
        return true;
    const std::string word = folded(text);
    return is_one_of(words, word) || std::ranges::all_of(word, is_zero_or_mark);
}

bool is_placeholder_number(std::string_view digits) {
    return is_long_number(digits) && is_one_digit(digits);
}

bool is_placeholder_official(std::string_view digits) {
    return is_long_number(digits) && (is_one_digit(digits) || is_counted_up(digits));
}

bool is_placeholder_phone(std::string_view e164) {
    if (e164 == "+8613800138000")
        return true;
    return e164.size() > run_min && is_one_digit(e164.substr(e164.size() - run_min));
}

bool is_placeholder_email(std::string_view address) {
    const auto at = address.find('@');
    const auto name = address.substr(0, at);
    const auto domain = at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
    if (is_one_of(mail_names, name))
        return true;
    return name.size() <= 4 && domain.substr(0, domain.find('.')) == name;
}

bool is_public_mail_domain(std::string_view domain) {
    return is_one_of(mail_domains, domain);
}

} // namespace onefold::identity
