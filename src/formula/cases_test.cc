// test/formula/cases.json: what every evaluator of the language is held to.
#include "formula/formula.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <sstream>

namespace onefold::formula {
namespace {

namespace json = boost::json;

json::value read_cases() {
    const auto path = std::filesystem::path(__FILE__).parent_path() / "../../test/formula/cases.json";
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return json::parse(text.str());
}

std::string_view text_of(const json::object& one, std::string_view key, std::string_view otherwise) {
    const auto* value = one.if_contains(key);
    return value ? std::string_view(value->as_string()) : otherwise;
}

// A record's fields, some of them with choices.
class Chosen final : public Shape {
  public:
    Chosen(const Shape& shape, const json::object& choices) : shape_(shape) {
        for (const auto& [name, list] : choices)
            for (const auto& one : list.as_array())
                choices_[name].push_back({std::string(one.at("code").as_string()),
                    {std::string(one.at("label").at("en").as_string()),
                        std::string(one.at("label").at("zh-CN").as_string())}});
    }
    std::optional<Slot> find(std::string_view name) const override {
        auto slot = shape_.find(name);
        if (const auto found = choices_.find(name); slot && found != choices_.end())
            slot->choices = &found->second;
        return slot;
    }
    std::vector<std::string> names() const override { return shape_.names(); }

  private:
    const Shape& shape_;
    std::map<std::string, std::vector<Choice>, std::less<>> choices_;
};

Result<std::string> value_of(const json::object& one, const json::object& records, const json::object& choices = {}) {
    const Zone zone = TRY(Zone::named(text_of(one, "zone", "UTC")));
    const Moment moment{TRY(parse_rfc3339(text_of(one, "now", "2026-05-31T08:30:00Z"))), zone};
    const auto name = text_of(one, "record", "");
    const auto sample = TRY(Sample::read(name.empty() ? json::value(json::object{}) : records.at(name), zone));
    const auto tree = TRY(parse(std::string_view(one.at("text").as_string())));
    const auto checked = TRY(check(tree, {Chosen{sample.shape(), choices}, zone}));
    const auto program = compile(checked);
    formula::Run run{moment};
    const Value value = program.evaluate(run, sample.record());
    if (value.is_error())
        return fail(error_of(value));
    return to_text(value);
}

// Where it is wrong, and what is said of it, where the case knows.
void expect_told(const json::object& one, const Error& error) {
    if (const auto* at = one.if_contains("at")) {
        const auto span = span_of(error).value_or(Span{});
        EXPECT_EQ(*at, (json::array{span.begin, span.length})) << one;
    }
    for (const std::string_view language : {"en", "zh-CN"})
        if (one.contains(language)) {
            EXPECT_EQ(error.fields.front().message.in(language), text_of(one, language, ""));
        }
}

void run(const json::array& cases, const json::object& records, const json::object& choices) {
    for (const json::value& one : cases) {
        const auto& object = one.as_object();
        const auto value = value_of(object, records, choices);
        const auto wanted = text_of(object, object.contains("error") ? "error" : "value", "");
        EXPECT_EQ(value ? *value : value.error().code, wanted)
            << one << (value ? "" : " " + std::string(value.error().message.in("en")));
        EXPECT_NE(text_of(object, "source", ""), "") << one;
        if (!value)
            expect_told(object, value.error());
        if (const auto tree = parse(std::string_view(object.at("text").as_string()))) {
            const auto again = parse(print(*tree));
            ASSERT_TRUE(again) << print(*tree);
            EXPECT_EQ(*again, *tree) << print(*tree);
        }
    }
}

TEST(Cases, EachHasItsValueOrItsError) {
    const json::value file = read_cases();
    const auto& cases = file.at("cases").as_array();
    EXPECT_GE(cases.size(), 300u);
    run(cases, file.at("records").as_object(), {});
}

TEST(Cases, OfChoicesAskForTheirCodes) {
    const json::value file = read_cases();
    run(file.at("choice_cases").as_array(), file.at("records").as_object(), file.at("choices").as_object());
}

} // namespace
} // namespace onefold::formula
