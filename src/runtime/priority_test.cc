#include "runtime/priority.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace onefold::runtime {
namespace {

int nice_of_this_thread() {
    return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
}

TEST(Priority, AThreadGivesWayAndThoseThatItStartsDoToo) {
    const int before = nice_of_this_thread();
    int request = 0, heir = 0, background = 0;
    std::thread([&] {
        give_way(Urgency::request);
        request = nice_of_this_thread();
        std::thread([&] {
            heir = nice_of_this_thread();
            give_way();
            background = nice_of_this_thread();
        }).join();
    }).join();
    EXPECT_GT(request, before);
    EXPECT_EQ(heir, request);
    EXPECT_GT(background, request);
    EXPECT_EQ(nice_of_this_thread(), before);
}

} // namespace
} // namespace onefold::runtime
