#include "http/file_answer.h"

#include <gtest/gtest.h>

namespace onefold::http {
namespace {

std::string said(std::string_view field, std::uint64_t size = 100) {
    const auto range = range_of(field, size);
    return range ? fmt::format("{}+{}", range->offset, range->size) : "none";
}

TEST(FileAnswer, ARangeIsThePartThatItAsksFor) {
    EXPECT_EQ(said("bytes=0-9"), "0+10");
    EXPECT_EQ(said("bytes=90-"), "90+10");
    EXPECT_EQ(said("bytes=-10"), "90+10");
    EXPECT_EQ(said("bytes=-1000"), "0+100");
    EXPECT_EQ(said("bytes=95-1000"), "95+5");
    EXPECT_EQ(said("bytes=99-99"), "99+1");
}

TEST(FileAnswer, WhatIsNoRangeAsksForEverything) {
    for (const char* field :
        {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-a", "bytes=9-1", "bytes=0-1,5-6", "lines=1-2"})
        EXPECT_EQ(said(field), "0+100") << field;
}

TEST(FileAnswer, ARangeBehindTheEndHasNothing) {
    EXPECT_EQ(said("bytes=100-"), "none");
    EXPECT_EQ(said("bytes=-0"), "none");
    EXPECT_EQ(said("bytes=0-", 0), "none");
}

TEST(FileAnswer, ANameOfAnyLanguageIsSaid) {
    const auto answer = file_answer({}, nullptr, 5, "客户 \"1\".csv", "text/csv");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers[1].second,
        "attachment; filename=\"________1_.csv\"; filename*=UTF-8''%E5%AE%A2%E6%88%B7%20%221%22.csv");
}

} // namespace
} // namespace onefold::http
