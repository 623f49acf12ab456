#include "import/map_fields.h"

#include <gtest/gtest.h>

namespace onefold::import {
namespace {

std::set<std::int64_t> fields_in(std::string_view map) {
    std::set<std::int64_t> ids;
    for (const FieldId id : fields_of(boost::json::parse(map)))
        ids.insert(id.value);
    return ids;
}

TEST(RememberedMap, NamesTheFieldsThatItsColumnsSet) {
    EXPECT_EQ(fields_in(R"({"identifiers":{"mail":"email"},"fields":{"Town":"city","Full name":"name"}})"),
        (std::set<std::int64_t>{10, 23}));
    EXPECT_EQ(
        fields_in(
            R"({"identifiers":{},"organisation":{"fields":{"Firm":"name"}},"person":{"fields":{"Job":"title"}}})"),
        (std::set<std::int64_t>{10, 17}));
    EXPECT_EQ(fields_in(R"({"fields":{},"order":{"number":"no","time":"at","lines":{"sku":"s","quantity":"q"}}})"),
        (std::set<std::int64_t>{101, 105, 133, 135}));
    EXPECT_EQ(fields_in(R"({"fields":{},"ticket":{"number":"no","subject":"s"}})"), (std::set<std::int64_t>{151, 155}));
    EXPECT_EQ(fields_in(R"({"fields":{"x":"gone"}})"), (std::set<std::int64_t>{}));
}

} // namespace
} // namespace onefold::import
