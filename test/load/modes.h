#pragma once
// What the program `load` can do. Each prints one line of JSON and returns the exit code.
#include <cstdint>
#include <string>

namespace onefold::load {

struct IngestOptions {
    int port = 0;
    std::string key, prefix = "m";
    int batch = 50, connections = 16;
    double seconds = 5;
    std::int64_t requests = 0; // ends after so many; 0: by time alone
    double requests_per_s = 0; // 0: each connection sends as soon as it has its answer
    // At a rate, requests leave at their time whether or not answers came: where no connection is free, one more is
    // opened, up to so many. What a request waited counts from its time.
    int connections_max = 0;
    std::int64_t users = 100'000;
    std::int64_t crowd = 0; // so many visitors of demo/crowd.h instead, of 20 million events
    std::int64_t first = 0; // the number of the first message
    std::string record;     // a file: each request's first number and its status, 0 for none
};
int ingest(const IngestOptions& options);

struct IdleOptions {
    int port = 0;
    int connections = 10'000;
    double seconds = 10;
    int requests_per_s = 500;
    int server = 0; // process id, whose memory is told
};
int idle(const IdleOptions& options);

struct SlowOptions {
    int port = 0;
    int connections = 4'000;
    double seconds = 30;
    std::string kind = "head"; // head, body, read, sip, range
};
int slow(const SlowOptions& options);

struct RepeatOptions {
    int port = 0;
    std::string key, prefix = "m";
    std::int64_t events = 1'000'000;
    double duplicates = 0.1;
    int senders = 5;
    double lost = 0.02; // share of requests whose answer is not waited for, and that are sent again
    std::uint64_t seed = 1;
    std::int64_t users = 1'000;
    int batch = 50;
};
int repeat(const RepeatOptions& options);

struct MalformedOptions {
    int port = 0;
    std::string key;
    std::int64_t requests = 100'000;
    std::uint64_t seed = 1;
    int connections = 8;
};
int malformed(const MalformedOptions& options);

} // namespace onefold::load
