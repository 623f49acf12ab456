#include "import/job.h"

#include "core/text.h"
#include "object/shipped.h"

#include <sodium.h>

namespace onefold::import {
namespace {

using namespace std::chrono_literals;
constexpr std::int64_t progress_interval_rows = 5000;
constexpr std::size_t chunk_bytes = 1 << 20;
constexpr std::size_t unseen_claims_max = 24;

Result<std::string> digest_of_file(runtime::Files& files, const std::string& path, const Job& job) {
    const auto file = TRY(files.open(path, runtime::OpenMode::read));
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, 16);
    for (std::uint64_t at = 0;;) {
        const std::string bytes = TRY(file->read_at(at, chunk_bytes));
        if (bytes.empty())
            break;
        TRY(job.check_stopping());
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
        at += bytes.size();
    }
    std::string digest(16, '\0');
    crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(digest.data()), digest.size());
    return to_hex(digest);
}

// The first eight bytes of a digest.
std::uint64_t number_of(const std::string& digest) {
    std::uint64_t number = 0;
    std::memcpy(&number, digest.data(), sizeof number);
    return number;
}

bool has_facts(
    const identity::Identity::FoundNode& node, const std::vector<std::pair<std::string, std::string>>& facts) {
    return std::ranges::all_of(facts, [&](const auto& said) {
        const FieldId field = object::find_golden_field(said.first)->id;
        return std::ranges::any_of(
            node.facts, [&](const identity::Fact& fact) { return fact.field == field && fact.value == said.second; });
    });
}

// What a row says of its customers; of them only, since their claim has no time yet.
std::string content_of(const customer::ImportedMessage& message) {
    return customer::payload_of(message);
}

// What the drafts of one batch say of whom: a later row that is known already must still be said after an earlier one
// that says otherwise.
class Spoken {
  public:
    bool contradicts(const customer::ImportedMessage& message) const {
        return differs({message.subject_kind, message.subject_key}, message.facts) ||
               (message.organisation &&
                   differs({message.organisation->kind, message.organisation->key}, message.organisation->facts));
    }
    void add(const customer::ImportedMessage& message) {
        facts_[{message.subject_kind, message.subject_key}] = message.facts;
        if (const auto& organisation = message.organisation)
            facts_[{organisation->kind, organisation->key}] = organisation->facts;
    }

  private:
    using Place = std::pair<identity::NodeKind, std::string>;
    using Facts = std::vector<std::pair<std::string, std::string>>;
    bool differs(const Place& place, const Facts& facts) const {
        const auto found = facts_.find(place);
        return found != facts_.end() && found->second != facts;
    }
    std::map<Place, Facts> facts_;
};

} // namespace

Job::Job(const Rooms& rooms, Import& import, const Map& map, const source::Source& source, change::Author author,
    std::function<void()> on_progress, const std::atomic<bool>& is_stopping)
    : rooms(rooms),
      import(import),
      map(map),
      source(source),
      author(std::move(author)),
      on_progress_(std::move(on_progress)),
      is_stopping_(is_stopping),
      name_watch_(rooms.keys) {}

Result<> Job::run(const std::string& path, const sheet::Choice& choice) {
    file_digest_ = TRY(digest_of_file(rooms.outside.files, path, *this));
    const auto table = TRY(rooms.open_file(path, choice));
    if (const auto& sheet = table->description().sheet; !choice.sheet.empty() && !sheet.empty())
        file_digest_ += ":" + to_hex(rooms.keys.digest("import", choice.sheet)).substr(0, 16);
    std::unique_ptr<RowSink> sink;
    switch (map.kind) {
    case Kind::customer:
        sink = make_customer_sink(*this);
        break;
    case Kind::ticket:
        sink = make_ticket_sink(*this);
        break;
    case Kind::event:
        sink = make_event_sink(*this, table->header());
        break;
    case Kind::order:
        sink = TRY(make_order_sink(*this, *TRY(rooms.open_file(path, choice))));
        break;
    }
    Row row;
    while (TRY(table->next(row))) {
        TRY(check_stopping());
        ++import.counts.read;
        if (row.error) {
            TRY(fail_row(*row.error));
            sink->broken(*row.error);
        } else {
            TRY(sink->take(row));
        }
        if (import.counts.read % progress_interval_rows == 0)
            on_progress_();
    }
    TRY(sink->finish());
    if (choice.sheet.empty())
        tell_other_sheets(table->description());
    for (sheet::Note& note : table->take_notes())
        warn({note.line, "", std::move(note.code), std::move(note.message)});
    std::ranges::stable_sort(import.problems, {}, &Problem::line); // an order's are known when its last line is
    return wait_until_visible(rooms.log.end());
}

void Job::tell_other_sheets(const sheet::Description& file) {
    std::string names;
    for (const sheet::SheetName& sheet : file.sheets)
        if (!sheet.is_hidden && sheet.name != file.sheet && names.size() < 500)
            names += (names.empty() ? "" : ", ") + sheet.name;
    if (!names.empty())
        warn({1, "", "import.other_sheets",
            {fmt::format("Only the sheet “{}” was read. The file also has: {}.", file.sheet, names),
                fmt::format("只读取了工作表“{}”。文件中还有：{}。", file.sheet, names)}});
}

void Job::warn(RowError warning) {
    if (std::size_t(import.warnings++) < problems_kept_max)
        import.problems.push_back({Severity::warning, warning.line, std::move(warning.column), std::move(warning.code),
            std::move(warning.message)});
}

Result<> Job::fail_row(RowError failure) {
    fail_rows(failure, 1);
    return {};
}

Result<> Job::check_stopping() const {
    if (!is_stopping_)
        return {};
    return fail(ErrorKind::unavailable, "import.interrupted",
        {"Onefold was stopped. What was imported stays; import the file again to finish it.",
            "系统已停止，已导入的数据会保留；请重新导入该文件以完成。"});
}

void Job::fail_rows(const RowError& failure, std::int64_t rows) {
    if (std::size_t(import.counts.failed) < problems_kept_max)
        import.problems.push_back({Severity::failure, failure.line, failure.column, failure.code, failure.message});
    import.counts.failed += rows;
}

void Job::count(object::Saved saved, std::int64_t times) {
    switch (saved) {
    case object::Saved::created:
        import.counts.created += times;
        break;
    case object::Saved::updated:
        import.counts.updated += times;
        break;
    case object::Saved::unchanged:
        import.counts.unchanged += times;
        break;
    }
}

RowSubject Job::subject_of(const Row& row) {
    ReadSubject read = read_subject(row, map, source, rooms.keys);
    for (RowError& warning : read.warnings)
        warn(std::move(warning));
    if (auto warning = name_watch_.look(read.subject, row.line))
        warn(std::move(*warning));
    return std::move(read.subject);
}

Result<event_log::Appended> Job::append(std::vector<event_log::Draft> drafts) {
    for (;;) {
        auto appended = rooms.log.append_and_wait(drafts);
        if (appended || appended.error().code != "event_log.busy" || is_stopping_)
            return appended;
        std::this_thread::sleep_for(50ms);
    }
}

Result<> Job::wait_until_visible(Position position) const {
    while (!rooms.intake.wait_until_visible(position, 500ms)) {
        if (const auto trouble = rooms.intake.trouble())
            return fail(*trouble);
        TRY(check_stopping());
    }
    return {};
}

Result<> Job::wait_for_claims() {
    if (!unseen_.empty())
        TRY(wait_until_visible(unseen_.back()));
    unseen_.clear();
    return {};
}

Result<std::vector<NodeId>> Job::nodes_of(
    store::Session& session, const std::vector<const RowSubject*>& subjects) const {
    std::vector<identity::Identity::NodeKey> wanted;
    for (const RowSubject* subject : subjects)
        wanted.push_back({source.id, subject->kind, subject->key});
    return rooms.customers.identity().find_node_ids(session, wanted);
}

struct Job::Candidate {
    std::size_t said;
    customer::ImportedMessage message;
    bool is_new = false; // set by are_known
};

Result<std::vector<bool>> Job::are_known(store::Session& session, std::vector<Candidate>& candidates) const {
    std::vector<identity::Identity::NodeKey> keys;
    std::vector<const std::vector<identity::IdentifierValue>*> identifiers;
    std::vector<const std::vector<std::pair<std::string, std::string>>*> facts;
    for (const Candidate& candidate : candidates) {
        const auto& message = candidate.message;
        keys.push_back({source.id, message.subject_kind, message.subject_key});
        identifiers.push_back(&message.identifiers);
        facts.push_back(&message.facts);
    }
    std::vector<std::size_t> members; // whose organisations follow
    for (std::size_t i = 0; i < candidates.size(); ++i)
        if (const auto& organisation = candidates[i].message.organisation) {
            members.push_back(i);
            keys.push_back({source.id, organisation->kind, organisation->key});
            identifiers.push_back(&organisation->identifiers);
            facts.push_back(&organisation->facts);
        }
    const auto found = TRY(rooms.customers.identity().find_nodes(session, keys));
    const auto has_claims = TRY(rooms.customers.identity().have_claims(session, found, identifiers));
    std::vector<bool> known;
    for (std::size_t i = 0; i < keys.size(); ++i)
        known.push_back(has_claims[i] && has_facts(found[i], *facts[i]));
    std::vector<identity::Membership> memberships;
    for (std::size_t i = 0; i < members.size(); ++i)
        memberships.push_back({found[members[i]].node, found[candidates.size() + i].node,
            candidates[members[i]].message.organisation->membership, candidates[members[i]].message.at, source.id});
    const auto is_member = TRY(identity::know_memberships(session, memberships));
    for (std::size_t i = 0; i < members.size(); ++i)
        known[members[i]] = known[members[i]] && known[candidates.size() + i] && is_member[i];
    known.resize(candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i)
        candidates[i].is_new = !found[i].node;
    return known;
}

Job::Spoke Job::note_said(const customer::ImportedMessage& message) {
    const auto content = number_of(rooms.keys.digest("import", content_of(message)));
    const std::string place = fmt::format("{}\n{}", identity::to_string(message.subject_kind), message.subject_key);
    auto [last, is_first] = last_said_.try_emplace(number_of(rooms.keys.digest("import", place)), content);
    if (is_first)
        return Spoke::first;
    return std::exchange(last->second, content) == content ? Spoke::alike : Spoke::otherwise;
}

Result<std::vector<object::Saved>> Job::claim(const std::vector<Said>& said) {
    std::vector<object::Saved> saved(said.size(), object::Saved::unchanged);
    std::vector<Candidate> candidates;
    bool is_said_again = false; // of somebody of whom this file spoke before, so that it hangs on what is not seen yet
    for (std::size_t i = 0; i < said.size(); ++i) {
        const RowSubject& subject = *said[i].subject;
        if (subject.key.empty())
            continue;
        customer::ImportedMessage message{.subject_key = subject.key,
            .subject_kind = subject.kind,
            .identifiers = subject.identifiers,
            .facts = subject.facts,
            .organisation = subject.organisation};
        if (const auto& group = subject.organisation)
            is_said_again |= note_said({.subject_key = group->key,
                                 .subject_kind = group->kind,
                                 .identifiers = group->identifiers,
                                 .facts = group->facts}) == Spoke::otherwise;
        const Spoke spoke = note_said(message);
        if (spoke == Spoke::alike)
            continue;
        is_said_again |= spoke == Spoke::otherwise;
        message.at = said[i].at;
        candidates.push_back({i, std::move(message)});
    }
    if (is_said_again)
        TRY(wait_for_claims());
    std::vector<event_log::Draft> drafts;
    std::vector<std::size_t> said_by; // each draft
    TRY(rooms.database.read([&](store::Session& session) -> Result<> {
        const auto known = TRY(are_known(session, candidates));
        std::unordered_set<std::string_view> opened;
        Spoken spoken;
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            const Candidate& candidate = candidates[i];
            if (known[i] && !spoken.contradicts(candidate.message))
                continue;
            spoken.add(candidate.message);
            const bool is_new = candidate.is_new && opened.insert(said[candidate.said].subject->key).second;
            saved[candidate.said] = is_new ? object::Saved::created : object::Saved::updated;
            drafts.push_back({source.id, fmt::format("claim:{}:{}", file_digest_, said[candidate.said].line),
                event_log::FrameKind::claim, customer::payload_of(candidate.message)});
            said_by.push_back(candidate.said);
        }
        return {};
    }));
    if (drafts.empty())
        return saved;
    const auto appended = TRY(append(std::move(drafts)));
    for (std::size_t i = 0; i < said_by.size(); ++i)
        if (!appended.positions[i])
            saved[said_by[i]] = object::Saved::unchanged;
    unseen_.push_back(appended.end);
    if (unseen_.size() > unseen_claims_max) {
        TRY(wait_until_visible(unseen_.front()));
        unseen_.pop_front();
    }
    return saved;
}

} // namespace onefold::import
