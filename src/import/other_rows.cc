#include "core/text.h"
#include "import/cell_value.h"
#include "import/job.h"
#include "object/shipped.h"

namespace onefold::import {
namespace {

constexpr std::size_t batch_rows_max = 2000;

class CustomerSink : public RowSink {
  public:
    explicit CustomerSink(Job& job) : job_(job) {}

    Result<> take(const Row& row) override {
        ReadSubject read = read_subject(row, job_.map, job_.source, job_.rooms.keys);
        if (read.subject.key.empty())
            return job_.fail_row(row, about_nobody(row.line, read.warnings));
        batch_.emplace_back(job_.taken(std::move(read), row.line), row.line);
        return batch_.size() >= batch_rows_max ? flush() : Result<>{};
    }
    Result<> finish() override { return flush(); }

  private:
    Result<> flush() {
        if (batch_.empty())
            return {};
        if (!job_.was_done()) {
            std::vector<Job::Said> said;
            for (const auto& [subject, line] : batch_)
                said.push_back({&subject, line, job_.import.started_at + std::chrono::microseconds{line}});
            const auto begin = [this](const auto& saved) { return job_.begin_batch(saved); };
            job_.end_batch(TRY(job_.claim(said, begin)));
        }
        batch_.clear();
        return {};
    }

    Job& job_;
    std::vector<std::pair<RowSubject, std::uint64_t>>
        batch_; // with the line: of two rows about one customer the later one wins
};

class TicketSink : public RowSink {
  public:
    explicit TicketSink(Job& job) : job_(job) {}

    Result<> take(const Row& row) override {
        const TicketColumns& columns = *job_.map.ticket;
        object::TicketDraft draft{
            job_.source.name, std::string(cell(row, columns.number)), job_.source.id, {}, {}, {}, {}, {}};
        if (draft.number.empty()) {
            return job_.fail_row(row, {row.line, columns.number.name, "import.no_number",
                                          {"The row has no ticket number.", "该行没有工单号。"}});
        }
        if (columns.time && !value_in(row, *columns.time).empty()) {
            const auto time = time_in(row, *columns.time, job_.map, zone_);
            if (!time)
                return job_.fail_row(row, error_at(row, *columns.time, time.error()));
            draft.time = *time;
        }
        if (columns.rating && !value_in(row, *columns.rating).empty()) {
            auto rating = number_in(row, *columns.rating, job_.map);
            if (rating && !rating->scaled(object::rating_scale))
                rating = fail(rating->scaled(object::rating_scale).error());
            if (!rating)
                return job_.fail_row(row, error_at(row, *columns.rating, rating.error()));
            draft.rating = *rating;
        }
        for (const auto& [column, text] :
            {std::pair{&columns.subject, &draft.subject}, std::pair{&columns.status, &draft.status}})
            if (*column && !cell(row, **column).empty())
                *text = cell(row, **column);
        batch_.push_back(std::move(draft));
        subjects_.push_back(job_.subject_of(row));
        lines_.push_back(row.line);
        return batch_.size() >= batch_rows_max ? flush() : Result<>{};
    }
    Result<> finish() override { return flush(); }

  private:
    Result<> flush() {
        if (batch_.empty())
            return {};
        if (!job_.was_done())
            TRY(write());
        batch_.clear();
        subjects_.clear();
        lines_.clear();
        return {};
    }

    Result<> write() {
        std::vector<Job::Said> said;
        std::vector<const RowSubject*> reporters;
        for (std::size_t i = 0; i < batch_.size(); ++i) {
            said.push_back({&subjects_[i], lines_[i], batch_[i].time.value_or(job_.import.started_at)});
            reporters.push_back(&subjects_[i]);
        }
        TRY(job_.claim(said));
        TRY(job_.wait_for_claims());
        return job_.write_batch(
            [&](store::Session& session) -> Result<object::SavedRecords> {
                const auto nodes = TRY(job_.nodes_of(session, reporters));
                for (std::size_t i = 0; i < batch_.size(); ++i)
                    batch_[i].reporter = nodes[i];
                return object::save_tickets(session, job_.author, batch_);
            },
            [this](std::vector<object::Saved>& saved) { look_at(saved); });
    }

    // Of a dry run: a ticket that stood in an earlier batch would not be new any more.
    void look_at(std::vector<object::Saved>& saved) {
        for (std::size_t i = 0; i < saved.size(); ++i)
            if (!looked_at_.insert(std::hash<std::string>{}(batch_[i].number)).second &&
                saved[i] == object::Saved::created)
                saved[i] = object::Saved::updated;
    }

    Job& job_;
    const Zone zone_ = Zone::named(job_.source.zone).value_or(Zone{});
    std::vector<object::TicketDraft> batch_;
    std::vector<RowSubject> subjects_;
    std::vector<std::uint64_t> lines_;
    std::unordered_set<std::size_t> looked_at_; // by hash of the number
};

class EventSink : public RowSink {
  public:
    EventSink(Job& job, std::vector<std::string> header) : job_(job), header_(std::move(header)) {
        const EventColumns& columns = *job.map.event;
        for (const Column* column : {&columns.name, &columns.time})
            mapped_.insert(column->index);
        if (columns.message_id)
            mapped_.insert(columns.message_id->index);
        add(job.map.identifiers);
        add(job.map.fields);
        if (const auto& group = job.map.group) {
            add(group->identifiers);
            add(group->fields);
            const MembershipColumns& words = group->membership;
            for (const auto* column :
                {&words.role, &words.title, &words.is_decision_maker, &words.valid_from, &words.valid_to})
                if (*column)
                    mapped_.insert((*column)->index);
        }
    }

    Result<> take(const Row& row) override {
        const EventColumns& columns = *job_.map.event;
        if (cell(row, columns.name).empty()) {
            return job_.fail_row(row,
                {row.line, columns.name.name, "import.no_event", {"The row names no event.", "该行没有事件名称。"}});
        }
        const auto time = time_in(row, columns.time, job_.map, zone_);
        if (!time)
            return job_.fail_row(row, error_at(row, columns.time, time.error()));
        const RowSubject subject = job_.subject_of(row);
        customer::ImportedMessage message{.kind = "track",
            .name = std::string(cell(row, columns.name)),
            .subject_key = subject.key,
            .subject_kind = subject.kind,
            .identifiers = subject.identifiers,
            .facts = subject.facts,
            .at = *time,
            .organisation = subject.organisation};
        for (std::size_t i = 0; i < row.fields.size(); ++i)
            if (!mapped_.contains(i) && !trimmed(row.fields[i]).empty())
                message.properties[header_[i]] = trimmed(row.fields[i]);
        std::string payload = customer::payload_of(message);
        if (payload.size() > event_log::payload_bytes_max)
            return job_.fail_row(row,
                {row.line, "", "import.event_too_large", {"The event is larger than 1 MiB.", "该事件超过 1 MiB。"}});
        batch_.push_back({job_.source.id, message_id(row), event_log::FrameKind::imported, std::move(payload)});
        return batch_.size() >= batch_rows_max ? flush() : Result<>{};
    }
    Result<> finish() override { return flush(); }

  private:
    template <class Columns>
    void add(const Columns& columns) {
        for (const auto& column : columns)
            mapped_.insert(column.column.index);
    }

    // The sender's own, else the row's content and its place among equal rows of the file.
    std::string message_id(const Row& row) {
        const auto& column = job_.map.event->message_id;
        if (column && !cell(row, *column).empty()) {
            const std::string own{cell(row, *column)};
            return own.size() <= 100 ? own : to_hex(job_.rooms.keys.digest("import", own));
        }
        std::string content;
        for (const std::string& field : row.fields)
            content += field + '\x1f';
        const std::string digest = job_.rooms.keys.digest("import", content);
        return fmt::format("row:{}:{}", to_hex(digest), ++equal_rows_[digest]);
    }

    Result<> flush() {
        if (batch_.empty())
            return {};
        if (!job_.was_done())
            TRY(write());
        batch_.clear();
        return {};
    }

    Result<> write() {
        TRY(job_.begin_batch({}));
        TRY(job_.rooms.database.read(
            [&](store::Session& session) { return job_.tell_retracted_again(session, batch_); }));
        std::vector<std::string> ids;
        for (const auto& draft : batch_)
            ids.push_back(draft.message_id);
        if (job_.is_dry())
            return look(ids);
        const auto appended = TRY(job_.append(std::move(batch_)));
        std::vector<object::Saved> saved;
        std::vector<std::int64_t> known;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const bool is_new = appended.positions[i] || job_.was_appended(ids[i]);
            saved.push_back(is_new ? object::Saved::created : object::Saved::unchanged);
            if (!is_new)
                known.push_back(message_number(job_.rooms.keys, ids[i]));
        }
        TRY(job_.note_known(Known::event, known));
        job_.end_batch(saved);
        return {};
    }

    Result<> look(const std::vector<std::string>& ids) {
        const auto known = TRY(job_.are_in_log(ids));
        std::vector<object::Saved> saved;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const bool is_first = looked_at_.insert(std::hash<std::string>{}(ids[i])).second;
            saved.push_back(is_first && !known[i] ? object::Saved::created : object::Saved::unchanged);
        }
        job_.end_batch(saved);
        return {};
    }

    Job& job_;
    const Zone zone_ = Zone::named(job_.source.zone).value_or(Zone{});
    std::unordered_set<std::size_t> looked_at_; // of a dry run, by hash of the message id
    std::set<std::size_t> mapped_;
    const std::vector<std::string> header_;
    std::unordered_map<std::string, int> equal_rows_;
    std::vector<event_log::Draft> batch_;
};

} // namespace

std::unique_ptr<RowSink> make_customer_sink(Job& job) {
    return std::make_unique<CustomerSink>(job);
}
std::unique_ptr<RowSink> make_ticket_sink(Job& job) {
    return std::make_unique<TicketSink>(job);
}
std::unique_ptr<RowSink> make_event_sink(Job& job, const std::vector<std::string>& header) {
    return std::make_unique<EventSink>(job, header);
}

} // namespace onefold::import
