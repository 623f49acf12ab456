#include "import/column_kind.h"

#include "core/text.h"
#include "identity/identifier.h"
#include "import/guess.h"
#include "sheet/written.h"

#include <cctype>

namespace onefold::import {
namespace {

constexpr std::string_view frequent_surnames =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧";

bool normalises(std::string_view type, std::string_view value, std::string_view region) {
    const auto* found = identity::find_identifier_type(type);
    const auto normal = found ? identity::normalise(*found, value, region) : fail(ErrorKind::invalid, "", {});
    return normal.has_value();
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}
int count_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return int(
        std::ranges::count_if(words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; }));
}

bool is_organisation(std::string_view value) {
    if (has_any(value, {"公司", "集团", "工厂", "有限", "事务所", "研究院", "医院", "大学", "经营部", "商行"}))
        return true;
    std::string word = folded(value);
    while (word.ends_with('.'))
        word.pop_back();
    return std::ranges::any_of(std::initializer_list<std::string_view>{" inc", " ltd", " llc", " gmbh", " co", " corp",
                                   " ag", " plc", " s.a", " limited", " corporation", " company"},
        [&](std::string_view ending) { return word.ends_with(ending); });
}

bool is_address(std::string_view value) {
    if (count_of(value, {"省", "市", "区", "县", "镇", "街", "路", "号", "室", "村"}) >= 3)
        return true;
    const std::string text = folded(value);
    return value.find_first_of("0123456789") != std::string_view::npos &&
           has_any(text, {" street", " st.", " road", " rd", " avenue", " ave", " lane", " drive", " blvd", " suite"});
}

bool is_person(std::string_view value) {
    const auto length = length_of(value);
    if (value.find_first_of("0123456789@/\\_#:;") != std::string_view::npos || length < 2 || length > 40)
        return false;
    if (std::uint8_t(value[0]) >= 0x80)
        return length <= 4 && value.size() == length * 3 &&
               frequent_surnames.find(value.substr(0, 3)) != std::string_view::npos;
    const auto blank = value.find(' ');
    return blank != std::string_view::npos && value[0] >= 'A' && value[0] <= 'Z' && blank + 1 < value.size() &&
           value[blank + 1] >= 'A' && value[blank + 1] <= 'Z' && std::ranges::count(value, ' ') <= 3;
}

bool is_link(std::string_view value) {
    return value.starts_with("http://") || value.starts_with("https://") || value.starts_with("www.");
}

bool is_flag(std::string_view value) {
    const std::string word = folded(value);
    return std::ranges::any_of(
        std::initializer_list<std::string_view>{"yes", "no", "y", "n", "true", "false", "是", "否", "有", "√", "×"},
        [&](std::string_view each) { return word == each; });
}

// Letters, digits and marks without blanks, with at least one digit.
bool is_code(std::string_view value) {
    return value.size() >= 3 && value.size() <= 40 && value.find_first_of("0123456789") != std::string_view::npos &&
           std::ranges::all_of(
               value, [](char c) { return std::isalnum(std::uint8_t(c)) || c == '-' || c == '_' || c == '/'; });
}

} // namespace

bool is_of_kind(ColumnKind kind, std::string_view value, std::string_view region) {
    switch (kind) {
    case ColumnKind::email:
        return value.find('@') != std::string_view::npos && normalises("email", value, region);
    case ColumnKind::credit_code:
        return value.size() == 18 && normalises("credit_code", value, region);
    case ColumnKind::id_card:
        return value.size() == 18 && normalises("id_card", value, region);
    case ColumnKind::phone: {
        const auto digits = std::ranges::count_if(value, [](char c) { return c >= '0' && c <= '9'; });
        return digits >= 7 && digits <= 15 && normalises("phone", value, region);
    }
    case ColumnKind::link:
        return is_link(value);
    case ColumnKind::date:
        return sheet::read_time(value).has_value();
    case ColumnKind::percent: {
        const auto number = sheet::read_number(value);
        return number && number->is_percent;
    }
    case ColumnKind::money: {
        const auto number = sheet::read_number(value);
        return number && !number->currency.empty();
    }
    case ColumnKind::number:
        return sheet::read_number(value).has_value();
    case ColumnKind::flag:
        return is_flag(value);
    case ColumnKind::organisation:
        return is_organisation(value);
    case ColumnKind::address:
        return is_address(value);
    case ColumnKind::name:
        return is_person(value);
    case ColumnKind::code:
    case ColumnKind::order_number:
        return is_code(value);
    default:
        return true;
    }
}

ColumnKind kind_of_name(std::string_view column) {
    const std::string name = bare(column);
    const auto type = meaning_of_customers(name, identifier_meanings());
    if (type == "phone")
        return ColumnKind::phone;
    if (type == "email")
        return ColumnKind::email;
    if (type == "credit_code")
        return ColumnKind::credit_code;
    if (type == "id_card")
        return ColumnKind::id_card;
    if (!type.empty())
        return ColumnKind::code;
    const auto order = meaning_of(name, order_meanings());
    if (order == "number")
        return ColumnKind::order_number;
    if (order == "price" || order == "amount")
        return ColumnKind::money;
    if (order == "quantity")
        return ColumnKind::number;
    if (order == "time" || meaning_of(name, event_meanings()) == "time" ||
        meaning_of(name, ticket_meanings()) == "time")
        return ColumnKind::date;
    if (order == "sku")
        return ColumnKind::code;
    const auto field = meaning_of_customers(name, field_meanings());
    if (field == "name")
        return ColumnKind::name;
    if (field == "company")
        return ColumnKind::organisation;
    if (field == "address")
        return ColumnKind::address;
    if (field == "birthday")
        return ColumnKind::date;
    if (field == "website")
        return ColumnKind::link;
    return ColumnKind::blank;
}

std::span<const ColumnKind> checked_kinds() {
    static constexpr ColumnKind kinds[] = {ColumnKind::email, ColumnKind::credit_code, ColumnKind::id_card,
        ColumnKind::link, ColumnKind::flag, ColumnKind::phone, ColumnKind::percent, ColumnKind::money, ColumnKind::date,
        ColumnKind::number, ColumnKind::organisation, ColumnKind::address, ColumnKind::name, ColumnKind::code};
    return kinds;
}

RowError bad_value(ColumnKind kind, std::uint64_t line, const std::string& column, std::string_view value) {
    const auto shown = beginning_of(value, 60);
    const auto say = [&](std::string_view code, std::string_view en, std::string_view zh) {
        return RowError{line, column, std::string(code),
            LocalText(fmt::format("“{}” is not {}.", shown, en), fmt::format("“{}”不是{}。", shown, zh))};
    };
    switch (kind) {
    case ColumnKind::email:
        return say("import.bad_email", "an e-mail address", "有效的邮箱地址");
    case ColumnKind::phone:
        return say("import.bad_phone", "a phone number", "有效的电话号码");
    case ColumnKind::credit_code:
        return say("import.bad_credit_code", "a unified social credit code", "有效的统一社会信用代码");
    case ColumnKind::id_card:
        return say("import.bad_id_card", "an identity card's number", "有效的身份证号");
    case ColumnKind::date:
        return say("import.bad_date", "a date", "有效的日期");
    default:
        return say("import.bad_number", "a number", "有效的数字");
    }
}

} // namespace onefold::import
