#pragma once
// From the log into a file of events, batch by batch.
#include "columns/event_file.h"
#include "columns/local_day.h"
#include "customer/news.h"
#include "event_log/event_log.h"
#include "identity/identity.h"
#include "source/source.h"

#include <functional>

namespace onefold::columns {

using FindNodes = std::function<Result<std::vector<NodeId>>(const std::vector<identity::Identity::NodeKey>&)>;

// What the copy of customers is made from: see customer::read_news.
struct CustomerOrigin {
    std::function<Result<customer::NewsPlace>()> begin; // an empty copy's place
    std::function<Result<std::optional<customer::News>>(const customer::NewsPlace& from)> read;
};

CustomerOrigin customer_origin_of(store::Database& database);

// What the columns are made from.
struct Origin {
    const event_log::EventLog& log;
    const source::Sources& sources;
    FindNodes find_nodes;              // 0 where there is none
    std::function<Position()> visible; // up to where the log's events have nodes
    CustomerOrigin customers;
};

// Which node an event belongs to never changes, so it is remembered.
class NodesOfSubjects {
  public:
    explicit NodesOfSubjects(const FindNodes& find) : find_(find) {}
    Result<std::vector<NodeId>> find(const std::vector<identity::Identity::NodeKey>& keys);

  private:
    static constexpr std::size_t known_max = 1'000'000;
    const FindNodes& find_;
    std::unordered_map<std::string, NodeId> known_;
};

class Projector {
  public:
    Projector(const Origin& origin, EventFile& file, const Zone& zone)
        : origin_(origin), file_(file), days_(zone), nodes_(origin.find_nodes) {}

    // Takes up what lies before `end`, one batch at most: 100,000 events or 32 MB. The position reached; it has not
    // moved where there is nothing to take up.
    Result<Position> step(Position end);

  private:
    Result<Position> take_batch(Position from, Position end);
    Result<> take(const std::vector<event_log::Frame>& frames);

    const Origin& origin_;
    EventFile& file_;
    LocalDays days_;
    NodesOfSubjects nodes_;
};

} // namespace onefold::columns
