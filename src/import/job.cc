#include "import/job.h"

#include "core/text.h"
#include "import/dry_run.h"

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

} // namespace

Job::Job(const Rooms& rooms, Import& import, const Map& map, const source::Source& source, change::Author author,
    std::function<void()> on_progress, Stops stops, Papers papers)
    : rooms(rooms),
      import(import),
      map(map),
      source(source),
      author(std::move(author)),
      on_progress_(std::move(on_progress)),
      stops_(std::move(stops)),
      papers_(papers),
      name_watch_(rooms.keys),
      dry_run_(import.is_dry ? std::make_unique<DryRun>(rooms, import, this->source) : nullptr) {}
Job::~Job() = default;

Result<> Job::run(const std::string& path, const sheet::Choice& choice) {
    TRY(check_stopping());
    file_digest_ = TRY(digest_of_file(rooms.outside.files, path, *this));
    TRY(begin());
    const auto table = TRY(rooms.open_file(path, choice));
    if (const auto& sheet = table->description().sheet; !choice.sheet.empty() && !sheet.empty())
        file_digest_ += ":" + to_hex(rooms.keys.digest("import", choice.sheet)).substr(0, 16);
    const auto sink = TRY(make_sink(*table, path, choice));
    TRY(read_rows(*table, *sink));
    TRY(sink->finish());
    if (choice.sheet.empty())
        tell_other_sheets(table->description());
    for (sheet::Note& note : table->take_notes())
        warn({note.line, "", std::move(note.code), std::move(note.message)});
    std::ranges::stable_sort(import.problems, {}, &Problem::line); // an order's are known when its last line is
    return is_dry() ? Result<>{} : wait_until_visible(rooms.log.end());
}

Result<std::unique_ptr<RowSink>> Job::make_sink(
    const sheet::Table& table, const std::string& path, const sheet::Choice& choice) {
    switch (map.kind) {
    case Kind::customer:
        return make_customer_sink(*this);
    case Kind::ticket:
        return make_ticket_sink(*this);
    case Kind::event:
        return make_event_sink(*this, table.header());
    case Kind::order:
        break;
    }
    return make_order_sink(*this, *TRY(rooms.open_file(path, choice)));
}

Result<> Job::read_rows(sheet::Table& table, RowSink& sink) {
    Row row;
    while (TRY(table.next(row))) {
        TRY(check_stopping());
        ++import.counts.read;
        if (row.error) {
            TRY(fail_row(row, *row.error));
            sink.broken(*row.error);
        } else {
            restore_row(row, table.header());
            TRY(sink.take(row));
        }
        if (import.counts.read % progress_interval_rows == 0) {
            import.bytes_read = table.bytes_read();
            import.bytes_total = table.bytes_total();
            on_progress_();
        }
    }
    return {};
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

Result<> Job::check_stopping() const {
    if (*stops_.is_cancelled)
        return fail(ErrorKind::conflict, "import.cancelled",
            {"The import was cancelled. What was imported until then stays.", "导入已取消，此前导入的数据会保留。"});
    if (!stops_.is_stopping)
        return {};
    return fail(ErrorKind::unavailable, "import.interrupted",
        {"Onefold was stopped. The import goes on by itself after the next start.",
            "系统已停止，下次启动后会自动继续导入。"});
}

Result<> Job::fail_row(const Row& row, RowError failure) {
    if (std::size_t(import.counts.failed) < problems_kept_max)
        import.problems.push_back({Severity::failure, failure.line, failure.column, failure.code, failure.message});
    ++import.counts.failed;
    return papers_.failed.add(row, failure);
}

Result<> Job::fail_rows(const std::vector<Row>& rows, const RowError& failure) {
    if (std::size_t(import.counts.failed) < problems_kept_max)
        import.problems.push_back({Severity::failure, failure.line, failure.column, failure.code, failure.message});
    import.counts.failed += std::int64_t(rows.size());
    for (const Row& row : rows)
        TRY(papers_.failed.add(row, failure));
    return {};
}

RowSubject Job::subject_of(const Row& row) {
    return taken(read_subject(row, map, source, rooms.keys), row.line);
}

RowSubject Job::taken(ReadSubject read, std::uint64_t line) {
    for (RowError& warning : read.warnings)
        warn(std::move(warning));
    if (auto warning = name_watch_.look(read.subject, line))
        warn(std::move(*warning));
    return std::move(read.subject);
}

Result<event_log::Appended> Job::append(std::vector<event_log::Draft> drafts) {
    for (;;) {
        auto appended = rooms.log.append_and_wait(drafts);
        if (appended || appended.error().code != "event_log.busy" || stops_.is_stopping || *stops_.is_cancelled)
            return appended;
        std::this_thread::sleep_for(50ms);
    }
}

Result<std::vector<bool>> Job::are_in_log(const std::vector<std::string>& message_ids) const {
    for (;;) {
        auto known = rooms.log.are_known(source.id, message_ids);
        if (known || known.error().code != "event_log.busy" || stops_.is_stopping || *stops_.is_cancelled)
            return known;
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

} // namespace onefold::import
