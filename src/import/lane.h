#pragma once
// Imports one after the other, in a thread of its own, and how people see them meanwhile. For this room's own files.
#include "import/map.h"
#include "import/stored_import.h"
#include "import/turn.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace onefold::import {

// Imports that wait or run, as people see them. Thread-safe.
class Board {
  public:
    void put(const Import& import);
    void take_down(ImportId id);
    std::optional<Import> find(ImportId id) const;

  private:
    mutable std::mutex mutex_;
    std::map<ImportId, Import> imports_;
};

class Lane {
  public:
    Lane(const Rooms& rooms, Board& board, Turn& turn) : rooms_(rooms), board_(board), turn_(turn) {}
    ~Lane() { stop(); }

    // One lane takes away, once an hour, what is kept no longer.
    enum class Sweeping { no, yes };
    void start(Sweeping sweeping);
    void stop(); // what runs goes on after the next start
    void add(QueuedImport queued);
    void cancel(ImportId id); // soon; at once where it waits

  private:
    void run(Sweeping sweeping);
    void run_one(QueuedImport queued, const std::shared_ptr<std::atomic<bool>>& is_cancelled);
    Result<> work(QueuedImport& queued, const std::shared_ptr<std::atomic<bool>>& is_cancelled);
    void end(Import& import, const Result<>& done);

    const Rooms& rooms_;
    Board& board_;
    Turn& turn_; // of whoever changes records
    std::mutex mutex_;
    std::condition_variable has_work_;
    std::deque<QueuedImport> queue_;
    ImportId running_;
    std::shared_ptr<std::atomic<bool>> is_cancelled_; // of that
    std::atomic<bool> is_stopping_ = false;
    std::thread worker_;
};

// Dry runs of yesterday, and what lies beside imports that ended long ago.
Result<> sweep(const Rooms& rooms);

} // namespace onefold::import
