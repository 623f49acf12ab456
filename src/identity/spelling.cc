#include "identity/spelling.h"

#include "core/text.h"
#include "identity/placeholder.h"

namespace onefold::identity {
namespace {

constexpr std::int64_t pattern_memory_bytes_max = 1 << 20;

Failure bad(const LocalText& message) {
    return fail(ErrorKind::invalid, "identity.bad_value", message);
}

} // namespace

Result<std::shared_ptr<const Spelling>> make_spelling(SpellingRules rules) {
    auto spelling = std::make_shared<Spelling>();
    if (!rules.pattern.empty()) {
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(pattern_memory_bytes_max);
        auto pattern = std::make_unique<re2::RE2>(rules.pattern, options);
        if (!pattern->ok())
            return fail(ErrorKind::invalid, "identity.bad_pattern",
                {fmt::format("This is no pattern of RE2: {}.", pattern->error()),
                    fmt::format("不是有效的 RE2 正则表达式：{}。", pattern->error())});
        spelling->pattern = std::move(pattern);
    }
    spelling->rules = std::move(rules);
    return std::shared_ptr<const Spelling>(std::move(spelling));
}

Result<Normalised> normalise_added(const Spelling& spelling, std::string_view text) {
    const SpellingRules& rules = spelling.rules;
    std::string value = rules.is_case_folded ? folded(text) : std::string(text);
    if (rules.written == Writing::digits) {
        std::erase_if(value, [](char c) { return c == ' ' || c == '-'; });
        if (value.empty() || !std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; }))
            return bad({"The value has other characters than digits.", "值中含有数字以外的字符。"});
    }
    const auto length = std::int64_t(length_of(value));
    if (length < rules.length_min || length > rules.length_max)
        return bad({fmt::format("The value has {} to {} characters.", rules.length_min, rules.length_max),
            fmt::format("值应为 {} 到 {} 个字符。", rules.length_min, rules.length_max)});
    if (is_placeholder_number(value))
        return Normalised{std::move(value), true};
    if (spelling.pattern && !re2::RE2::FullMatch(value, *spelling.pattern))
        return bad(rules.pattern_message.is_empty()
                       ? LocalText{"The value is not written as its type asks.", "值不符合该标识类型的格式。"}
                       : rules.pattern_message);
    return Normalised{std::move(value)};
}

} // namespace onefold::identity
