#pragma once
// A real PostgreSQL 15, started once by a test program and gone with it, also when the program crashes.
#include <string>

namespace onefold::testing {

// Where PostgreSQL is missing or does not start, the program ends with a message: such tests fail, they are never
// skipped. As root it runs under the account `postgres`. It listens on a socket in a folder of its own, and does not
// sync.
class Postgres {
  public:
    static Postgres& get();

    // The URL of a new, empty database.
    std::string make_database();
    // Runs one statement as administrator, outside of every transaction.
    void administer(const std::string& sql);
    // Breaks every connection to the database of `url`, as a restart of the server would.
    void break_connections(const std::string& url);

  private:
    Postgres();
    ~Postgres();
    void start();
    std::string url_of(const std::string& database) const;

    std::string folder_;
    int leash_ = -1; // the guard stops the server when this end of its pipe closes
    int guard_ = -1;
    int databases_made_ = 0;
};

} // namespace onefold::testing
