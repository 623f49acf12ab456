#include "identity/held.h"

#include <set>

namespace onefold::identity {
namespace {

void take_codes(std::set<std::string_view>& codes, std::string_view held) {
    while (!held.empty()) {
        const auto end = held.find(' ');
        if (end > 0)
            codes.insert(held.substr(0, end));
        held.remove_prefix(end == held.npos ? held.size() : end + 1);
    }
}

} // namespace

bool add_held(std::string& into, std::string_view held) {
    if (held.empty() || into.find(held) != into.npos)
        return false;
    std::set<std::string_view> codes;
    take_codes(codes, into);
    const std::size_t before = codes.size();
    take_codes(codes, held);
    if (codes.size() == before)
        return false;
    std::string all = " ";
    for (const std::string_view code : codes)
        (all += code) += ' ';
    into = std::move(all);
    return true;
}

std::string held_of(std::string_view code) {
    return " " + std::string(code) + " ";
}

} // namespace onefold::identity
