#pragma once
// The write-ahead log of SQLite is copied into the database file off the writer's path. The writer begins the log anew,
// over the old one: to let a file grow costs more than to overwrite it.
#include "store/sqlite.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace onefold::store {

// Frames (pages of 4 KB) of the log: the writer tells how many it wrote, the checkpointer how many of these it copied.
struct WalFrames {
    static constexpr int bytes = 4096;
    static constexpr int worth_copying = 16 * 1024; // a page that is written again before it is copied is copied once
    static constexpr int worth_restarting = 32 * 1024;
    static constexpr int few = 8 * 1024;   // the writer copies so many itself when it begins the log anew
    static constexpr int max = 128 * 1024; // then the writer waits for the checkpointer

    int waiting() const { return written - copied; }

    std::atomic<int> written = 0, copied = 0;
    std::mutex copying;
};

class Checkpointer {
  public:
    Checkpointer(std::unique_ptr<SqliteConnection> connection, std::shared_ptr<WalFrames> wal_frames);
    ~Checkpointer();

  private:
    void serve();
    void copy_until(int left);

    std::unique_ptr<SqliteConnection> connection_;
    std::shared_ptr<WalFrames> wal_frames_;
    std::mutex mutex_;
    std::condition_variable stopped_;
    bool is_stopping_ = false;
    std::thread thread_;
};

} // namespace onefold::store
