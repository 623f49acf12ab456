#include "demo/demo.h"
#include "demo/numbers.h"
#include "demo/world.h"
#include "testing/folder.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace onefold::demo {
namespace {

const Instant until{std::chrono::sys_days{std::chrono::year{2026} / 6 / 30}};

std::map<std::string, std::string> files_of(const Options& options) {
    const testing::Folder folder;
    const auto system = runtime::make_system_files();
    const std::string target = std::string(folder.path()) + "/demo";
    EXPECT_TRUE(write_files(*system, target, options));
    std::map<std::string, std::string> texts;
    const auto names = system->list(target);
    for (const std::string& name : names.value())
        texts[name] = system->read_all(target + "/" + name, 64 << 20).value();
    return texts;
}

std::vector<Person> people_of(const Options& options) {
    std::vector<Person> people;
    for (std::uint64_t block = 0; block * block_people < options.customers; ++block)
        for (Unit& unit : make_block(options, block))
            std::ranges::move(unit.people, std::back_inserter(people));
    return people;
}

std::string first_cell(const std::string& text, std::size_t at) {
    return text.substr(at, text.find_first_of(",\r\n", at) - at);
}

TEST(Demo, TheSameOptionsMakeTheSameBytes) {
    const Options options{.customers = 500, .seed = 7, .until = until};
    const auto files = files_of(options);
    EXPECT_EQ(files, files_of(options));
    EXPECT_NE(
        files.at("crm_contacts.csv"), files_of({.customers = 500, .seed = 8, .until = until}).at("crm_contacts.csv"));
    EXPECT_EQ(files_of({.customers = 1, .seed = 1, .until = until}).size(), files.size());
}

TEST(Demo, APersonIsTheSameHoweverManyThereAre) {
    const auto few = people_of({.customers = 640, .seed = 3, .until = until}),
               many = people_of({.customers = 6400, .seed = 3, .until = until});
    for (std::size_t i = 0; i < 576; ++i)
        EXPECT_EQ(few[i].name + few[i].email + few[i].phone, many[i].name + many[i].email + many[i].phone) << i;
}

TEST(Demo, TheTruthKnowsEveryRecordOnce) {
    const auto files = files_of({.customers = 800, .seed = 5, .until = until});
    std::map<std::string, std::set<std::string>> known;
    const std::string& truth = files.at("truth.csv");
    for (auto at = truth.find('\n') + 1; at < truth.size(); at = truth.find('\n', at) + 1) {
        const std::string source = first_cell(truth, at), key = first_cell(truth, at + source.size() + 1);
        EXPECT_TRUE(known[source].insert(key).second) << source << " " << key;
    }
    const auto keys_of = [&](const std::string& name, std::string_view mark) {
        std::set<std::string> keys;
        const std::string& text = files.at(name);
        for (auto at = text.find('\n') + 1; at < text.size(); at = text.find('\n', at) + 1)
            keys.insert(first_cell(text, at));
        EXPECT_TRUE(keys.begin()->starts_with(mark)) << name << " " << *keys.begin();
        return keys;
    };
    EXPECT_EQ(known["CRM"], keys_of("crm_contacts.csv", "C"));
    EXPECT_EQ(known["公众号"], keys_of("wechat_followers.csv", "o"));
    EXPECT_EQ(known["售后工单"], keys_of("service_tickets.csv", "DEMO-GD"));
    EXPECT_TRUE(known["市场活动"].begin()->starts_with("DEMO-HD"));
    std::set<std::string> of_shop = keys_of("shop_members.csv", "M");
    of_shop.merge(keys_of("shop_orders.csv", "DEMO-SC"));
    EXPECT_EQ(known["官网商城"], of_shop);
    EXPECT_EQ(known["官网"].size(), std::size_t(std::ranges::count(files.at("web_messages.jsonl"), '\n')));
}

TEST(Demo, NobodyIsReal) {
    const auto files = files_of({.customers = 2000, .seed = 4, .until = until});
    for (const auto& [name, text] : files)
        for (auto at = text.find('@'); name.ends_with(".csv") && at != std::string::npos; at = text.find('@', at + 1)) {
            const auto domain = text.substr(at + 1, text.find_first_of(",\r\n", at) - at - 1);
            EXPECT_TRUE(domain.ends_with(".example") || domain == "test.com" || domain == "none.com") << name << domain;
        }
    for (const Person& person : people_of({.customers = 2000, .seed = 4, .until = until}))
        EXPECT_TRUE(person.phone.empty() || person.phone.starts_with("154") || person.phone.starts_with("+"))
            << person.phone;
}

// Whoever has a value alone keeps it alone, however it is mistyped.
TEST(Demo, NobodysTypingErrorIsSomebodyElses) {
    for (const std::uint64_t seed : {1, 2, 99, 123'456'789}) {
        std::map<std::string, std::uint64_t> owners;
        const auto own = [&](const std::string& number, std::uint64_t slot) {
            const auto [place, is_new] = owners.emplace(number, slot);
            EXPECT_EQ(place->second, slot) << number << " of seed " << seed;
        };
        for (std::uint64_t slot = 0; slot < 60'000; ++slot) {
            own(mobile_number(seed, slot), slot);
            own(mistyped_phone(mobile_number(seed, slot)), slot);
            own(switchboard_number(seed, slot), mobile_slots + slot);
        }
        Chance chance(seed);
        for (const Person& person : people_of({.customers = 20'000, .seed = seed, .until = until}))
            for (int i = 0; i < 3; ++i) {
                own(person.email, person.number);
                own(mistyped_email(chance, person.email), person.number);
            }
    }
}

// The realm of exact identity: who shares a phone is told by number wherever it is said.
TEST(Demo, ASharedPhoneIsSaidOnlyWhereANumberTellsWhoItIs) {
    std::map<std::string, std::vector<Person>> holders;
    for (const Person& person :
        people_of({.customers = 20'000, .seed = 6, .until = until, .rates = {.changed_numbers = 300}}))
        for (const std::string& phone : {person.phone, person.old_phone})
            if (!phone.empty())
                holders[phone].push_back(person);
    int shared = 0;
    for (const auto& [phone, people] : holders) {
        if (people.size() == 1)
            continue;
        ++shared;
        for (const Person& person : people) {
            EXPECT_EQ(person.sharing, people[0].sharing);
            EXPECT_NE(person.sharing, Sharing::none) << phone;
            EXPECT_EQ(person.phone_at(until, Sharing::none), "");
            EXPECT_FALSE((person.sharing == Sharing::family ? person.member_no : person.contact_no).empty());
        }
    }
    EXPECT_GT(shared, 100);
}

TEST(Demo, ThereIsSomethingForEveryPage) {
    const auto people = people_of({.customers = 20'000, .seed = 1, .until = until});
    const auto count = [&](auto is) { return std::ranges::count_if(people, is); };
    EXPECT_GT(count([](const Person& one) { return one.is_contact(); }), 10'000);
    EXPECT_GT(count([](const Person& one) { return one.is_foreign; }), 2'000);
    EXPECT_GT(count([](const Person& one) { return !one.second_contact_no.empty(); }), 100);
    EXPECT_GT(count([](const Person& one) { return one.sharing == Sharing::family; }), 100);
    EXPECT_GT(count([](const Person& one) { return one.sharing == Sharing::colleagues; }), 20);
    EXPECT_GT(
        count([](const Person& one) { return !one.other_city.empty() && one.is_contact() && !one.member_no.empty(); }),
        20);
    EXPECT_GT(count([](const Person& one) { return one.last_at < until - std::chrono::days{200}; }), 2'000);
}

} // namespace
} // namespace onefold::demo
