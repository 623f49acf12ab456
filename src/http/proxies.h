#pragma once
// Whose word is taken for whom they ask. Pure. Private to this room.
#include "core/result.h"

#include <boost/asio/ip/network_v6.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::http {

class Proxies {
  public:
    Proxies() = default;
    // Networks such as "10.0.0.0/8" and "fd00::/8", or single addresses. http.bad_proxy
    static Result<Proxies> named(const std::vector<std::string>& networks);

    // Who asks: the peer, or, where the peer is a trusted proxy, the last in `forwarded_for` (X-Forwarded-For) that is
    // none. What stands before that could have been written by anybody.
    std::string client_of(std::string_view peer, std::string_view forwarded_for) const;

  private:
    bool has(std::string_view address) const;

    std::vector<boost::asio::ip::network_v6> networks_; // an IPv4 network as its mapped one
};

} // namespace onefold::http
