#include "formula/function.h"
#include "http/bind.h"
#include "object/condition_with.h"
#include "object/object.h"

namespace onefold::object {
namespace {

struct ExampleView {
    std::string text;
    std::optional<std::string> value, error; // the error's code
};
BOOST_DESCRIBE_STRUCT(ExampleView, (), (text, value, error))

struct WordsView {
    std::string parameter;
    std::vector<std::string> words;
};
BOOST_DESCRIBE_STRUCT(WordsView, (), (parameter, words))

struct FunctionView {
    std::string name;
    std::vector<std::string> aliases;
    std::string family; // logic, text, number, date, list
    std::string signature;
    LocalText help;
    bool is_aggregate;            // over related records, with a condition
    std::vector<WordsView> words; // of the parameters that take no others
    std::vector<ExampleView> examples;
    std::optional<std::string> use; // a condition on customers that calls it
};
BOOST_DESCRIBE_STRUCT(FunctionView, (), (name, aliases, family, signature, help, is_aggregate, words, examples, use))

struct FunctionList {
    std::vector<FunctionView> items;
};
BOOST_DESCRIBE_STRUCT(FunctionList, (), (items))

std::string_view family_name(formula::Family family) {
    constexpr std::string_view names[] = {"logic", "text", "number", "date", "list"};
    return names[std::size_t(family)];
}

ExampleView view_of(const formula::Example& example) {
    if (example.value.starts_with("formula."))
        return {std::string(example.text), std::nullopt, std::string(example.value)};
    return {std::string(example.text), std::string(example.value), std::nullopt};
}

FunctionView view_of(const formula::Function& function) {
    FunctionView view{function.name, function.aliases, std::string(family_name(function.family)), function.signature,
        function.help, function.is_aggregate, {}, {}, {}};
    view.use = find_condition_with(function.name);
    for (const auto& param : function.params)
        if (!param.words.empty())
            view.words.push_back({param.name, param.words});
    for (const auto& example : function.examples)
        view.examples.push_back(view_of(example));
    return view;
}

} // namespace

void add_function_route(http::Contract& contract) {
    contract.add<http::Nothing, FunctionList>(
        {http::Method::get, "/api/v1/formula/functions", "formula_function.list", http::may_read, http::not_audited,
            {"The functions of the formula language, with help and examples", "公式语言的函数、说明与示例"}},
        [](const Caller&, const http::Nothing&) -> Result<FunctionList> {
            FunctionList list;
            for (const auto& function : formula::functions())
                list.items.push_back(view_of(function));
            return list;
        });
}

} // namespace onefold::object
