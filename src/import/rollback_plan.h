#pragma once
// What a roll-back will do, found out before anything is done: which records the import wrote, what the log says of
// them beside it, and which of them somebody else changed or used since. For this room's own files.
#include "import/rollback_store.h"

namespace onefold::import {

// The tables import_rollback_item (a record each: its node for customers) and import_rollback_frame (what the log says
// of these nodes: `state` 0 said, 1 retracted, 2 and the log no longer tells it).
class RollbackPlan {
  public:
    using GoOn = std::function<Result<>()>;
    RollbackPlan(const Rooms& rooms, Rollback& rollback, const Traces& traces, GoOn go_on)
        : rooms_(rooms), rollback_(rollback), traces_(traces), go_on_(std::move(go_on)) {}

    // In steps, each a transaction. All that the import said is taken up in the tables.
    Result<> make();

    // ---- inside a transaction of the writer, while it is carried out ----

    // Takes in what the log told of the nodes since, up to where customers are.
    Result<> catch_up(store::Session& session);
    // Looks again who of these stays.
    Result<> judge_nodes(store::Session& session, const std::vector<std::int64_t>& nodes) const;

  private:
    Result<> list_records();
    Result<> judge_records();
    Result<> keep_known();
    Result<> keep_batch(store::Session& session, const KnownBatch& batch) const;
    Result<> read_import(Position from, Position to);
    Result<> read_beside(store::Session& session, const std::vector<event_log::Frame>& frames) const;
    Result<> judge_all();
    Result<> decide_all();
    Result<> count();
    struct Said;
    Result<std::vector<Said>> read_said(const std::vector<event_log::Frame>& frames) const;
    bool is_of_import(const event_log::Frame& frame) const;
    Result<> keep_rows(store::Session& session, const std::vector<std::int64_t>& nodes, std::string_view reason) const;
    static constexpr std::int64_t rows_a_step = 5000;
    using Page = std::function<Result<>(store::Session& session, const std::vector<std::int64_t>& nodes)>;
    Result<> each_node(const Page& page);
    Result<> write(const std::function<Result<>(store::Session& session)>& work) const;

    const Rooms& rooms_;
    Rollback& rollback_;
    const Traces traces_;
    const GoOn go_on_;
};

} // namespace onefold::import
