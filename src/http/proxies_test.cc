#include "http/proxies.h"

#include <gtest/gtest.h>

namespace onefold::http {
namespace {

Proxies trusting(const std::vector<std::string>& networks) {
    return Proxies::named(networks).value();
}

TEST(Proxies, NobodyIsBelievedUnlessNamed) {
    EXPECT_EQ(Proxies().client_of("203.0.113.7", "1.2.3.4"), "203.0.113.7");
    EXPECT_EQ(trusting({"10.0.0.0/8"}).client_of("203.0.113.7", "10.0.0.1"), "203.0.113.7");
}

TEST(Proxies, TheLastWhomNoProxyVouchesForIsTheClient) {
    const auto proxies = trusting({"10.0.0.0/8", "127.0.0.1"});
    EXPECT_EQ(proxies.client_of("127.0.0.1", "203.0.113.7"), "203.0.113.7");
    EXPECT_EQ(proxies.client_of("127.0.0.1", "forged, 1.2.3.4, 203.0.113.7 , 10.1.2.3"), "203.0.113.7");
    EXPECT_EQ(proxies.client_of("127.0.0.1", "203.0.113.7:4711"), "203.0.113.7");
    EXPECT_EQ(proxies.client_of("127.0.0.1", ""), "127.0.0.1");
    EXPECT_EQ(proxies.client_of("127.0.0.1", "10.0.0.9"), "10.0.0.9");
    EXPECT_EQ(proxies.client_of("127.0.0.1", "unknown"), "127.0.0.1");
    EXPECT_EQ(proxies.client_of("127.0.0.2", "203.0.113.7"), "127.0.0.2");
}

TEST(Proxies, AddressesOfSixteenBytesAreOnesToo) {
    const auto proxies = trusting({"fd00::/8", "10.0.0.0/8"});
    EXPECT_EQ(proxies.client_of("fd00::1", "[2001:db8::1]:4711"), "2001:db8::1");
    EXPECT_EQ(proxies.client_of("fd00::1", "2001:db8::1, ::ffff:10.0.0.1"), "2001:db8::1");
    EXPECT_EQ(proxies.client_of("fe80::1", "2001:db8::1"), "fe80::1");
}

TEST(Proxies, WhatIsNoNetworkIsRefused) {
    for (const char* text :
        {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "fd00::/129", "10.0.0.0/"})
        EXPECT_EQ(Proxies::named({text}).error().code, "http.bad_proxy") << text;
}

} // namespace
} // namespace onefold::http
