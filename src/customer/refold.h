#pragma once
// Golden records made anew after the rules of survivorship or a source's trust changed: in pieces, beside everything
// else, from where it was after a kill. Lists show what was until a customer's turn has come.
#include "customer/customer.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace onefold::customer {

struct RefoldState {
    bool is_running = false;
    int percent = 100;
};

class Refold {
  public:
    Refold(store::Database& database, const source::Sources& sources, const Customers& customers,
        const runtime::Clock& clock);
    ~Refold() { stop(); }

    void start();
    void stop();
    // One piece. False where nothing is to be done.
    Result<bool> step();
    static Result<RefoldState> state(store::Session& session, const source::Sources& sources);

  private:
    void run();

    store::Database& database_;
    const source::Sources& sources_;
    const Customers& customers_;
    const runtime::Clock& clock_;
    std::mutex mutex_;
    std::condition_variable stopping_;
    bool is_stopping_ = false;
    std::thread thread_;
};

} // namespace onefold::customer
