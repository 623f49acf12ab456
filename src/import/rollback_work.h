#pragma once
// A roll-back carried out: records first, then what the log says, in batches that each are one transaction, so that it
// goes on where it was. For this room's own files.
#include "import/rollback_plan.h"

namespace onefold::import {

class RollbackWork {
  public:
    RollbackWork(
        const Rooms& rooms, Rollback& rollback, const Traces& traces, RollbackPlan& plan, std::function<void()> show)
        : rooms_(rooms), rollback_(rollback), traces_(traces), plan_(plan), show_(std::move(show)) {}

    // Until it is done, or `go_on` says otherwise: then what was begun is made whole.
    Result<> run(const RollbackPlan::GoOn& go_on);
    // What nobody needs any more: all but the records that stay.
    Result<> clear() const;

  private:
    Result<> take_back_records(const RollbackPlan::GoOn& go_on);
    Result<bool> take_back_some(std::string_view kind); // false at the end
    Result<bool> retract_some();
    Result<> withdraw(store::Session& session, const std::vector<NodeId>& nodes);
    Result<> forget_retracted(); // in the log
    Result<> make_whole();
    change::Author author() const;

    const Rooms& rooms_;
    Rollback& rollback_;
    const Traces& traces_;
    RollbackPlan& plan_;
    const std::function<void()> show_;
};

} // namespace onefold::import
