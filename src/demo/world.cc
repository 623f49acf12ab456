#include "demo/world.h"

#include "demo/numbers.h"
#include "demo/words.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace onefold::demo {
namespace {

using namespace std::chrono;

enum Stream : std::uint64_t { of_blocks, of_organisations, of_people, of_lives, of_numbers };

Chance chance_for(const Options& options, Stream stream, std::uint64_t number) {
    return chance_of(options.seed * 8 + stream, number);
}

std::uint64_t size_of_organisation(Chance& chance) {
    const auto kind = chance.below(100);
    if (kind < 58)
        return 1 + chance.below(3);
    if (kind < 86)
        return 4 + chance.below(5);
    return kind < 96 ? 9 + chance.below(6) : 16 + chance.below(10);
}

std::string domain_of(std::string_view latin, std::uint64_t number) {
    return fmt::format("{}{}.example", latin, number);
}

Organisation make_organisation(const Options& options, std::uint64_t number, std::uint64_t size) {
    Chance chance = chance_for(options, of_organisations, number);
    Organisation made{.number = number};
    made.is_foreign = chance.in_100(18);
    const Trade& trade = chance.of(trades());
    made.industry = made.is_foreign ? trade.foreign_industry : trade.industry;
    made.code = fmt::format("K{:06}", number + 1);
    if (made.is_foreign) {
        const Country& country = chance.of(countries());
        const auto brand = chance.of(foreign_brands());
        made.name = fmt::format("{} {} (demo) {}", brand, chance.of(country.family), country.company_suffix);
        made.country = country.name;
        made.city = chance.of(country.cities);
        std::string latin(brand);
        latin[0] = char(latin[0] - 'A' + 'a');
        made.domain = domain_of(latin, number);
    } else {
        const Place& place = chance.of(places());
        const Spelled& first = chance.of(brands());
        const Spelled& second = chance.of(brands());
        made.name = fmt::format("{}{}{}{}（演示）有限公司", place.city, first.text, second.text, trade.name);
        made.country = place.country;
        made.province = place.province;
        made.city = place.city;
        made.domain = domain_of(fmt::format("{}{}", first.latin, second.latin), number);
        made.credit_code = credit_code(number);
        if (size >= 3 && chance.in_1000((size > 12 ? 4 : 1) * options.rates.shared_phones))
            made.switchboard = switchboard_number(options.seed, number);
    }
    made.grade = size > 8 ? (chance.in_100(70) ? "A" : "B") : chance.in_100(20) ? "A" : chance.in_100(45) ? "B" : "C";
    made.owner = chance.of(owners());
    return made;
}

void name_person(Person& person, Chance& chance, const Country* country, const Spelled* of_family = nullptr) {
    if (country) {
        const auto given = chance.of(person.is_woman ? country->given_of_women : country->given_of_men);
        const auto family = chance.of(country->family);
        person.name = fmt::format("{} {}", given, family);
        person.latin = fmt::format("{}{}", given, family);
        std::ranges::transform(
            person.latin, person.latin.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
        return;
    }
    const auto common = std::min(chance.below(surnames().size()), chance.below(surnames().size()));
    const Spelled& family = of_family ? *of_family : surnames()[common];
    const Spelled& given = chance.of(person.is_woman ? given_of_women() : given_of_men());
    person.name = fmt::format("{}{}", family.text, given.text);
    person.latin = fmt::format("{}{}", given.latin, family.latin);
}

const Country* country_named(std::string_view name) {
    const auto found = std::ranges::find(countries(), name, &Country::name);
    return found == countries().end() ? nullptr : &*found;
}

// Customers come faster and faster, and leave.
void date_person(Person& person, Chance& chance, const Options& options) {
    const Instant from = beginning(options);
    const double span = double((options.until - from).count());
    const double begun = chance.in_100(25) ? chance.share() * 0.08 : std::sqrt(chance.share());
    person.first_at = from + microseconds(std::int64_t(span * begun * 0.995));
    const double stays = -std::log(1 - chance.share()) * 1.1; // of the two years
    person.last_at = std::min(options.until, person.first_at + microseconds(std::int64_t(span * std::min(stays, 2.0))));
    person.phone_since = person.first_at + microseconds(std::int64_t(span * chance.share() * 0.5));
}

void phone_person(Person& person, Chance& chance, const Options& options) {
    if (person.is_foreign) {
        person.phone = foreign_number(person.country, person.number);
        return;
    }
    person.phone = mobile_number(options.seed, 2 * person.number);
    if (chance.in_1000(options.rates.changed_numbers))
        person.old_phone = mobile_number(options.seed, 2 * person.number + 1);
}

std::string code_of(Chance& chance, std::string_view prefix, int length) {
    static constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789_-";
    std::string code(prefix);
    while (length-- > 0)
        code += letters[chance.below(letters.size())];
    return code;
}

void enlist_person(Person& person, Chance& chance, const Options& options, int member, int follower, int visitor) {
    if (chance.in_100(member))
        person.member_no = fmt::format("M{:08}", 10'000'000 + person.number);
    if (chance.in_100(follower)) {
        person.openid = code_of(chance, fmt::format("o{:07x}", person.number), 20);
        if (chance.in_100(60))
            person.unionid = code_of(chance, fmt::format("u{:07x}", person.number), 20);
    }
    const bool is_known = person.is_contact() || !person.member_no.empty();
    if (chance.in_100(is_known ? visitor : visitor / 3))
        for (std::uint64_t count = chance.in_100(30) ? 2 : 1, i = 0; i < count; ++i)
            person.browsers.push_back(fmt::format("{:07x}-{}-{:08x}", person.number, i, chance.next() >> 32));
    const Place& elsewhere = chance.of(places());
    if (chance.in_1000(options.rates.conflicts) && elsewhere.city != person.city && !person.is_foreign)
        person.other_city = elsewhere.city;
}

Person make_contact(
    const Options& options, std::uint64_t number, const Organisation& organisation, std::uint64_t place) {
    Chance chance = chance_for(options, of_people, number);
    Person person{.number = number, .is_foreign = organisation.is_foreign, .is_woman = chance.in_100(45)};
    name_person(person, chance, organisation.is_foreign ? country_named(organisation.country) : nullptr);
    const auto title = place == 0 ? chance.below(3) : 2 + chance.below(titles().size() - 2);
    person.title = (organisation.is_foreign ? foreign_titles() : titles())[title];
    person.is_decision_maker = title < 3;
    person.city = organisation.city;
    person.province = organisation.province;
    person.country = organisation.country;
    person.email = fmt::format(
        "{}{}@{}", person.latin, place == 0 ? std::string() : fmt::format("{}", place + 1), organisation.domain);
    person.contact_no = fmt::format("C{}", 1'000'001 + number);
    if (chance.in_1000(options.rates.duplicates))
        person.second_contact_no = fmt::format("C{}", 6'000'001 + number);
    date_person(person, chance, options);
    phone_person(person, chance, options);
    enlist_person(person, chance, options, 18, organisation.is_foreign ? 2 : 35, 34);
    return person;
}

struct Home {
    const Place& place;
    const Spelled* name; // of the family; nullptr of who keeps another
};

Person make_consumer(const Options& options, std::uint64_t number, const Home* home = nullptr) {
    Chance chance = chance_for(options, of_people, number);
    Person person{.number = number, .is_foreign = !home && chance.in_100(12), .is_woman = chance.in_100(50)};
    const Country* country = person.is_foreign ? &chance.of(countries()) : nullptr;
    const Place& place = home ? home->place : chance.of(places());
    name_person(person, chance, country, home ? home->name : nullptr);
    person.city = country ? chance.of(country->cities) : place.city;
    person.province = country ? std::string_view() : place.province;
    person.country = country ? country->name : place.country;
    person.email = fmt::format("{}{}@mail.example", person.latin, number + 1);
    date_person(person, chance, options);
    phone_person(person, chance, options);
    enlist_person(person, chance, options, home ? 100 : 72, person.is_foreign ? 2 : 48, 70);
    return person;
}

Unit make_company(const Options& options, std::uint64_t number, std::uint64_t size, std::uint64_t whole_size) {
    Unit unit;
    unit.organisation = make_organisation(options, number, whole_size);
    for (std::uint64_t i = 0; i < size; ++i)
        unit.people.push_back(make_contact(options, number + i, *unit.organisation, i));
    // A number that somebody gave up is a colleague's by now.
    Chance chance = chance_for(options, of_numbers, number);
    for (std::size_t i = 0; i + 1 < unit.people.size(); ++i) {
        Person &before = unit.people[i], &after = unit.people[i + 1];
        if (before.old_phone.empty() || before.sharing != Sharing::none || !after.old_phone.empty() ||
            !chance.in_100(25))
            continue;
        after.phone = before.old_phone;
        before.sharing = after.sharing = Sharing::colleagues;
    }
    return unit;
}

Unit make_family(const Options& options, std::uint64_t number, std::uint64_t size) {
    Chance chance = chance_for(options, of_numbers, number);
    const Place& place = chance.of(places());
    const Spelled& name = chance.of(surnames());
    Unit unit;
    unit.household = fmt::format("{}家（{}）", name.text, number + 1);
    for (std::uint64_t i = 0; i < size; ++i) {
        const Home home{place, i == 1 ? nullptr : &name};
        unit.people.push_back(make_consumer(options, number + i, &home));
    }
    const bool is_shared = size > 1 && chance.in_1000(2 * options.rates.shared_phones);
    for (Person& person : unit.people) {
        if (is_shared) {
            person.phone = unit.people[0].phone;
            person.old_phone.clear();
            person.sharing = Sharing::family;
        }
        if (is_shared && !unit.people[0].browsers.empty()) {
            person.browsers = {unit.people[0].browsers[0]};
            person.has_shared_browser = true;
        }
    }
    return unit;
}

} // namespace

Instant beginning(const Options& options) {
    return options.until - days{730};
}

const std::string& Person::phone_at(Instant at, Sharing known_by) const {
    static const std::string none;
    if (sharing != Sharing::none && sharing != known_by)
        return none;
    return !old_phone.empty() && at < phone_since ? old_phone : phone;
}

std::vector<Unit> make_block(const Options& options, std::uint64_t block) {
    Chance chance = chance_for(options, of_blocks, block);
    std::vector<Unit> units;
    const std::uint64_t first = block * block_people, end = std::min(first + block_people, options.customers);
    for (std::uint64_t number = first; number < end;) {
        const auto kind = chance.below(100);
        const auto whole = kind < 35 ? size_of_organisation(chance) : kind < 50 ? 2 + chance.below(3) : 1;
        const auto size = std::min(whole, end - number);
        if (kind < 35) {
            units.push_back(make_company(options, number, size, whole));
        } else if (kind < 50) {
            units.push_back(make_family(options, number, size));
        } else {
            units.emplace_back();
            units.back().people.push_back(make_consumer(options, number));
        }
        number += size;
    }
    return units;
}

} // namespace onefold::demo
