#include "fetch/remote.h"
#include "runtime/piped_child.h"
#include "testing/folder.h"
#include "testing/outside.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace onefold::fetch {
namespace {

constexpr std::uint64_t text_bytes_max = 64 << 20;

// What the child does: this very test program answers what the test laid out, and keeps what it was asked.
TEST(RemoteChild, DISABLED_Answers) {
    const testing::Outside outside;
    const std::string request = runtime::read_request();
    const std::string folder = ask_of(request).settings.folder;
    const bool is_kept = outside.files->replace(folder + "/asked", request).has_value();
    const auto answer = outside.files->read_all(folder + "/answer", text_bytes_max);
    const bool is_sent = is_kept && answer && runtime::send_answer(*answer);
    ::_exit(is_sent && !outside.files->exists(folder + "/fails") ? 0 : 1);
}
const std::vector<std::string> words{"--gtest_also_run_disabled_tests", "--gtest_filter=RemoteChild.DISABLED_Answers"};

class RemotePlaceTest : public ::testing::Test {
  protected:
    std::unique_ptr<Place> place(const std::string& host_key = "") {
        Settings settings;
        settings.place = PlaceKind::sftp;
        settings.folder = folder_.path();
        settings.host_key = host_key;
        return make_remote_place(settings, {}, {}, {}, is_stopping_, words);
    }
    void answers(const Answer& answer) { answers(to_json(answer)); }
    void answers(const std::string& text) { ASSERT_TRUE(outside_.files->replace(folder_.file("answer"), text)); }
    Ask asked() { return ask_of(*outside_.files->read_all(folder_.file("asked"), text_bytes_max)); }
    static Answer showing(const std::string& host_key) {
        Answer answer;
        answer.host_key = host_key;
        return answer;
    }
    Result<std::optional<Arrived>> take(Place& place, const Mark& mark = {}) {
        return place.take({"a.csv", 3, 4, 0}, mark, folder_.file("taken"));
    }
    std::string error_of_list() {
        const auto listed = place()->list();
        return listed ? "" : listed.error().code;
    }

    testing::Folder folder_;
    testing::Outside outside_;
    std::atomic<bool> is_stopping_ = false;
};

TEST_F(RemotePlaceTest, TheFirstKeyOfAllIsTheOneThatTheRestOfTheRoundIsHeldTo) {
    const auto one = place();
    answers(showing("SHA256:first"));
    ASSERT_TRUE(one->list());
    EXPECT_EQ(asked().settings.host_key, "");
    EXPECT_EQ(one->host_key(), "SHA256:first");
    answers(showing("SHA256:other"));
    ASSERT_TRUE(take(*one));
    EXPECT_EQ(asked().settings.host_key, "SHA256:first") << "the child refuses any other";
    EXPECT_EQ(one->host_key(), "SHA256:first");
}

TEST_F(RemotePlaceTest, AnotherKeyThanThePinnedOneIsToldAndNotTrusted) {
    const auto one = place("SHA256:pinned");
    answers(showing("SHA256:other"));
    ASSERT_TRUE(one->list());
    EXPECT_EQ(one->host_key(), "SHA256:other");
    ASSERT_TRUE(one->list());
    EXPECT_EQ(asked().settings.host_key, "SHA256:pinned");
}

TEST_F(RemotePlaceTest, AMarkThatIsTooLongIsNone) {
    const auto one = place();
    const std::string longest(mark_bytes_max, 'x');
    Answer answer;
    answer.arrived = Arrived{{"a.csv", 3, 4, 0}, {longest, longest + "y"}};
    answers(answer);
    const auto arrived = take(*one, {longest + "y", longest});
    ASSERT_TRUE(arrived && *arrived);
    EXPECT_EQ((*arrived)->mark.etag, longest);
    EXPECT_EQ((*arrived)->mark.last_modified, "");
    EXPECT_EQ(asked().mark.etag, "") << "also one that was stored";
    EXPECT_EQ(asked().mark.last_modified, longest);
}

TEST_F(RemotePlaceTest, WhatTheChildSaysHasItsBounds) {
    answers(std::string("no answer"));
    EXPECT_EQ(error_of_list(), "fetch.child_ended");
    answers(std::string());
    EXPECT_EQ(error_of_list(), "fetch.child_ended");
    answers("{" + std::string(17 << 20, ' ') + "}");
    EXPECT_EQ(error_of_list(), "fetch.child_ended");
    answers(Answer{});
    EXPECT_EQ(error_of_list(), "");
    ASSERT_TRUE(outside_.files->replace(folder_.file("fails"), ""));
    EXPECT_EQ(error_of_list(), "fetch.child_ended") << "an answer, and then a bad end";
}

TEST_F(RemotePlaceTest, AnErrorOfTheChildIsOneHere) {
    Answer answer;
    answer.error = Error{ErrorKind::forbidden, "fetch.login_refused", {"no", "不"}};
    answers(answer);
    EXPECT_EQ(error_of_list(), "fetch.login_refused");
}

TEST_F(RemotePlaceTest, WhatIsAskedHasABound) {
    const auto one = place();
    answers(Answer{});
    Move move{{"a.csv", 3, 4, 0}, "error", "a.1.csv", std::string(40'000, 'x')};
    const auto moved = one->put_away(move);
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().code, "child.request_too_large");
}

TEST_F(RemotePlaceTest, AStopEndsIt) {
    answers(Answer{});
    is_stopping_ = true;
    EXPECT_EQ(error_of_list(), "folder.cancelled");
}

} // namespace
} // namespace onefold::fetch
