#include "import/job.h"

#include "core/text.h"
#include "object/shipped.h"

#include <sodium.h>

namespace onefold::import {
namespace {

using namespace std::chrono_literals;
constexpr std::int64_t progress_interval_rows = 5000;
constexpr std::size_t chunk_bytes = 1 << 20;

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

bool has_facts(const identity::Identity::FoundNode& node, const customer::ImportedMessage& message) {
    return std::ranges::all_of(message.facts, [&](const auto& said) {
        const FieldId field = object::find_golden_field(said.first)->id;
        return std::ranges::any_of(
            node.facts, [&](const identity::Fact& fact) { return fact.field == field && fact.value == said.second; });
    });
}

std::string content_of(const RowSubject& subject) {
    std::string content = subject.key;
    for (const auto& identifier : subject.identifiers)
        content += fmt::format("\n{}@{}:{}", identifier.type->code, identifier.scope, identifier.value);
    for (const auto& [field, value] : subject.facts)
        content += fmt::format("\n{}={}", field, value);
    return content;
}

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

Result<> Job::run(const std::string& path) {
    file_digest_ = TRY(digest_of_file(rooms.outside.files, path, *this));
    const auto reader = TRY(CsvReader::open(path));
    std::unique_ptr<RowSink> sink;
    switch (map.kind) {
    case Kind::customer:
        sink = make_customer_sink(*this);
        break;
    case Kind::ticket:
        sink = make_ticket_sink(*this);
        break;
    case Kind::event:
        sink = make_event_sink(*this, reader->header());
        break;
    case Kind::order:
        sink = TRY(make_order_sink(*this, path));
        break;
    }
    CsvRow row;
    while (TRY(reader->next(row))) {
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
    std::ranges::stable_sort(import.problems, {}, &Problem::line); // an order's are known when its last line is
    return wait_until_visible(rooms.log.end());
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

RowSubject Job::subject_of(const CsvRow& row) {
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

Result<std::vector<NodeId>> Job::nodes_of(store::Session& session, const std::vector<std::string>& keys) const {
    std::vector<identity::Identity::NodeKey> wanted;
    for (const std::string& key : keys)
        wanted.push_back({source.id, identity::NodeKind::person, key});
    std::vector<NodeId> nodes;
    for (const auto& found : TRY(rooms.customers.identity().find_nodes(session, wanted)))
        nodes.push_back(found.node);
    return nodes;
}

Result<std::vector<object::Saved>> Job::claim(const std::vector<Said>& said) {
    struct Candidate {
        std::size_t said;
        customer::ImportedMessage message;
    };
    std::vector<object::Saved> saved(said.size(), object::Saved::unchanged);
    std::vector<Candidate> candidates;
    std::vector<identity::Identity::NodeKey> keys;
    for (std::size_t i = 0; i < said.size(); ++i) {
        const RowSubject& subject = *said[i].subject;
        if (subject.key.empty())
            continue;
        const auto content = number_of(rooms.keys.digest("import", content_of(subject)));
        auto [last, is_first] = last_said_.try_emplace(number_of(rooms.keys.digest("import", subject.key)), content);
        if (!is_first && std::exchange(last->second, content) == content)
            continue;
        keys.push_back({source.id, identity::NodeKind::person, subject.key});
        candidates.push_back({i, {.subject_key = subject.key,
                                     .identifiers = subject.identifiers,
                                     .facts = subject.facts,
                                     .at = said[i].at}});
    }
    std::vector<event_log::Draft> drafts;
    std::vector<std::size_t> said_by; // each draft
    TRY(rooms.database.read([&](store::Session& session) -> Result<> {
        const auto found = TRY(rooms.customers.identity().find_nodes(session, keys));
        std::unordered_set<std::string_view> opened;
        std::vector<const std::vector<identity::IdentifierValue>*> identifiers;
        for (const Candidate& candidate : candidates)
            identifiers.push_back(&candidate.message.identifiers);
        const auto has_claims = TRY(rooms.customers.identity().have_claims(session, found, identifiers));
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            const Candidate& candidate = candidates[i];
            if (has_claims[i] && has_facts(found[i], candidate.message))
                continue;
            const bool is_new = !found[i].node && opened.insert(said[candidate.said].subject->key).second;
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
    TRY(wait_until_visible(appended.end));
    return saved;
}

} // namespace onefold::import
