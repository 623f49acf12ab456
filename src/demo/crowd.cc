#include "demo/crowd.h"

#include "demo/chance.h"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace onefold::demo {
namespace {

constexpr std::array names{"Product Viewed", "Product Added", "Product List Viewed", "Cart Viewed", "Checkout Started",
    "Coupon Applied", "Products Searched", "Video Played", "Brochure Downloaded", "Consultation Opened"};
constexpr std::array cities{"Shanghai", "Suzhou", "Shenzhen", "Chengdu", "Berlin", "Lyon", "Osaka", "Austin"};
constexpr std::array given{"Lin", "Wei", "Mei", "Jun", "Anna", "Paul", "Yuki", "Sara", "Ivo", "Lena"};
constexpr std::array family{"Wang", "Chen", "Zhao", "Wu", "Meyer", "Martin", "Sato", "Lopez", "Novak", "Brown"};

// A bijection of [0, count) that scatters neighbours.
std::uint64_t scattered(std::uint64_t number, std::uint64_t count) {
    return std::uint64_t((unsigned __int128)(number) * 0x9E3779B1u % count);
}

// Two years in microseconds, times millions, are more than 64 bits hold.
std::chrono::microseconds share_of(std::chrono::microseconds span, std::uint64_t part, std::uint64_t of) {
    return std::chrono::microseconds{std::int64_t((unsigned __int128)(span.count()) * part / of)};
}

} // namespace

CrowdMessage Crowd::message(std::uint64_t number) const {
    Chance chance = chance_of(options_.seed, number);
    const std::uint64_t count = options_.customers;
    const bool is_introduction = number < count;
    const auto rank = std::uint64_t(std::pow(double(count), chance.share()));
    const std::uint64_t who = scattered(is_introduction ? number : std::min(rank, count) - 1, count);
    const Instant at = options_.from + share_of(options_.span, number, std::max(options_.events, number + 1));
    const std::uint64_t browser = is_introduction ? 0 : chance.below(2);
    const bool has_signed_in = who % 10 < 7 && (is_introduction || chance.below(10) < 6);
    const std::uint64_t kind = is_introduction ? 0 : chance.below(100);

    std::string text = fmt::format(R"({{"anonymousId":"{:016x}-{}-{:08x}",)", who * 0x9E3779B97F4A7C15u, browser, who);
    if (has_signed_in)
        text += fmt::format(R"("userId":"u-{}",)", who);
    const std::string context = fmt::format(
        R"("context":{{"library":{{"name":"onefold.js","version":"1"}},"page":{{"path":"/p/{0}","url":"https://shop.example.com/p/{0}"}},"userAgent":"Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0"}},"timestamp":"{1}"}})",
        chance.below(5000), to_rfc3339(at));
    if (kind < 8 && has_signed_in) {
        text += fmt::format(R"("type":"identify","traits":{{"name":"{} {}","email":"u{}@example.com","city":"{}")",
            given[who % given.size()], family[who / 10 % family.size()], who, cities[who / 100 % cities.size()]);
        if (who % 2 == 0)
            text += fmt::format(R"(,"phone":"+86154{:08}")", who % 100'000'000);
        text += "}," + context;
    } else if (kind < 50) {
        text += fmt::format(R"("type":"page","name":"Product {}","properties":{{"title":"Product {}"}},)",
                    chance.below(5000), chance.below(5000)) +
                context;
    } else {
        text +=
            fmt::format(
                R"("type":"track","event":"{}","properties":{{"sku":"S-{:05}","price":{}.{:02},"quantity":{},"category":"c{}"}},)",
                names[chance.below(names.size())], chance.below(20000), chance.below(900) + 1, chance.below(100),
                chance.below(5) + 1, chance.below(40)) +
            context;
    }
    return {fmt::format("crowd-{}-{}", options_.seed, number), std::move(text)};
}

} // namespace onefold::demo
