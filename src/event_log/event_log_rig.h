#pragma once
// What this room's tests stand on: a log in a fresh folder, drafts, a disk that can be told to fail or to wait.
#include "event_log/event_log.h"
#include "testing/clock.h"
#include "testing/folder.h"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <mutex>
#include <string>
#include <vector>

namespace onefold::event_log {

// A disk whose writes, syncs and allocations fail when told so, and whose syncs wait when told so.
class MoodyFiles final : public runtime::Files {
  public:
    enum class Mood { well, full, full_at_sync, broken };
    void set(Mood mood) { mood_ = mood; }
    void set(runtime::Space space) { space_ = space; } // while nothing is appended
    void hold_syncs() {
        const std::lock_guard lock{mutex_};
        is_holding_ = true;
    }
    void release_syncs() {
        const std::lock_guard lock{mutex_};
        is_holding_ = false;
        released_.notify_all();
    }
    // Until a sync waits.
    void wait_for_held_sync() {
        std::unique_lock lock{mutex_};
        released_.wait(lock, [&] { return held_ > 0; });
    }

    Result<std::unique_ptr<runtime::File>> open(const std::string& path, runtime::OpenMode mode) override {
        return std::make_unique<MoodyFile>(*this, TRY(real_->open(path, mode)));
    }
    Result<> make_folder(const std::string& path) override { return real_->make_folder(path); }
    Result<> rename(const std::string& from, const std::string& to) override { return real_->rename(from, to); }
    Result<> remove(const std::string& path) override { return real_->remove(path); }
    Result<> remove_folder(const std::string& path) override { return real_->remove_folder(path); }
    Result<> link(const std::string& from, const std::string& to) override { return real_->link(from, to); }
    Result<> sync_folder(const std::string& path) override { return real_->sync_folder(path); }
    Result<std::vector<std::string>> list(const std::string& folder) override { return real_->list(folder); }
    bool exists(const std::string& path) override { return real_->exists(path); }
    Result<runtime::Space> space(const std::string& folder) override {
        return space_ ? Result<runtime::Space>(*space_) : real_->space(folder);
    }
    Result<std::string> read_all(const std::string& path, std::uint64_t bytes_max) override {
        return real_->read_all(path, bytes_max);
    }
    Result<> replace(const std::string& path, std::string_view bytes) override {
        TRY(consult());
        return real_->replace(path, bytes);
    }

  private:
    class MoodyFile final : public runtime::File {
      public:
        MoodyFile(MoodyFiles& owner, std::unique_ptr<runtime::File> real) : owner_(owner), real_(std::move(real)) {}
        // A full disk takes half of what it is given.
        Result<> write_at(std::uint64_t offset, std::string_view bytes) override {
            const auto mood = owner_.consult();
            TRY(real_->write_at(offset, mood ? bytes : bytes.substr(0, bytes.size() / 2)));
            return mood;
        }
        Result<std::string> read_at(std::uint64_t offset, std::size_t size) const override {
            return real_->read_at(offset, size);
        }
        Result<> sync_data() override {
            owner_.hold();
            if (owner_.mood_ == Mood::full_at_sync)
                return full();
            if (owner_.mood_ != Mood::full) // what was written has its place
                TRY(owner_.consult());
            return real_->sync_data();
        }
        Result<std::uint64_t> size() const override { return real_->size(); }
        Result<> truncate(std::uint64_t size) override { return real_->truncate(size); }
        Result<> allocate(std::uint64_t size) override { return real_->allocate(size); }

      private:
        MoodyFiles& owner_;
        std::unique_ptr<runtime::File> real_;
    };

    static Failure full() { return fail(ErrorKind::storage_full, "files.enospc", {"The disk is full.", "磁盘已满。"}); }
    Result<> consult() const {
        if (mood_ == Mood::full)
            return full();
        if (mood_ == Mood::broken)
            return fail(ErrorKind::internal, "files.eio", {"The disk broke.", "磁盘故障。"});
        return {};
    }
    void hold() {
        std::unique_lock lock{mutex_};
        ++held_;
        released_.notify_all();
        released_.wait(lock, [&] { return !is_holding_; });
        --held_;
    }

    std::unique_ptr<runtime::Files> real_ = runtime::make_system_files();
    std::atomic<Mood> mood_ = Mood::well;
    std::optional<runtime::Space> space_;
    std::mutex mutex_;
    std::condition_variable released_;
    bool is_holding_ = false;
    int held_ = 0;
};

inline Draft draft_of(std::string message_id, std::string payload = R"({"type":"track","event":"看过"})") {
    return {SourceId{7}, std::move(message_id), FrameKind::event, std::move(payload)};
}

struct Rig {
    testing::Folder folder;
    testing::Clock clock;
    MoodyFiles files;
    std::unique_ptr<runtime::Random> random = runtime::make_system_random();
    std::unique_ptr<runtime::Network> network = runtime::make_system_network();

    runtime::Outside outside() { return {clock, *random, files, *network}; }
    std::string log_folder() const { return folder.file("log"); }
    Result<std::unique_ptr<EventLog>> try_open(Options options = {}) {
        return EventLog::open(outside(), log_folder(), options);
    }
    std::unique_ptr<EventLog> open(Options options = {}) {
        auto log = try_open(options);
        if (log)
            return std::move(*log);
        ADD_FAILURE() << log.error().message.in("en");
        return nullptr;
    }
    std::ptrdiff_t segment_count() const {
        return std::ranges::count_if(std::filesystem::directory_iterator{log_folder()},
            [](const auto& entry) { return entry.path().extension() == ".log"; });
    }
    // The folder as a crash at this moment would leave it.
    void copy_log_to(const std::string& to) const {
        std::filesystem::remove_all(to);
        std::filesystem::create_directory(to);
        std::error_code merged_away; // a run, while the folder is copied
        for (const auto& entry : std::filesystem::directory_iterator{log_folder()})
            std::filesystem::copy_file(entry.path(), to + "/" + entry.path().filename().string(), merged_away);
    }
};

inline std::vector<Frame> all_frames(const EventLog& log) {
    std::vector<Frame> frames;
    Position from{};
    while (true) {
        auto some = log.read(from, 1000);
        if (!some) {
            ADD_FAILURE() << some.error().message.in("en");
            return frames;
        }
        if (some->empty())
            return frames;
        from = some->back().next;
        std::ranges::move(*some, std::back_inserter(frames));
    }
}

inline std::string contents_of(const std::string& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}
inline void put_contents(const std::string& path, const std::string& bytes) {
    std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

} // namespace onefold::event_log
