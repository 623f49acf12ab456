#include "fetch/address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <netinet/in.h>

namespace onefold::fetch {
namespace {

constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<unsigned char, 12> translated{0, 0x64, 0xff, 0x9b}; // NAT64
constexpr int mapped_bits = 96;

Address mapped_of(const unsigned char* four) {
    Address address{};
    std::ranges::copy(mapped, address.begin());
    std::copy_n(four, 4, address.begin() + 12);
    return address;
}

// What it leads to.
Address unwrapped(const Address& address) {
    if (std::equal(translated.begin(), translated.end(), address.begin()))
        return mapped_of(&address[12]);
    if (address[0] == 0x20 && address[1] == 0x02) // 6to4
        return mapped_of(&address[2]);
    if (address[0] == 0x20 && address[1] == 0x01 && address[2] == 0 && address[3] == 0) { // Teredo
        std::array<unsigned char, 4> client;
        std::ranges::transform(std::span(address).last(4), client.begin(), [](unsigned char c) { return c ^ 0xff; });
        return mapped_of(client.data());
    }
    return address;
}

std::vector<Network> networks(std::initializer_list<std::string_view> texts) {
    std::vector<Network> all;
    for (const auto text : texts)
        all.push_back(*parse_network(text));
    return all;
}

bool is_in(const std::vector<Network>& all, const Address& address) {
    return std::ranges::any_of(all, [&](const Network& network) { return has(network, address); });
}

} // namespace

Result<Network> parse_network(std::string_view text) {
    const auto slash = text.find('/');
    const std::string name(text.substr(0, slash));
    Network network;
    std::array<unsigned char, 4> four{};
    bool is_right = false, is_four = false;
    if (::inet_pton(AF_INET, name.c_str(), four.data()) == 1) {
        network.address = mapped_of(four.data());
        is_right = is_four = true;
    } else {
        is_right = ::inet_pton(AF_INET6, name.c_str(), network.address.data()) == 1;
    }
    if (is_right && slash != text.npos) {
        const auto digits = text.substr(slash + 1);
        int bits = -1;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        is_right =
            error == std::errc{} && end == digits.data() + digits.size() && bits >= 0 && bits <= (is_four ? 32 : 128);
        network.prefix_bits = bits + (is_four ? mapped_bits : 0);
    }
    if (is_right)
        return network;
    return fail(ErrorKind::invalid, "fetch.bad_network",
        {fmt::format("{} is not a network such as 10.0.0.0/8.", text),
            fmt::format("{} 不是形如 10.0.0.0/8 的网段。", text)});
}

bool has(const Network& network, const Address& address) {
    const int whole = network.prefix_bits / 8, rest = network.prefix_bits % 8;
    if (!std::equal(address.begin(), address.begin() + whole, network.address.begin()))
        return false;
    return rest == 0 || ((address[std::size_t(whole)] ^ network.address[std::size_t(whole)]) >> (8 - rest)) == 0;
}

Reach reach_of(const Address& address) {
    static const auto never = networks({"0.0.0.0/8", "169.254.0.0/16", "100.100.100.200", "192.0.0.192", "224.0.0.0/4",
        "240.0.0.0/4", "::", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::254", "fd20:ce::254"});
    static const auto inner = networks({"10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "::1", "::/96", "fc00::/7", "64:ff9b:1::/48"});
    const Address real = unwrapped(address);
    if (is_in(never, real))
        return Reach::never;
    return is_in(inner, real) ? Reach::inner : Reach::open;
}

bool may_reach(const Address& address, const std::vector<Network>& allowed) {
    const Reach reach = reach_of(address);
    return reach == Reach::open || (reach == Reach::inner && is_in(allowed, unwrapped(address)));
}

std::optional<Address> address_of(const sockaddr& socket) {
    Address address{};
    if (socket.sa_family == AF_INET) {
        sockaddr_in four;
        std::memcpy(&four, &socket, sizeof four);
        std::array<unsigned char, 4> bytes;
        std::memcpy(bytes.data(), &four.sin_addr, bytes.size());
        return mapped_of(bytes.data());
    }
    if (socket.sa_family != AF_INET6)
        return std::nullopt;
    sockaddr_in6 six;
    std::memcpy(&six, &socket, sizeof six);
    std::memcpy(address.data(), &six.sin6_addr, address.size());
    return address;
}

} // namespace onefold::fetch
