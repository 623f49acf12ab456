#include "http/proxies.h"

#include "core/text.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace onefold::http {
namespace {

namespace ip = boost::asio::ip;

constexpr int v4_prefix_offset = 96;
constexpr int v6_bits = 128;

std::optional<ip::address_v6> address_of(std::string_view text) {
    boost::system::error_code error;
    const auto address = ip::make_address(std::string(text), error);
    if (error)
        return std::nullopt;
    return address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6();
}

std::optional<ip::network_v6> network_of(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = address_of(text.substr(0, slash));
    if (!address)
        return std::nullopt;
    const int offset = address->is_v4_mapped() && text.find(':') == text.npos ? v4_prefix_offset : 0;
    int bits = v6_bits - offset;
    if (slash != text.npos) {
        const auto digits = text.substr(slash + 1);
        int given = -1;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), given);
        if (error != std::errc() || end != digits.data() + digits.size() || given < 0 || given > bits)
            return std::nullopt;
        bits = given;
    }
    return ip::network_v6(*address, static_cast<unsigned short>(offset + bits)).canonical();
}

// An address as proxies write it, perhaps with a port: "203.0.113.7:4711", "[2001:db8::1]:4711". As we write it, or ""
// for what is none.
std::string plain(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('['))
        text = text.substr(1, text.find(']') - 1);
    else if (std::ranges::count(text, ':') == 1)
        text = text.substr(0, text.find(':'));
    const auto address = address_of(text);
    if (!address)
        return "";
    return address->is_v4_mapped() ? ip::make_address_v4(ip::v4_mapped, *address).to_string() : address->to_string();
}

} // namespace

Result<Proxies> Proxies::named(const std::vector<std::string>& networks) {
    Proxies proxies;
    for (const std::string& text : networks) {
        const auto network = network_of(text);
        if (!network)
            return fail(ErrorKind::invalid, "http.bad_proxy",
                {fmt::format("\"{}\" is no network such as 10.0.0.0/8 and no address.", text),
                    fmt::format("“{}”不是网段（例如 10.0.0.0/8）或地址。", text)});
        proxies.networks_.push_back(*network);
    }
    return proxies;
}

bool Proxies::has(std::string_view text) const {
    const auto address = address_of(text);
    return address && std::ranges::any_of(networks_, [&](const ip::network_v6& network) {
        return ip::network_v6(*address, network.prefix_length()).canonical() == network;
    });
}

std::string Proxies::client_of(std::string_view peer, std::string_view forwarded_for) const {
    std::string client(peer);
    while (!forwarded_for.empty() && has(client)) {
        const auto comma = forwarded_for.rfind(',');
        std::string before = plain(comma == forwarded_for.npos ? forwarded_for : forwarded_for.substr(comma + 1));
        if (before.empty())
            break;
        client = std::move(before);
        forwarded_for = comma == forwarded_for.npos ? std::string_view() : forwarded_for.substr(0, comma);
    }
    return client;
}

} // namespace onefold::http
