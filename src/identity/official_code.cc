#include "identity/official_code.h"

#include <chrono>

namespace onefold::identity {
namespace {

Failure bad(std::string_view en, std::string_view zh) {
    return fail(ErrorKind::invalid, "identity.bad_value", LocalText(en, zh));
}

std::string upper_without_blanks(std::string_view text) {
    std::string result;
    for (const char c : text)
        if (c != ' ' && c != '-')
            result.push_back(c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c);
    return result;
}

bool is_all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

int number_of(std::string_view digits) {
    int number = 0;
    for (const char c : digits)
        number = number * 10 + (c - '0');
    return number;
}

char id_card_check(std::string_view first_17) {
    static constexpr std::array<int, 17> weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        sum += (first_17[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

bool is_date_of_birth(std::string_view digits) {
    const std::chrono::year_month_day date{std::chrono::year{number_of(digits.substr(0, 4))},
        std::chrono::month{unsigned(number_of(digits.substr(4, 2)))},
        std::chrono::day{unsigned(number_of(digits.substr(6, 2)))}};
    return date.ok() && date.year() >= std::chrono::year{1850} && date.year() < std::chrono::year{2100};
}

} // namespace

Result<std::string> parse_id_card(std::string_view text) {
    std::string code = upper_without_blanks(text);
    if (code.size() == 15 && is_all_digits(code)) {
        code.insert(6, "19");
        code.push_back(id_card_check(code));
    }
    if (code.size() != 18 || !is_all_digits(std::string_view(code).substr(0, 17)))
        return bad("An identity card number has 18 characters: 17 digits and a digit or X.",
            "身份证号应为 18 位：17 位数字加一位数字或 X。");
    if (!is_date_of_birth(std::string_view(code).substr(6, 8)))
        return bad("The date of birth in this identity card number does not exist.", "身份证号中的出生日期不存在。");
    if (code[17] != id_card_check(code))
        return bad("The check digit of this identity card number is wrong: a digit is mistyped.",
            "身份证号的校验位不对：有数字输错了。");
    return code;
}

Result<std::string> parse_credit_code(std::string_view text) {
    static constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const std::string code = upper_without_blanks(text);
    if (code.size() != 18 || code.find_first_not_of(alphabet) != std::string::npos ||
        !is_all_digits(std::string_view(code).substr(2, 6)))
        return bad("A unified social credit code has 18 characters, digits and capitals without I, O, S, V and Z.",
            "统一社会信用代码应为 18 位，由数字和大写字母组成（不含 I、O、S、V、Z）。");
    std::size_t sum = 0;
    std::size_t weight = 1;
    for (const char c : std::string_view(code).substr(0, 17)) {
        sum += alphabet.find(c) * weight;
        weight = weight * 3 % 31;
    }
    if (code[17] != alphabet[(31 - sum % 31) % 31])
        return bad("The check character of this credit code is wrong: a character is mistyped.",
            "统一社会信用代码的校验位不对：有字符输错了。");
    return code;
}

} // namespace onefold::identity
