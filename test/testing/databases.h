#pragma once
// The same test on SQLite and on PostgreSQL:
//
//     class TagTest : public testing::OnBothDatabases {};
//     ON_BOTH_DATABASES(TagTest);
//     TEST_P(TagTest, ATagHasAName) { auto database = open({tag::schema()}); … }
#include "store/store.h"
#include "testing/folder.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

namespace onefold::testing {

class OnBothDatabases : public ::testing::TestWithParam<store::Dialect> {
  public:
    // The test's own database, empty at first; opening again finds what was written. A failure ends the program.
    std::unique_ptr<store::Database> open(const std::vector<store::Schema>& schemas, store::Options options = {});
    const std::string& url();

  private:
    Folder folder_;
    std::string url_;
};

std::string name_of(const ::testing::TestParamInfo<store::Dialect>& dialect);

} // namespace onefold::testing

#define ON_BOTH_DATABASES(Fixture)                                                                                     \
    INSTANTIATE_TEST_SUITE_P(On, Fixture,                                                                              \
        ::testing::Values(::onefold::store::Dialect::sqlite, ::onefold::store::Dialect::postgres),                     \
        ::onefold::testing::name_of)
