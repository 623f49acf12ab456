#include "identity/phone.h"

#include "identity/phone_plan.h"

#include <array>
#include <boost/regex.hpp>
#include <deque>
#include <mutex>
#include <optional>

namespace onefold::identity {
namespace {

constexpr std::size_t national_digits_min = 2;
constexpr std::size_t national_digits_max = 17;

Failure bad(std::string_view en, std::string_view zh) {
    return fail(ErrorKind::invalid, "identity.bad_value", LocalText(en, zh));
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::size_t digits_in(std::string_view text) {
    return std::size_t(std::ranges::count_if(text, is_digit));
}

boost::regex compiled(const char* pattern) {
    boost::regex regex(pattern, boost::regex::perl | boost::regex::no_except);
    VERIFY(regex.status() == 0);
    return regex;
}

// One plan, its patterns compiled when a number first needs them.
class Plan {
  public:
    explicit Plan(const PhonePlan& text) : text(text) {}

    bool accepts(const std::string& national) const { return boost::regex_match(national, patterns().national); }
    // What is dialled before `number` to leave the country; 0 where nothing is.
    std::size_t international_prefix_of(const std::string& number) const {
        boost::smatch found;
        if (!*text.international_prefix || !search(number, found, patterns().international))
            return 0;
        return std::size_t(found.length());
    }
    std::string without_national_prefix(const std::string& number) const;

    const PhonePlan& text;

  private:
    struct Patterns {
        boost::regex international;
        boost::regex national;
        boost::regex prefix;
    };

    const Patterns& patterns() const {
        std::call_once(once_, [this] {
            patterns_ = {
                compiled(text.international_prefix), compiled(text.national_number), compiled(text.national_prefix)};
        });
        return patterns_;
    }
    static bool search(const std::string& number, boost::smatch& found, const boost::regex& pattern) {
        return boost::regex_search(number, found, pattern, boost::match_continuous);
    }
    bool may_have_length(std::size_t length) const {
        const auto longest = 31 - std::size_t(std::countl_zero(text.lengths));
        return length > longest || (text.lengths >> length & 1) != 0;
    }

    mutable std::once_flag once_;
    mutable Patterns patterns_;
};

std::string Plan::without_national_prefix(const std::string& number) const {
    boost::smatch found;
    if (!*text.national_prefix || !search(number, found, patterns().prefix))
        return number;
    const std::size_t last = found.size() - 1;
    const bool has_group = last > 0 && found[last].matched && found[last].length() > 0;
    std::string rest = number.substr(std::size_t(found.length()));
    if (*text.national_prefix_rule && has_group)
        rest = found.format(text.national_prefix_rule) + rest;
    if (rest == number)
        return number;
    if (accepts(number) && !accepts(rest))
        return number;
    return may_have_length(rest.size()) ? rest : number;
}

const std::deque<Plan>& plans() {
    static const std::deque<Plan> all = [] {
        std::deque<Plan> result;
        for (const PhonePlan& plan : phone_plans())
            result.emplace_back(plan);
        return result;
    }();
    return all;
}

const Plan* plan_of_region(std::string_view region) {
    for (const Plan& plan : plans())
        if (plan.text.region == region && region != "001")
            return &plan;
    return nullptr;
}

const Plan* plan_of_calling_code(std::string_view code) {
    for (const Plan& plan : plans())
        if (plan.text.calling_code == code)
            return &plan;
    return nullptr;
}

// Area codes are 10 and 2x to 9x, mobile numbers 13 to 19 with 11 digits; without its area code a number is of no city.
bool may_be_chinese(std::string_view national) {
    if (national.size() < 10)
        return false;
    if (national[0] != '1')
        return true;
    return national[1] == '0' ? national.size() == 10 : national[1] >= '3' && national.size() == 11;
}

bool is_number_of(std::string_view calling_code, const std::string& national) {
    if (national.size() < national_digits_min || national.size() > national_digits_max)
        return false;
    if (calling_code == "86" && !may_be_chinese(national))
        return false;
    return std::ranges::any_of(
        plans(), [&](const Plan& plan) { return plan.text.calling_code == calling_code && plan.accepts(national); });
}

struct Dialled {
    std::string digits;
    bool has_plus = false;
};

constexpr std::array<std::string_view, 9> extension_marks{
    "ext",
    "x",
    "#",
    "转",
    "轉",
    "分机",
    "分機",
    "内线",
    ",",
};

// `text` before the extension, where one follows the number.
std::string_view without_extension(std::string_view text) {
    std::size_t cut = std::string_view::npos;
    for (const auto mark : extension_marks) {
        const auto at = text.find(mark);
        if (at < cut && digits_in(text.substr(0, at)) >= 5 && digits_in(text.substr(at)) <= 7)
            cut = at;
    }
    while (cut != std::string_view::npos && cut > 0 && (text[cut - 1] == ' ' || text[cut - 1] == ';'))
        --cut;
    return text.substr(0, cut);
}

bool is_several(std::string_view text) {
    static constexpr std::array<std::string_view, 7> separators{"/", ";", ",", "、", "|", "\n", " 或 "};
    return std::ranges::any_of(separators, [&](auto separator) {
        const auto at = text.find(separator);
        return at != std::string_view::npos && digits_in(text.substr(0, at)) >= 7 && digits_in(text.substr(at)) >= 7;
    });
}

Result<Dialled> dialled_of(std::string_view text) {
    static constexpr std::array<std::string_view, 15> punctuation{
        " ", "-", ".", "/", "(", ")", "[", "]", "~", "\t", "\u2010", "\u2013", "\u2014", "\u2212", "\u30fc"};
    Dialled result;
    while (!text.empty()) {
        if (is_digit(text.front())) {
            result.digits.push_back(text.front());
            text.remove_prefix(1);
        } else if (text.front() == '+' && result.digits.empty() && !result.has_plus) {
            result.has_plus = true;
            text.remove_prefix(1);
        } else {
            const auto mark = std::ranges::find_if(punctuation, [&](auto p) { return text.starts_with(p); });
            if (mark == punctuation.end())
                return bad(
                    "This is not a phone number: it holds more than digits.", "这不是电话号码：含有数字以外的字符。");
            text.remove_prefix(mark->size());
        }
    }
    if (result.digits.empty())
        return bad("This is not a phone number: it has no digits.", "这不是电话号码：没有数字。");
    return result;
}

struct International {
    std::string calling_code;
    std::string rest;
};

std::optional<International> international_of(const std::string& digits) {
    for (std::size_t length = 1; length <= 3 && length < digits.size(); ++length)
        if (plan_of_calling_code(digits.substr(0, length)))
            return International{digits.substr(0, length), digits.substr(length)};
    return std::nullopt;
}

// People leave out the plus: "86 139 1234 5678" at home in China.
std::optional<International> international_without_plus(const std::string& digits, const Plan& home) {
    const std::string code = home.text.calling_code;
    if (!digits.starts_with(code))
        return std::nullopt;
    const std::string rest = digits.substr(code.size());
    const std::string as_dialled = home.without_national_prefix(digits);
    const bool is_too_long = as_dialled.size() > 31 - std::size_t(std::countl_zero(home.text.lengths));
    if (!is_too_long && (home.accepts(as_dialled) || !home.accepts(home.without_national_prefix(rest))))
        return std::nullopt;
    return International{code, rest};
}

Result<std::string> e164_of(const Dialled& dialled, std::string_view region) {
    const Plan* home = plan_of_region(region);
    std::optional<International> number;
    if (dialled.has_plus) {
        number = international_of(dialled.digits);
        if (!number)
            return bad("No country has this calling code.", "没有使用这个国际区号的国家。");
    } else if (home) {
        const auto prefix = home->international_prefix_of(dialled.digits);
        if (prefix > 0 && prefix < dialled.digits.size() && dialled.digits[prefix] != '0')
            number = international_of(dialled.digits.substr(prefix));
        else
            number = international_without_plus(dialled.digits, *home);
    } else {
        return bad("The number has no calling code, and no country is known to read it in.",
            "号码没有国际区号，也不知道应按哪个国家来读。");
    }
    const Plan& plan = number ? *plan_of_calling_code(number->calling_code) : *home;
    const std::string national = plan.without_national_prefix(number ? number->rest : dialled.digits);
    if (!is_number_of(plan.text.calling_code, national))
        return bad("This is not a phone number of its country: check the digits and the area code.",
            "这不是该国家的电话号码：请检查位数和区号。");
    return "+" + std::string(plan.text.calling_code) + national;
}

} // namespace

Result<std::string> phone_to_e164(std::string_view text, std::string_view region) {
    if (text.starts_with("tel:"))
        text.remove_prefix(4);
    if (is_several(text))
        return bad("There are several phone numbers here; give one.", "这里有多个电话号码，请只填一个。");
    const auto number = without_extension(text);
    auto result = e164_of(TRY(dialled_of(number)), region);
    // In China an extension is also written behind a last dash: 010-88886666-801.
    const auto dash = number.rfind('-');
    if (!result && region == "CN" && dash != std::string_view::npos && number.find('-') != dash &&
        number.size() - dash <= 6)
        return e164_of(TRY(dialled_of(number.substr(0, dash))), region);
    return result;
}

} // namespace onefold::identity
