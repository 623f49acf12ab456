#include "core/text.h"
#include "formula/function.h"
#include "formula/language.h"

#include <array>
#include <fmt/format.h>
#include <optional>

namespace onefold::formula {
namespace {

using Kind = Token::Kind;

constexpr int nesting_max = 200; // of parentheses and the like; the tree's own depth is asked afterwards

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        c = c >= 'a' && c <= 'z' ? char(c - 32) : c;
    return result;
}

struct Infix {
    std::string_view sign;
    Operator op;
    int level;
    bool gathers; // a + b + c is one call
};
constexpr int level_or = 1, level_and = 2, level_not = 3, level_comparison = 4, level_percent = 9;
constexpr std::array<Infix, 14> infixes{{
    {"OR", Operator::or_, level_or, true},
    {"AND", Operator::and_, level_and, true},
    {"=", Operator::equal, level_comparison, false},
    {"<>", Operator::not_equal, level_comparison, false},
    {"<", Operator::less, level_comparison, false},
    {"<=", Operator::less_equal, level_comparison, false},
    {">", Operator::greater, level_comparison, false},
    {">=", Operator::greater_equal, level_comparison, false},
    {"&", Operator::join, 5, true},
    {"+", Operator::add, 6, true},
    {"-", Operator::subtract, 6, false},
    {"*", Operator::multiply, 7, true},
    {"/", Operator::divide, 7, false},
    {"^", Operator::power, 8, false},
}};

int depth_of(const Expression& expression) {
    int deepest = 0;
    if (const auto* call = std::get_if<Call>(&expression.part))
        for (const auto& arg : call->args)
            deepest = std::max(deepest, depth_of(arg));
    return deepest + 1;
}

Expression of_one(Operator op, Expression arg, Span at) {
    std::vector<Expression> args;
    args.push_back(std::move(arg));
    return {Call{op, std::move(args)}, at};
}

class Parser {
  public:
    explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    Result<Expression> whole() {
        if (is_sign("="))
            ++next_;
        if (now().kind == Kind::end)
            return fault(now().at, "formula.syntax", {"the formula is empty.", "公式为空。"});
        auto expression = TRY(infix(level_or));
        if (now().kind != Kind::end)
            return unexpected({"an operator such as +, = or AND, or the end", "运算符（如 +、=、AND）或公式结尾"});
        if (depth_of(expression) > depth_max)
            return too_deep(expression.at);
        return expression;
    }

  private:
    const Token& now() const { return tokens_[next_]; }
    const Token& ahead() const { return tokens_[std::min(next_ + 1, tokens_.size() - 1)]; }
    bool is_sign(std::string_view sign) const { return now().kind == Kind::sign && now().text == sign; }
    bool is_word(std::string_view word) const { return now().kind == Kind::name && upper(now().text) == word; }
    Span since(std::uint32_t begin) const {
        const Span last = tokens_[next_ - 1].at;
        return {begin, last.begin + last.length - begin};
    }

    static Failure too_deep(Span at) {
        return fault(at, "formula.too_deep",
            {fmt::format("formulas nest at most {} deep.", depth_max), fmt::format("公式最多嵌套 {} 层。", depth_max)});
    }

    Failure unexpected(const LocalText& expected) const {
        const Token& token = now();
        if (token.kind == Kind::end)
            return fault(token.at, "formula.syntax",
                {fmt::format("the formula ends where {} was expected.", expected.in("en")),
                    fmt::format("公式在此结束，但此处应为{}。", expected.in("zh-CN"))});
        const std::string shown(beginning_of(token.kind == Kind::text ? "\"" + token.text + "\"" : token.text, 60));
        return fault(token.at, "formula.syntax",
            {fmt::format("“{}” stands where {} was expected.", shown, expected.in("en")),
                fmt::format("此处是“{}”，但应为{}。", shown, expected.in("zh-CN"))});
    }
    static LocalText a_value() { return {"a value, a field or a function", "值、字段或函数"}; }

    Result<void> demand(std::string_view sign) {
        if (!is_sign(sign))
            return unexpected({fmt::format("“{}”", sign), fmt::format("“{}”", sign)});
        ++next_;
        return {};
    }

    const Infix* infix_here() const {
        for (const Infix& infix : infixes)
            if (infix.level <= level_and ? is_word(infix.sign) : is_sign(infix.sign))
                return &infix;
        return nullptr;
    }

    bool is_in_here() const {
        return is_word("IN") || (is_word("NOT") && ahead().kind == Kind::name && upper(ahead().text) == "IN");
    }

    Result<Expression> infix(int level) {
        if (++nesting_ > nesting_max)
            return too_deep(now().at);
        auto left = TRY(infix_of(level));
        --nesting_;
        return left;
    }

    Result<Expression> infix_of(int level) {
        const auto begin = now().at.begin;
        auto left = TRY(level <= level_not && is_negation() ? negation() : percent());
        int tightest = level_percent; // a comparison's side ends where the next begins
        for (const Infix* found = infix_here(); true; found = infix_here()) {
            if (is_in_here() && level <= level_comparison) {
                if (tightest <= level_comparison)
                    return chained();
                left = TRY(in(std::move(left), begin));
                tightest = level_comparison;
                continue;
            }
            if (!found || found->level < level)
                return left;
            if (found->level == level_comparison && tightest <= level_comparison)
                return chained();
            if (found->level > level_comparison && tightest <= level_comparison)
                return unexpected({"AND, OR or the end", "AND、OR 或结尾"});
            left = TRY(taken(*found, std::move(left), begin));
            tightest = std::min(tightest, found->level);
        }
    }

    Failure chained() const {
        return fault(now().at, "formula.syntax",
            {"comparisons do not chain; join two with AND: a < b AND b < c.",
                "比较不能连写；请用 AND 连接：a < b AND b < c。"});
    }

    // What follows `left` at this operator, also the further terms of one chain.
    Result<Expression> taken(const Infix& infix_sign, Expression left, std::uint32_t begin) {
        std::vector<Expression> args;
        args.push_back(std::move(left));
        do {
            ++next_;
            args.push_back(TRY(infix(infix_sign.level + 1)));
        } while (infix_sign.gathers && infix_here() == &infix_sign);
        if (args.size() > members_max)
            return too_many(since(begin));
        return Expression{Call{infix_sign.op, std::move(args)}, since(begin)};
    }

    static Failure too_many(Span at) {
        return fault(at, "formula.wrong_count",
            {fmt::format("at most {} parts are allowed here.", members_max),
                fmt::format("此处最多 {} 项。", members_max)});
    }

    // NOT directly before "(" is a function.
    bool is_negation() const {
        const bool is_function = ahead().kind == Kind::sign && ahead().text == "(" && !ahead().is_after_blank;
        return is_word("NOT") && !is_function;
    }

    Result<Expression> negation() {
        const auto begin = now().at.begin;
        ++next_;
        auto of = TRY(infix(level_not));
        return of_one(Operator::not_, std::move(of), since(begin));
    }

    Result<Expression> in(Expression left, std::uint32_t begin) {
        const bool is_not = is_word("NOT");
        next_ += is_not ? 2 : 1;
        std::vector<Expression> args;
        args.push_back(std::move(left));
        if (is_sign("(") || is_sign("{")) {
            const std::string_view closing = is_sign("(") ? ")" : "}";
            if (ahead().kind == Kind::sign && ahead().text == closing) { // x IN {}: a list without members
                next_ += 2;
                args.push_back({Call{Operator::list, {}}, since(begin)});
            } else {
                ++next_;
                TRY(arguments(args, closing));
            }
        } else {
            args.push_back(TRY(infix(level_comparison + 1)));
        }
        if (args.size() > members_max + 1)
            return too_many(since(begin));
        Expression made{Call{Operator::in, std::move(args)}, since(begin)};
        if (!is_not)
            return made;
        return of_one(Operator::not_, std::move(made), since(begin));
    }

    Result<Expression> percent() {
        const auto begin = now().at.begin;
        auto value = TRY(sign_before());
        while (is_sign("%")) {
            ++next_;
            value = of_one(Operator::percent, std::move(value), since(begin));
        }
        return value;
    }

    Result<Expression> sign_before() {
        const auto begin = now().at.begin;
        if (!is_sign("-") && !is_sign("+"))
            return primary();
        if (++nesting_ > nesting_max)
            return too_deep(now().at);
        const bool is_minus = is_sign("-");
        ++next_;
        auto of = TRY(sign_before());
        --nesting_;
        if (!is_minus)
            return of;
        // Minus a written number is one number.
        if (auto* value = std::get_if<Literal>(&of.part); value && tokens_[next_ - 1].kind == Kind::number)
            if (auto* number = std::get_if<Decimal>(value); number && !number->is_negative() && !number->is_zero())
                return Expression{Literal{number->negated()}, since(begin)};
        return of_one(Operator::negate, std::move(of), since(begin));
    }

    Result<Expression> primary() {
        const Token token = now();
        switch (token.kind) {
        case Kind::number:
            return number();
        case Kind::text:
            ++next_;
            return Expression{Literal{token.text}, token.at};
        case Kind::quoted:
            return path();
        case Kind::name:
            return word();
        case Kind::sign:
            break;
        case Kind::end:
            return unexpected(a_value());
        }
        if (token.text == "(") {
            ++next_;
            auto inner = TRY(infix(level_or));
            TRY(demand(")"));
            inner.at = since(token.at.begin);
            return inner;
        }
        if (token.text == "{") {
            ++next_;
            std::vector<Expression> members;
            TRY(arguments(members, "}"));
            if (members.size() > members_max)
                return too_many(since(token.at.begin));
            return Expression{Call{Operator::list, std::move(members)}, since(token.at.begin)};
        }
        return unexpected(a_value());
    }

    Result<Expression> number() {
        const Token& token = now();
        ++next_;
        auto value = Decimal::parse(token.text);
        if (!value)
            return fault(token.at, "formula.out_of_range",
                {"numbers have at most 38 digits, 12 of them behind the point.",
                    "数字最多 38 位，其中小数最多 12 位。"});
        return Expression{Literal{*value}, token.at};
    }

    Result<Expression> word() {
        const Token token = now();
        const std::string name = upper(token.text);
        const bool is_call = ahead().kind == Kind::sign && ahead().text == "(";
        if (is_call)
            return function(name, token);
        if (name == "TRUE" || name == "FALSE") {
            ++next_;
            return Expression{Literal{name == "TRUE"}, token.at};
        }
        if (name == "AND" || name == "OR" || name == "IN" || name == "NOT")
            return unexpected(a_value());
        return path();
    }

    Result<Expression> path() {
        const auto begin = now().at.begin;
        std::vector<std::string> codes;
        while (true) {
            const Token& token = now();
            if (token.kind != Kind::name && token.kind != Kind::quoted)
                return unexpected({"the name of a field", "字段名"});
            if (token.text.empty() || token.text.find('.') != token.text.npos ||
                length_of(token.text) > code_length_max ||
                std::ranges::any_of(token.text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
                return fault(token.at, "formula.syntax",
                    {fmt::format("a field's name has 1 to {} characters, no dot and no line break.", code_length_max),
                        fmt::format("字段名为 1 至 {} 个字符，不含点号和换行。", code_length_max)});
            codes.push_back(token.text);
            ++next_;
            if (codes.size() > path_length_max)
                return fault(since(begin), "formula.syntax",
                    {fmt::format("a field's path has at most {} names.", path_length_max),
                        fmt::format("字段路径最多含 {} 个名称。", path_length_max)});
            if (!is_sign("."))
                break;
            ++next_;
        }
        return Expression{Field{std::move(codes)}, since(begin)};
    }

    // Behind the opening sign, up to and with the closing one.
    Result<void> arguments(std::vector<Expression>& args, std::string_view closing) {
        if (is_sign(closing)) {
            ++next_;
            return {};
        }
        while (true) {
            args.push_back(TRY(infix(level_or)));
            if (is_sign(closing)) {
                ++next_;
                return {};
            }
            if (!is_sign(","))
                return unexpected({fmt::format("“,” or “{}”", closing), fmt::format("“,”或“{}”", closing)});
            ++next_;
        }
    }

    Result<Expression> function(const std::string& name, const Token& token) {
        next_ += 2;
        std::vector<Expression> args;
        TRY(arguments(args, ")"));
        const Span at = since(token.at.begin);
        if (args.size() > members_max)
            return too_many(at);
        if (args.empty() && (name == "TRUE" || name == "FALSE"))
            return Expression{Literal{name == "TRUE"}, at};
        if (args.empty() && name == "BLANK")
            return Expression{Literal{}, at};
        const Function* known = find_function(name);
        const std::string_view canonical = known ? known->name : std::string_view(name);
        const auto op = operator_of(canonical);
        if (!op)
            return Expression{Call{Operator::function, std::move(args), std::string(canonical)}, at};
        const auto [least, most] = arity_of(*op);
        if (args.size() < least || args.size() > most)
            return wrong_count(canonical, least, most, args.size(), at);
        return Expression{Call{*op, std::move(args)}, at};
    }

    std::vector<Token> tokens_;
    std::size_t next_ = 0;
    int nesting_ = 0;
};

} // namespace

Failure wrong_count(std::string_view name, std::size_t least, std::size_t most, std::size_t count, Span at) {
    const std::string range = least == most         ? std::to_string(least)
                              : most >= members_max ? fmt::format("≥ {}", least)
                                                    : fmt::format("{}–{}", least, most);
    return fault(at, "formula.wrong_count",
        {fmt::format("{} takes {} argument{}, not {}.", name, range, range == "1" ? "" : "s", count),
            fmt::format("{} 需要 {} 个参数，而不是 {} 个。", name, range, count)});
}

Result<Expression> parse(std::string_view text) {
    return Parser{TRY(lex(text))}.whole();
}

} // namespace onefold::formula
