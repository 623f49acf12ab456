#include "core/local_text.h"

#include <algorithm>

namespace onefold {

LocalText::LocalText(std::string_view en, std::string_view zh_cn) {
    set("en", en);
    set("zh-CN", zh_cn);
}

LocalText::LocalText(std::string_view any) { set("", any); }

std::string_view LocalText::in(std::string_view locale) const {
    auto find = [&](auto accepts) -> const std::string* {
        auto found = std::ranges::find_if(texts_, [&](const auto& entry) { return accepts(entry.first); });
        return found == texts_.end() ? nullptr : &found->second;
    };
    const auto family = locale.substr(0, locale.find('-'));
    if (auto text = find([&](const Locale& l) { return l == locale; })) return *text;
    if (auto text = find([&](const Locale& l) { return !l.empty() && l.substr(0, l.find('-')) == family; })) return *text;
    if (auto text = find([](const Locale& l) { return l == "en" || l.empty(); })) return *text;
    return texts_.empty() ? std::string_view{} : texts_.front().second;
}

void LocalText::set(std::string_view locale, std::string_view text) {
    auto place = std::ranges::lower_bound(texts_, locale, {}, [](const auto& entry) -> std::string_view { return entry.first; });
    if (place != texts_.end() && place->first == locale)
        place->second = text;
    else
        texts_.emplace(place, locale, text);
}

Locale locale_from(std::string_view preference) {
    const auto zh = preference.find("zh");
    const auto en = preference.find("en");
    if (zh == std::string_view::npos) return "en";
    return en == std::string_view::npos || zh < en ? "zh-CN" : "en";
}

} // namespace onefold
