#pragma once
// One file on its way in. For this room's own files.
#include "customer/message.h"
#include "import/failed_rows.h"
#include "import/import.h"
#include "import/progress.h"
#include "import/rollback_store.h"
#include "import/subject_row.h"

#include <atomic>
#include <deque>
#include <functional>
#include <unordered_set>

namespace onefold::import {

class DryRun;
class RowSink;

// How a job ends before its file does.
struct Stops {
    const std::atomic<bool>& is_stopping; // Onefold is: the job goes on after the next start
    std::shared_ptr<std::atomic<bool>> is_cancelled;
};

// What a job writes down beside the records.
struct Papers {
    Progress& progress;
    FailedRows& failed;
};

// What the rows of one kind need to become records: batches, the claims of their customers, and the tally. A dry one
// finds out what would become of them and changes nothing.
//
// Batches are formed alike whenever the same file is read, so a job that goes on after a stop reads its rows from the
// beginning, and takes up those behind the last batch that was done: see `was_done`.
class Job {
  public:
    Job(const Rooms& rooms, Import& import, const Map& map, const source::Source& source, change::Author author,
        std::function<void()> on_progress, Stops stops, Papers papers);
    ~Job();

    Result<> run(const std::string& path, const sheet::Choice& choice);

    const Rooms& rooms;
    Import& import;
    const Map& map;
    const source::Source source;
    const change::Author author;

    bool is_dry() const { return import.is_dry; }
    void warn(RowError warning);
    Result<> fail_row(const Row& row, RowError failure);
    Result<> fail_rows(const std::vector<Row>& rows, const RowError& failure);

    // ---- batches: a sink asks `was_done` of each, and forgets it where it was; else it begins and ends it ----

    bool was_done();
    // Before anything of it is durable: what will have been done of it.
    Result<> begin_batch(const std::vector<object::Saved>& pending);
    // With what came of it; where a kill cut it off the first time, with what had been pending then.
    void end_batch(const std::vector<object::Saved>& saved);
    // Whether this message was appended by this very batch, before a kill cut it off.
    bool was_appended(const std::string& message_id) const { return appended_.contains(message_id); }
    // Records in one transaction with the note that their batch is done. `work`: Session& → Result<SavedRecords>.
    using Work = std::function<Result<object::SavedRecords>(store::Session&)>;
    Result<> write_batch(const Work& work, const std::function<void(std::vector<object::Saved>&)>& look = {});

    // The log knows a message for ever; one that a roll-back retracted comes again under another id.
    Result<> tell_retracted_again(store::Session& session, std::vector<event_log::Draft>& drafts) const;
    // What this batch found as it says it: it is not this import that brought it, and a roll-back of the one that did
    // leaves it.
    Result<> note_known(Known known, const std::vector<std::int64_t>& ids) const;

    // Reads the row's customer; unreadable identifiers become warnings.
    RowSubject subject_of(const Row& row);
    RowSubject taken(ReadSubject read, std::uint64_t line); // likewise, of one that was read already
    // Appends what these rows say of their customers, where it is news; durable then, and visible while the next rows
    // are read. Whether each row's customer was new, learned something, or was known like this; the same file again is
    // never news. `before` hears of it before anything is appended.
    struct Said {
        const RowSubject* subject;
        std::uint64_t line;
        Instant at;
    };
    using BeforeAppend = std::function<Result<>(const std::vector<object::Saved>&)>;
    Result<std::vector<object::Saved>> claim(const std::vector<Said>& said, const BeforeAppend& before = {});
    // import.interrupted once Onefold is being stopped, import.cancelled.
    Result<> check_stopping() const;
    // Of the job's source; an append would leave those out.
    Result<std::vector<bool>> are_in_log(const std::vector<std::string>& message_ids) const;
    // Appends and waits until durable; event_log.full and the like end the job.
    Result<event_log::Appended> append(std::vector<event_log::Draft> drafts);
    Result<> wait_until_visible(Position position) const;
    // Until all that was claimed is there to be asked for.
    Result<> wait_for_claims();
    // Their nodes; 0 for nobody.
    Result<std::vector<NodeId>> nodes_of(store::Session& session, const std::vector<const RowSubject*>& subjects) const;

  private:
    struct Candidate;
    Result<> begin();
    Result<> go_on();
    Result<std::unique_ptr<RowSink>> make_sink(
        const sheet::Table& table, const std::string& path, const sheet::Choice& choice);
    Result<> read_rows(sheet::Table& table, RowSink& sink);
    Result<> look_at(const std::vector<Said>& said, const std::vector<Candidate>& candidates,
        const std::vector<object::Saved>& saved);
    void count(const Tally& tally);
    Result<> note_done(store::Session& session, const Tally& tally);
    // Where none was chosen, the others are not silently left out.
    void tell_other_sheets(const sheet::Description& file);
    // How this file spoke of the message's subject before.
    enum class Spoke { first, alike, otherwise };
    Spoke note_said(const customer::ImportedMessage& message);
    // Which of them say nothing that is not known.
    Result<std::vector<bool>> are_known(store::Session& session, std::vector<Candidate>& candidates) const;

    std::function<void()> on_progress_;
    const Stops stops_;
    Papers papers_;
    NameWatch name_watch_;
    std::int64_t batches_ = 0, batches_done_ = 0; // until now, and before the last stop
    std::optional<Tally> cut_off_;                // what had been pending of the batch after those, as is noted
    std::unordered_set<std::string> appended_;    // message ids, by that batch
    std::unique_ptr<DryRun> dry_run_;
    std::string file_digest_;                                    // of the file's bytes, and of which sheet of it
    std::unordered_map<std::uint64_t, std::uint64_t> last_said_; // of each subject, by digest: what this file said last
    std::deque<Position> unseen_;                                // ends of what was claimed and may not be visible yet
};

// Takes the good rows of a file, in order.
class RowSink {
  public:
    virtual ~RowSink() = default;
    virtual Result<> take(const Row& row) = 0;
    virtual void broken(const RowError&) {} // a row that cannot be read stood here
    virtual Result<> finish() = 0;
};
std::unique_ptr<RowSink> make_customer_sink(Job& job);
std::unique_ptr<RowSink> make_ticket_sink(Job& job);
std::unique_ptr<RowSink> make_event_sink(Job& job, const std::vector<std::string>& header);
// Lines of one order need not stand together: the same file is read once before, to know which do not.
Result<std::unique_ptr<RowSink>> make_order_sink(Job& job, sheet::Table& before);

} // namespace onefold::import
