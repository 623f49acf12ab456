#include "timeline/upkeep.h"

#include "runtime/priority.h"
#include "timeline/run_writer.h"
#include "timeline/tiers.h"

#include <algorithm>
#include <fmt/format.h>
#include <ranges>
#include <spdlog/spdlog.h>

namespace onefold::timeline {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t manifest_bytes_max = 64 << 20;
constexpr std::size_t sealed_max = 16; // more in memory, and the oldest are read from the log again later
constexpr std::string_view run_end = ".run", aside_end = ".damaged";
constexpr std::size_t aside_max = 4;

} // namespace

Upkeep::Upkeep(const runtime::Outside& outside, std::string folder, Setup setup, Shelf& shelf, Retracted& retracted)
    : outside_(outside), folder_(std::move(folder)), setup_(std::move(setup)), shelf_(shelf), retracted_(retracted) {}

Upkeep::~Upkeep() {
    stop();
}

Result<Manifest> Upkeep::open(Runs& runs) {
    runtime::Files& files = outside_.files;
    TRY(files.make_folder(folder_));
    Manifest manifest{.origin = setup_.origin};
    const std::string path = folder_ + "/manifest";
    if (files.exists(path)) {
        auto found = parse_manifest(TRY(files.read_all(path, manifest_bytes_max)));
        if (!found)
            spdlog::error("timeline: {} is damaged; all is made again from the event log", path);
        if (found && found->origin == setup_.origin)
            manifest = std::move(*found);
    }
    if (const auto opened = retracted_.open(); !opened) {
        spdlog::error("timeline: {}; all is made again from the event log", opened.error().message.in("en"));
        manifest.runs.clear();
    }
    if (manifest.runs.empty())
        TRY(retracted_.clear());
    for (const RunNote& note : manifest.runs) {
        auto run = Run::open(files, folder_ + "/" + note.file);
        if (run && ((*run)->checksum() != note.checksum || (*run)->interval() != note.interval))
            run = damaged(folder_ + "/" + note.file, "another run");
        if (run) {
            runs.push_back(std::move(*run));
            continue;
        }
        spdlog::error("timeline: {}", run.error().message.in("en"));
        if (const std::string damaged_path = folder_ + "/" + note.file; files.exists(damaged_path))
            TRY(files.rename(damaged_path, damaged_path + std::string(aside_end)));
    }
    TRY(clear_folder(manifest));
    next_file_ = manifest.next_file;
    return manifest;
}

Result<> Upkeep::clear_folder(const Manifest& manifest) {
    runtime::Files& files = outside_.files;
    std::size_t aside = 0;
    auto names = TRY(files.list(folder_));
    for (const std::string& name : names | std::views::reverse) {
        const bool is_known =
            name == "manifest" || name == Retracted::file ||
            std::ranges::any_of(manifest.runs, [&](const RunNote& note) { return note.file == name; });
        if (!is_known && !(name.ends_with(aside_end) && aside++ < aside_max))
            TRY(files.remove(folder_ + "/" + name));
    }
    return {};
}

Result<> Upkeep::start(const Names& names, Runs useless, Reread reread) {
    names_ = &names;
    useless_ = std::move(useless);
    reread_ = std::move(reread);
    thread_ = std::thread([this] { run(); });
    return {};
}

void Upkeep::stop() {
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
        woken_.notify_all();
        rested_.notify_all();
    }
    if (!thread_.joinable())
        return;
    thread_.join();
    shelf_.seal_all();
    for (const RecentPointer& recent : shelf_.sealed())
        if (const auto flushed = flush_one(recent); !flushed)
            return;
}

void Upkeep::wake() {
    const std::lock_guard lock{mutex_};
    is_awake_ = true;
    woken_.notify_all();
}

bool Upkeep::is_stopping() const {
    const std::lock_guard lock{mutex_};
    return is_stopping_;
}

std::optional<Error> Upkeep::trouble() const {
    const std::lock_guard lock{mutex_};
    return trouble_;
}

void Upkeep::rest() {
    std::unique_lock lock{mutex_};
    for (int passes = 0; passes < 2; ++passes) { // the first may have begun before
        is_asked_ = true;
        woken_.notify_all();
        const std::uint64_t before = rests_;
        rested_.wait(lock, [&] { return rests_ > before || is_stopping_; });
    }
}

void Upkeep::put_aside(const RunPointer& run, const Error& cause) {
    if (!shelf_.remove(run))
        return;
    spdlog::error("timeline: {} {}", cause.code, cause.message.in("en"));
    {
        const std::lock_guard lock{mutex_};
        aside_.push_back(run);
    }
    wake();
}

void Upkeep::run() {
    for (;;) {
        while (!is_stopping() && work_once()) {
        }
        std::unique_lock lock{mutex_};
        ++rests_;
        rested_.notify_all();
        woken_.wait_for(lock, 1s, [&] { return (is_awake_ && !trouble_) || is_asked_ || is_stopping_; });
        is_in_haste_ = is_asked_;
        is_awake_ = is_asked_ = false;
        if (is_stopping_)
            return;
    }
}

// Those who wait for the disk or a processor come first: nobody waits for a merge.
void Upkeep::make_way(std::chrono::steady_clock::time_point began) {
    const auto work = std::chrono::steady_clock::now() - began;
    std::unique_lock lock{mutex_};
    woken_.wait_for(lock, runtime::rest_a_work * work,
        [&] { return is_in_haste_ || is_asked_ || is_awake_ || is_stopping_ || !aside_.empty(); });
    is_awake_ = false; // for what is flushed now
}

// Each step is tried, so that one that fails does not hold up the others.
bool Upkeep::work_once() {
    static constexpr Step steps[] = {
        &Upkeep::clear_away, &Upkeep::flush, &Upkeep::expire, &Upkeep::fill, &Upkeep::merge, &Upkeep::leave_out};
    std::optional<Error> trouble;
    bool has_worked = false;
    for (const Step step : steps) {
        const auto worked = (this->*step)();
        if (!worked)
            trouble = worked.error();
        has_worked |= worked && *worked;
    }
    const std::lock_guard lock{mutex_};
    if (trouble && (!trouble_ || trouble_->code != trouble->code))
        spdlog::error("timeline: {} {}", trouble->code, trouble->message.in("en"));
    trouble_ = std::move(trouble);
    return has_worked && !trouble_;
}

Result<bool> Upkeep::clear_away() {
    Runs aside, useless;
    {
        const std::lock_guard lock{mutex_};
        aside = aside_;
        useless = useless_;
    }
    if (aside.empty() && useless.empty())
        return false;
    TRY(write_manifest(*shelf_.runs()));
    for (const RunPointer& run : aside)
        if (outside_.files.exists(run->path()))
            TRY(outside_.files.rename(run->path(), run->path() + std::string(aside_end)));
    TRY(remove_files(useless));
    const std::lock_guard lock{mutex_};
    std::erase_if(aside_, [&](const RunPointer& run) { return std::ranges::find(aside, run) != aside.end(); });
    useless_.clear();
    return true;
}

Result<bool> Upkeep::flush() {
    auto sealed = shelf_.sealed();
    if (sealed.empty())
        return false;
    const auto flushed = flush_one(sealed.front());
    if (!flushed && sealed.size() > sealed_max)
        shelf_.remove(sealed.front());
    if (!flushed)
        return fail(flushed.error());
    return true;
}

Result<> Upkeep::flush_one(const RecentPointer& recent) {
    if (recent->interval().is_empty()) {
        shelf_.remove(recent);
        return {};
    }
    auto writer = TRY(RunWriter::create(outside_.files, next_path(), recent->interval()));
    const auto retracted = retracted_.now();
    for (const Entry& entry : recent->sorted(recent->count()))
        if (!(retracted && retracted->has(entry.position)))
            TRY(writer.add(entry));
    const RunPointer run = TRY(writer.finish());
    TRY(outside_.files.sync_folder(folder_));
    Runs runs = *shelf_.runs();
    runs.push_back(run);
    TRY(write_manifest(runs));
    shelf_.put(run, recent);
    return {};
}

Result<bool> Upkeep::expire() {
    const Position log_begin = setup_.log_begin();
    Runs expired;
    const auto runs = shelf_.runs();
    for (const RunPointer& run : *runs)
        if (run->interval().to <= log_begin && shelf_.remove(run))
            expired.push_back(run);
    if (expired.empty())
        return false;
    const std::lock_guard lock{mutex_};
    useless_.insert(useless_.end(), expired.begin(), expired.end());
    return true;
}

Result<bool> Upkeep::fill() {
    const Intervals missing = shelf_.missing(setup_.log_begin());
    if (missing.empty() || shelf_.sealed().size() >= sealed_max / 2)
        return false;
    const auto [read, entries] = TRY(reread_(missing.front()));
    shelf_.fill(read, entries);
    return true;
}

Result<bool> Upkeep::merge() {
    constexpr std::uint64_t between_rests = 1 << 16;
    const auto runs = shelf_.runs();
    std::vector<RunSize> sizes;
    for (const RunPointer& run : *runs)
        sizes.push_back({run->interval(), run->count()});
    const auto range = choose_merge(sizes, setup_.run_entries);
    if (!range)
        return false;
    const auto first = runs->begin() + std::ptrdiff_t(range->first);
    const Runs old(first, first + std::ptrdiff_t(range->count));
    Merge merge;
    for (const RunPointer& run : old)
        merge.add(*run, NodeId{INT64_MIN});
    auto writer =
        TRY(RunWriter::create(outside_.files, next_path(), {old.front()->interval().from, old.back()->interval().to}));
    const Position log_begin = setup_.log_begin();
    const auto retracted = retracted_.now();
    Entry entry;
    auto began = std::chrono::steady_clock::now();
    for (std::uint64_t seen = 1;; ++seen) {
        const auto more = merge.next(entry);
        if (!more) {
            for (const RunPointer& run : old)
                if (run.get() == merge.failed())
                    put_aside(run, more.error());
            return true;
        }
        if (!*more)
            break;
        if (entry.position >= log_begin && !(retracted && retracted->has(entry.position)))
            TRY(writer.add(entry));
        if (seen % between_rests == 0) {
            make_way(began);
            TRY(flush());
            if (is_stopping())
                return false;
            began = std::chrono::steady_clock::now();
        }
    }
    const RunPointer run = TRY(writer.finish());
    TRY(outside_.files.sync_folder(folder_));
    if (!shelf_.put(run, old)) {
        TRY(remove_files({run}));
        return true;
    }
    TRY(write_manifest(*shelf_.runs()));
    TRY(remove_files(old));
    return true;
}

std::string Upkeep::next_path() {
    return fmt::format("{}/{:08x}{}", folder_, next_file_++, run_end);
}

Result<> Upkeep::write_manifest(const Runs& runs) {
    Manifest manifest{setup_.origin, next_file_, {}, names_->list()};
    for (const RunPointer& run : runs)
        manifest.runs.push_back({run->path().substr(folder_.size() + 1), run->interval(), run->checksum()});
    std::ranges::sort(manifest.runs, {}, [](const RunNote& note) { return note.interval.from; });
    return outside_.files.replace(folder_ + "/manifest", to_text(manifest));
}

Result<> Upkeep::remove_files(const Runs& runs) {
    for (const RunPointer& run : runs)
        if (outside_.files.exists(run->path()))
            TRY(outside_.files.remove(run->path()));
    return {};
}

} // namespace onefold::timeline
