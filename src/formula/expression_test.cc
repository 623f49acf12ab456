#include "formula/expression.h"

#include <gtest/gtest.h>

namespace onefold::formula {
namespace {

Result<Expression> parse(std::string_view text) {
    return parse_json(boost::json::parse(text));
}

std::string pointer_of_error(const boost::json::value& json) {
    const auto parsed = parse_json(json);
    if (parsed)
        return "(no error)";
    EXPECT_EQ(parsed.error().code, "formula.invalid");
    EXPECT_FALSE(parsed.error().message.in("zh-CN").empty());
    return parsed.error().fields.at(0).path;
}

TEST(Expression, ComesBackFromJsonAsItWas) {
    for (const std::string_view text : {
             R"({"field":"name"})",
             R"({"field":"客户.城市"})",
             R"({"value":null})",
             R"({"value":true})",
             R"({"value":"O'Brien \"x\""})",
             R"({"value":-12})",
             R"({"op":"not","args":[{"op":"blank","args":[{"field":"a.b.c"}]}]})",
             R"({"op":"in","args":[{"field":"city"},{"value":"上海"},{"value":null}]})",
             R"({"op":"<=","args":[{"field":"total"},{"value":9223372036854775807}]})",
             R"({"op":"+","args":[{"field":"a"},{"value":1},{"op":"negate","args":[{"field":"b"}]}]})",
             R"({"op":"&","args":[{"field":"a"},{"value":"x"}]})",
             R"({"op":"list","args":[]})",
             R"({"call":"LEFT","args":[{"field":"name"},{"value":2}]})",
             R"({"call":"TODAY","args":[]})",
         }) {
        const auto json = boost::json::parse(text);
        const auto parsed = parse_json(json);
        ASSERT_TRUE(parsed) << text << " " << parsed.error().message.in("en");
        EXPECT_EQ(to_json(*parsed), json) << text;
    }
}

TEST(Expression, EveryOperatorHasASignThatParses) {
    for (int i = 0; i < int(Operator::function); ++i) {
        const auto op = Operator(i);
        const Expression node = call(op, std::vector<Expression>(arity_of(op).min, literal(true)));
        const auto again = parse_json(to_json(node));
        ASSERT_TRUE(again) << sign_of(op);
        EXPECT_EQ(std::get<Call>(again->part).op, op);
    }
}

TEST(Expression, NumbersAreReadExactly) {
    const auto number = [](std::string_view text) {
        const auto parsed = parse(text);
        return parsed ? std::get<Decimal>(std::get<Literal>(parsed->part)).to_string() : parsed.error().code;
    };
    EXPECT_EQ(number(R"({"value":0.1})"), "0.1");
    EXPECT_EQ(number(R"({"value":-9747747.934})"), "-9747747.934");
    EXPECT_EQ(number(R"({"value":1e3})"), "1000");
    EXPECT_EQ(number(R"({"value":18446744073709551615})"), "18446744073709551615");
    EXPECT_EQ(number(R"({"value":0.12345678901234567})"), "formula.invalid");
    EXPECT_EQ(number(R"({"value":1e300})"), "formula.invalid");
    EXPECT_EQ(to_json(literal(*Decimal::parse("0.1"))), boost::json::parse(R"({"value":0.1})"));
    EXPECT_EQ(to_json(literal(*Decimal::parse("12345678901234567.25"))),
        boost::json::parse(R"({"value":"12345678901234567.25"})"));
}

TEST(Expression, ErrorsPointAtWhatIsWrong) {
    const std::vector<std::pair<std::string_view, std::string_view>> cases{
        {R"(5)", ""},
        {R"(null)", ""},
        {R"([])", ""},
        {R"({})", ""},
        {R"({"feild":"name"})", "/feild"},
        {R"({"a/~b":1})", "/a~1~0b"},
        {R"({"field":"name","value":1})", "/field"},
        {R"({"field":"name","x":1})", "/x"},
        {R"({"field":5})", "/field"},
        {R"({"field":""})", "/field"},
        {R"({"field":"a..b"})", "/field"},
        {R"({"field":"a."})", "/field"},
        {R"({"field":"a\u0000b"})", "/field"},
        {R"({"field":"a.b.c.d.e.f.g.h.i"})", "/field"},
        {R"({"value":[1]})", "/value"},
        {R"({"value":{"op":"and"}})", "/value"},
        {R"({"value":"a\u0000b"})", "/value"},
        {R"({"op":"xor","args":[]})", "/op"},
        {R"({"op":7,"args":[]})", "/op"},
        {R"({"op":"call","args":[]})", "/op"},
        {R"({"call":7,"args":[]})", "/call"},
        {R"({"call":"","args":[]})", "/call"},
        {R"({"call":"len","args":[]})", "/call"},
        {R"({"call":"LEN"})", "/args"},
        {R"({"call":"LEN","op":"and","args":[]})", "/call"},
        {R"({"op":"/","args":[{"value":1}]})", "/args"},
        {R"({"op":"and"})", "/args"},
        {R"({"op":"and","args":{}})", "/args"},
        {R"({"op":"and","args":[]})", "/args"},
        {R"({"op":"not","args":[{"value":true},{"value":true}]})", "/args"},
        {R"({"op":"=","args":[{"field":"a"}]})", "/args"},
        {R"({"op":"in","args":[{"field":"a"}]})", "/args"},
        {R"({"op":"blank","args":[]})", "/args"},
        {R"({"op":"and","args":[{"value":true},{"op":"or","args":[{"field":""}]}]})", "/args/1/args/0/field"},
        {R"({"op":"and","args":[{"value":true},7]})", "/args/1"},
    };
    for (const auto& [text, pointer] : cases)
        EXPECT_EQ(pointer_of_error(boost::json::parse(text)), pointer) << text;
}

boost::json::value nested(int depth) {
    boost::json::value json = boost::json::object{{"field", "a"}};
    while (--depth > 0)
        json = boost::json::object{{"op", "not"}, {"args", boost::json::array{std::move(json)}}};
    return json;
}

TEST(Expression, NestsSixtyFourDeepAndNoDeeper) {
    EXPECT_TRUE(parse_json(nested(64)));
    std::string deep;
    for (int i = 0; i < 64; ++i)
        deep += "/args/0";
    EXPECT_EQ(pointer_of_error(nested(65)), deep);
    EXPECT_EQ(pointer_of_error(nested(5000)), deep);
}

TEST(Expression, TakesAThousandMembersButOnlyEightKibibytes) {
    const auto in = [](std::size_t members) {
        boost::json::array args;
        args.push_back(boost::json::object{{"field", "a"}});
        for (std::size_t i = 0; i < members; ++i)
            args.push_back(boost::json::object{{"value", 1}});
        return boost::json::value(boost::json::object{{"op", "in"}, {"args", std::move(args)}});
    };
    EXPECT_TRUE(parse_json(in(600)));
    EXPECT_EQ(pointer_of_error(in(1000)), "");
    EXPECT_EQ(pointer_of_error(in(1001)), "/args");
    EXPECT_TRUE(parse_json(boost::json::object{{"value", std::string(8000, 'x')}}));
    EXPECT_EQ(pointer_of_error(boost::json::object{{"value", std::string(8192, 'x')}}), "");
}

} // namespace
} // namespace onefold::formula
