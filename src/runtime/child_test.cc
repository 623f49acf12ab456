#include "runtime/child.h"

#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

namespace onefold::runtime {
namespace {

using namespace std::chrono_literals;

// What a child does: this very test program runs one of these.
TEST(Child, DISABLED_EndsWell) {}
TEST(Child, DISABLED_Fails) {
    FAIL();
}
TEST(Child, DISABLED_Aborts) {
    std::abort();
}
TEST(Child, DISABLED_NeverEnds) {
    for (;;)
        ::pause();
}
TEST(Child, DISABLED_TakesMuchMemory) {
    const std::vector<char> much(std::size_t{2} << 30, 'x');
    EXPECT_EQ(much.back(), 'x');
}

class ChildTest : public ::testing::Test {
  protected:
    std::atomic<bool> is_cancelled = false;
    Ended run(const std::string& what, std::chrono::milliseconds timeout = 60s, std::uint64_t memory_bytes_max = 0) {
        const auto ended = run_child(
            {{"--gtest_also_run_disabled_tests", "--gtest_filter=Child.DISABLED_" + what}, memory_bytes_max, timeout},
            is_cancelled);
        return ended ? *ended : throw std::runtime_error(ended.error().code);
    }
};

TEST_F(ChildTest, AnEndIsToldAsItWas) {
    EXPECT_EQ(run("EndsWell"), Ended::well);
    EXPECT_EQ(run("Fails"), Ended::badly);
    EXPECT_EQ(run("Aborts"), Ended::badly) << "and this process goes on";
}

TEST_F(ChildTest, MemoryIsLimited) {
    EXPECT_EQ(run("TakesMuchMemory", 60s, std::uint64_t{1} << 30), Ended::badly);
}

TEST_F(ChildTest, WhatTakesTooLongIsEnded) {
    EXPECT_EQ(run("NeverEnds", 50ms), Ended::too_late);
}

TEST_F(ChildTest, WhatIsCancelledIsEnded) {
    std::thread later([&] {
        std::this_thread::sleep_for(20ms);
        is_cancelled = true;
    });
    EXPECT_EQ(run("NeverEnds"), Ended::cancelled);
    later.join();
}

} // namespace
} // namespace onefold::runtime
