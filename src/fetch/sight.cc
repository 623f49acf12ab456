#include "fetch/sight.h"

#include "core/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace onefold::fetch {

bool matches(std::string_view name, std::string_view pattern) {
    const std::string text = folded(name), wanted = folded(pattern);
    std::size_t at = 0, want = 0, star = std::string::npos, after_star = 0;
    while (at < text.size()) {
        if (want < wanted.size() && wanted[want] == '*') {
            star = want++;
            after_star = at;
        } else if (want < wanted.size() && (wanted[want] == '?' || wanted[want] == text[at])) {
            // a sign of several bytes is one
            const bool is_any = wanted[want++] == '?';
            ++at;
            while (is_any && at < text.size() && (text[at] & 0xc0) == 0x80)
                ++at;
        } else if (star != std::string::npos) {
            want = star + 1;
            at = ++after_star;
        } else {
            return false;
        }
    }
    return wanted.find_first_not_of('*', want) == std::string::npos;
}

bool is_passed_over(std::string_view name) {
    static constexpr std::array<std::string_view, 9> endings{
        ".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".swp", ".lock", "~"};
    const std::string text = folded(name);
    return text.empty() || text.starts_with('.') || text.starts_with("~$") ||
           std::ranges::any_of(endings, [&](std::string_view ending) { return text.ends_with(ending); });
}

bool Sights::is_steady(const Seen& seen, Moment now, std::chrono::seconds steady) {
    auto [at, is_new] = sights_.try_emplace(seen.name, Sight{seen, now});
    if (is_new)
        return false;
    if (at->second.seen == seen)
        return now - at->second.since >= steady;
    at->second = {seen, now};
    return false;
}

void Sights::keep_only(const std::vector<Seen>& files) {
    std::set<std::string_view> names;
    for (const Seen& file : files)
        names.insert(file.name);
    std::erase_if(sights_, [&](const auto& entry) { return !names.contains(entry.first); });
}

} // namespace onefold::fetch
