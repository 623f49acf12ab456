#pragma once
// What this room's tests stand on: a log that is a list of events, and files that can end in the middle.
#include "testing/folder.h"
#include "testing/outside.h"
#include "timeline/timeline.h"

#include <atomic>
#include <filesystem>
#include <gtest/gtest.h>

namespace onefold::timeline {

// Ten bytes a frame; position 1 is the first. A frame without an event is a claim.
struct ListLog {
    std::vector<std::optional<Event>> frames;
    std::atomic<Position> begin{Position{1}};
    std::size_t read_max = 50;

    Position position_of(std::size_t index) const { return Position{1 + std::int64_t(index) * 10}; }
    Position end() const { return position_of(frames.size()); }
    Interval add(std::vector<std::optional<Event>> more) {
        const Position from = end();
        for (auto& event : more) {
            if (event)
                event->position = end();
            frames.push_back(std::move(event));
        }
        return {from, end()};
    }
    std::vector<Event> events_in(Interval interval) const {
        std::vector<Event> events;
        for (const auto& frame : frames)
            if (frame && frame->position >= interval.from && frame->position < interval.to)
                events.push_back(*frame);
        return events;
    }
    Timeline::Reader reader() const {
        return [this](Interval missing) -> Result<Timeline::Reread> {
            const Position next{std::min(missing.to.value, missing.from.value + std::int64_t(read_max) * 10)};
            return Timeline::Reread{events_in({missing.from, next}), next};
        };
    }
};

// After `left` changes of the disk, none is done any more: as when the process is killed.
class MortalFiles final : public runtime::Files {
  public:
    explicit MortalFiles(runtime::Files& files) : files_(files) {}
    std::atomic<int> left = INT_MAX;
    bool is_dead() const { return left.load() <= 0; }

    Result<std::unique_ptr<runtime::File>> open(const std::string& path, runtime::OpenMode mode) override {
        if (mode == runtime::OpenMode::create)
            TRY(live());
        return std::make_unique<MortalFile>(*this, TRY(files_.open(path, mode)));
    }
    Result<> make_folder(const std::string& path) override { return files_.make_folder(path); }
    Result<> rename(const std::string& from, const std::string& to) override {
        TRY(live());
        return files_.rename(from, to);
    }
    Result<> remove(const std::string& path) override {
        TRY(live());
        return files_.remove(path);
    }
    Result<> remove_folder(const std::string& path) override {
        TRY(live());
        return files_.remove_folder(path);
    }
    Result<> link(const std::string& from, const std::string& to) override {
        TRY(live());
        return files_.link(from, to);
    }
    Result<> sync_folder(const std::string&) override { return {}; }
    Result<std::vector<std::string>> list(const std::string& folder) override { return files_.list(folder); }
    bool exists(const std::string& path) override { return files_.exists(path); }
    Result<runtime::Space> space(const std::string& folder) override { return files_.space(folder); }
    Result<std::string> read_all(const std::string& path, std::uint64_t bytes_max) override {
        return files_.read_all(path, bytes_max);
    }
    Result<> replace(const std::string& path, std::string_view bytes) override {
        auto file = TRY(open(path + ".new", runtime::OpenMode::create));
        TRY(file->truncate(0));
        TRY(file->write_at(0, bytes));
        return rename(path + ".new", path);
    }

  private:
    class MortalFile final : public runtime::File {
      public:
        MortalFile(MortalFiles& owner, std::unique_ptr<runtime::File> file) : owner_(owner), file_(std::move(file)) {}
        Result<> write_at(std::uint64_t offset, std::string_view bytes) override {
            if (const auto lives = owner_.live(); !lives) {
                if (owner_.left.load() == 0)
                    (void)file_->write_at(offset, bytes.substr(0, bytes.size() / 2));
                return lives;
            }
            return file_->write_at(offset, bytes);
        }
        Result<std::string> read_at(std::uint64_t offset, std::size_t size) const override {
            return file_->read_at(offset, size);
        }
        Result<> sync_data() override { return {}; } // the machine lives on
        Result<std::uint64_t> size() const override { return file_->size(); }
        Result<> truncate(std::uint64_t size) override { return file_->truncate(size); }
        Result<> allocate(std::uint64_t size) override { return file_->allocate(size); }

      private:
        MortalFiles& owner_;
        std::unique_ptr<runtime::File> file_;
    };
    Result<> live() {
        if (left.load() == INT_MAX || left.fetch_sub(1) > 0)
            return {};
        return fail(ErrorKind::internal, "files.dead", {"dead", "dead"});
    }
    runtime::Files& files_;
};

class TimelineRig : public ::testing::Test {
  protected:
    std::unique_ptr<Timeline> open(std::size_t recent_entries_max = 64, std::int64_t fill_at_start_max = INT64_MAX,
        const std::string& origin = "origin") {
        auto timeline = Timeline::open({outside_.clock, *outside_.random, files_, *outside_.network}, path(),
            {origin, [this] { return log_.begin.load(); }, recent_entries_max, fill_at_start_max});
        VERIFY(timeline);
        VERIFY((*timeline)->start(log_.end(), log_.reader()));
        return std::move(*timeline);
    }
    std::string path() const { return folder_.file("timeline"); }
    static std::vector<std::int64_t> positions(const Page& page) {
        std::vector<std::int64_t> all;
        for (const Entry& entry : page.entries)
            all.push_back(entry.position.value);
        return all;
    }
    std::vector<std::filesystem::path> run_files() const {
        std::vector<std::filesystem::path> files;
        for (const auto& file : std::filesystem::directory_iterator(path()))
            if (file.path().extension() == ".run")
                files.push_back(file.path());
        std::ranges::sort(files);
        return files;
    }

    onefold::testing::Folder folder_;
    onefold::testing::Outside outside_;
    MortalFiles files_{*outside_.files};
    ListLog log_;
};

} // namespace onefold::timeline
