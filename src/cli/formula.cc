#include "formula/formula.h"

#include "cli/commands.h"
#include "http/json.h"
#include "runtime/runtime.h"

#include <cstdio>

namespace onefold::cli {
namespace {

constexpr std::size_t record_bytes_max = 16 << 20;

Result<boost::json::value> read_record(const std::string& path) {
    const auto files = runtime::make_system_files();
    const auto text = files->read_all(path, record_bytes_max);
    if (!text)
        return fail(ErrorKind::invalid, "cli.no_such_file",
            {fmt::format("The file {} cannot be read.", path), fmt::format("无法读取文件 {}。", path)});
    auto json = http::parse_json(*text);
    if (json)
        return json;
    const LocalText& why = json.error().message;
    return fail(ErrorKind::invalid, "cli.bad_record",
        {fmt::format("{}: {}", path, why.in("en")), fmt::format("{}：{}", path, why.in("zh-CN"))});
}

struct Around {
    formula::Moment moment;
    formula::Sample sample;
};
Result<Around> around(const Formula& command) {
    const Zone zone = TRY(Zone::named(command.zone));
    const Instant now = command.now ? TRY(parse_time(*command.now, zone)) : runtime::make_system_clock()->now();
    boost::json::value json = boost::json::object{};
    if (command.record_file)
        json = TRY(read_record(*command.record_file));
    auto sample = TRY(formula::Sample::read(json, zone));
    return Around{{now, zone}, std::move(sample)};
}

Result<std::string> value_of(const std::string& text, const Around& around) {
    const auto tree = TRY(formula::parse(text));
    const auto checked = TRY(formula::check(tree, {around.sample.shape(), around.moment.zone}));
    const auto program = formula::compile(checked);
    formula::Run run{around.moment};
    const auto value = program.evaluate(run, around.sample.record());
    if (value.is_error())
        return fail(formula::error_of(value));
    return formula::to_text(value);
}

} // namespace

int run(const Formula& command, std::string_view locale) {
    const auto here = around(command);
    if (!here) {
        fmt::print(stderr, "{}\n", here.error().message.in(locale));
        return 2;
    }
    const auto value = value_of(command.text, *here);
    if (value) {
        fmt::print("{}\n", *value);
        return 0;
    }
    fmt::print(stderr, "{}\n", value.error().message.in(locale));
    if (const auto at = formula::span_of(value.error()))
        fmt::print(stderr, "{}\n", formula::with_caret(command.text, *at));
    return 1;
}

} // namespace onefold::cli
