#include "http/workers.h"

#include <gtest/gtest.h>
#include <semaphore>

namespace onefold::http {
namespace {

using namespace std::chrono_literals;

constexpr Workers::Limits roomy{
    .threads = 1, .queue_max = 100, .queue_bytes_max = 1000, .expected_wait_max = 1s, .wait_max = 2s};

// A single thread that is held at its first job, so that all others wait.
class WorkersTest : public ::testing::Test {
  protected:
    void start(Workers::Limits limits = roomy) {
        workers_.emplace(limits);
        ASSERT_TRUE(submit("first"));
        started_.acquire();
    }
    bool submit(std::string name, Lane lane = Lane::asking, std::size_t bytes = 0) {
        const bool is_first = name == "first";
        Workers::Job job{[this, name, is_first] {
                             done_ += name + " ";
                             if (is_first) {
                                 started_.release();
                                 held_.acquire();
                             }
                             all_.release();
                         },
            [this, name] {
                done_ += name + "-late ";
                all_.release();
            },
            lane, bytes};
        const bool is_let_in = workers_->submit(job);
        workers_->wake();
        return is_let_in;
    }
    std::string finish(int jobs) {
        held_.release();
        for (int i = 0; i < jobs; ++i)
            all_.acquire();
        return done_;
    }

    std::counting_semaphore<> started_{0}, held_{0}, all_{0};
    std::string done_; // by the one thread
    std::optional<Workers> workers_;
};

TEST_F(WorkersTest, ACrowdInOneLaneDoesNotKeepTheOtherWaiting) {
    start();
    for (const char* name : {"s1", "s2", "s3"})
        ASSERT_TRUE(submit(name, Lane::sending));
    ASSERT_TRUE(submit("a1"));
    ASSERT_TRUE(submit("a2"));
    EXPECT_EQ(workers_->queue_length(), 5U);
    EXPECT_EQ(finish(6), "first s1 a1 s2 a2 s3 ");
}

TEST_F(WorkersTest, EachLaneHasItsOwnBounds) {
    start({.threads = 1, .queue_max = 2, .queue_bytes_max = 1000, .expected_wait_max = 1s, .wait_max = 2s});
    EXPECT_TRUE(submit("s1", Lane::sending, 600));
    EXPECT_FALSE(submit("s2", Lane::sending, 600)) << "too many bytes";
    EXPECT_TRUE(submit("s3", Lane::sending, 400));
    EXPECT_FALSE(submit("s4", Lane::sending)) << "too many";
    EXPECT_TRUE(submit("a1"));
    EXPECT_EQ(finish(4), "first s1 a1 s3 ");
}

TEST_F(WorkersTest, ALargeJobIsLetInWhereNothingWaits) {
    start();
    EXPECT_TRUE(submit("s1", Lane::sending, 5000));
    EXPECT_EQ(finish(2), "first s1 ");
}

TEST_F(WorkersTest, WhoWaitedTooLongIsNotServed) {
    start({.threads = 1, .queue_max = 100, .queue_bytes_max = 1000, .expected_wait_max = 1s, .wait_max = 20ms});
    ASSERT_TRUE(submit("a1"));
    std::this_thread::sleep_for(30ms);
    EXPECT_EQ(finish(2), "first a1-late ");
}

TEST(Workers, DoAllThatIsLetInWithManyThreads) {
    Workers workers(
        {.threads = 4, .queue_max = 100'000, .queue_bytes_max = 1 << 20, .expected_wait_max = 10s, .wait_max = 60s});
    constexpr int jobs = 20'000;
    std::atomic<int> done = 0;
    std::counting_semaphore<> all{0};
    for (int i = 0; i < jobs; ++i) {
        Workers::Job job{[&] {
                             if (++done == jobs)
                                 all.release();
                         },
            [] {}, i % 3 == 0 ? Lane::asking : Lane::sending};
        ASSERT_TRUE(workers.submit(job));
        workers.wake();
        if (i % 1000 == 0)
            std::this_thread::sleep_for(1ms); // so that they rest now and then
    }
    EXPECT_TRUE(all.try_acquire_for(30s));
}

TEST(Workers, AShortJobDoesNotWaitBehindALongOneWhileOthersRest) {
    Workers workers(
        {.threads = 2, .queue_max = 100, .queue_bytes_max = 1 << 20, .expected_wait_max = 1s, .wait_max = 2s});
    std::counting_semaphore<> held{0}, done{0};
    Workers::Job long_one{[&] { held.acquire(); }, [] {}}, short_one{[&] { done.release(); }, [] {}};
    ASSERT_TRUE(workers.submit(long_one));
    ASSERT_TRUE(workers.submit(short_one));
    workers.wake();
    EXPECT_TRUE(done.try_acquire_for(30s));
    held.release();
}

TEST(Pace, ExpectsOfTheNextWhatThoseWhoLeftHaveSeen) {
    Pace pace;
    EXPECT_EQ(pace.expect(100), 0ns);
    for (int i = 0; i < 200; ++i)
        pace.note(100ms, 99); // a hundred were served in 100 ms
    EXPECT_NEAR(double(std::chrono::nanoseconds(pace.expect(1000)).count()), 1e9, 1e7);
    for (int i = 0; i < 200; ++i)
        pace.note(10ms, 99);
    EXPECT_NEAR(double(std::chrono::nanoseconds(pace.expect(1000)).count()), 1e8, 1e6);
}

} // namespace
} // namespace onefold::http
