#pragma once
// POST /api/v1/sample: fills an installation that has no customers yet with the demo company, through the doors by
// which everything enters: files through the import, what the website tells through the tracking API. Asked for again
// with the same options after a stop, it goes on, and nothing is there twice.
#include "customer/customer.h"
#include "demo/demo.h"
#include "http/contract.h"
#include "import/import.h"
#include "runtime/runtime.h"
#include "source/source.h"
#include "store/store.h"

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace onefold::house {

struct SampleRooms {
    store::Database& database;
    const customer::Customers& customers;
    source::Sources& sources;
    const runtime::Outside& outside;
    import::Imports& imports;
    http::Contract& contract; // by which messages are sent as a website sends them
    std::string folder;       // its files are written here and stay
};

inline constexpr std::int64_t sample_customers_max = 200'000; // while somebody waits for an answer

enum class SampleState { none, running, finished, failed };

struct SampleStatus {
    SampleState state = SampleState::none;
    std::vector<ImportId> imports;
    std::uint64_t messages = 0; // sent
    int percent = 0;
    std::optional<LocalText> trouble;
};

class Sample {
  public:
    explicit Sample(SampleRooms rooms) : rooms_(std::move(rooms)) {}
    ~Sample() { stop(); }
    // Once, before `start`: revokes the key of one that was killed.
    void begin();

    // Writes the files and returns when everything is on its way. house.not_empty where there are customers of another
    // origin, house.sample_runs while one is on its way.
    Result<SampleStatus> start(const Caller& caller, const demo::Options& options);
    SampleStatus status() const;
    void stop();

    void add_routes();

  private:
    // Writes the files. Those of the same options are there already and stay, also on a later day.
    Result<> lay_out(const demo::Options& options) const;
    Result<> set_zone(const Caller& caller);
    void end_key(const Caller& caller, source::WriteKeyId id) const;
    std::string key_path() const { return rooms_.folder + "/write_key"; }
    struct Key {
        source::WriteKeyId id;
        std::string secret;
    };
    // Notes whose key it is, so that one which a kill left is revoked at the next start.
    Result<Key> noted(Key key) const;
    Result<Key> furnish_sources(const Caller& caller);
    // The key that it sends with is nobody's, and revoked at the end.
    void work(const Caller& caller, const Key& write_key);
    Result<> send_messages(const std::string& write_key);
    Result<> send(const std::string& body);
    Result<> wait_for_imports();

    const SampleRooms rooms_;
    std::mutex starting_; // one at a time
    mutable std::mutex mutex_;
    SampleStatus status_;
    std::atomic<bool> is_stopping_ = false;
    std::thread thread_;
};

} // namespace onefold::house
