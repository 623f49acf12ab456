#pragma once
// Time, chance, files and the network, as interfaces: a room gets them from outside, so that a test can replay
// anything. All are safe to use from several threads.
#include "core/result.h"
#include "core/time.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::runtime {

class Clock {
  public:
    virtual ~Clock() = default;
    // What the wall shows; may jump.
    virtual Instant now() const = 0;
    // Only ever goes forward; for durations and deadlines.
    virtual std::chrono::steady_clock::time_point monotonic() const = 0;
};

class Random {
  public:
    virtual ~Random() = default;
    virtual void fill(std::span<unsigned char> bytes) = 0;
    std::string bytes(std::size_t count);
    // 128 or more random bits as base64url: for tokens and ids that must not be guessed.
    std::string token(std::size_t bytes_count = 24);
};

// An open file. Offsets and sizes in bytes.
class File {
  public:
    virtual ~File() = default;
    virtual Result<> write_at(std::uint64_t offset, std::string_view bytes) = 0;
    // Reads up to `size` bytes; fewer only at the end of the file.
    virtual Result<std::string> read_at(std::uint64_t offset, std::size_t size) const = 0;
    virtual Result<> sync_data() = 0; // fdatasync; a failure is of kind internal, whatever its code
    // These bytes may go to the disk from now on; waits until what was begun before is there. Promises nothing.
    virtual void begin_sync(std::uint64_t /*offset*/, std::size_t /*size*/) {}
    virtual Result<std::uint64_t> size() const = 0;
    virtual Result<> truncate(std::uint64_t size) = 0;
    // Reserves blocks without changing what a reader sees beyond zeros; the size grows to at least `size`.
    virtual Result<> allocate(std::uint64_t size) = 0;
};

enum class OpenMode {
    read,
    read_write,
    create
}; // create: for reading and writing, made with mode 0600 where it is not there

struct Space {
    std::uint64_t bytes = 0; // of the disk
    std::uint64_t free_bytes = 0;
};

// Errors carry the code files.<errno name>: files.enoent, files.enospc, files.eio, …
class Files {
  public:
    virtual ~Files() = default;
    virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;
    virtual Result<> make_folder(const std::string& path) = 0; // with its parents, mode 0700
    virtual Result<> rename(const std::string& from, const std::string& to) = 0;
    virtual Result<> remove(const std::string& path) = 0;
    virtual Result<> remove_folder(const std::string& path) = 0;                  // an empty one
    virtual Result<> link(const std::string& from, const std::string& to) = 0;    // a second name of the same file
    virtual Result<> sync_folder(const std::string& path) = 0;                    // a failed sync is of kind internal
    virtual Result<std::vector<std::string>> list(const std::string& folder) = 0; // names, sorted
    virtual bool exists(const std::string& path) = 0;
    virtual Result<Space> space(const std::string& folder) = 0;
    virtual Result<std::string> read_all(const std::string& path, std::uint64_t bytes_max) = 0; // else files.too_large
    // Whole or not at all: temporary file (PATH.new), sync, rename, sync of the folder. Mode 0600.
    virtual Result<> replace(const std::string& path, std::string_view bytes) = 0;
};

struct OutboundRequest {
    std::string method = "GET";
    std::string url;         // http:// or https:// …
    std::string unix_socket; // where set, the connection goes there and `url` only names host and path
    std::map<std::string, std::string> headers;
    std::string body;
    std::chrono::milliseconds timeout{10'000};
    std::size_t response_bytes_max = 16 << 20;
};
struct OutboundResponse {
    int status = 0;
    std::map<std::string, std::string> headers; // names in lower case
    std::string body;
};

class Network {
  public:
    virtual ~Network() = default;
    // network.unreachable, network.timeout, network.too_large, network.invalid_request (not http(s), a line break in a
    // header); an answer of any status is a success. Redirects are not followed.
    virtual Result<OutboundResponse> request(const OutboundRequest& request) = 0;
};

// The real ones.
std::unique_ptr<Clock> make_system_clock();
std::unique_ptr<Random> make_system_random();
std::unique_ptr<Files> make_system_files();
std::unique_ptr<Network> make_system_network();

// A set of them, as rooms are given it. Owned by `house`, outlives every room.
struct Outside {
    Clock& clock;
    Random& random;
    Files& files;
    Network& network;
};

} // namespace onefold::runtime
