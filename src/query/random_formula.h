#pragma once
// Formulas by chance over the deals of sql_rig.h, of a wanted type, from every function of the table.
#include "formula/function.h"
#include "formula/language.h"
#include "query/sql_rig.h"

#include <cstdlib>
#include <set>

namespace onefold::query::rig {

using formula::Checked;
using formula::Expression;
using formula::Give;
using formula::Operator;
using formula::Want;

class RandomFormula {
  public:
    explicit RandomFormula(Dice& dice) : dice_(dice) {}

    Expression of(Kind kind, int depth) {
        if (first_)
            return function(kind, depth);
        if (depth <= 0 || dice_.one_in(6))
            return leaf(kind);
        if (dice_.one_in(3))
            return operation(kind, depth - 1);
        return function(kind, depth - 1);
    }
    Kind any_kind() {
        static const std::vector<Kind> choices{
            Kind::truth, Kind::truth, Kind::number, Kind::number, Kind::text, Kind::date, Kind::instant};
        return dice_.of(choices);
    }
    // The next call is one of this function.
    void begin_with(const formula::Function* function) { first_ = function; }

    // What the function gives, if it is one value.
    static std::optional<Kind> kind_of(const formula::Function& function) {
        switch (function.give) {
        case Give::text:
            return Kind::text;
        case Give::number:
            return Kind::number;
        case Give::truth:
            return Kind::truth;
        case Give::date:
            return Kind::date;
        case Give::instant:
            return Kind::instant;
        default:
            return std::nullopt;
        }
    }

  private:
    Expression literal(Kind kind) {
        static const std::vector<std::string> numbers{"0", "1", "-1", "2", "0.5", "3", "10", "100", "-0.01",
            "0.000000000001", "1234.5678", "99999999999999999999999999999999999999",
            "12345678901234567890.123456789012", "0.005", "365", "30", "-7", "2.5", "20013", "7"};
        static const std::vector<std::string> days{"2026-05-31", "2024-02-29", "1999-12-31", "2026-01-31"};
        static const std::vector<std::string> times{
            "2026-05-31T08:30:00Z", "2026-03-29T01:00:00Z", "2026-10-25T00:30:00.5Z"};
        static const std::vector<std::string> words{"month", "day", "week", "year", "hour", "quarter", "D", "YM", "md",
            "UTC", "America/New_York", "#,##0.00", "yyyy-mm-dd", "a", "^a|上", "\\d+", ","};
        if (dice_.one_in(12))
            return formula::literal(std::monostate{});
        switch (kind) {
        case Kind::number:
            return formula::literal(*Decimal::parse(dice_.of(numbers)));
        case Kind::truth:
            return formula::literal(dice_.one_in(2));
        case Kind::date:
            return formula::call("DATEVALUE", {formula::literal(dice_.of(days))});
        case Kind::instant:
            return dice_.one_in(4) ? formula::call("NOW", {})
                                   : formula::call("DATETIMEVALUE", {formula::literal(dice_.of(times))});
        default:
            return formula::literal(dice_.one_in(2) ? dice_.of(words) : dice_.of(texts()));
        }
    }

    Expression leaf(Kind kind) { return dice_.one_in(3) ? literal(kind) : field(kind); }

    Expression field(Kind kind) {
        std::vector<std::vector<std::string>> paths;
        const auto add = [&](const std::string& of, const std::string& before) {
            for (const Field& field : kinds().at(of).fields)
                if (field.kind == kind)
                    paths.push_back(before.empty() ? std::vector{field.name} : std::vector{before, field.name});
        };
        add("deal", "");
        add("person", "owner");
        if (is_in_lines_)
            for (int i = 0; i < 3; ++i)
                add("line", "");
        return formula::field(dice_.of(paths));
    }

    Expression operation(Kind kind, int depth) {
        const auto two = [&](Operator op, Kind left, Kind right) {
            return formula::call(op, {of(left, depth), of(right, depth)});
        };
        switch (kind) {
        case Kind::number:
            switch (dice_.below(8)) {
            case 0:
                return formula::call(Operator::negate, {of(Kind::number, depth)});
            case 1:
                return formula::call(Operator::percent, {of(Kind::number, depth)});
            case 2: {
                const Kind of_moments = dice_.one_in(2) ? Kind::date : Kind::instant;
                return two(Operator::subtract, of_moments, of_moments);
            }
            case 3:
                return formula::call(Operator::power,
                    {of(Kind::number, depth), formula::literal(Decimal::of(std::int64_t(dice_.below(5)) - 1))});
            case 4:
            case 5:
                return formula::call(dice_.one_in(2) ? Operator::add : Operator::multiply,
                    {of(Kind::number, depth), of(Kind::number, depth), leaf(Kind::number)});
            case 6:
                return two(Operator::divide, Kind::number, Kind::number);
            default:
                return two(Operator::subtract, Kind::number, Kind::number);
            }
        case Kind::text:
            return formula::call(Operator::join, {of(any_kind(), depth), of(any_kind(), depth)});
        case Kind::date:
        case Kind::instant:
            return two(dice_.one_in(2) ? Operator::add : Operator::subtract, kind, Kind::number);
        default:
            break;
        }
        switch (dice_.below(7)) {
        case 0:
            return formula::call(dice_.one_in(2) ? Operator::and_ : Operator::or_,
                {of(Kind::truth, depth), of(Kind::truth, depth), leaf(Kind::truth)});
        case 1:
            return formula::call(Operator::not_, {of(Kind::truth, depth)});
        case 2: {
            const Kind one = any_kind();
            if (dice_.one_in(3))
                return formula::call(Operator::in, {of(one, depth), list(one, depth)});
            return formula::call(Operator::in, {of(one, depth), leaf(one), literal(one), of(one, depth)});
        }
        case 3:
            return two(Operator::contains, Kind::text, Kind::text);
        case 4:
            return formula::call(Operator::blank, {dice_.one_in(4) ? list(any_kind(), depth) : of(any_kind(), depth)});
        default: {
            const Kind one = any_kind();
            const std::size_t ops = one == Kind::truth ? 2 : 6;
            return two(Operator(int(Operator::equal) + int(dice_.below(ops))), one, one);
        }
        }
    }

    Expression list(Kind kind, int depth) {
        if (!is_in_lines_ && !dice_.one_in(3)) {
            std::vector<std::vector<std::string>> paths;
            for (const Field& field : kinds().at("line").fields)
                if (field.kind == kind)
                    paths.push_back({"lines", field.name});
            return formula::field(dice_.of(paths));
        }
        std::vector<Expression> members;
        for (std::size_t count = dice_.below(4); count > 0; --count)
            members.push_back(of(kind, depth - 1));
        return formula::call(Operator::list, std::move(members));
    }

    const formula::Function& chosen(Kind kind) {
        if (first_)
            return *std::exchange(first_, nullptr);
        while (true) {
            const auto& function = formula::functions()[dice_.below(formula::functions().size())];
            const auto gives = kind_of(function);
            const bool may = function.give == Give::same || function.give == Give::each ||
                             (function.give == Give::moment && (kind == Kind::date || kind == Kind::instant));
            if (gives ? *gives == kind : may)
                return function;
        }
    }

    // COUNT(lines, condition), SUM(lines.price, condition)
    std::optional<Expression> of_lines(const formula::Function& function, Kind kind, int depth) {
        if (!function.is_aggregate || is_in_lines_ || dice_.one_in(4))
            return std::nullopt;
        const Want want = function.params[0].want;
        std::vector<Expression> args;
        if (want == Want::truths || (want == Want::parts && dice_.one_in(2)))
            args.push_back(formula::field({"lines"}));
        else
            args.push_back(formula::field({"lines", name_in_lines(want == Want::numbers ? Kind::number : kind)}));
        if (want == Want::truths || dice_.one_in(2)) {
            is_in_lines_ = true;
            args.push_back(of(Kind::truth, depth));
            is_in_lines_ = false;
        }
        return formula::call(function.name, std::move(args));
    }
    std::string name_in_lines(Kind kind) {
        std::vector<std::string> names;
        for (const Field& field : kinds().at("line").fields)
            if (field.kind == kind)
                names.push_back(field.name);
        return dice_.of(names);
    }

    Expression function(Kind kind, int depth) {
        const auto& function = chosen(kind);
        const Kind same = function.give == Give::same || function.give == Give::each ? kind : any_kind();
        if (auto aggregate = of_lines(function, same, depth))
            return std::move(*aggregate);
        if (function.special == formula::Special::ifs)
            return formula::call(
                "IFS", {of(Kind::truth, depth), of(kind, depth), of(Kind::truth, depth), of(kind, depth)});
        if (function.special == formula::Special::switch_) {
            const Kind key = any_kind();
            return formula::call(
                "SWITCH", {of(key, depth), leaf(key), of(kind, depth), leaf(key), of(kind, depth), leaf(kind)});
        }
        std::vector<Expression> args;
        for (const auto& param : function.params) {
            if (param.is_optional && dice_.one_in(2))
                break;
            args.push_back(argument(param, same, kind, depth));
            if (param.repeats && dice_.one_in(2))
                args.push_back(argument(param, same, kind, depth));
        }
        return formula::call(function.name, std::move(args));
    }

    Expression argument(const formula::Param& param, Kind same, Kind kind, int depth) {
        if (!param.words.empty() && !dice_.one_in(4)) {
            const std::string& word = dice_.of(param.words);
            return param.want == Want::text ? formula::literal(word) : formula::literal(*Decimal::parse(word));
        }
        const Kind moment = kind == Kind::date || kind == Kind::instant ? kind
                            : dice_.one_in(2)                           ? Kind::date
                                                                        : Kind::instant;
        switch (param.want) {
        case Want::text:
            return of(Kind::text, depth);
        case Want::number:
            return dice_.one_in(2) ? formula::literal(Decimal::of(std::int64_t(dice_.below(6))))
                                   : of(Kind::number, depth);
        case Want::truth:
            return of(Kind::truth, depth);
        case Want::date:
            return of(Kind::date, depth);
        case Want::moment:
            return of(moment, depth);
        case Want::instant:
            return of(Kind::instant, depth);
        case Want::any:
            return of(any_kind(), depth);
        case Want::same:
            return of(same, depth);
        case Want::numbers:
            return dice_.one_in(2) ? list(Kind::number, depth) : of(Kind::number, depth);
        case Want::truths:
            return dice_.one_in(2) ? list(Kind::truth, depth) : of(Kind::truth, depth);
        case Want::values:
            return dice_.one_in(2) ? list(same, depth) : of(same, depth);
        case Want::parts: {
            const Kind part = any_kind();
            return dice_.one_in(2) ? list(part, depth) : of(part, depth);
        }
        case Want::list:
            break;
        }
        return list(same, depth);
    }

    Dice& dice_;
    bool is_in_lines_ = false;
    const formula::Function* first_ = nullptr;
};

// What a test is told by the environment.
inline int number_in(const char* variable, int otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::atoi(text) : otherwise;
}

// What a formula is made of, as the shares of its cases are counted.
inline void names_in(const Checked& checked, std::set<std::string>& names) {
    if (checked.form == Checked::Form::gather)
        names.insert("(related records)");
    if (checked.form == Checked::Form::start)
        names.insert("(start of day)");
    if (checked.form == Checked::Form::call)
        names.insert(checked.function ? checked.function->name : std::string(formula::sign_of(checked.op)));
    for (const Checked& arg : checked.args)
        names_in(arg, names);
}

} // namespace onefold::query::rig
