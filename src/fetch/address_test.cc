#include "fetch/address.h"

#include <gtest/gtest.h>

namespace onefold::fetch {
namespace {

Address address(std::string_view text) {
    return parse_network(text)->address;
}

struct Case {
    std::string_view text;
    Reach reach;
};

TEST(Address, IsJudgedAsTheOneThatItLeadsTo) {
    constexpr Case cases[] = {{"8.8.8.8", Reach::open}, {"172.32.0.1", Reach::open}, {"100.128.0.1", Reach::open},
        {"2606:4700::1111", Reach::open}, {"10.1.2.3", Reach::inner}, {"127.0.0.1", Reach::inner},
        {"127.255.255.254", Reach::inner}, {"172.16.0.1", Reach::inner}, {"172.31.255.255", Reach::inner},
        {"192.168.1.1", Reach::inner}, {"100.64.0.1", Reach::inner}, {"198.18.0.1", Reach::inner},
        {"::1", Reach::inner}, {"fc00::1", Reach::inner}, {"fd12::1", Reach::inner}, {"::ffff:10.0.0.1", Reach::inner},
        {"64:ff9b::7f00:1", Reach::inner}, {"2002:7f00:1::", Reach::inner}, {"0.0.0.0", Reach::never},
        {"169.254.169.254", Reach::never}, {"100.100.100.200", Reach::never}, {"192.0.0.192", Reach::never},
        {"224.0.0.1", Reach::never}, {"255.255.255.255", Reach::never}, {"::", Reach::never}, {"fe80::1", Reach::never},
        {"ff02::1", Reach::never}, {"fd00:ec2::254", Reach::never}, {"::ffff:169.254.169.254", Reach::never},
        {"64:ff9b::a9fe:a9fe", Reach::never}, {"2002:a9fe:a9fe::1", Reach::never},
        {"2001:0:1:2:3:4:5601:5601", Reach::never}}; // Teredo's client is written inverted
    for (const auto& [text, reach] : cases)
        EXPECT_EQ(reach_of(address(text)), reach) << text;
}

TEST(Address, OfTheNetworkInsideIsReachedWhereTheOperatorNamesIt) {
    const std::vector<Network> allowed{*parse_network("10.0.0.0/8"), *parse_network("127.0.0.1")};
    EXPECT_TRUE(may_reach(address("10.200.0.1"), allowed));
    EXPECT_TRUE(may_reach(address("::ffff:10.200.0.1"), allowed));
    EXPECT_TRUE(may_reach(address("127.0.0.1"), allowed));
    EXPECT_FALSE(may_reach(address("127.0.0.2"), allowed));
    EXPECT_FALSE(may_reach(address("192.168.0.1"), allowed));
    EXPECT_TRUE(may_reach(address("8.8.8.8"), {}));
    EXPECT_FALSE(
        may_reach(address("169.254.169.254"), {*parse_network("0.0.0.0/0"), *parse_network("169.254.0.0/16")}));
}

TEST(Address, OfANetworkIsReadStrictly) {
    for (const std::string_view text :
        {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "fd00::/129", "10.0.0.0/8x", "host"})
        EXPECT_EQ(parse_network(text).error().code, "fetch.bad_network") << text;
    const Network network = *parse_network("10.128.0.0/9");
    EXPECT_TRUE(has(network, address("10.255.0.1")));
    EXPECT_FALSE(has(network, address("10.127.0.1")));
}

} // namespace
} // namespace onefold::fetch
