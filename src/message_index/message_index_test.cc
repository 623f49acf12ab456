// The index against a set, through seals, merges, restarts, crashes and damage.
#include "message_index/message_index.h"
#include "testing/clock.h"
#include "testing/folder.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <set>

namespace onefold::message_index {
namespace {

using namespace std::chrono_literals;

// Real files until the plug is pulled: after `lives` changes nothing reaches the disk any more.
class MortalFiles final : public runtime::Files {
  public:
    void live(int lives) { lives_ = lives; }
    bool is_dead() const { return lives_ <= 0; }

    Result<std::unique_ptr<runtime::File>> open(const std::string& path, runtime::OpenMode mode) override {
        if (mode == runtime::OpenMode::create)
            TRY(change());
        return std::make_unique<MortalFile>(*this, TRY(real_->open(path, mode)));
    }
    Result<> make_folder(const std::string& path) override { return real_->make_folder(path); }
    Result<> rename(const std::string& from, const std::string& to) override {
        TRY(change());
        return real_->rename(from, to);
    }
    Result<> remove(const std::string& path) override {
        TRY(change());
        return real_->remove(path);
    }
    Result<> remove_folder(const std::string& path) override {
        TRY(change());
        return real_->remove_folder(path);
    }
    Result<> link(const std::string& from, const std::string& to) override {
        TRY(change());
        return real_->link(from, to);
    }
    Result<> sync_folder(const std::string& path) override { return real_->sync_folder(path); }
    Result<std::vector<std::string>> list(const std::string& folder) override { return real_->list(folder); }
    bool exists(const std::string& path) override { return real_->exists(path); }
    Result<runtime::Space> space(const std::string& folder) override { return real_->space(folder); }
    Result<std::string> read_all(const std::string& path, std::uint64_t bytes_max) override {
        return real_->read_all(path, bytes_max);
    }
    Result<> replace(const std::string& path, std::string_view bytes) override {
        TRY(change());
        return real_->replace(path, bytes);
    }

  private:
    class MortalFile final : public runtime::File {
      public:
        MortalFile(MortalFiles& owner, std::unique_ptr<runtime::File> real) : owner_(owner), real_(std::move(real)) {}
        Result<> write_at(std::uint64_t offset, std::string_view bytes) override {
            TRY(owner_.change());
            return real_->write_at(offset, bytes);
        }
        Result<std::string> read_at(std::uint64_t offset, std::size_t size) const override {
            return real_->read_at(offset, size);
        }
        Result<> sync_data() override { return real_->sync_data(); }
        Result<std::uint64_t> size() const override { return real_->size(); }
        Result<> truncate(std::uint64_t size) override {
            TRY(owner_.change());
            return real_->truncate(size);
        }
        Result<> allocate(std::uint64_t size) override { return real_->allocate(size); }

      private:
        MortalFiles& owner_;
        std::unique_ptr<runtime::File> real_;
    };

    Result<> change() {
        if (--lives_ >= 0)
            return {};
        return fail(ErrorKind::internal, "files.eio", {"The plug is pulled.", "断电。"});
    }

    std::unique_ptr<runtime::Files> real_ = runtime::make_system_files();
    std::atomic<int> lives_ = 1 << 30;
};

// A log of which only the keys are kept.
class PlainLog final : public KeySource {
  public:
    std::vector<Range> sealed() const override {
        const std::lock_guard lock{mutex_};
        std::vector<Range> ranges;
        for (const auto& [range, keys] : segments_)
            ranges.push_back(range);
        return ranges;
    }
    Result<std::vector<MessageKey>> keys_of(const Range& segment) const override {
        ++reads;
        const std::lock_guard lock{mutex_};
        for (const auto& [range, keys] : segments_)
            if (range == segment)
                return keys;
        return fail(ErrorKind::internal, "test.no_such_segment", {"There is no such segment.", "没有此段。"});
    }
    Range seal() {
        const std::lock_guard lock{mutex_};
        const Range range{end_, end_ + 1 + active.size()};
        segments_.emplace_back(range, std::exchange(active, {}));
        end_ = range.to;
        return range;
    }
    void drop_first() {
        const std::lock_guard lock{mutex_};
        segments_.erase(segments_.begin());
    }
    void clear() {
        segments_.clear();
        active.clear();
        end_ = 1;
    }

    std::vector<MessageKey> active;
    mutable std::atomic<int> reads = 0;

  private:
    mutable std::mutex mutex_;
    std::vector<std::pair<Range, std::vector<MessageKey>>> segments_;
    std::uint64_t end_ = 1;
};

class IndexedLog : public ::testing::Test {
  protected:
    void open(std::uint64_t secret_mark = 1) {
        index.reset();
        auto opened = MessageIndex::open(outside, folder.path(), log, secret_mark);
        ASSERT_TRUE(opened) << opened.error().message.in("en");
        index = std::move(*opened);
        for (const MessageKey& key : log.active)
            index->restore(key);
    }
    // Whether the message was new.
    bool append(const MessageKey& key) {
        const auto is_new = index->insert(key);
        EXPECT_TRUE(is_new) << is_new.error().message.in("en");
        if (is_new && *is_new)
            log.active.push_back(key);
        return is_new.value_or(false);
    }
    void seal() { index->seal(log.seal()); }
    std::vector<std::string> run_files() const {
        std::vector<std::string> paths;
        for (const auto& entry : std::filesystem::directory_iterator{folder.path()})
            paths.push_back(entry.path().string());
        std::ranges::sort(paths);
        return paths;
    }
    void flip_a_byte(const std::string& path) {
        std::error_code error;
        const auto size = std::filesystem::file_size(path, error);
        if (error || size == 0)
            return; // merged away meanwhile
        std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
        const auto offset = std::streamoff(random() % size);
        file.seekg(offset);
        const int byte = file.get();
        file.seekp(offset);
        file.put(char(byte ^ int(1 + random() % 255)));
    }

    testing::Folder folder;
    testing::Clock clock;
    MortalFiles files;
    std::unique_ptr<runtime::Random> chance = runtime::make_system_random();
    std::unique_ptr<runtime::Network> network = runtime::make_system_network();
    runtime::Outside outside{clock, *chance, files, *network};
    PlainLog log;
    std::mt19937_64 random{20260531};
    std::unique_ptr<MessageIndex> index;
};

TEST_F(IndexedLog, KnowsEachMessageOnceThroughSealsMergesRestartsCrashesAndDamage) {
    std::set<MessageKey> model;
    int duplicates = 0, restarts = 0, crashes = 0, flips = 0;
    auto some_key = [&] { // of 40,000, so that many come again
        const std::uint64_t number = random() % 40'000;
        return MessageKey{number * 0x9E3779B97F4A7C15u, number * 0xD6E8FEB86659FD93u};
    };
    open();
    for (int step = 0; step < 600; ++step) {
        for (int i = int(random() % 300); i > 0; --i) {
            const MessageKey key = some_key();
            const bool is_new = model.insert(key).second;
            duplicates += is_new ? 0 : 1;
            ASSERT_EQ(append(key), is_new) << "step " << step;
        }
        switch (random() % 8) {
        case 0:
        case 1:
        case 2:
            seal();
            break;
        case 3:
            open();
            ++restarts;
            break;
        case 4: // the plug is pulled at some change of what follows
            files.live(int(random() % 12));
            for (int i = 0; i < 6; ++i)
                seal();
            index->wait_until_idle(20ms);
            crashes += files.is_dead() ? 1 : 0;
            index.reset();
            files.live(1 << 30);
            open();
            break;
        case 5: {
            const auto paths = run_files();
            if (paths.empty())
                break;
            const bool is_while_open = random() % 2 == 0;
            if (!is_while_open)
                index.reset();
            flip_a_byte(paths[random() % paths.size()]);
            ++flips;
            if (!is_while_open)
                open();
            break;
        }
        default:
            index->wait_until_idle(5ms);
        }
    }
    EXPECT_TRUE(index->wait_until_idle(60s));
    fmt::print("{} messages, {} duplicates, {} restarts, {} crashes in a change of files, {} flipped bytes, {} runs at "
               "the end\n",
        model.size(), duplicates, restarts, crashes, flips, index->figures().runs);
    EXPECT_GT(duplicates, 1000);
    EXPECT_GT(crashes, 10);
    EXPECT_GT(flips, 30);
    EXPECT_LT(index->figures().runs, 20u);
    open();
    for (const MessageKey& key : model)
        ASSERT_FALSE(append(key));
}

TEST_F(IndexedLog, ReadsNothingOfTheLogWhereItsRunsAreWhole) {
    open();
    for (int segment = 0; segment < 40; ++segment) {
        for (int i = 0; i < 1000; ++i)
            append({random(), random()});
        seal();
    }
    ASSERT_TRUE(index->wait_until_idle(60s));
    EXPECT_EQ(index->figures().messages, 40'000u);
    EXPECT_LT(index->figures().runs, 10u);
    EXPECT_EQ(run_files().size(), index->figures().runs) << "what was merged is gone";
    open();
    EXPECT_EQ(log.reads, 0);
    EXPECT_EQ(index->figures().messages, 40'000u);
    open(2);
    EXPECT_EQ(log.reads, 40) << "runs of another secret are made again";
}

TEST_F(IndexedLog, MakesTheRunsAgainThatAreGone) {
    open();
    std::vector<MessageKey> keys;
    for (int segment = 0; segment < 10; ++segment) {
        for (int i = 0; i < 500; ++i) {
            keys.push_back({random(), random()});
            append(keys.back());
        }
        seal();
    }
    ASSERT_TRUE(index->wait_until_idle(60s));
    index.reset();
    for (const auto& path : run_files())
        std::filesystem::remove(path);
    open();
    for (const MessageKey& key : keys)
        ASSERT_FALSE(append(key));
}

TEST_F(IndexedLog, TakesNoRunOfAnotherLog) {
    open();
    const MessageKey key{random(), random()};
    append(key);
    for (int i = 0; i < 9; ++i)
        append({random(), random()});
    seal();
    ASSERT_TRUE(index->wait_until_idle(60s));
    index.reset();
    log.clear(); // an older one was put back, and grows otherwise
    open();
    EXPECT_TRUE(append(key)) << "a message that this log does not hold must not count as known";
}

TEST_F(IndexedLog, ForgetsWhatLiesBeforeAPosition) {
    open();
    std::vector<Range> ranges;
    std::vector<MessageKey> keys;
    for (int segment = 0; segment < 3; ++segment) {
        keys.push_back({random(), random()});
        append(keys.back());
        ranges.push_back(log.seal());
        index->seal(ranges.back());
    }
    ASSERT_TRUE(index->wait_until_idle(60s));
    log.drop_first();
    index->drop_before(ranges[0].to);
    EXPECT_EQ(run_files().size(), 2u);
    EXPECT_TRUE(append(keys[0]));
    EXPECT_FALSE(append(keys[1]));
    open();
    EXPECT_FALSE(append(keys[0]));
    EXPECT_FALSE(append(keys[2]));
}

} // namespace
} // namespace onefold::message_index
