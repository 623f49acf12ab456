#pragma once
// A crowd of made-up visitors and what they do, for measuring: any number of them, each event a pure function of the
// seed and its number, so nothing is kept and any part can be made anywhere, in any order. Nobody in it exists: mail
// addresses end in example.com, phone numbers are of the Chinese range 154, which no operator has.
//
// A visitor has two browsers, and most sign in on both: two anonymous ids, a user id, a mail address, half of them a
// phone. Few do much and most do little: the rank of an event's visitor is distributed as 1/rank (Zipf), spread over
// the crowd.
#include "core/time.h"

#include <cstdint>
#include <string>

namespace onefold::demo {

struct CrowdOptions {
    std::uint64_t customers = 1'000'000;
    std::uint64_t events = 20'000'000; // over which the two years are spread
    std::uint64_t seed = 1;
    Instant from = Instant{std::chrono::sys_days{std::chrono::year{2024} / 7 / 1}};
    std::chrono::days span{730};
};

struct CrowdMessage {
    std::string message_id;
    std::string payload; // of Segment's shape: track, page or identify, 300 to 500 bytes
};

class Crowd {
  public:
    explicit Crowd(const CrowdOptions& options) : options_(options) {}

    // The first `customers` events introduce everybody, one each, in an order of their own; then chance decides.
    CrowdMessage message(std::uint64_t number) const;

  private:
    CrowdOptions options_;
};

} // namespace onefold::demo
