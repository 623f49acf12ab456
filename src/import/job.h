#pragma once
// One file on its way in. For this room's own files.
#include "customer/message.h"
#include "import/import.h"
#include "import/subject_row.h"

#include <atomic>
#include <deque>
#include <functional>

namespace onefold::import {

// What the rows of one kind need to become records: batches, the claims of their customers, and the tally.
class Job {
  public:
    Job(const Rooms& rooms, Import& import, const Map& map, const source::Source& source, change::Author author,
        std::function<void()> on_progress, const std::atomic<bool>& is_stopping);

    Result<> run(const std::string& path, const sheet::Choice& choice);

    const Rooms& rooms;
    Import& import;
    const Map& map;
    const source::Source source;
    const change::Author author;

    void warn(RowError warning);
    Result<> fail_row(RowError failure); // never fails itself
    void fail_rows(const RowError& failure, std::int64_t rows);
    void count(object::Saved saved, std::int64_t times = 1);

    // Reads the row's customer; unreadable identifiers become warnings.
    RowSubject subject_of(const Row& row);
    // Appends what these rows say of their customers, where it is news; durable then, and visible while the next rows
    // are read. Whether each row's customer was new, learned something, or was known like this; the same file again is
    // never news.
    struct Said {
        const RowSubject* subject;
        std::uint64_t line;
        Instant at;
    };
    Result<std::vector<object::Saved>> claim(const std::vector<Said>& said);
    // import.interrupted once Onefold is being stopped.
    Result<> check_stopping() const;
    // Appends and waits until durable; event_log.full and the like end the job.
    Result<event_log::Appended> append(std::vector<event_log::Draft> drafts);
    Result<> wait_until_visible(Position position) const;
    // Until all that was claimed is there to be asked for.
    Result<> wait_for_claims();
    // Their nodes; 0 for nobody.
    Result<std::vector<NodeId>> nodes_of(store::Session& session, const std::vector<const RowSubject*>& subjects) const;

  private:
    struct Candidate;
    // Where none was chosen, the others are not silently left out.
    void tell_other_sheets(const sheet::Description& file);
    // How this file spoke of the message's subject before.
    enum class Spoke { first, alike, otherwise };
    Spoke note_said(const customer::ImportedMessage& message);
    // Which of them say nothing that is not known.
    Result<std::vector<bool>> are_known(store::Session& session, std::vector<Candidate>& candidates) const;

    std::function<void()> on_progress_;
    const std::atomic<bool>& is_stopping_;
    NameWatch name_watch_;
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
