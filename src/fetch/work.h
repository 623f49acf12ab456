#pragma once
// One source's files on their way: looked for, taken, imported, put away. For one thread at a time a source.
#include "fetch/sight.h"
#include "fetch/store.h"

namespace onefold::fetch {

// quick: only what costs a few reads of the database. full: waiting files are held against maps again, and what could
// not be put away is tried again.
enum class Follow { quick, full };

struct Followed {
    bool is_more = false;         // to be followed soon
    bool is_waiting = false;      // files for which a person has to import one first
    bool is_one_imported = false; // whose map may fit those that wait
};

class Work {
  public:
    Work(const Rooms& rooms, const std::atomic<bool>& is_stopping) : rooms_(rooms), is_stopping_(is_stopping) {}

    // Takes what is new, and follows in full. The look as it ended is stored; its error is no error of this.
    Result<Look> look(SourceId id, Sights& sights);
    Result<Followed> follow(SourceId id, Follow how);

  private:
    struct Round; // one source, its settings and its place

    const Rooms& rooms_;
    const std::atomic<bool>& is_stopping_;
    Limits limits_;
};

} // namespace onefold::fetch
