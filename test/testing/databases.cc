#include "testing/databases.h"

#include "testing/postgres.h"

#include <cstdio>

namespace onefold::testing {

const std::string& OnBothDatabases::url() {
    if (url_.empty())
        url_ = GetParam() == store::Dialect::sqlite ? folder_.file("main.db") : Postgres::get().make_database();
    return url_;
}

std::unique_ptr<store::Database> OnBothDatabases::open(
    const std::vector<store::Schema>& schemas, store::Options options) {
    auto database = store::Database::open(url(), schemas, options);
    if (!database)
        std::fprintf(stderr, "%s\n", std::string(database.error().message.in("en")).c_str());
    VERIFY(database);
    return std::move(*database);
}

std::string name_of(const ::testing::TestParamInfo<store::Dialect>& dialect) {
    return dialect.param == store::Dialect::sqlite ? "Sqlite" : "Postgres";
}

} // namespace onefold::testing
