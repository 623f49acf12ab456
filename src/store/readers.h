#pragma once
// The readers of a database: connections that are opened when needed and handed out one a reading.
#include "store/connection.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace onefold::store {

class Readers {
  public:
    using Open = std::function<Result<std::unique_ptr<Connection>>()>;
    Readers(Open open, int readers_max);

    // Waits for a free reader, 10 s at most (store.busy). A reading inside a reading of the same thread shares its
    // snapshot.
    Result<> read(const Work& work);

  private:
    Result<std::unique_ptr<Connection>> take();
    void give_back(std::unique_ptr<Connection> connection);

    Open open_;
    const int readers_max_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<Connection>> free_;
    int taken_ = 0;
};

} // namespace onefold::store
