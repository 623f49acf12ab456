#pragma once
// Who the demo company's customers are. A pure function: people are made in blocks of 64, each block of the seed and
// its own number alone; in it stand organisations with their contacts, families, and people who are alone.
#include "demo/demo.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::demo {

inline constexpr std::uint64_t block_people = 64;

// Whom a phone is shared with. A shared one is told only beside the number by which the system in which all of them
// are known tells them apart: in life a system that lets several people have one phone has such a number, and where
// only the phone is said, nobody can tell who it was.
enum class Sharing { none, colleagues, family };

struct Organisation {
    std::uint64_t number = 0; // of its first contact
    std::string name, domain, industry, city, province, country;
    std::string code;        // in the ERP
    std::string credit_code; // of Chinese ones
    std::string switchboard; // which most of its contacts give; "" where each gives their own
    std::string grade, owner;
    bool is_foreign = false;
};

struct Person {
    std::uint64_t number = 0;
    bool is_foreign = false, is_woman = false, is_decision_maker = false;
    std::string name, latin; // latin: what mail addresses begin with
    std::string title, city, province, country;
    std::string other_city; // what a second system says, "" where all agree
    std::string phone, old_phone, email;
    Instant phone_since; // until then the old one
    Sharing sharing = Sharing::none;
    std::string contact_no, second_contact_no; // in the CRM; the second of a duplicate
    std::string member_no, openid, unionid;    // of the shop; of WeChat
    std::vector<std::string> browsers;
    bool has_shared_browser = false; // who uses it is signed in
    Instant first_at, last_at;       // customer from and until

    bool is_contact() const { return !contact_no.empty(); }
    // As it was then; "" where it would not say who it is in a system that does not know `known_by` of everybody.
    const std::string& phone_at(Instant at, Sharing known_by) const;
};

// Who belongs together.
struct Unit {
    std::optional<Organisation> organisation;
    std::string household; // its name, "" of people who are no family
    std::vector<Person> people;
};

std::vector<Unit> make_block(const Options& options, std::uint64_t block);

// Nothing happens before.
Instant beginning(const Options& options);

} // namespace onefold::demo
