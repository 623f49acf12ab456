#include "core/nearest.h"

#include <gtest/gtest.h>

namespace onefold {
namespace {

TEST(Nearest, AWordMistypedFindsTheOneThatWasMeant) {
    const std::vector<std::string> fields{"name", "first_name", "postal_code", "公司名称"};
    EXPECT_EQ(nearest_of("nmae", fields), "");
    EXPECT_EQ(nearest_of("nam", fields), "name");
    EXPECT_EQ(nearest_of("FirstName", fields), "first_name");
    EXPECT_EQ(nearest_of("postcode", fields), "postal_code");
    EXPECT_EQ(nearest_of("公司名", fields), "公司名称");
    EXPECT_EQ(nearest_of("colour", fields), "");
    EXPECT_EQ(nearest_of(std::string(1000, 'n'), fields), "");
}

TEST(Nearest, EditDistanceCountsChanges) {
    EXPECT_EQ(edit_distance("", ""), 0u);
    EXPECT_EQ(edit_distance("abc", ""), 3u);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

} // namespace
} // namespace onefold
