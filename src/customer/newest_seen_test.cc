#include "customer/customer_rig.h"
#include "customer/newest_seen.h"

namespace onefold::customer {
namespace {

class NewestSeenTest : public CustomerRig {
  protected:
    std::vector<CustomerId> newest(const std::vector<CustomerId>& customers, std::size_t limit) {
        auto ids = database_->read([&](store::Session& session) { return newest_among(session, customers, limit); });
        VERIFY(ids);
        return std::move(*ids);
    }
    // A day of 2025 each, by a number that is scattered over the year.
    static int day_of(int number) { return (number * 131) % 365; }
};
ON_BOTH_DATABASES(NewestSeenTest);

TEST_P(NewestSeenTest, AreTheLastSeenOfFewAndOfMany) {
    constexpr int count = 2'190; // six a day: more than are asked one by one
    std::vector<std::string> payloads;
    for (int i = 0; i < count; ++i) {
        const Instant at =
            *parse_rfc3339("2025-01-01T00:00:00Z") + std::chrono::days{day_of(i)} + std::chrono::seconds{i};
        payloads.push_back(fmt::format(
            R"({{"type":"identify","userId":"u{}","traits":{{"name":"N"}},"timestamp":"{}"}})", i, to_rfc3339(at)));
    }
    append(payloads);
    take_in();
    std::vector<std::pair<Instant, CustomerId>> seen;
    for (int i = 0; i < count; ++i)
        seen.emplace_back(
            *parse_rfc3339("2025-01-01T00:00:00Z") + std::chrono::days{day_of(i)} + std::chrono::seconds{i},
            find(fmt::format("user_id:u{}", i)));
    std::ranges::sort(seen, std::ranges::greater{});
    std::vector<CustomerId> everybody, last_ten, some, last_of_some;
    for (const auto& [at, id] : seen) {
        everybody.push_back(id);
        if (last_ten.size() < 10)
            last_ten.push_back(id);
        if (id.value % 100 == 7) {
            some.push_back(id);
            if (last_of_some.size() < 3)
                last_of_some.push_back(id);
        }
    }
    std::ranges::sort(everybody);
    std::ranges::sort(some);
    for (int i = 0; i < 500 && newest(everybody, 10) != last_ten; ++i) // figures are written a moment later
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    EXPECT_EQ(newest(everybody, 10), last_ten);
    EXPECT_EQ(newest(some, 3), last_of_some);
    EXPECT_EQ(newest(everybody, count + 5).size(), std::size_t(count));
    EXPECT_TRUE(newest({}, 3).empty());
}

} // namespace
} // namespace onefold::customer
