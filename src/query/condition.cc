#include "query/condition.h"

#include "formula/comparison.h"
#include "query/language.h"
#include "query/literal.h"

#include <fmt/format.h>
#include <span>

namespace onefold::query {
namespace {

using formula::Call;
using formula::Expression;
using formula::Literal;
using formula::Operator;
using Kind = Operand::Kind;
struct Side {
    std::variant<Literal, Operand> part;
    std::string where;
};

const std::string blank_sql = "CAST(NULL AS BOOLEAN)";

std::string truth(bool value) {
    return value ? "TRUE" : "FALSE";
}

// Always, or never, unless it is blank.
std::string always_sql(const Operand& operand) {
    return fmt::format("({0} = {0})", operand.sql);
}
std::string never_sql(const Operand& operand) {
    return fmt::format("({0} <> {0})", operand.sql);
}

// A balanced tree, so that a thousand parts stay within the databases' depth of expressions.
std::string joined(std::span<const std::string> parts, std::string_view word) {
    if (parts.size() == 1)
        return parts.front();
    const std::size_t half = parts.size() / 2;
    return fmt::format("({} {} {})", joined(parts.first(half), word), word, joined(parts.subspan(half), word));
}

std::string lower_ascii(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = char(c - 'A' + 'a');
    return text;
}

template <class T>
bool holds(Operator op, const T& left, const T& right) {
    switch (op) {
    case Operator::equal:
        return left == right;
    case Operator::not_equal:
        return left != right;
    case Operator::less:
        return left < right;
    case Operator::less_equal:
        return left <= right;
    case Operator::greater:
        return left > right;
    default:
        return left >= right;
    }
}

class Conditions {
  public:
    Conditions(const Resolve& resolve, Binds& binds, const Subject* subject)
        : resolve_(resolve), binds_(binds), subject_(subject) {}

    // By comparisons of columns where it is one; else as the language has it.
    Result<std::string> condition(const Expression& expression, const std::string& where) {
        const auto* made = std::get_if<Call>(&expression.part);
        if (subject_ && expression.at.length > 0 && !is_checked_) {
            is_checked_ = true;
            TRY(check_written(expression, *subject_));
        }
        if (!subject_ || !binds_.now() || (made && is_logical(made->op)))
            return comparisons(expression, where);
        if (made && !is_plain(*made))
            return language_sql(expression, *subject_, resolve_, binds_, where);
        const std::size_t bound = binds_.size();
        auto plain = comparisons(expression, where);
        if (plain || bound != binds_.size())
            return plain;
        const auto& code = plain.error().code;
        if ((code != "query.wrong_type" && code != "query.unknown_field") || !may_be_meant(expression))
            return plain;
        auto other = language_sql(expression, *subject_, resolve_, binds_, where);
        return other ? other : plain;
    }

  private:
    Result<std::string> comparisons(const Expression& expression, const std::string& where) {
        if (const auto* value = std::get_if<Literal>(&expression.part)) {
            if (std::holds_alternative<std::monostate>(*value))
                return blank_sql;
            if (const auto* flag = std::get_if<bool>(value))
                return truth(*flag);
            return not_a_condition(where);
        }
        if (const auto* field = std::get_if<formula::Field>(&expression.part)) {
            auto operand = TRY(resolve_(field->path, where));
            if (operand.kind != Kind::boolean)
                return not_a_condition(where);
            return std::move(operand.sql);
        }
        return call(std::get<Call>(expression.part), where);
    }

    // What is no time ago is no mistake of types; but months and years are of the language.
    static bool may_be_meant(const Expression& expression) {
        const auto* made = std::get_if<Call>(&expression.part);
        if (!made || made->op != Operator::ago)
            return !made || std::ranges::all_of(made->args, may_be_meant);
        const auto* number = std::get_if<Literal>(&made->args[0].part);
        const auto* unit = std::get_if<Literal>(&made->args[1].part);
        const auto* name = unit ? std::get_if<std::string>(unit) : nullptr;
        return number && name && (*name == "month" || *name == "quarter" || *name == "year") &&
               instant_ago(Instant{}, *number, Literal{std::string("day")}).has_value();
    }

    static bool is_logical(Operator op) { return op == Operator::and_ || op == Operator::or_ || op == Operator::not_; }
    // Operators that are asked of columns and values.
    static bool is_plain(const Call& call) {
        return call.op <= Operator::ago && std::ranges::all_of(call.args, [](const Expression& arg) {
            const auto* made = std::get_if<Call>(&arg.part);
            return !made || is_plain(*made);
        });
    }

    static Failure not_a_condition(const std::string& where) {
        return wrong_type(where, {fmt::format("What stands at {} is neither true nor false.", where),
                                     fmt::format("{} 处不是可判断真假的条件。", where)});
    }

    static std::string at(const std::string& where, std::size_t index) {
        return fmt::format("{}/args/{}", where, index);
    }

    Result<Side> side(const Expression& expression, const std::string& where) {
        if (const auto* value = std::get_if<Literal>(&expression.part))
            return Side{*value, where};
        if (const auto* field = std::get_if<formula::Field>(&expression.part))
            return Side{TRY(resolve_(field->path, where)), where};
        if (const auto& made = std::get<Call>(expression.part); made.op == Operator::ago)
            return Side{TRY(ago(made, where)), where};
        return Side{
            Operand{Kind::boolean, TRY(call(std::get<Call>(expression.part), where)), 0, "", FieldType::boolean},
            where};
    }

    Result<Operand> ago(const Call& call, const std::string& where) {
        const auto* number = call.args.size() == 2 ? std::get_if<Literal>(&call.args[0].part) : nullptr;
        const auto* unit = call.args.size() == 2 ? std::get_if<Literal>(&call.args[1].part) : nullptr;
        if (!binds_.now()) // the asking room's mistake
            return fail(ErrorKind::internal, "query.no_clock", {"The question has no time.", "查询没有时间基准。"});
        const auto at = number && unit ? instant_ago(*binds_.now(), *number, *unit) : std::nullopt;
        if (!at)
            return wrong_type(
                where, {fmt::format("“ago” at {} takes a whole number and minute, hour, day or week.", where),
                           fmt::format("{} 处的“ago”需要一个整数和单位：minute、hour、day 或 week。", where)});
        return Operand{Kind::instant, binds_.add(*at), 0, "", FieldType::instant};
    }

    static Failure not_asked_yet(const Call& call, const std::string& where) {
        const std::string_view name = call.op == Operator::function ? call.name : formula::sign_of(call.op);
        return wrong_type(where, {fmt::format("“{}” at {} cannot be asked of the database.", name, where),
                                     fmt::format("{} 处的“{}”不能用于数据库查询。", where, name)});
    }

    Result<std::string> call(const Call& call, const std::string& where) {
        if (call.op > Operator::ago)
            return not_asked_yet(call, where);
        const auto arity = formula::arity_of(call.op);
        if (call.args.size() < arity.min || call.args.size() > arity.max)
            return wrong_type(
                where, {fmt::format("“{}” at {} has too few or too many arguments.", formula::sign_of(call.op), where),
                           fmt::format("{} 处“{}”的参数个数不对。", where, formula::sign_of(call.op))});
        switch (call.op) {
        case Operator::and_:
        case Operator::or_: {
            std::vector<std::string> parts;
            for (std::size_t i = 0; i < call.args.size(); ++i)
                parts.push_back(TRY(condition(call.args[i], at(where, i))));
            return joined(parts, call.op == Operator::and_ ? "AND" : "OR");
        }
        case Operator::not_:
            return fmt::format("(NOT {})", TRY(condition(call.args[0], at(where, 0))));
        case Operator::in:
            return in(call, where);
        case Operator::contains:
            return contains(call, where);
        case Operator::blank:
            return blank(call, where);
        case Operator::ago:
            return not_a_condition(where);
        default:
            break;
        }
        const Side left = TRY(side(call.args[0], at(where, 0))), right = TRY(side(call.args[1], at(where, 1)));
        return compare(call.op, left, right, where);
    }

    Result<std::string> compare(Operator op, const Side& left, const Side& right, const std::string& where) {
        const auto* left_operand = std::get_if<Operand>(&left.part);
        const auto* right_operand = std::get_if<Operand>(&right.part);
        if (left_operand && left_operand->kind == Kind::many)
            return compare_many(op, *left_operand, right, where);
        if (right_operand && right_operand->kind == Kind::many)
            return compare_many(op, *right_operand, left, where);
        if (left_operand && right_operand)
            return compare_operands(op, *left_operand, *right_operand, where);
        if (left_operand)
            return compare_literal(op, *left_operand, right, where);
        if (right_operand)
            return compare_literal(formula::mirrored(op), *right_operand, left, where);
        return compare_literals(op, std::get<Literal>(left.part), std::get<Literal>(right.part), where);
    }

    Result<std::string> compare_literals(
        Operator op, const Literal& left, const Literal& right, const std::string& where) {
        if (std::holds_alternative<std::monostate>(left) || std::holds_alternative<std::monostate>(right))
            return blank_sql;
        if (left.index() != right.index() || (std::holds_alternative<bool>(left) && formula::is_ordering(op)))
            return unlike(where);
        if (const auto* flag = std::get_if<bool>(&left))
            return truth(holds(op, *flag, std::get<bool>(right)));
        if (const auto* number = std::get_if<Decimal>(&left))
            return truth(holds(op, *number, std::get<Decimal>(right)));
        return truth(holds(op, std::get<std::string>(left), std::get<std::string>(right)));
    }

    Result<std::string> compare_many(Operator op, const Operand& many, const Side& other, const std::string& where) {
        if (formula::is_ordering(op) || !std::holds_alternative<Literal>(other.part) || many.each == Kind::boolean)
            return unlike(where);
        if (const auto* text = std::get_if<std::string>(&std::get<Literal>(other.part)); text && !many.held.empty())
            return fmt::format("({}{})", op == Operator::equal ? "" : "NOT ", held(many, *text));
        const Side one{one_of(many), where};
        return there_is(many, TRY(compare(Operator::equal, one, other, where)), op == Operator::equal ? "" : "NOT ");
    }

    std::string held(const Operand& many, const std::string& value) {
        const auto part = held_part(value);
        if (!part)
            return truth(false);
        return fmt::format("{}({}, {}) > 0", binds_.is_postgres() ? "strpos" : "instr", many.held, binds_.add(*part));
    }

    static std::string there_is(const Operand& many, std::string_view one, std::string_view word = "") {
        return fmt::format("({}{} AND {}))", word, many.exists, one);
    }

    static Failure unlike(const std::string& where) {
        return wrong_type(where, {fmt::format("The two sides at {} cannot be compared so.", where),
                                     fmt::format("{} 处的两边不能这样比较。", where)});
    }

    Result<std::string> compare_operands(
        Operator op, const Operand& left, const Operand& right, const std::string& where) {
        if (left.kind != right.kind || left.kind == Kind::json || left.kind == Kind::average ||
            (left.kind == Kind::boolean && formula::is_ordering(op)))
            return unlike(where);
        if (left.scale == right.scale)
            return fmt::format("({} {} {})", ordered(op, left), formula::sign_of(op), right.sql);
        // Whole units of the coarser scale first, then the rest (0, or blank): exact without raising anything beyond 64
        // bits.
        const bool is_left_finer = left.scale > right.scale;
        std::string factor = "1" + std::string(std::size_t(std::abs(left.scale - right.scale)), '0');
        const auto split = [&](const Operand& operand, bool is_finer) {
            return fmt::format(
                fmt::runtime(is_finer ? "({0} / {1}, {0} % {1})" : "({0}, {0} - {0})"), operand.sql, factor);
        };
        return fmt::format(
            "({} {} {})", split(left, is_left_finer), formula::sign_of(op), split(right, !is_left_finer));
    }

    // Equality needs no collation, and without one the database's own indexes serve it.
    std::string ordered(Operator op, const Operand& operand) const {
        return formula::is_ordering(op) && operand.kind != Kind::boolean ? order_sql(operand, binds_) : operand.sql;
    }

    Result<std::string> compare_literal(
        Operator op, const Operand& operand, const Side& side, const std::string& where) {
        if (operand.kind == Kind::json || (operand.kind == Kind::boolean && formula::is_ordering(op)))
            return unlike(where);
        const auto& literal = std::get<Literal>(side.part);
        const Reading reading = TRY(read_literal(literal, operand.kind, operand.scale, side.where));
        if (std::holds_alternative<std::monostate>(reading)) // a condition's placeholders must stay in the statement
            return operand.kind == Kind::boolean ? fmt::format("({} = {})", operand.sql, blank_sql) : blank_sql;
        if (operand.kind == Kind::average)
            return compare_average(op, operand, literal, side.where);
        const auto against = [&](const std::string& value) {
            return fmt::format("({} {} {})", ordered(op, operand), formula::sign_of(op), value);
        };
        if (const auto* flag = std::get_if<bool>(&reading))
            return against(truth(*flag));
        if (const auto* integer = std::get_if<std::int64_t>(&reading))
            return against(binds_.add(*integer));
        if (const auto* text = std::get_if<std::string>(&reading))
            return against(binds_.add(*text));
        return compare_place(op, operand, std::get<Place>(reading));
    }

    std::string compare_place(Operator op, const Operand& operand, const Place& place) {
        const auto against = [&](std::string_view sign) {
            return fmt::format("({} {} {})", operand.sql, sign, binds_.add(place.floor));
        };
        if (place.fit == Place::Fit::exact)
            return against(formula::sign_of(op));
        if (op == Operator::equal)
            return never_sql(operand);
        if (op == Operator::not_equal)
            return always_sql(operand);
        const bool is_upward = op == Operator::greater || op == Operator::greater_equal;
        if (place.fit == Place::Fit::between)
            return against(is_upward ? ">" : "<=");
        return is_upward == (place.fit == Place::Fit::below_all) ? always_sql(operand) : never_sql(operand);
    }

    // sum / count op number, without dividing.
    Result<std::string> compare_average(
        Operator op, const Operand& operand, const Literal& literal, const std::string& where) {
        const auto* text = std::get_if<std::string>(&literal);
        const Decimal number = text ? TRY(Decimal::parse(*text)) : std::get<Decimal>(literal);
        int scale = operand.scale;
        while (scale < Decimal::places_max && !number.scaled(scale))
            ++scale;
        const auto units = number.scaled(scale);
        if (!units)
            return wrong_type(where, {fmt::format("The number at {} has too many digits.", where),
                                         fmt::format("{} 处数字的位数过多。", where)});
        const std::string factor = "1" + std::string(std::size_t(scale - operand.scale), '0');
        const std::string_view form =
            binds_.is_postgres() ? "({} * {}::numeric {} {}::numeric * {})" : "({} * {} {} {} * {})";
        return fmt::format(
            fmt::runtime(form), operand.sql, factor, formula::sign_of(op), binds_.add(*units), operand.count);
    }

    Result<std::string> in(const Call& call, const std::string& where) {
        Side left = TRY(side(call.args[0], at(where, 0)));
        const auto* operand = std::get_if<Operand>(&left.part);
        if (operand && operand->kind == Kind::many) {
            const Operand many = *operand;
            const auto is_text = [](const Expression& arg) {
                const auto* value = std::get_if<Literal>(&arg.part);
                return value && std::holds_alternative<std::string>(*value);
            };
            if (!many.held.empty() && std::all_of(call.args.begin() + 1, call.args.end(), is_text)) {
                std::vector<std::string> parts;
                for (const Expression& arg : std::span(call.args).subspan(1))
                    parts.push_back(
                        fmt::format("({})", held(many, std::get<std::string>(std::get<Literal>(arg.part)))));
                return joined(parts, "OR");
            }
            left.part = one_of(many);
            return there_is(many, TRY(in(call, left, where)));
        }
        return in(call, left, where);
    }

    Result<std::string> in(const Call& call, const Side& left, const std::string& where) {
        const auto* operand = std::get_if<Operand>(&left.part);
        const bool may_list =
            operand && operand->kind != Kind::boolean && operand->kind != Kind::average && operand->kind != Kind::json;
        std::vector<std::string> parts, listed;
        bool is_one_outside = false;
        for (std::size_t i = 1; i < call.args.size(); ++i) {
            const Side member = TRY(side(call.args[i], at(where, i)));
            const auto* literal = std::get_if<Literal>(&member.part);
            if (!may_list || !literal) {
                const auto* several = std::get_if<Operand>(&member.part);
                if (several && several->kind == Kind::many)
                    return unlike(at(where, i));
                parts.push_back(TRY(compare(Operator::equal, left, member, at(where, i))));
                continue;
            }
            const Reading reading = TRY(read_literal(*literal, operand->kind, operand->scale, at(where, i)));
            const auto* place = std::get_if<Place>(&reading);
            if (std::holds_alternative<std::monostate>(reading))
                parts.push_back(blank_sql);
            else if (place && place->fit != Place::Fit::exact)
                is_one_outside = true;
            else if (place)
                listed.push_back(binds_.add(place->floor));
            else if (const auto* integer = std::get_if<std::int64_t>(&reading))
                listed.push_back(binds_.add(*integer));
            else
                listed.push_back(binds_.add(std::get<std::string>(reading)));
        }
        if (!listed.empty())
            parts.push_back(fmt::format("({} IN ({}))", operand->sql, fmt::join(listed, ", ")));
        else if (is_one_outside)
            parts.push_back(never_sql(*operand));
        return joined(parts, "OR");
    }

    Result<std::string> contains(const Call& call, const std::string& where) {
        std::vector<Side> sides;
        bool is_blank = false;
        for (std::size_t i = 0; i < 2; ++i) {
            sides.push_back(TRY(side(call.args[i], at(where, i))));
            if (const auto* operand = std::get_if<Operand>(&sides.back().part)) {
                if (operand->kind != Kind::text)
                    return not_text(at(where, i));
                continue;
            }
            const Reading reading =
                TRY(read_literal(std::get<Literal>(sides.back().part), Kind::text, 0, at(where, i)));
            is_blank = is_blank || std::holds_alternative<std::monostate>(reading);
        }
        if (is_blank)
            return blank_sql;
        const std::string haystack = lowered(sides[0]), needle = lowered(sides[1]);
        return fmt::format(
            fmt::runtime(binds_.is_postgres() ? "(strpos({}, {}) > 0)" : "(instr({}, {}) > 0)"), haystack, needle);
    }

    std::string lowered(const Side& side) {
        const auto* operand = std::get_if<Operand>(&side.part);
        if (!operand)
            return binds_.add(lower_ascii(std::get<std::string>(std::get<Literal>(side.part))));
        return fmt::format(fmt::runtime(binds_.is_postgres() ? "lower({} COLLATE \"C\")" : "lower({})"), operand->sql);
    }

    static Failure not_text(const std::string& where) {
        return wrong_type(where, {fmt::format("“contains” looks into text, and {} is none.", where),
                                     fmt::format("“contains”只用于文本，而 {} 不是文本。", where)});
    }

    Result<std::string> blank(const Call& call, const std::string& where) {
        const Side one = TRY(side(call.args[0], at(where, 0)));
        if (const auto* literal = std::get_if<Literal>(&one.part)) {
            const auto* text = std::get_if<std::string>(literal);
            return truth(std::holds_alternative<std::monostate>(*literal) || (text && text->empty()));
        }
        const auto& operand = std::get<Operand>(one.part);
        if (operand.kind == Kind::many && !operand.held.empty())
            return fmt::format("({} = '')", operand.held);
        if (operand.kind == Kind::many)
            return there_is(operand, fmt::format("{} IS NOT NULL", operand.sql), "NOT ");
        if (operand.kind == Kind::text || operand.kind == Kind::json)
            return fmt::format("({0} IS NULL OR {0} = '')", operand.sql);
        return fmt::format("({} IS NULL)", operand.sql);
    }

    const Resolve& resolve_;
    Binds& binds_;
    const Subject* subject_;
    bool is_checked_ = false; // what was read from text
};

} // namespace

Result<std::string> condition_of(const Expression& expression, const Resolve& resolve, Binds& binds,
    const std::string& where, const Subject* subject) {
    return Conditions{resolve, binds, subject}.condition(expression, where);
}

} // namespace onefold::query
