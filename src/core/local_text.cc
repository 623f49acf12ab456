#include "core/local_text.h"

#include <algorithm>

namespace onefold {

LocalText::LocalText(std::string_view en, std::string_view zh_cn) {
    set("en", en);
    set("zh-CN", zh_cn);
}

LocalText::LocalText(std::string_view any) {
    set("", any);
}

std::string_view LocalText::in(std::string_view locale) const {
    auto find = [&](auto accepts) -> const std::string* {
        auto found = std::ranges::find_if(texts_, [&](const auto& entry) { return accepts(entry.first); });
        return found == texts_.end() ? nullptr : &found->second;
    };
    const auto family = locale.substr(0, locale.find('-'));
    if (auto text = find([&](const Locale& l) { return l == locale; }))
        return *text;
    if (auto text = find([&](const Locale& l) { return !l.empty() && l.substr(0, l.find('-')) == family; }))
        return *text;
    if (auto text = find([](const Locale& l) { return l == "en" || l.starts_with("en-"); }))
        return *text;
    if (auto text = find([](const Locale& l) { return l.empty(); }))
        return *text;
    return texts_.empty() ? std::string_view{} : texts_.front().second;
}

void LocalText::set(std::string_view locale, std::string_view text) {
    auto place =
        std::ranges::lower_bound(texts_, locale, {}, [](const auto& entry) -> std::string_view { return entry.first; });
    if (place != texts_.end() && place->first == locale)
        place->second = text;
    else
        texts_.emplace(place, locale, text);
}

namespace {

// The weight behind ";q=" in thousandths; 1000 where there is none.
int weight_of(std::string_view range) {
    const auto mark = range.find("q=");
    if (mark == std::string_view::npos)
        return 1000;
    int weight = 0, place = 1000;
    for (const char c : range.substr(mark + 2)) {
        if (c == '.')
            continue;
        if (c < '0' || c > '9' || place == 0)
            break;
        weight += (c - '0') * place;
        place /= 10;
    }
    return weight;
}

} // namespace

Locale locale_from(std::string_view preference) {
    Locale best = "en";
    int best_weight = 0;
    while (!preference.empty()) {
        const auto comma = std::min(preference.find(','), preference.size());
        auto range = preference.substr(0, comma);
        preference.remove_prefix(std::min(comma + 1, preference.size()));
        while (range.starts_with(' '))
            range.remove_prefix(1);
        std::string language{range.substr(0, range.find_first_of("-_.;@ "))};
        for (char& c : language)
            if (c >= 'A' && c <= 'Z')
                c = char(c + 32);
        if ((language != "zh" && language != "en") || weight_of(range) <= best_weight)
            continue;
        best = language == "zh" ? "zh-CN" : "en";
        best_weight = weight_of(range);
    }
    return best;
}

boost::json::object to_json(const LocalText& text) {
    boost::json::object json;
    for (const auto& [locale, words] : text.texts())
        json[locale] = words;
    return json;
}

LocalText local_text_of(const boost::json::value& json) {
    LocalText text;
    if (const auto* object = json.if_object())
        for (const auto& [locale, words] : *object)
            if (words.is_string())
                text.set(locale, words.get_string());
    return text;
}

} // namespace onefold
