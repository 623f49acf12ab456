#include "audit/audit.h"

#include "audit/entry.h"

#include <charconv>
#include <spdlog/spdlog.h>

namespace onefold::audit {
namespace {

using namespace std::chrono_literals;

constexpr int batch_changes_max = 500;
constexpr std::size_t batch_frames_max = 5000;
constexpr auto poll_interval = 200ms;

event_log::Draft draft_of(std::string payload) {
    return {SourceId{}, "", event_log::FrameKind::audit, std::move(payload)};
}

void report(std::string_view what, const Error& error) {
    spdlog::error("audit: {}: {} {}", what, error.code, error.message.in("en"));
}

// Where each of the log's files begins, the newest first.
Result<std::vector<Position>> segments_of(runtime::Files& files, const std::string& folder) {
    std::vector<Position> begins;
    for (const std::string& name : TRY(files.list(folder))) {
        if (!name.ends_with(".log"))
            continue;
        std::uint64_t position = 0;
        const char* end = name.data() + name.size() - 4;
        const auto [stop, error] = std::from_chars(name.data(), end, position, 16);
        if (error == std::errc{} && stop == end)
            begins.push_back(Position{std::int64_t(position)});
    }
    std::ranges::sort(begins, std::greater<>{});
    return begins;
}

} // namespace

Audit::Audit(const runtime::Outside& outside, std::string folder, store::Database& database,
    std::unique_ptr<event_log::EventLog> log)
    : outside_(outside), folder_(std::move(folder)), database_(database), log_(std::move(log)) {}

Audit::~Audit() {
    stop();
}

Result<std::unique_ptr<Audit>> Audit::open(
    const runtime::Outside& outside, const std::string& folder, store::Database& database) {
    event_log::Options options;
    options.is_deduplicating = false;
    options.is_sparing_space = false; // what is left is for it
    auto log = TRY(event_log::EventLog::open(outside, folder, options));
    return std::unique_ptr<Audit>(new Audit(outside, folder, database, std::move(log)));
}

void Audit::record(const Caller& caller, std::string_view verb, std::string_view target, int status) {
    log_->append({draft_of(entry_of(caller, outside_.clock.now(), verb, target, status))},
        [](Result<event_log::Appended> appended) {
            if (!appended)
                report("an entry is lost", appended.error());
        });
}

Result<> Audit::start() {
    const auto newest = newest_taken();
    if (!newest && newest.error().code != "event_log.damaged")
        return fail(newest.error());
    if (!newest || !log_->condition().is_appending) {
        spdlog::error("audit: nothing is recorded, because the log is damaged: {}", log_->condition().damage->file);
        return {};
    }
    taken_ = *newest;
    TRY(follow_a_restored_database());
    reader_ = std::thread([this] { run(); });
    return {};
}

void Audit::stop() {
    {
        std::lock_guard lock(mutex_);
        is_stopping_ = true;
        moved_.notify_all();
    }
    if (reader_.joinable())
        reader_.join();
}

bool Audit::wait_until_taken(std::int64_t seq, std::chrono::milliseconds timeout) const {
    std::unique_lock lock(mutex_);
    return moved_.wait_for(lock, timeout, [&] { return taken_ >= seq || is_stopping_; }) && taken_ >= seq;
}

// File by file from the newest on, until one holds a change.
Result<std::int64_t> Audit::newest_taken() const {
    Position to = log_->end();
    for (const Position from : TRY(segments_of(outside_.files, folder_))) {
        const auto found = TRY(newest_taken_in(from, to));
        if (found != 0)
            return found;
        to = std::min(from, to);
    }
    return 0;
}

Result<std::int64_t> Audit::newest_taken_in(Position from, Position to) const {
    std::int64_t newest = 0;
    while (from < to) {
        const auto frames = TRY(log_->read(from, batch_frames_max));
        for (const event_log::Frame& frame : frames)
            if (frame.position < to)
                newest = seq_of(frame.payload).value_or(newest);
        if (frames.empty())
            break;
        from = frames.back().next;
    }
    return newest;
}

Result<> Audit::follow_a_restored_database() {
    const auto present = TRY(database_.read([](store::Session& session) { return change::newest(session); }));
    if (present >= taken_)
        return {};
    TRY(log_->append_and_wait({draft_of(entry_of_restored_database(outside_.clock.now(), present))}));
    taken_ = present;
    return {};
}

void Audit::run() {
    bool is_in_trouble = false;
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        const std::int64_t behind = taken_;
        lock.unlock();
        const auto taken = take_batch(behind);
        lock.lock();
        if (!taken && !is_in_trouble)
            report("changes wait", taken.error());
        is_in_trouble = !taken;
        if (taken && *taken > behind) {
            taken_ = *taken;
            moved_.notify_all();
        } else {
            moved_.wait_for(lock, taken ? poll_interval : 1s, [&] { return is_stopping_; });
        }
    }
}

Result<std::int64_t> Audit::take_batch(std::int64_t behind) {
    const auto changes = TRY(database_.read(
        [&](store::Session& session) { return change::list_behind(session, behind, batch_changes_max); }));
    if (changes.empty())
        return behind;
    std::vector<event_log::Draft> drafts;
    for (const change::Change& change : changes)
        drafts.push_back(draft_of(entry_of(change)));
    TRY(log_->append_and_wait(std::move(drafts)));
    return changes.back().seq;
}

} // namespace onefold::audit
