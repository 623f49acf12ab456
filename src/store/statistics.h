#pragma once
// PostgreSQL chooses how to read a table by what it counted of it last. Its own counting comes up to a minute late, so
// a table that an import fills is taken for an empty one meanwhile, and whoever asks for fifty customers reads all of
// it. Tables that have grown by half are counted anew at once, in a connection and a thread of their own.
#include "store/postgres.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace onefold::store {

class Statistics {
  public:
    explicit Statistics(std::unique_ptr<PostgresConnection> connection);
    ~Statistics(); // waits for the table at hand, 10 s at most

  private:
    void serve();
    Result<> refresh();
    Result<> count_anew(const std::string& table);
    bool is_stopping();

    std::unique_ptr<PostgresConnection> connection_;
    std::mutex mutex_;
    std::condition_variable stopped_;
    bool is_stopping_ = false;
    std::thread thread_;
};

} // namespace onefold::store
