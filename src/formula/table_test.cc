// What the browser knows of the functions is this table: web/src/features/formula/language/table.json.
// ONEFOLD_WRITE=1 writes the file anew.
#include "formula/function.h"

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

std::string table_text() {
    std::string rows, examples;
    for (const Function& function : functions()) {
        rows += (rows.empty() ? "\n" : ",\n") + json::serialize(written(function));
        for (const Example& example : function.examples)
            examples += (examples.empty() ? "\n" : ",\n") +
                        json::serialize(json::object{{"text", example.text}, {"value", example.value}});
    }
    return "{\"functions\": [" + rows + "\n],\n\"examples\": [" + examples + "\n]}\n";
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
