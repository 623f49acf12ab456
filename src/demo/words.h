#pragma once
// The words of which the demo company's people, companies and articles are made.
#include <array>
#include <span>
#include <string_view>

namespace onefold::demo {

struct Spelled {
    std::string_view text, latin;
};
struct Place {
    std::string_view city, province, country;
};
// Where customers who are not Chinese live, with the names that people have there.
struct Country {
    std::string_view name, company_suffix;
    std::array<std::string_view, 10> given_of_women, given_of_men;
    std::array<std::string_view, 12> family;
    std::array<std::string_view, 4> cities;
};
struct Trade {
    std::string_view name, industry, foreign_industry; // name: within that of a company
};
struct Article {
    std::string_view sku, name;
    std::int64_t price_cents; // in CNY
};

std::span<const Spelled> surnames();
std::span<const Spelled> given_of_women();
std::span<const Spelled> given_of_men();
std::span<const Spelled> brands(); // the first or second character of a company's name
std::span<const Trade> trades();
std::span<const Place> places();
std::span<const Country> countries();
std::span<const std::string_view> foreign_brands();
std::span<const std::string_view> titles();         // the first few decide what is bought
std::span<const std::string_view> foreign_titles(); // the same
std::span<const std::string_view> owners();
std::span<const Article> machine_parts(); // what companies order
std::span<const Article> shop_articles(); // what the shop sells
std::span<const std::string_view> questions();
std::span<const std::string_view> foreign_questions();
std::span<const std::string_view> fairs();
std::span<const std::string_view> webinars();
std::span<const std::string_view> nicknames();

} // namespace onefold::demo
