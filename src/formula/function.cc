#include "formula/function.h"

#include "core/nearest.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <unordered_map>
#include <utility>

namespace onefold::formula {
namespace {

template <class T>
using Words = std::span<const std::pair<std::string_view, T>>;

constexpr std::array<std::pair<std::string_view, Want>, 13> wants{{{"text", Want::text}, {"number", Want::number},
    {"truth", Want::truth}, {"date", Want::date}, {"moment", Want::moment}, {"instant", Want::instant},
    {"any", Want::any}, {"same", Want::same}, {"numbers", Want::numbers}, {"values", Want::values},
    {"parts", Want::parts}, {"truths", Want::truths}, {"list", Want::list}}};
constexpr std::array<std::pair<std::string_view, Give>, 11> gives{
    {{"text", Give::text}, {"number", Give::number}, {"truth", Give::truth}, {"date", Give::date},
        {"instant", Give::instant}, {"same", Give::same}, {"moment", Give::moment}, {"each", Give::each},
        {"list", Give::list}, {"values", Give::values}, {"texts", Give::texts}}};

template <class T, std::size_t size>
T meant(const std::array<std::pair<std::string_view, T>, size>& words, std::string_view word) {
    const auto found = std::ranges::find(words, word, [](const auto& pair) { return pair.first; });
    VERIFY(found != words.end());
    return found->second;
}

std::string_view trim(std::string_view text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    return text;
}

Param param_of(std::string_view text) {
    Param param;
    if (text.ends_with("...")) {
        param.repeats = true;
        text.remove_suffix(3);
    }
    if (text.ends_with('?')) {
        param.is_optional = true;
        text.remove_suffix(1);
    }
    const auto colon = text.find(": ");
    VERIFY(colon != text.npos);
    param.name = text.substr(0, colon);
    text.remove_prefix(colon + 2);
    if (const auto brace = text.find('{'); brace != text.npos) {
        for (const auto word : std::views::split(text.substr(brace + 1, text.size() - brace - 2), '|'))
            param.words.emplace_back(word.begin(), word.end());
        text = text.substr(0, brace);
    }
    param.is_zone = text == "zone";
    param.want = param.is_zone ? Want::text : meant(wants, text);
    return param;
}

Function function_of(const Row& row, Family family) {
    Function function;
    const auto open = row.signature.find('('), close = row.signature.rfind("): ");
    VERIFY(open != row.signature.npos && close != row.signature.npos);
    function.name = row.signature.substr(0, open);
    function.give = meant(gives, row.signature.substr(close + 3));
    std::string shown;
    for (std::string_view rest = row.signature.substr(open + 1, close - open - 1); !rest.empty();) {
        const auto comma = std::min(rest.find(','), rest.size());
        Param param = param_of(trim(rest.substr(0, comma)));
        shown += fmt::format(
            "{}{}{}{}", shown.empty() ? "" : ", ", param.name, param.is_optional ? "?" : "", param.repeats ? "…" : "");
        function.params.push_back(std::move(param));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    function.signature = fmt::format("{}({})", function.name, shown);
    function.aliases = row.aliases;
    function.family = family;
    function.body = row.body;
    function.blanks = row.blanks;
    function.special = row.special;
    function.is_aggregate = row.is_aggregate;
    function.help = {row.en, row.zh};
    function.examples = row.examples;
    return function;
}

std::vector<Function> make_table() {
    std::vector<Function> table;
    const auto add = [&](const std::vector<Row>& rows, Family family) {
        for (const Row& row : rows)
            table.push_back(function_of(row, family));
    };
    add(logic_rows(), Family::logic);
    add(text_rows(), Family::text);
    add(writing_rows(), Family::text);
    add(pattern_rows(), Family::text);
    add(number_rows(), Family::number);
    add(date_rows(), Family::date);
    add(list_rows(), Family::list);
    std::ranges::stable_sort(table, {}, [](const Function& one) { return std::pair(one.family, one.name); });
    return table;
}

const std::vector<Function>& table() {
    static const std::vector<Function> functions = make_table();
    return functions;
}

using Index = std::unordered_map<std::string_view, const Function*>;
const Index& index() {
    static const Index index = [] {
        Index made;
        for (const Function& function : table()) {
            VERIFY(made.emplace(function.name, &function).second);
            for (const std::string& alias : function.aliases)
                VERIFY(made.emplace(alias, &function).second);
        }
        return made;
    }();
    return index;
}

} // namespace

std::span<const Function> functions() {
    return table();
}

const Function* find_function(std::string_view name) {
    const auto found = index().find(name);
    return found == index().end() ? nullptr : found->second;
}

std::string_view nearest_function(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& [known, function] : index())
        names.push_back(known);
    std::ranges::sort(names);
    return nearest_of(name, std::span<const std::string_view>(names));
}

std::optional<Operator> operator_of(std::string_view function) {
    static constexpr std::array<std::pair<std::string_view, Operator>, 6> alike{
        {{"AND", Operator::and_}, {"OR", Operator::or_}, {"NOT", Operator::not_}, {"CONTAINS", Operator::contains},
            {"ISBLANK", Operator::blank}, {"AGO", Operator::ago}}};
    const auto found = std::ranges::find(alike, function, [](const auto& pair) { return pair.first; });
    return found == alike.end() ? std::nullopt : std::optional(found->second);
}

} // namespace onefold::formula
