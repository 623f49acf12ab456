#include "message_index/merge_plan.h"
#include "message_index/run.h"
#include "testing/folder.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <random>

namespace onefold::message_index {
namespace {

constexpr Range range{1, 100};
constexpr std::uint64_t mark = 77;

struct RunRig {
    testing::Folder folder;
    std::unique_ptr<runtime::Files> files = runtime::make_system_files();
    std::mt19937_64 random{5};

    std::vector<MessageKey> make_keys(std::size_t count) {
        std::vector<MessageKey> keys(count);
        for (MessageKey& key : keys)
            key = {random(), random()};
        std::ranges::sort(keys);
        return keys;
    }
    RunPointer write(const std::vector<MessageKey>& keys) {
        auto writer = RunWriter::begin(*files, folder.path(), range, keys.size(), mark);
        EXPECT_TRUE(writer);
        for (const MessageKey& key : keys)
            EXPECT_TRUE(writer->add(key));
        EXPECT_TRUE(writer->finish());
        return open().value_or(nullptr);
    }
    Result<RunPointer> open(std::uint64_t secret_mark = mark) {
        return Run::open(*files, folder.path(), range, secret_mark);
    }
    std::string path() const { return folder.file(run_name(range)); }
};

TEST(Run, HoldsWhatWasWrittenAndNothingElse) {
    for (const std::size_t count : {0u, 1u, 254u, 255u, 256u, 20'000u}) {
        RunRig rig;
        const auto keys = rig.make_keys(count);
        const auto run = rig.write(keys);
        ASSERT_TRUE(run);
        EXPECT_EQ(run->size(), count);
        for (const MessageKey& key : keys)
            ASSERT_TRUE(run->contains(key).value());
        for (int i = 0; i < 20'000; ++i)
            ASSERT_FALSE(run->contains({rig.random(), rig.random()}).value());
        for (const MessageKey& key : keys) // half of a key is not the key
            ASSERT_FALSE(run->contains({key.high, key.low + 1}).value());
    }
}

TEST(Run, FindsKeysThatBeginAlikeAcrossPages) {
    RunRig rig;
    std::vector<MessageKey> keys;
    for (std::uint64_t low = 0; low < 1000; ++low)
        keys.push_back({42, low * 3});
    const auto run = rig.write(keys);
    for (const MessageKey& key : keys)
        ASSERT_TRUE(run->contains(key).value());
    EXPECT_FALSE(run->contains({42, 1}).value());
}

TEST(Run, CostsLessThanOneAndAHalfBytesOfMemoryAKey) {
    RunRig rig;
    const auto run = rig.write(rig.make_keys(100'000));
    EXPECT_LT(double(run->memory_bytes()) / 100'000, 1.5);
}

TEST(Run, IsRefusedWithAnySingleByteChangedOrMissing) {
    RunRig rig;
    const auto keys = rig.make_keys(3000);
    rig.write(keys);
    std::ifstream stream{rig.path(), std::ios::binary};
    const std::string healthy{std::istreambuf_iterator<char>{stream}, {}};
    int found_by_open = 0, found_by_page = 0, of_no_use = 0;
    for (int trial = 0; trial < 500; ++trial) {
        auto bytes = healthy;
        const std::size_t offset = rig.random() % bytes.size();
        bytes[offset] ^= char(1 + rig.random() % 255);
        std::ofstream{rig.path(), std::ios::binary | std::ios::trunc} << bytes;
        const auto run = rig.open();
        if (!run) {
            EXPECT_EQ(run.error().code, "message_index.damaged");
            ++found_by_open;
            continue;
        }
        bool was_found = false;
        for (std::size_t page = 0; page < (*run)->page_count(); ++page)
            was_found |= !(*run)->read_page(page);
        (was_found ? found_by_page : of_no_use) += 1;
        if (was_found)
            continue;
        for (const MessageKey& key : keys) // a byte that nothing is read from
            ASSERT_TRUE((*run)->contains(key).value()) << offset;
    }
    fmt::print(
        "{} found when opened, {} by a page, {} lay where nothing is read\n", found_by_open, found_by_page, of_no_use);
    EXPECT_GT(found_by_open, 10);
    EXPECT_GT(found_by_page, 100);
    std::ofstream{rig.path(), std::ios::binary | std::ios::trunc} << healthy.substr(0, healthy.size() - 1);
    EXPECT_EQ(rig.open().error().code, "message_index.damaged");
    std::ofstream{rig.path(), std::ios::binary | std::ios::trunc} << healthy;
    EXPECT_TRUE(rig.open());
    EXPECT_EQ(rig.open(mark + 1).error().code, "message_index.damaged") << "made under another secret";
}

TEST(MergePlan, MergesNeighboursOfLikeSizeAndLeavesFewRuns) {
    EXPECT_EQ(plan_merge({}), std::nullopt);
    EXPECT_EQ(plan_merge({5, 5, 5}), std::nullopt);
    EXPECT_EQ(plan_merge({5, 5, 5, 5}), (MergePlan{0, 4}));
    EXPECT_EQ(plan_merge({100, 5, 5, 5, 5}), (MergePlan{1, 4}));
    EXPECT_EQ(plan_merge({20, 5, 5, 5, 5}), (MergePlan{0, 5}));

    std::vector<std::uint64_t> sizes;
    std::uint64_t written = 0, most = 0;
    for (int segment = 0; segment < 1000; ++segment) {
        sizes.push_back(130'000);
        while (const auto plan = plan_merge(sizes)) {
            std::uint64_t merged = 0;
            for (std::size_t i = 0; i < plan->count; ++i)
                merged += sizes[plan->first + i];
            written += merged;
            sizes.erase(
                sizes.begin() + std::ptrdiff_t(plan->first), sizes.begin() + std::ptrdiff_t(plan->first + plan->count));
            sizes.insert(sizes.begin() + std::ptrdiff_t(plan->first), merged);
        }
        most = std::max<std::uint64_t>(most, sizes.size());
    }
    fmt::print("1000 segments: {} runs at most, each key written {:.1f} times again\n", most, double(written) / 130e6);
    EXPECT_LE(most, 16u);
    EXPECT_LE(double(written) / 130e6, 8.0);
}

} // namespace
} // namespace onefold::message_index
