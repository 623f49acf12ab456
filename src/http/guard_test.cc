#include "http/guard.h"
#include "http/guard_vectors.h"
#include "http/target.h"

#include <gtest/gtest.h>
#include <set>

namespace onefold::http {
namespace {

const std::vector<std::string> hosts{"here"};

// What the server does: look for the end of the head, check it, follow the chunks; `piece` bytes at a time.
bool is_taken(std::string_view request, std::size_t piece) {
    HeadScan scan;
    auto state = ScanState::incomplete;
    for (std::size_t size = piece; state == ScanState::incomplete; size += piece) {
        state = scan.look(request.substr(0, size));
        if (size >= request.size() && state == ScanState::incomplete)
            return false;
    }
    if (state == ScanState::refused)
        return false;
    const auto head = check_head(request.substr(0, scan.size()), hosts);
    if (!head || !head->is_chunked)
        return head.has_value();
    request.remove_prefix(scan.size());
    ChunkScan chunks;
    for (std::size_t at = 0; at < request.size(); at += piece) {
        state = chunks.look(request.substr(at, piece));
        if (state != ScanState::incomplete)
            break;
    }
    return state == ScanState::complete && chunks.size() == request.size();
}

TEST(Guard, RefusesEveryRequestThatCanBeMisunderstood) {
    int count = 0;
    std::set<std::string_view> names;
    for (const auto& vector : vectors_to_refuse()) {
        EXPECT_TRUE(names.insert(vector.name).second) << vector.name;
        for (const std::size_t piece : {1, 3, 100'000})
            EXPECT_FALSE(is_taken(vector.request, piece)) << vector.name;
        ++count;
    }
    EXPECT_GE(count, 60);
}

TEST(Guard, TakesWhatEverybodyUnderstands) {
    int count = 0;
    for (const auto& vector : vectors_to_take()) {
        for (const std::size_t piece : {1, 3, 100'000})
            EXPECT_TRUE(is_taken(vector.request, piece)) << vector.name;
        ++count;
    }
    EXPECT_GE(count, 15);
}

TEST(Guard, FindsTheEndOfAHeadInPieces) {
    const std::string request = get("A: b\r\n") + "GET /";
    for (std::size_t piece = 1; piece < 7; ++piece) {
        HeadScan scan;
        auto state = ScanState::incomplete;
        for (std::size_t size = piece; state == ScanState::incomplete && size <= request.size(); size += piece)
            state = scan.look(request.substr(0, size));
        EXPECT_EQ(state, ScanState::complete) << piece;
        EXPECT_EQ(scan.size(), request.size() - 5) << piece;
    }
}

TEST(Guard, ReadsWhatTheServerNeeds) {
    const auto text = post("Transfer-Encoding: chunked\r\nExpect: 100-Continue\r\nConnection: x, Close\r\n", "");
    const auto head = check_head(text, {});
    ASSERT_TRUE(head) << head.error();
    EXPECT_EQ(head->method, "POST");
    EXPECT_EQ(head->path, "/echo");
    EXPECT_TRUE(head->is_chunked);
    EXPECT_TRUE(head->expects_continue);
    EXPECT_FALSE(head->is_kept_alive);
    const std::string other = "GET /a%20b?c=d%20e HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n";
    const auto second = check_head(other, {});
    ASSERT_TRUE(second);
    EXPECT_EQ(second->path, "/a b");
    EXPECT_EQ(second->query, "c=d%20e");
    EXPECT_TRUE(second->is_kept_alive);
}

TEST(Guard, IsHeldAgainstAtLeast60FramingVectors) {
    std::set<std::string> different;
    for (const auto& vector : vectors_to_refuse())
        different.insert(vector.request);
    EXPECT_GE(different.size(), 60u);
}

TEST(Guard, KnowsItsHostsWithAndWithoutPort) {
    auto is_host_taken = [](std::string_view host, const std::vector<std::string>& ours) {
        return check_head("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n", ours).has_value();
    };
    EXPECT_TRUE(is_host_taken("here:81", {"here"}));
    EXPECT_TRUE(is_host_taken("here:81", {"here:81"}));
    EXPECT_FALSE(is_host_taken("here:82", {"here:81"}));
    EXPECT_TRUE(is_host_taken("[::1]:81", {"[::1]"}));
    EXPECT_TRUE(is_host_taken("[::1]", {"[::1]"}));
    EXPECT_FALSE(is_host_taken("[::2]", {"[::1]"}));
    EXPECT_FALSE(is_host_taken("[::1", {}));
    EXPECT_FALSE(is_host_taken("xhere", {"here"}));
    EXPECT_TRUE(is_host_taken("any.example", {}));
}

TEST(Target, DecodesQueries) {
    EXPECT_EQ(query_parameters("a=1&&b&c=%3D+x"),
        (std::vector<std::pair<std::string, std::string>>{{"a", "1"}, {"b", ""}, {"c", "= x"}}));
    EXPECT_EQ(query_parameters("a=%4"), std::nullopt);
    EXPECT_EQ(query_parameters("a=%g1"), std::nullopt);
    EXPECT_EQ(decoded_path("/"), "/");
    EXPECT_EQ(decoded_path("/a+b/%E5%A4%A9/"), "/a+b/天/");
    EXPECT_EQ(decoded_path("/%ff"), std::nullopt);
}

} // namespace
} // namespace onefold::http
