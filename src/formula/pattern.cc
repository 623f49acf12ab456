#include "formula/pattern.h"

#include "formula/fault.h"
#include "formula/function.h"

#include <re2/re2.h>

namespace onefold::formula {
namespace {

using Args = std::span<const Value>;

constexpr std::int64_t pattern_bytes_max = 1 << 20; // of a compiled one
constexpr std::size_t kept_max = 64;
constexpr std::int64_t compile_steps = 200;

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

// The patterns that this thread met last.
const re2::RE2& pattern_of(Run& run, std::string_view text) {
    thread_local std::map<std::string, std::shared_ptr<const re2::RE2>, std::less<>> kept;
    const auto found = kept.find(text);
    if (found != kept.end())
        return *found->second;
    run.step(compile_steps);
    if (kept.size() >= kept_max)
        kept.clear();
    return *kept.emplace(std::string(text), make_pattern(text)).first->second;
}

// The pattern of the second argument, or the error that it is none.
const re2::RE2* usable(Run& run, Args args, Value& error) {
    const auto text = args[1].get<std::string_view>();
    if (!run.step_over(16 * args[0].get<std::string_view>().size()) || text.size() > 1000) {
        error = text.size() > 1000 ? run.fail(Why::bad_pattern, text) : run.spent();
        return nullptr;
    }
    const re2::RE2& pattern = pattern_of(run, text);
    if (pattern.ok())
        return &pattern;
    error = run.fail(Why::bad_pattern, pattern.error());
    return nullptr;
}

Value matches(Run& run, Args args) {
    Value error;
    const auto* pattern = usable(run, args, error);
    return pattern ? Value(re2::RE2::PartialMatch(piece(args[0].get<std::string_view>()), *pattern)) : error;
}

Value extract(Run& run, Args args) {
    Value error;
    const auto* pattern = usable(run, args, error);
    if (!pattern)
        return error;
    const auto text = args[0].get<std::string_view>();
    re2::StringPiece found[2];
    const int count = pattern->NumberOfCapturingGroups() > 0 ? 2 : 1;
    if (!pattern->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, found, count))
        return run.fail(Why::not_found, args[1].get<std::string_view>());
    const auto& taken = found[count - 1];
    return taken.data() ? Value(std::string_view(taken.data(), taken.size())) : Value();
}

Value replace(Run& run, Args args) {
    Value error;
    const auto* pattern = usable(run, args, error);
    if (!pattern)
        return error;
    const auto text = args[0].get<std::string_view>();
    const re2::StringPiece rewrite = piece(args[2].get<std::string_view>());
    std::string why;
    if (!pattern->CheckRewriteString(rewrite, &why))
        return run.fail(Why::bad_pattern, why);
    Draft draft{run};
    std::vector<re2::StringPiece> groups(std::size_t(1 + re2::RE2::MaxSubmatch(rewrite)));
    for (std::size_t from = 0, at = 0; run.step();) {
        if (at > text.size() ||
            !pattern->Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, groups.data(), int(groups.size()))) {
            draft.add(text.substr(from));
            break;
        }
        const auto begin = std::size_t(groups[0].data() - text.data());
        std::string fresh;
        pattern->Rewrite(&fresh, rewrite, groups.data(), int(groups.size()));
        if (!draft.add(text.substr(from, begin - from)) || !draft.add(fresh))
            break;
        from = begin + groups[0].size();
        at = groups[0].empty() ? from + 1 : from; // an empty match goes on behind the next character
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
            ++at;
    }
    return draft.value();
}

} // namespace

std::shared_ptr<const re2::RE2> make_pattern(std::string_view pattern) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(pattern_bytes_max);
    return std::make_shared<const re2::RE2>(piece(pattern), options);
}

Result<void> check_pattern(std::string_view text, Span at) {
    const auto pattern = make_pattern(text);
    if (pattern->ok())
        return {};
    return fault(at, code_of(Why::bad_pattern), message_of({Why::bad_pattern, at, pattern->error()}));
}

std::vector<Row> pattern_rows() {
    constexpr auto propagate = Blanks::propagate;
    constexpr auto pattern = Special::matches_pattern;
    return {
        {"REGEXMATCH(text: text, pattern: text): truth", matches, "Whether the pattern (RE2) is found in the text.",
            "文本中是否有匹配正则表达式（RE2）的部分。",
            {{R"(REGEXMATCH("13800138000", "^1[3-9]\d{9}$"))", "TRUE"},
                {R"(REGEXMATCH("上海市", "^[\p{Han}]+$"))", "TRUE"},
                {R"(REGEXMATCH("a", "("))", "formula.bad_pattern"}},
            {"REGEXTEST"}, propagate, pattern},
        {"REGEXEXTRACT(text: text, pattern: text): text", extract,
            "What matches the pattern, or its first group; an error where nothing does.",
            "匹配正则表达式的部分，或其第一个分组；无匹配时出错。",
            {{R"(REGEXEXTRACT("My favorite number is 241, but my friend's is 17", "\d+"))", "241"},
                {R"(REGEXEXTRACT("order A-17", "([A-Z])-"))", "A"}},
            {}, propagate, pattern},
        {"REGEXREPLACE(text: text, pattern: text, new: text): text", replace,
            "With another text in place of all that matches; \\1 is the first group.",
            "替换全部匹配的部分；\\1 表示第一个分组。",
            {{R"(REGEXREPLACE("Spreadsheets", "S.*d", "Bed"))", "Bedsheets"},
                {R"(REGEXREPLACE("a1b2", "\d", ""))", "ab"},
                {R"(REGEXREPLACE("lin@x.com", "^(.).*@", "\1***@"))", "l***@x.com"}},
            {}, propagate, pattern},
    };
}

} // namespace onefold::formula
