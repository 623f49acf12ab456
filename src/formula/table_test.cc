// What the browser knows of the functions is this table: web/src/features/formula/language/table.json.
// ONEFOLD_WRITE=1 writes the file anew.
#include "formula/function.h"
#include "formula/type.h"
#include "formula/value.h"

#include <array>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace onefold::formula {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 5> families{"logic", "text", "number", "date", "list"};
constexpr std::array<std::string_view, 13> wants{"text", "number", "truth", "date", "moment", "instant", "any", "same",
    "numbers", "truths", "values", "parts", "list"};
constexpr std::array<std::string_view, 11> gives{
    "text", "number", "truth", "date", "instant", "same", "moment", "each", "list", "values", "texts"};
constexpr std::array<std::string_view, 9> specials{
    "none", "if", "ifs", "switch", "if_error", "is_error", "coalesce", "choose", "matches_pattern"};

json::object written(const Function& function) {
    json::object row{{"name", function.name}, {"family", families.at(std::size_t(function.family))},
        {"signature", function.signature}};
    json::array aliases, params;
    for (const auto& alias : function.aliases)
        aliases.emplace_back(alias);
    row["aliases"] = std::move(aliases);
    for (const auto& param : function.params) {
        json::object one{{"name", param.name}, {"want", wants.at(std::size_t(param.want))}};
        if (param.is_optional)
            one["is_optional"] = true;
        if (param.repeats)
            one["repeats"] = true;
        if (!param.words.empty())
            one["words"] = json::value_from(param.words);
        if (param.is_zone)
            one["is_zone"] = true;
        params.push_back(std::move(one));
    }
    row["params"] = std::move(params);
    row["give"] = gives.at(std::size_t(function.give));
    if (function.blanks == Blanks::taken)
        row["takes_blanks"] = true;
    if (function.special != Special::none)
        row["special"] = specials.at(std::size_t(function.special));
    if (function.is_aggregate)
        row["is_aggregate"] = true;
    return row;
}

std::string line(std::string_view key, const LocalText& text) {
    return fmt::format("\n{}: {}", json::serialize(json::string(key)),
        json::serialize(json::object{{"en", text.in("en")}, {"zh-CN", text.in("zh-CN")}}));
}

// What is said of what went wrong when it ran; {} is what it is said of.
std::string messages_text() {
    constexpr Why all[] = {Why::division_by_zero, Why::out_of_range, Why::not_a_number, Why::not_a_date,
        Why::bad_argument, Why::bad_pattern, Why::unknown_zone, Why::not_found, Why::steps, Why::time, Why::memory};
    std::vector<std::string> lines;
    for (const Why why : all)
        lines.push_back(line(code_of(why).substr(std::string_view("formula.").size()), message_of({why, {}, "{}"})));
    return fmt::format("{}", fmt::join(lines, ","));
}

std::string types_text() {
    constexpr std::string_view names[] = {
        "blank", "truth", "number", "text", "date", "instant", "list", "record", "records"};
    std::vector<std::string> lines;
    for (const Kind kind :
        {Kind::blank, Kind::truth, Kind::number, Kind::text, Kind::date, Kind::instant, Kind::record, Kind::records})
        lines.push_back(line(names[std::size_t(kind)], name_of({kind})));
    for (const Kind each : {Kind::blank, Kind::truth, Kind::number, Kind::text, Kind::date, Kind::instant})
        lines.push_back(line(fmt::format("list of {}", names[std::size_t(each)]), name_of(list_of(each))));
    return fmt::format("{}", fmt::join(lines, ","));
}

std::string table_text() {
    std::string rows, examples;
    for (const Function& function : functions()) {
        rows += (rows.empty() ? "\n" : ",\n") + json::serialize(written(function));
        for (const Example& example : function.examples)
            examples += (examples.empty() ? "\n" : ",\n") +
                        json::serialize(json::object{{"text", example.text}, {"value", example.value}});
    }
    return "{\"functions\": [" + rows + "\n],\n\"examples\": [" + examples + "\n],\n\"messages\": {" + messages_text() +
           "\n},\n\"types\": {" + types_text() + "\n}}\n";
}

TEST(Table, IsTheOneThatTheBrowserKnows) {
    const auto path =
        std::filesystem::path(__FILE__).parent_path() / "../../web/src/features/formula/language/table.json";
    if (std::getenv("ONEFOLD_WRITE"))
        std::ofstream(path) << table_text();
    std::stringstream held;
    held << std::ifstream(path).rdbuf();
    EXPECT_TRUE(held.str() == table_text()) << path << " is of another table: ONEFOLD_WRITE=1 writes it";
}

} // namespace
} // namespace onefold::formula
