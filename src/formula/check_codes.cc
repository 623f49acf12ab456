// What is written where a field's codes are meant.
#include "core/text.h"
#include "formula/checker.h"
#include "formula/fault.h"

#include <algorithm>

namespace onefold::formula {
namespace {

using Form = Checked::Form;

const std::vector<Choice>* choices_of(const Checked& part) {
    if (part.form == Form::gather)
        return choices_of(part.args[0]);
    return part.form == Form::field ? part.path.back().choices : nullptr;
}

Result<void> check_code(const Checked& part, const std::vector<Choice>& choices) {
    if (part.form == Form::call && part.op == Operator::list)
        for (const Checked& member : part.args)
            TRY(check_code(member, choices));
    const auto* word = part.form == Form::constant ? std::get_if<std::string>(&part.constant) : nullptr;
    if (!word || std::ranges::find(choices, *word, &Choice::code) != choices.end())
        return {};
    const auto is_shown_so = [&](const Choice& choice) {
        return lower_ascii(choice.label.in("en")) == lower_ascii(*word) ||
               lower_ascii(choice.label.in("zh-CN")) == lower_ascii(*word);
    };
    const auto meant = std::ranges::find_if(choices, is_shown_so);
    if (meant == choices.end())
        return {};
    const std::string_view shown = beginning_of(*word, 60);
    return fault(part.at, "formula.shown_word",
        {fmt::format("“{}” is how {} is shown; write \"{}\".", shown, meant->code, meant->code),
            fmt::format("“{}”是 {} 的显示名称，应写作 \"{}\"。", shown, meant->code, meant->code)});
}

} // namespace

std::string lower_ascii(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return result;
}

Result<void> check_codes(std::span<const Checked> args) {
    for (const Checked& arg : args)
        if (const auto* choices = choices_of(arg))
            for (const Checked& other : args)
                TRY(check_code(other, *choices));
    return {};
}

} // namespace onefold::formula
