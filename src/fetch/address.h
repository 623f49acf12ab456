#pragma once
// Which addresses of the network may be asked for files. Pure. An address inside an address (IPv4-mapped, NAT64, 6to4,
// Teredo) is judged as the one that it leads to.
#include "core/result.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <vector>

namespace onefold::fetch {

using Address = std::array<unsigned char, 16>; // IPv6; an IPv4 address as its mapped one

// never: link-local, metadata services of clouds, multicast, reserved; nothing makes them allowed.
// inner: this host and private networks, which the operator allows by name.
enum class Reach { open, inner, never };
Reach reach_of(const Address& address);

struct Network {
    Address address{};
    int prefix_bits = 128;
};
// "10.0.0.0/8", "fd00::/8", or one address. fetch.bad_network
Result<Network> parse_network(std::string_view text);
bool has(const Network& network, const Address& address);

bool may_reach(const Address& address, const std::vector<Network>& allowed);
std::optional<Address> address_of(const sockaddr& socket); // none of other families than IP

} // namespace onefold::fetch
