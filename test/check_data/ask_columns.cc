// Asks a data folder's columns, while no server runs on it:
//   ask_columns FOLDER SQL     one JSON list a row
#include "store/columns.h"

#include <boost/json.hpp>
#include <iostream>

namespace {

using namespace onefold;

boost::json::value json_of(const store::Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return *integer;
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    if (const auto* text = std::get_if<std::string>(&value))
        return boost::json::value(*text);
    return nullptr;
}

Result<> ask(const std::string& folder, const std::string& sql) {
    const auto columns = TRY(store::Columns::open(folder + "/columns/columns.duckdb"));
    const auto connection = TRY(columns->connect());
    return connection->each(sql, {}, [](const store::Row& row) -> Result<> {
        boost::json::array line;
        for (int i = 0; i < row.columns(); ++i)
            line.push_back(json_of(row.value(i)));
        std::cout << line << '\n';
        return {};
    });
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3)
        return 2;
    const auto done = ask(argv[1], argv[2]);
    if (done)
        return 0;
    std::cerr << done.error().message.in("en") << '\n';
    return 1;
}
