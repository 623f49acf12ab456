#pragma once
// The server: TCP, TLS and the unix socket of the data folder, in front of a Contract and the web interface.
#include "core/result.h"
#include "http/contract.h"
#include "http/static_files.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace onefold::http {

struct Options {
    std::string address = "127.0.0.1";
    int port = 0;                           // 0: any free one, see Server::port()
    std::string certificate_file, key_file; // PEM; both for TLS (1.2 and up). Read again when they change.
    std::string unix_socket;                // a path of any length, made with mode 0600; none if empty
    // Networks ("10.0.0.0/8") or addresses of proxies that are believed when they say in X-Forwarded-For for whom they
    // ask; http.bad_proxy for what is none. Of all others that field is ignored.
    std::vector<std::string> trusted_proxies;
    std::vector<std::string> hosts; // by which names we are called over TCP, with or without port; empty for any

    int io_threads = 1;
    int workers = 4;
    // A few more are held for as long as it takes to answer them 503.
    std::size_t connections_max = 15'000;
    // Of requests that wait for a worker, those who ask and those who send each: more are answered 503 at once.
    std::size_t queue_max = 1'000;
    std::size_t queue_bytes_max = 64 << 20;
    std::chrono::milliseconds queue_wait_expected_max{1'000};
    std::chrono::milliseconds queue_wait_max{2'000}; // who waited more all the same is answered 503 then
    std::chrono::milliseconds head_timeout{10'000};
    std::chrono::milliseconds idle_timeout{60'000};
    std::chrono::milliseconds body_grace{10'000}; // on top of what body_bytes_per_second_min allows
    std::size_t body_bytes_per_second_min = 1'024;
    std::chrono::milliseconds write_grace{10'000}; // by which a peer may lag behind that with what it is sent
    std::size_t write_bytes_per_second_min = 1'024;
    std::chrono::milliseconds heartbeat{15'000}; // of event streams
    std::chrono::milliseconds stop_timeout{10'000};
};

// How many connections may be held where the process may have so many descriptors open: the rest are for files, for
// those who are turned away, and for what the server asks itself.
std::size_t connections_max_of(std::uint64_t descriptors_max);

struct ServerMetrics {
    std::int64_t connections = 0; // open now
    std::uint64_t connections_accepted = 0;
    std::uint64_t heads_refused = 0;            // by the guard
    std::uint64_t requests_refused_by_load = 0; // 503, of senders 429
    std::uint64_t timeouts = 0;
    std::size_t queue_length = 0;
};

class Server {
  public:
    // Listens when it returns. http.cannot_listen, http.bad_certificate. The contract (connected) and the files outlive
    // the server.
    static Result<std::unique_ptr<Server>> start(Contract& contract, const StaticFiles& files, Options options);
    ~Server(); // stops

    int port() const;
    ServerMetrics metrics() const;
    // Takes no new connections, lets what runs be answered (at most stop_timeout), ends streams and idle connections.
    // Blocks; not from a handler.
    void stop();

  private:
    struct Parts;
    explicit Server(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

} // namespace onefold::http
