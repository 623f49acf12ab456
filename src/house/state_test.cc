#include "house/state.h"

#include <gtest/gtest.h>

namespace onefold::house {
namespace {

std::vector<std::string> codes_of(const event_log::Condition& events, const event_log::Condition& audit) {
    std::vector<std::string> codes;
    for (const Problem& problem : problems_of(events, audit)) {
        codes.push_back(problem.code);
        EXPECT_NE(problem.message.in("en"), problem.message.in("zh-CN"));
    }
    return codes;
}

const event_log::Damage damage{"/data/log/0000000000000001.log", 932, {"the chain does not hold", "链不符"}, 933};

TEST(State, SaysNothingWhileAllIsWell) {
    EXPECT_TRUE(problems_of({}, {}).empty());
}

TEST(State, TellsADamageThatStopsEventsFromOneThatDoesNot) {
    using Codes = std::vector<std::string>;
    EXPECT_EQ(codes_of({.is_appending = false, .damage = damage}, {}), Codes{"event_log.recovery_needed"});
    EXPECT_EQ(codes_of({.damage = damage}, {.damage = damage}), (Codes{"event_log.damaged", "audit.damaged"}));
    EXPECT_EQ(codes_of({.has_space = false}, {.is_appending = false, .damage = damage}),
        (Codes{"event_log.full", "audit.recovery_needed"}));
}

TEST(State, NamesTheFileWithoutWhereTheFolderLies) {
    const auto problems = problems_of({.is_appending = false, .damage = damage}, {});
    EXPECT_NE(problems[0].message.in("en").find("(log/0000000000000001.log, byte 932: the chain does not hold)"),
        std::string_view::npos);
    EXPECT_NE(problems[0].message.in("zh-CN").find("（log/0000000000000001.log 第 932 字节处，链不符）"),
        std::string_view::npos);
}

} // namespace
} // namespace onefold::house
