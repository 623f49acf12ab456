#include "core/decimal.h"
#include "core/id.h"
#include "core/text.h"
#include "core/time.h"
#include "http/json.h"
#include "http/shape.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace onefold::http {

namespace json = boost::json;

void add_field_error(std::vector<FieldError>& errors, std::string_view path, std::string_view code, LocalText message) {
    if (errors.size() < field_error_count_max)
        errors.push_back({std::string(path), std::string(code), std::move(message)});
}

const Member* Type::find(std::string_view name) const {
    const auto found = std::ranges::find(members, name, &Member::name);
    return found == members.end() ? nullptr : &*found;
}

void settle(Type& type, const Rules& rules) {
    auto without_underscore = [](std::string& name) {
        if (name.ends_with('_'))
            name.pop_back();
    };
    for (auto& member : type.members)
        without_underscore(member.name);
    for (auto& choice : type.choices)
        without_underscore(choice.first);
    for (const auto& rule : rules) {
        const auto found = std::ranges::find(type.members, rule.member, &Member::name);
        VERIFY(found != type.members.end());
        found->rule = rule;
    }
}

namespace {

struct Reading {
    std::string& path;
    std::vector<FieldError>& errors;

    void refuse(std::string_view code, LocalText message) { add_field_error(errors, path, code, std::move(message)); }
    void wrong_type(std::string_view en, std::string_view zh) {
        refuse("http.wrong_type", {fmt::format("{} is expected here.", en), fmt::format("此处应为{}。", zh)});
    }
};

class Deeper {
  public:
    Deeper(std::string& path, std::string_view step) : path_(path), size_(path.size()) {
        path_ += '/';
        for (const char c : step) {
            if (c == '~')
                path_ += "~0";
            else if (c == '/')
                path_ += "~1";
            else
                path_ += c;
        }
    }
    ~Deeper() { path_.resize(size_); }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

  private:
    std::string& path_;
    std::size_t size_;
};

bool is_code(std::string_view text) {
    auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && is_letter(text.front()) &&
           std::ranges::all_of(text, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_e_mail(std::string_view text) {
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && at == text.rfind('@') && at + 1 < text.size() &&
           std::ranges::none_of(text, [](unsigned char c) { return c <= ' ' || c == 127; });
}

bool has_control_characters(std::string_view text) {
    return std::ranges::any_of(text, [](unsigned char c) { return c < ' ' || c == 127; });
}

void check_text(Reading& in, const Rule& rule, std::string_view text) {
    const auto length = std::int64_t(length_of(text));
    const auto most = rule.length_max.value_or(text_length_max);
    if (length > most)
        in.refuse("http.too_long", {fmt::format("At most {} characters are taken; these are {}.", most, length),
                                       fmt::format("最多 {} 个字符，实际为 {} 个。", most, length)});
    if (rule.length_min && length < *rule.length_min)
        in.refuse("http.too_short", {fmt::format("At least {} characters are needed.", *rule.length_min),
                                        fmt::format("至少需要 {} 个字符。", *rule.length_min)});
    switch (rule.text) {
    case TextRule::any:
        break;
    case TextRule::name:
        if (has_control_characters(text))
            in.refuse("http.bad_character",
                {"Control characters and line breaks are not taken here.", "此处不能包含控制字符或换行。"});
        [[fallthrough]];
    case TextRule::not_blank:
        if (trimmed(text).empty())
            in.refuse("http.blank", {"This may not be blank.", "此项不能为空。"});
        break;
    case TextRule::code:
        if (!is_code(text))
            in.refuse("http.bad_code", {"Small letters, digits and underscores are taken, a letter first.",
                                           "只能使用小写字母、数字和下划线，并以字母开头。"});
        break;
    case TextRule::e_mail:
        if (!is_e_mail(text))
            in.refuse("http.bad_e_mail", {"This is not an e-mail address.", "这不是有效的电子邮件地址。"});
        break;
    }
}

void check_count(Reading& in, const Rule& rule, std::size_t count) {
    const auto most = rule.length_max.value_or(item_count_max);
    if (std::int64_t(count) > most)
        in.refuse("http.too_many", {fmt::format("At most {} items are taken; these are {}.", most, count),
                                       fmt::format("最多 {} 项，实际为 {} 项。", most, count)});
    if (rule.length_min && std::int64_t(count) < *rule.length_min)
        in.refuse("http.too_few", {fmt::format("At least {} items are needed.", *rule.length_min),
                                      fmt::format("至少需要 {} 项。", *rule.length_min)});
}

void take_integer(Reading& in, const Type& type, const Rule& rule, std::int64_t number, void* target) {
    const auto least = std::max(type.minimum, rule.minimum.value_or(type.minimum));
    const auto most = std::min(type.maximum, rule.maximum.value_or(type.maximum));
    if (number < least || number > most)
        return in.refuse("http.out_of_range", {fmt::format("A number from {} to {} is expected here.", least, most),
                                                  fmt::format("此处应为 {} 到 {} 之间的数。", least, most)});
    type.set_number(target, number);
}

void take_choice(Reading& in, const Type& type, std::string_view text, void* target) {
    const auto found = std::ranges::find(type.choices, text, &std::pair<std::string, std::int64_t>::first);
    if (found != type.choices.end())
        return type.set_number(target, found->second);
    std::string names;
    for (const auto& choice : type.choices)
        names += (names.empty() ? "" : ", ") + choice.first;
    in.refuse("http.not_a_choice",
        {fmt::format("One of these is expected here: {}.", names), fmt::format("此处应为以下之一：{}。", names)});
}

// Types that one piece of text holds, whether it stood in JSON or in the address.
bool take_text(Reading& in, const Type& type, const Rule& rule, std::string_view text, void* target) {
    switch (type.kind) {
    case Kind::text:
        check_text(in, rule, text);
        *static_cast<std::string*>(target) = text;
        return true;
    case Kind::id:
        if (const auto id = parse_id(text))
            *static_cast<std::int64_t*>(target) = *id;
        else
            in.wrong_type("An id (text of digits)", "编号（由数字组成的文本）");
        return true;
    case Kind::decimal:
        if (auto decimal = Decimal::parse(text))
            *static_cast<Decimal*>(target) = *decimal;
        else
            in.wrong_type("A decimal number as text (\"12.50\")", "文本形式的十进制数（\"12.50\"）");
        return true;
    case Kind::instant:
        if (auto at = parse_rfc3339(text))
            *static_cast<Instant*>(target) = *at;
        else
            in.wrong_type(
                "A time as RFC 3339 (\"2024-01-31T08:00:00Z\")", "RFC 3339 格式的时间（\"2024-01-31T08:00:00Z\"）");
        return true;
    case Kind::choice:
        take_choice(in, type, text, target);
        return true;
    default:
        return false;
    }
}

bool is_locale(std::string_view text) {
    return text.size() <= 35 &&
           std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) || c == '-'; }) &&
           !text.starts_with('-');
}

void read_local_text(Reading& in, const Rule& rule, const json::value& value, void* target) {
    if (!value.is_object() || value.get_object().empty())
        return in.wrong_type("An object of language and text ({\"en\": …})", "语言与文本的对象（{\"en\": …}）");
    LocalText text;
    for (const auto& [locale, entry] : value.get_object()) {
        Deeper deeper(in.path, locale);
        if (!is_locale(locale))
            in.refuse("http.unknown_field", {"This is no language tag.", "这不是语言标记。"});
        else if (!entry.is_string())
            in.wrong_type("Text", "文本");
        else {
            check_text(in, rule, entry.get_string());
            text.set(std::string_view(locale), entry.get_string());
        }
    }
    *static_cast<LocalText*>(target) = std::move(text);
}

void read_object(Reading& in, const Type& type, const json::value& value, void* target) {
    if (!value.is_object())
        return in.wrong_type("An object", "对象");
    const auto& object = value.get_object();
    for (const auto& entry : object) {
        if (type.find(entry.key()))
            continue;
        Deeper deeper(in.path, entry.key());
        in.refuse("http.unknown_field", {"There is no such field here.", "此处没有这个字段。"});
    }
    for (const auto& member : type.members) {
        Deeper deeper(in.path, member.name);
        const auto* entry = object.if_contains(member.name);
        if (entry)
            read(member.type(), member.rule, *entry, member.at(target), in.path, in.errors);
        else if (member.type().kind != Kind::optional)
            in.refuse("http.missing", {"This is required.", "此项为必填。"});
    }
}

void read_items(Reading& in, const Type& type, const Rule& rule, const json::value& value, void* target) {
    Rule of_items = rule;
    of_items.length_min = of_items.length_max = std::nullopt;
    if (type.kind == Kind::array) {
        if (!value.is_array())
            return in.wrong_type("A list", "列表");
        check_count(in, rule, value.get_array().size());
        std::size_t index = 0;
        for (const auto& item : value.get_array()) {
            Deeper deeper(in.path, std::to_string(index++));
            read(type.element(), of_items, item, type.emplace(target, {}), in.path, in.errors);
        }
        return;
    }
    if (!value.is_object())
        return in.wrong_type("An object", "对象");
    check_count(in, rule, value.get_object().size());
    for (const auto& [key, item] : value.get_object()) {
        Deeper deeper(in.path, key);
        read(type.element(), of_items, item, type.emplace(target, key), in.path, in.errors);
    }
}

} // namespace

void read(const Type& type, const Rule& rule, const json::value& value, void* target, std::string& path,
    std::vector<FieldError>& errors) {
    Reading in{path, errors};
    switch (type.kind) {
    case Kind::text:
    case Kind::id:
    case Kind::decimal:
    case Kind::instant:
    case Kind::choice:
        if (value.is_string())
            take_text(in, type, rule, value.get_string(), target);
        else
            in.wrong_type("Text", "文本");
        return;
    case Kind::boolean:
        if (!value.is_bool())
            return in.wrong_type("true or false", " true 或 false");
        *static_cast<bool*>(target) = value.get_bool();
        return;
    case Kind::integer:
        if (value.is_uint64())
            return in.refuse("http.out_of_range", {"This number is too large.", "此数过大。"});
        if (!value.is_int64())
            return in.wrong_type("A whole number", "整数");
        return take_integer(in, type, rule, value.get_int64(), target);
    case Kind::local_text:
        return read_local_text(in, rule, value, target);
    case Kind::any:
        *static_cast<json::value*>(target) = value;
        return;
    case Kind::any_object:
        if (!value.is_object())
            return in.wrong_type("An object", "对象");
        *static_cast<json::object*>(target) = value.get_object();
        return;
    case Kind::optional:
        if (!value.is_null())
            read(type.element(), rule, value, type.emplace(target, {}), path, errors);
        return;
    case Kind::array:
    case Kind::map:
        return read_items(in, type, rule, value, target);
    case Kind::object:
        return read_object(in, type, value, target);
    }
}

void read_text(const Type& type, const Rule& rule, std::string_view text, void* target, std::string& path,
    std::vector<FieldError>& errors) {
    Reading in{path, errors};
    if (type.kind == Kind::optional)
        return read_text(type.element(), rule, text, type.emplace(target, {}), path, errors);
    if (!is_valid_utf8(text) || text.find('\0') != std::string_view::npos)
        return in.refuse(
            "http.bad_character", {"This is not UTF-8 text without NUL.", "此处不是不含 NUL 的 UTF-8 文本。"});
    if (take_text(in, type, rule, text, target))
        return;
    if (type.kind == Kind::boolean) {
        if (text != "true" && text != "false")
            return in.wrong_type("true or false", " true 或 false");
        *static_cast<bool*>(target) = text == "true";
        return;
    }
    if (type.kind == Kind::integer) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc::result_out_of_range)
            return in.refuse("http.out_of_range", {"This number is too large.", "此数过大。"});
        if (error != std::errc{} || end != text.data() + text.size())
            return in.wrong_type("A whole number", "整数");
        return take_integer(in, type, rule, number, target);
    }
    auto value = parse_json(text);
    if (!value)
        return in.refuse(value.error().code, value.error().message);
    read(type, rule, *value, target, path, errors);
}

} // namespace onefold::http
