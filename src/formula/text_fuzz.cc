// Any text is a formula or refused; a formula has a value or a typed error, within its budget; and it is printed as
// what is read as the same tree.
#include "formula/formula.h"

#include <cstdlib>

using namespace onefold;

namespace {

const formula::Sample& sample() {
    static const formula::Sample sample = *formula::Sample::read(
        boost::json::parse(
            R"({"a":1,"b":"2.5","name":"Lin","城市":"上海","born":"1990-02-28","at":"2026-05-20T10:00:00Z","no":null,"t":true,
            "tags":["x","y"],"orders":[{"amount":1,"note":"p","paid_at":null},{"amount":-2,"note":"q","paid_at":"2026-01-01T00:00:00Z"}]})"),
        Zone{});
    return sample;
}

void demand(bool holds) {
    if (!holds)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const formula::Moment moment{Instant{}, *Zone::named("Asia/Shanghai")};
    static formula::Run run{moment};
    const auto tree = formula::parse(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!tree)
        return 0;
    if (const std::string text = formula::print(*tree); text.size() <= formula::text_bytes_max) {
        const auto again = formula::parse(text);
        demand(again && *again == *tree);
    }
    const auto checked = formula::check(*tree, {sample().shape(), moment.zone});
    if (!checked)
        return 0;
    const auto program = formula::compile(*checked);
    const auto value = program.evaluate(run, sample().record());
    (void)formula::to_text(value);
    return 0;
}
