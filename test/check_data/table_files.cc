// Reads the public files of ../shared/data (csv-spectrum, messytables, the naughty strings) with the readers of
// imports:
//   table_files [FOLDER]     exit 0 where each has its right shape or a clear error, or where the folder is not there
#include "sheet/sheet.h"
#include "sheet/sheet_rig.h"

#include <boost/json.hpp>
#include <iostream>
#include <sstream>

namespace {

namespace fs = std::filesystem;
using namespace onefold::sheet;

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

// Our copy of these files is not what their JSON was made from: a phone number was replaced, and line ends were.
std::string comparable(std::string_view name, std::string_view column, std::string text) {
    if (name == "location_coordinates" && column == "Contact Phone Number")
        return "";
    if (name == "newlines_crlf")
        std::erase(text, '\r');
    return text;
}

bool is_as_expected(const fs::path& csv, const fs::path& expected) {
    const auto json = boost::json::parse(text_of(expected));
    const auto rows = json.is_array() ? json.get_array() : boost::json::array{json}; // one row stands alone
    const auto name = csv.stem().string();
    auto table = open(csv.string());
    if (!table)
        return false;
    Row row;
    std::size_t count = 0;
    while ((*table)->next(row).value_or(false)) {
        if (row.error || count >= rows.size())
            return false;
        const auto& wanted = rows[count++].as_object();
        const auto& header = (*table)->header();
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

// "3 x 6": columns and rows, "+ 2 bad" rows that cannot be read; else the code of the error.
std::string shape_of(const fs::path& path) {
    auto table = open(path.string());
    if (!table)
        return table.error().message.is_empty() ? "an error that says nothing" : table.error().code;
    Row row;
    std::size_t good = 0, bad = 0;
    for (;;) {
        const auto more = (*table)->next(row);
        if (!more)
            return more.error().code;
        if (!*more)
            break;
        (row.error ? bad : good) += 1;
        if (row.line == 0 || (row.error && row.error->line != row.line))
            return "a row without its line";
    }
    return fmt::format("{} x {}{}", (*table)->header().size(), good, bad ? fmt::format(" + {} bad", bad) : "");
}

const std::map<std::string, std::string>& shapes() {
    static const std::map<std::string, std::string> all{
        {"211.csv", "96 x 2132"},
        {"README.md", "1 x 2"},
        {"badcolspan.html", "sheet.web_page"},
        {"begrotingsanalyse-2011.csv", "20 x 38"},
        {"bian-anal-mca-2005-dols-eng-1011-0312-tab3.xlsm", "4 x 12"},
        {"blank_line.ods", "sheet.open_document"},
        {"characters.csv", "18 x 382"},
        {"complex.csv", "4 x 3"},
        {"complex.html", "sheet.web_page"},
        {"encrypted_no_password.xls", "sheet.old_workbook"},
        {"example.tsv", "17 x 140"},
        {"excel_pasting.csv", "9 x 14"},
        {"excel_properties.xls", "sheet.old_workbook"},
        {"html.html", "sheet.web_page"},
        {"invisible_text.html", "sheet.web_page"},
        {"large.ods", "sheet.open_document"},
        {"large.xlsx", "11 x 30"},
        {"libreoffice.xlsx", "import.empty_file"},
        {"loffice-4.4.1.2.ods", "sheet.open_document"},
        {"long.csv", "1 x 3999"},
        {"mixedGLB.csv", "19 x 133"},
        {"multilineods.ods", "sheet.open_document"},
        {"null.csv", "import.no_header"},
        {"ods_formats.ods", "sheet.open_document"},
        {"rowcolspan.html", "sheet.web_page"},
        {"simple.csv", "3 x 6"},
        {"simple.ods", "sheet.open_document"},
        {"simple.psv", "6 x 28"},
        {"simple.ssv", "3 x 6"},
        {"simple.unknown", "import.empty_file"},
        {"simple.xls", "sheet.old_workbook"},
        {"simple.xlsx", "3 x 6"},
        {"simple.zip", "3 x 6"},
        {"skip_initials.csv", "2 x 2"},
        {"small.csv", "1 x 0"},
        {"span_rich.xls", "sheet.old_workbook"},
        {"spanish_chars.csv", "8 x 114"},
        {"sparse_with_column_errors.csv", "4 x 2200"},
        {"sw_gen.xlsx", "17 x 15"},
        {"unicode_sheet_name.xls", "sheet.old_workbook"},
        {"utf-16le_encoded.csv", "19 x 327"},
        {"utf8bom.csv", "2 x 0"},
        {"weird_head_padding.csv", "11 x 60 + 13 bad"},
    };
    return all;
}

std::string escaped(std::string_view text, char quote) {
    std::string result;
    for (const char c : text)
        result += c == quote ? std::string(2, c) : std::string(1, c);
    return result;
}
std::string xml_escaped(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '&' || c == '<')
            result += c == '&' ? "&amp;" : "&lt;";
        else if (std::uint8_t(c) < 0x20 || (c == '_' && i + 1 < text.size() && text[i + 1] == 'x'))
            result += fmt::format("_x{:04X}_", c == '_' ? 0x5F : int(c));
        else if (text.substr(i).starts_with("\xEF\xBF\xBE") || text.substr(i).starts_with("\xEF\xBF\xBF"))
            result += fmt::format("_x{:04X}_", text[i + 2] == '\xBE' ? 0xFFFE : 0xFFFF), i += 2;
        else
            result += c;
    }
    return result;
}

// Every naughty string comes back byte for byte out of CSV, JSON and a workbook.
int naughty_strings_changed(const fs::path& path, const Folder& folder) {
    const auto strings = boost::json::parse(text_of(path)).as_array();
    std::string csv = "number,text\n", json,
                cells = "<row r=\"1\"><c t=\"str\"><v>number</v></c><c t=\"str\"><v>text</v></c></row>", shared;
    for (std::size_t i = 0; i < strings.size(); ++i) {
        const std::string text(strings[i].as_string());
        csv += fmt::format("{},\"{}\"\n", i, escaped(text, '"'));
        json += boost::json::serialize(boost::json::object{{"number", i}, {"text", text}}) + "\n";
        shared += "<si><t xml:space=\"preserve\">" + xml_escaped(text) + "</t></si>";
        cells += fmt::format(
            "<row r=\"{0}\"><c r=\"A{0}\"><v>{1}</v></c><c r=\"B{0}\" t=\"s\"><v>{1}</v></c></row>", i + 2, i);
    }
    int changed = 0;
    for (const std::string& file : {folder.write("naughty.csv", csv), folder.write("naughty.jsonl", json),
             folder.write("naughty.xlsx", workbook_of({{"S", "<sheetData>" + cells + "</sheetData>"}}, shared))}) {
        const Rows rows = rows_of(open(file));
        for (std::size_t i = 0; i < strings.size(); ++i)
            if (rows.size() != strings.size() + 1 || rows[i + 1].size() != 2 ||
                rows[i + 1][1] != std::string_view(strings[i].as_string())) {
                ++changed;
                std::cout << "changed: string " << i << " of " << file << "\n";
            }
    }
    return changed;
}

} // namespace

int main(int count, char** words) {
    const fs::path data = count > 1 ? words[1] : "../shared/data";
    int read = 0;
    int wrong = 0;
    auto check = [&](const std::string& what, bool is_right) {
        ++read;
        wrong += !is_right;
        if (!is_right)
            std::cout << "wrong: " << what << "\n";
    };
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(data / "parse-csv-spectrum/csvs", missing))
        check(entry.path().filename().string(),
            is_as_expected(entry.path(), data / "parse-csv-spectrum/json" / entry.path().stem().concat(".json")));
    for (const auto& entry : fs::directory_iterator(data / "parse-messytables/horror", missing)) {
        const auto name = entry.path().filename().string(), shape = shape_of(entry.path());
        const auto wanted = shapes().find(name);
        check(fmt::format("{} is {}", name, shape), wanted != shapes().end() && shape == wanted->second);
    }
    if (const auto naughty = data / "parse-blns/blns.json"; fs::exists(naughty))
        check("naughty strings", naughty_strings_changed(naughty, Folder()) == 0);
    std::cout << (read ? "Files: " + std::to_string(read) + " read, " + std::to_string(wrong) + " wrong"
                       : "Files: not there")
              << "\n";
    return wrong ? 1 : 0;
}
