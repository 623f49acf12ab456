#include "identity/identifier.h"

#include "core/nearest.h"
#include "core/text.h"
#include "identity/email.h"
#include "identity/official_code.h"
#include "identity/phone.h"
#include "identity/placeholder.h"
#include "identity/spelling.h"

namespace onefold::identity {
namespace {

constexpr std::size_t value_bytes_max = 256;
constexpr std::size_t raw_bytes_max = 4096;
constexpr std::size_t scope_code_points_max = 64;

Failure bad(std::string_view en, std::string_view zh) {
    return fail(ErrorKind::invalid, "identity.bad_value", LocalText(en, zh));
}

Failure unknown_type(std::string_view code) {
    std::string en = fmt::format("There is no identifier type “{}”.", beginning_of(code, 64));
    std::string zh = fmt::format("没有“{}”这种标识类型。", beginning_of(code, 64));
    std::vector<std::string_view> codes;
    for (const IdentifierType* type : identifier_types())
        codes.push_back(type->code);
    const auto nearest = nearest_of(code, codes);
    if (!nearest.empty()) {
        en += fmt::format(" Is “{}” meant?", nearest);
        zh += fmt::format("是指“{}”吗？", nearest);
    } else {
        std::string all;
        for (const IdentifierType* type : identifier_types())
            all += (all.empty() ? "" : ", ") + std::string(type->code);
        en += " Types: " + all + ".";
        zh += "可用类型：" + all + "。";
    }
    return fail(ErrorKind::invalid, "identity.unknown_type", LocalText(en, zh));
}

// Full-width ASCII becomes half-width; marks of direction, zero-width blanks and byte order marks go away.
std::string half_width(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = [&](std::size_t offset) { return static_cast<unsigned char>(text[i + offset]); };
        if (byte(0) < 0xE2 || byte(0) > 0xEF || i + 2 >= text.size()) {
            result.push_back(text[i]);
            continue;
        }
        const unsigned point = (byte(0) & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
        const bool is_invisible = (point >= 0x200B && point <= 0x200F) || (point >= 0x202A && point <= 0x202E) ||
                                  point == 0x2060 || point == 0xFEFF;
        if (point >= 0xFF01 && point <= 0xFF5E)
            result.push_back(char(point - 0xFF01 + '!'));
        else if (point == 0x3000)
            result.push_back(' ');
        else if (!is_invisible)
            result.append(text.substr(i, 3));
        i += 2;
    }
    return result;
}

// A spreadsheet's number: "13694.0" is 13694; "1.38E+10" has lost its digits.
std::string_view without_point_zero(std::string_view text) {
    const auto point = text.find('.');
    if (point == 0 || point == std::string_view::npos)
        return text;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto fraction = text.substr(point + 1);
    if (fraction.empty() || !std::ranges::all_of(text.substr(0, point), is_digit))
        return text;
    return std::ranges::all_of(fraction, [](char c) { return c == '0'; }) ? text.substr(0, point) : text;
}

bool is_rounded_number(std::string_view text) {
    const auto exponent = text.find_first_of("eE");
    if (exponent == std::string_view::npos || exponent < 3 || text[1] != '.')
        return false;
    const auto power = text.substr(exponent + 1);
    return power.starts_with('+') && power.size() >= 2 && text.find_first_not_of("0123456789.") == exponent &&
           power.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

Result<Normalised> normalise_phone(std::string_view text, std::string_view region) {
    if (is_placeholder_official(text))
        return Normalised{std::string(text), true};
    std::string number = TRY(phone_to_e164(folded(without_point_zero(text)), region));
    const bool is_blocked = is_placeholder_phone(number);
    return Normalised{std::move(number), is_blocked};
}

// Brackets, blanks and capitals differ from clerk to clerk; what the name means is not looked into.
Result<Normalised> normalise_organisation_name(std::string_view text) {
    std::string name;
    for (const char c : folded(text))
        if (c != ' ' && c != '\t' && c != '"' && c != '\'' && c != ',' && c != '.')
            name += c;
    if (name.empty())
        return fail(ErrorKind::invalid, "identity.bad_value",
            LocalText("This is not the name of a company.", "这不是组织名称。"));
    static constexpr std::array<std::string_view, 8> nobody{
        "个人", "个体", "自由职业", "self", "self-employed", "selfemployed", "freelance", "freelancer"};
    const bool is_blocked = is_placeholder(name) || std::ranges::find(nobody, name) != nobody.end();
    return Normalised{std::move(name), is_blocked};
}

Result<Normalised> normalise_other(std::string_view text) {
    const auto value = without_point_zero(text);
    return Normalised{std::string(value), is_placeholder_number(value)};
}

Result<Normalised> normalise_text(const IdentifierType& type, std::string_view text, std::string_view region) {
    if (type.code == "phone")
        return normalise_phone(text, region);
    if (type.code == "email") {
        std::string address = TRY(parse_email(text));
        const bool is_blocked = is_placeholder_email(address);
        return Normalised{std::move(address), is_blocked};
    }
    if (type.code == "web_domain") {
        std::string domain = TRY(parse_web_domain(text));
        const bool is_blocked = is_public_mail_domain(domain);
        return Normalised{std::move(domain), is_blocked};
    }
    if (type.code == "organisation_name")
        return normalise_organisation_name(text);
    if (type.code == "id_card" || type.code == "credit_code") {
        if (is_placeholder_official(text))
            return Normalised{std::string(text), true};
        return Normalised{TRY(type.code == "id_card" ? parse_id_card(text) : parse_credit_code(text))};
    }
    if (type.spelling)
        return normalise_added(*type.spelling, without_point_zero(text));
    return normalise_other(text);
}

} // namespace

std::string TypeReference::scope_within(std::string_view source_name) const {
    if (scope)
        return *scope;
    return type->is_scoped ? std::string(source_name) : std::string();
}

Result<TypeReference> parse_type(std::string_view text) {
    const auto at = text.find('@');
    const auto code = text.substr(0, at);
    TypeReference reference{find_identifier_type(code), std::nullopt};
    if (!reference.type)
        return unknown_type(code);
    if (at == std::string_view::npos)
        return reference;
    const auto scope = trimmed(text.substr(at + 1));
    const bool has_control =
        std::ranges::any_of(scope, [](unsigned char c) { return c < 0x20 || c == 0x7f || c == ':'; });
    if (scope.empty() || has_control || !is_valid_utf8(scope) || length_of(scope) > scope_code_points_max)
        return fail(ErrorKind::invalid, "identity.bad_scope",
            LocalText("The scope after @ is 1 to 64 characters without a colon.",
                "@ 后面的范围应为 1 到 64 个字符，不含冒号。"));
    reference.scope = std::string(scope);
    return reference;
}

Result<Reference> parse_reference(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || trimmed(text.substr(colon + 1)).empty())
        return fail(ErrorKind::invalid, "identity.bad_reference",
            LocalText("An identifier is written type:value or type@scope:value, as in member_no:17850.",
                "标识应写成“类型:值”或“类型@范围:值”，例如 member_no:17850。"));
    return Reference{TRY(parse_type(text.substr(0, colon))), std::string(text.substr(colon + 1))};
}

Result<Normalised> normalise(const IdentifierType& type, std::string_view raw, std::string_view region) {
    if (raw.size() > raw_bytes_max || !is_valid_utf8(raw))
        return bad("The value is too long, or is not UTF-8.", "值过长，或不是 UTF-8 编码。");
    const std::string half = half_width(raw);
    const auto text = trimmed(half);
    if (text.empty())
        return fail(ErrorKind::invalid, "identity.blank", LocalText("The value is blank.", "值为空。"));
    if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
        return bad("The value holds control characters or several lines.", "值含有控制字符或多行内容。");
    if (is_placeholder(text))
        return Normalised{folded(text), true};
    if (is_rounded_number(text))
        return bad("A spreadsheet has rounded this number; format the column as text and export it again.",
            "表格软件已将这个数字四舍五入；请将该列设为文本格式后重新导出。");
    auto result = TRY(normalise_text(type, text, region));
    if (result.value.size() > value_bytes_max)
        return bad("The value is longer than 256 bytes.", "值超过 256 字节。");
    return result;
}

} // namespace onefold::identity
