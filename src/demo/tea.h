#pragma once
// A small tea shop's files, generated: what tests and fixtures are made of. Nobody in them exists: mail
// addresses end in example.com, phone numbers are of the Chinese range 154, which no operator has, or of the British
// range 07700 900, which is set aside for drama. Each customer's note says that it is generated.
#include "core/result.h"
#include "core/time.h"
#include "runtime/runtime.h"

#include <cstdint>
#include <string>
#include <vector>

namespace onefold::demo {

struct TeaOptions {
    int customers = 200; // people, 1 to 100,000
    std::uint64_t seed = 1;
    Instant until = Instant{std::chrono::sys_days{std::chrono::year{2026} / 6 / 30}}; // nothing happens later
};

struct TeaFile {
    std::string name;
    std::string text;
};

// The same options make the same bytes everywhere:
//   customers.csv  source crm: one row a person, some people twice; the phones of couples are shared
//   orders.csv     source shop: one row a line; buyers by the shop's number and a phone written in many ways, often an
//                  older number than the CRM has; returns are orders of negative quantities (C…)
//   tickets.csv    source helpdesk: customers by mail address, sometimes with a mistyped name
//   events.csv     source website: visitors by anonymous id, mail address once they signed in
//   *.map.json     how each of them is imported
//   truth.csv      file, key, person: who each row really is
//   README.txt     says that all of it is generated
std::vector<TeaFile> make_tea_files(const TeaOptions& options);

// Writes them into `folder`, which is made where it is missing.
Result<> write_tea_files(runtime::Files& files, const std::string& folder, const TeaOptions& options);

} // namespace onefold::demo
