#include "customer/interest.h"

#include "core/text.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>

namespace onefold::customer {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr std::size_t name_code_points_max = 120;
constexpr std::size_t products_max = 100; // of one event
constexpr auto half_life = std::chrono::hours(24) * 90;
constexpr double weight_of_purchase = 5;

// The first that is a text or a number.
std::string text_of(const json::object& object, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        const auto* value = object.if_contains(name);
        std::string text;
        if (value && value->is_string())
            text = trimmed(std::string_view(value->get_string()));
        else if (value && value->is_int64())
            text = std::to_string(value->get_int64());
        if (!text.empty())
            return std::string(beginning_of(text, name_code_points_max));
    }
    return {};
}

class Mentions {
  public:
    explicit Mentions(Instant at) : at_(at) {}

    void add(InterestKind kind, std::string name) {
        if (!name.empty())
            all.push_back({kind, std::move(name), at_});
    }
    void add_product(const json::object& product) {
        const std::string number = text_of(product, {"sku", "product_id"});
        std::string name = text_of(product, {"product_name", "product"});
        if (!number.empty() && name.empty())
            name = text_of(product, {"name", "title"});
        add(InterestKind::product, name.empty() ? number : std::move(name));
    }
    std::vector<Mention> all;

  private:
    Instant at_;
};

} // namespace

std::vector<Mention> mentions_in(
    std::string_view kind, std::string_view name, const json::object& properties, Instant at) {
    Mentions mentions(at);
    if (kind == "page" || kind == "screen") {
        mentions.add(InterestKind::page, std::string(beginning_of(trimmed(name), name_code_points_max)));
        return std::move(mentions.all);
    }
    if (kind != "track" || name.starts_with("Order "))
        return {};
    mentions.add_product(properties);
    std::string category = text_of(properties, {"category"});
    if (const auto* products = properties.if_contains("products"); products && products->is_array())
        for (const auto& product : products->get_array()) {
            if (mentions.all.size() >= products_max)
                break;
            if (!product.is_object())
                continue;
            mentions.add_product(product.get_object());
            if (category.empty())
                category = text_of(product.get_object(), {"category"});
        }
    mentions.add(InterestKind::category, std::move(category));
    mentions.add(InterestKind::search, text_of(properties, {"query", "search_term"}));
    return std::move(mentions.all);
}

std::vector<Interest> interests_of(const std::vector<Mention>& mentions, Instant now, std::size_t most_a_kind) {
    struct Weighed {
        Interest interest;
        double weight = 0;
    };
    std::map<std::pair<InterestKind, std::string>, Weighed> by_name;
    for (const Mention& mention : mentions) {
        auto& [interest, weight] = by_name[{mention.kind, mention.name}];
        interest.kind = mention.kind;
        interest.name = mention.name;
        interest.last_at = std::max(interest.last_at, mention.at);
        ++(mention.is_purchase ? interest.bought : interest.seen);
        const double halves =
            std::chrono::duration<double>(std::max(now - mention.at, Instant::duration{})) / half_life;
        weight += std::exp2(-halves) * (mention.is_purchase ? weight_of_purchase : 1);
    }
    std::vector<Weighed> ranked;
    for (auto& [name, weighed] : by_name)
        ranked.push_back(std::move(weighed));
    std::ranges::stable_sort(ranked, [](const Weighed& a, const Weighed& b) {
        return std::pair(a.interest.kind, -a.weight) < std::pair(b.interest.kind, -b.weight);
    });
    std::vector<Interest> interests;
    std::map<InterestKind, std::size_t> taken;
    for (Weighed& weighed : ranked)
        if (++taken[weighed.interest.kind] <= most_a_kind)
            interests.push_back(std::move(weighed.interest));
    return interests;
}

} // namespace onefold::customer
