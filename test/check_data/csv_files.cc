// Reads the public CSV files of ../shared/data (csv-spectrum, messytables) with the reader of imports:
//   csv_files [FOLDER]     exit 0 where every file has its right shape or a clear error, or where the folder is not
//   there
#include "import/csv.h"

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace {

namespace fs = std::filesystem;
using onefold::import::CsvReader;
using onefold::import::CsvRow;

// Our copy of these files is not what their JSON was made from: a phone number was replaced, and line ends were.
std::string comparable(std::string_view name, std::string_view column, std::string text) {
    if (name == "location_coordinates" && column == "Contact Phone Number")
        return "";
    if (name == "newlines_crlf")
        std::erase(text, '\r');
    return text;
}

bool is_as_expected(const fs::path& csv, const fs::path& expected) {
    std::ifstream file(expected);
    std::stringstream text;
    text << file.rdbuf();
    const auto json = boost::json::parse(text.str());
    const auto rows = json.is_array() ? json.get_array() : boost::json::array{json}; // one row stands alone
    const auto name = csv.stem().string();
    auto reader = CsvReader::open(csv);
    if (!reader)
        return false;
    CsvRow row;
    std::size_t count = 0;
    while ((*reader)->next(row).value_or(false)) {
        if (row.error || count >= rows.size())
            return false;
        const auto& wanted = rows[count++].as_object();
        const auto& header = (*reader)->header();
        if (wanted.size() != header.size())
            return false;
        for (std::size_t i = 0; i < header.size(); ++i) {
            const auto* value = wanted.if_contains(header[i]);
            if (!value || comparable(name, header[i], std::string(value->as_string())) !=
                              comparable(name, header[i], row.fields[i]))
                return false;
        }
    }
    return count == rows.size();
}

// Every row is delivered whole or with an error that names its line.
bool is_read_or_refused(const fs::path& csv) {
    auto reader = CsvReader::open(csv);
    if (!reader)
        return reader.error().code.starts_with("import.") && !reader.error().message.is_empty();
    CsvRow row;
    for (;;) {
        const auto more = (*reader)->next(row);
        if (!more)
            return false;
        if (!*more)
            return true;
        if (row.line == 0 ||
            (row.error ? row.error->line != row.line : row.fields.size() != (*reader)->header().size()))
            return false;
    }
}

} // namespace

int main(int count, char** words) {
    const fs::path data = count > 1 ? words[1] : "../shared/data";
    int read = 0;
    int wrong = 0;
    auto check = [&](const fs::path& file, bool is_right) {
        ++read;
        if (is_right)
            return;
        ++wrong;
        std::cout << "wrong: " << file.filename().string() << "\n";
    };
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(data / "parse-csv-spectrum/csvs", missing))
        check(entry.path(),
            is_as_expected(entry.path(), data / "parse-csv-spectrum/json" / entry.path().stem().concat(".json")));
    for (const auto& entry : fs::directory_iterator(data / "parse-messytables/horror", missing))
        check(entry.path(), is_read_or_refused(entry.path()));
    std::cout << (read ? "CSV files: " + std::to_string(read) + " read, " + std::to_string(wrong) + " wrong"
                       : "CSV files: not there")
              << "\n";
    return wrong ? 1 : 0;
}
