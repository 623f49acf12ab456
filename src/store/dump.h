#pragma once
// The text of a PostgreSQL dump, line by line; pure but for where the bytes come from.
//
//     {"onefold_dump":1}
//     {"create":"CREATE TABLE …"}                             one a table
//     {"rows_of":"customer","columns":["id","name"]}          its rows follow as COPY writes them, and a line \.
//     {"rows":17}                                             how many they were
//     {"add":"ALTER TABLE … | CREATE INDEX …"}                constraints and indexes, once the rows are there
//     {"identity_of":"customer","column":"id","last":17,"is_used":true}
//     {"end":true}
#include "store/copy.h"

#include <boost/json.hpp>

namespace onefold::store {

std::string line_of(const boost::json::object& json);

class DumpReader {
  public:
    explicit DumpReader(const Get& get) : get_(get) {}

    // The next line that is no row. store.bad_dump where there is none.
    Result<boost::json::object> next();
    // The rows behind a "rows_of", in pieces that end with a line; what the line behind them says is compared.
    Result<> rows(const Put& put);

  private:
    Result<std::string_view> line(); // with its end; valid until the next call
    Result<bool> fill();

    const Get& get_;
    std::string bytes_;
    std::size_t at_ = 0;
};

Failure bad_dump(std::string_view why);

} // namespace onefold::store
