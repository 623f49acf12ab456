#pragma once
// What is derived of customers, made a second time in a SQLite file of its own: the log is taken up from its beginning
// by the same code, and what the log does not tell (what people decided, the records of files) is copied.
#include "customer/taker.h"

#include <atomic>

namespace onefold::customer {

struct SecondRooms {
    store::Database& database; // the live one
    const access::Keys& keys;
    const runtime::Outside& outside;
    const source::Sources& sources;
    const event_log::EventLog& log;
    const timeline::Timeline& timeline;
    Activity& activity; // of the live customers
};

class Second {
  public:
    // Makes the folder; a file that is left of another time goes first.
    static Result<std::unique_ptr<Second>> open(const SecondRooms& rooms, const std::string& folder);
    ~Second(); // the file goes

    Position position() const { return position_; }
    std::int64_t events() const { return events_; } // taken up
    // One batch, which ends at `goal` at the latest.
    Result<> step(Position goal);
    // Once, behind the last step, from a reading of the live database at the same position.
    Result<> copy(store::Session& live);

    store::Database& database() { return *database_; }

  private:
    Second(const SecondRooms& rooms, std::string folder) : rooms_(rooms), folder_(std::move(folder)) {}
    Result<> make();
    Result<> remove() const;
    Result<> copy_company();
    Result<std::vector<NodeId>> nodes_here(store::Session& live, const std::vector<NodeId>& nodes) const;

    const SecondRooms rooms_;
    const std::string folder_;
    std::unique_ptr<store::Database> database_;
    std::unique_ptr<Customers> customers_;
    std::unique_ptr<Taker> taker_;
    Position position_;
    std::int64_t events_ = 0;
};

} // namespace onefold::customer
