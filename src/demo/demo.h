#pragma once
// The demo company: a precision manufacturer that does not exist, with customers who do not exist, as its systems would
// export them. What a person is and does is a pure function of the seed and the person's number, so files of any size
// are written by streaming, in memory that does not grow.
//
// Nobody in it is real, and everything says so: mail addresses and websites end in .example (RFC 2606), Chinese phone
// numbers are of the range 154, which no operator has, others of ranges that are set aside for fiction; credit codes
// are of the region 990000, which no place has; names of companies carry （演示） or (demo), numbers of orders and
// tickets DEMO, notes of customers and properties of events say that they are generated.
#include "core/result.h"
#include "core/time.h"
#include "runtime/runtime.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace onefold::demo {

// How much goes wrong, of 1,000 each.
struct Rates {
    int typos = 20;           // values that people type: a phone, a mail address, a name
    int placeholders = 15;    // phones and addresses that nobody has: 13800000000, test@test.com, 无
    int blanks = 120;         // phones and addresses left out in the CRM
    int shared_phones = 60;   // companies with one number for most contacts; large ones and families more often
    int changed_numbers = 60; // people with a new mobile number; some of the old ones are a colleague's by now
    int duplicates = 25;      // contacts who are in the CRM twice
    int conflicts = 40;       // people of whom two systems say different cities
};

// Each of them by name, as options and calls say it.
struct Rate {
    std::string_view name, meaning;
    int Rates::* member;
};
std::span<const Rate> rates();

inline constexpr std::uint64_t customers_max = 2'000'000;

struct Options {
    std::uint64_t customers = 20'000; // people, 1 to customers_max; their organisations come beside them
    std::uint64_t seed = 1;
    Instant until; // nothing happens later; what happens, happens in the two years before
    Rates rates = {};
};

// A source as the company has it in its settings, and the file that comes from it.
struct DemoSource {
    std::string_view name, kind; // of source::Kind: "file", or "api" for what is sent
    int trust;
};
inline constexpr std::string_view zone = "Asia/Shanghai", currency = "CNY", region = "CN"; // of all of them
std::span<const DemoSource> sources();

struct DemoFile {
    std::string_view name, source, kind; // kind of import; "messages" for what is sent to the tracking API, one a line
    std::string_view map;                // JSON, "" for messages
};
// In the order in which they are taken in.
std::span<const DemoFile> files();
std::string_view source_of(std::string_view file);

// Writes them into `folder`, which is made where it is missing; beside them NAME.map.json, README.txt, and truth.csv:
// source, record_key, person_key: whose record each really is. A record_key is what the source calls the record: the
// number of a contact, member, follower, order, ticket, visit or message. The person_key of an organisation's own order
// begins with O.
Result<> write_files(runtime::Files& files, const std::string& folder, const Options& options);

} // namespace onefold::demo
