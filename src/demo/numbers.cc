#include "demo/numbers.h"

#include <array>
#include <fmt/format.h>

namespace onefold::demo {
namespace {

constexpr std::uint64_t bodies = 10'000'000; // of seven digits, before the check digit
constexpr std::uint64_t scatter = 3'847'213; // prime to `bodies`, so neighbours are far apart and none meet

// Damm, Total anti-symmetrische Quasigruppen, 2004.
constexpr std::array<std::string_view, 10> quasigroup{"0317598642", "7092154863", "4206871359", "1750983426",
    "6123045978", "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"};

char check_digit(std::string_view digits) {
    char interim = '0';
    for (const char c : digits)
        interim = quasigroup[std::size_t(interim - '0')][std::size_t(c - '0')];
    return interim;
}

std::string checked_number(std::uint64_t seed, std::uint64_t slot) {
    const std::uint64_t body = (slot * scatter + seed % bodies * 7'919) % bodies;
    std::string number = fmt::format("{:07}", body);
    number += check_digit(number);
    return "154" + number;
}

bool is_ours(std::string_view phone) {
    return phone.size() == 11 && phone.starts_with("154");
}

std::size_t letters_of(std::string_view email) {
    std::size_t count = 0;
    while (count < email.size() && email[count] >= 'a' && email[count] <= 'z')
        ++count;
    return count;
}

} // namespace

std::string mobile_number(std::uint64_t seed, std::uint64_t slot) {
    return checked_number(seed, slot % mobile_slots);
}

std::string switchboard_number(std::uint64_t seed, std::uint64_t slot) {
    return checked_number(seed, mobile_slots + slot % mobile_slots);
}

std::string foreign_number(std::string_view country, std::uint64_t slot) {
    static constexpr std::array<int, 20> areas{
        212, 312, 415, 512, 617, 713, 206, 303, 404, 503, 602, 702, 214, 216, 248, 313, 408, 510, 614, 650};
    if (country == "France" && slot < 10'000)
        return fmt::format("+33 6 39 98 {:02} {:02}", slot / 100, slot % 100);
    if (country == "United Kingdom" && slot < 1000)
        return fmt::format("+44 7700 900{:03}", slot);
    if (country == "United States" && slot < areas.size() * 100)
        return fmt::format("+1 {} 555 01{:02}", areas[slot / 100], slot % 100);
    return "";
}

std::string credit_code(std::uint64_t number) {
    static constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    std::string code = fmt::format("91990000MA{:07}", number % bodies);
    std::size_t sum = 0, weight = 1;
    for (const char c : code) {
        sum += alphabet.find(c) * weight;
        weight = weight * 3 % 31;
    }
    return code + alphabet[(31 - sum % 31) % 31];
}

std::string written(Chance& chance, std::string_view phone) {
    if (!is_ours(phone))
        return std::string(phone);
    const auto parts = [&](std::string_view between) {
        return fmt::format("{}{}{}{}{}", phone.substr(0, 3), between, phone.substr(3, 4), between, phone.substr(7));
    };
    switch (chance.below(12)) {
    case 0:
        return parts(" ");
    case 1:
        return parts("-");
    case 2:
        return fmt::format("+86 {}", phone);
    case 3:
        return fmt::format("0086{}", phone);
    default:
        return std::string(phone);
    }
}

std::string mistyped_phone(std::string_view phone) {
    std::string wrong(phone);
    if (!is_ours(phone))
        return wrong;
    const auto check = std::size_t(phone[10] - '0');
    if (check % 2 == 0) {
        std::swap(wrong[3 + check / 2], wrong[4 + check / 2]);
        return wrong;
    }
    char& digit = wrong[3 + check % 7];
    digit = char('0' + (digit - '0' + 3) % 10);
    return wrong;
}

std::string mistyped_email(Chance& chance, std::string_view email) {
    std::string wrong(email);
    if (const auto letters = letters_of(email); letters >= 3) {
        const auto at = 1 + chance.below(letters - 2);
        std::swap(wrong[at], wrong[at + 1]);
    }
    return wrong;
}

std::string mistyped_name(Chance& chance, std::string_view name) {
    std::string wrong(name);
    if (static_cast<unsigned char>(name[0]) >= 0x80)
        return wrong.insert(3, " ");
    const auto at = 1 + chance.below(name.size() - 2);
    std::swap(wrong[at], wrong[at + 1]);
    return wrong;
}

} // namespace onefold::demo
