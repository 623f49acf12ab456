#include "query/sql.h"

#include "core/text.h"
#include "formula/fault.h"
#include "formula/program.h"
#include "query/sql_writer.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace onefold::query {
namespace {

using formula::Checked;
using formula::Constant;
using formula::Date;
using formula::Kind;
using formula::Operator;
using formula::Type;
using formula::Value;
using Form = Checked::Form;

constexpr std::size_t bytes_max = 100'000;
constexpr char opening = '\x01', closing = '\x02'; // of a value's mark

bool is_of_records(const Checked& checked) {
    return checked.form == Form::field || checked.form == Form::gather ||
           std::ranges::any_of(checked.args, is_of_records);
}

class Nobody final : public formula::Record {
  public:
    Value value(std::size_t) const override { return {}; }
    const Record* related(std::size_t) const override { return nullptr; }
    std::span<const Record* const> records(std::size_t) const override { return {}; }
};

int digits_before(const Decimal& number) {
    int digits = 1;
    for (__int128 rest = number.units() / 10; rest != 0; rest /= 10)
        ++digits;
    return std::max(1, digits - number.places());
}

Failure too_wide(formula::Span at) {
    return formula::fault(at, "query.too_wide",
        {"this is too much to ask of the database at once.", "内容过多，无法一次用于数据库查询。"});
}

} // namespace

std::string let(std::initializer_list<std::string_view> values, std::string_view body) {
    std::string given;
    char name = 'x';
    for (const auto value : values)
        given += fmt::format("{}{} AS {}", given.empty() ? "" : ", ", value, name++);
    return fmt::format("(SELECT {} FROM (SELECT {} OFFSET 0) AS given)", body, given);
}

std::string SqlWriter::mark(store::Value value) {
    values_.push_back(std::move(value));
    return fmt::format("{}{}{}", opening, values_.size() - 1, closing);
}

std::string SqlWriter::finished(std::string_view text) {
    std::string result;
    std::vector<std::string> places(values_.size());
    while (true) {
        const auto begin = text.find(opening);
        result += text.substr(0, begin);
        if (begin == text.npos)
            return result;
        const auto end = text.find(closing, begin);
        std::size_t index = 0;
        std::from_chars(text.data() + begin + 1, text.data() + end, index);
        if (places[index].empty())
            places[index] = tables_.bind(values_[index]);
        result += places[index];
        text.remove_prefix(end + 1);
    }
}

std::string SqlWriter::cast(std::string_view sql, std::string_view type) const {
    return fmt::format("CAST({} AS {})", sql, type);
}

std::string SqlWriter::null_sql(Type type) const {
    switch (type.kind) {
    case Kind::truth:
        return "CAST(NULL AS BOOLEAN)";
    case Kind::instant:
        return "CAST(NULL AS BIGINT)";
    case Kind::number:
        return is_postgres() ? "CAST(NULL AS NUMERIC)" : "CAST(NULL AS TEXT)";
    default:
        return "CAST(NULL AS TEXT)";
    }
}

Piece SqlWriter::blank(Type type) const {
    Piece piece;
    piece.type = type;
    piece.sql = null_sql(type);
    piece.constant = std::monostate{};
    return piece;
}

Failure SqlWriter::not_in_sql(const Checked& checked, std::string_view what) const {
    std::string name(what);
    if (name.empty() && checked.op == Operator::function && checked.function)
        name = checked.function->name;
    if (name.empty())
        name = checked.form == Form::call ? std::string(formula::sign_of(checked.op)) : checked.text;
    constexpr std::string_view names[] = {"SQLite", "PostgreSQL", "DuckDB"};
    const auto database = names[std::size_t(dialect_)];
    return formula::fault(checked.at, "query.not_in_sql",
        {fmt::format("{} cannot be asked of {} exactly; it can be computed of single records.", name, database),
            fmt::format("{} 无法在 {} 中精确查询，只能逐条计算。", name, database)});
}

Piece SqlWriter::bound(const Value& value, Type type) {
    Piece piece = blank(type);
    if (value.is_error()) {
        if (type.kind != Kind::blank)
            piece.constant.reset();
        piece.fails = "TRUE";
        return piece;
    }
    if (const auto* list = value.as<Value::List>()) {
        piece.constant.reset();
        piece.members.emplace();
        for (const Value& member : *list)
            piece.members->push_back(bound(member, {type.each}));
        return piece;
    }
    if (const auto* truth = value.as<bool>()) {
        piece.sql = *truth ? "TRUE" : "FALSE";
        piece.constant = *truth;
    }
    if (const auto* number = value.as<Decimal>()) {
        piece.sql = mark(number->to_string());
        if (is_postgres())
            piece.sql = cast(piece.sql, "NUMERIC");
        piece.whole = digits_before(*number);
        piece.places = number->places();
        piece.constant = *number;
    }
    if (const auto* text = value.as<std::string_view>()) {
        piece.sql = mark(std::string(*text));
        piece.constant = std::string(*text);
    }
    if (const auto* date = value.as<Date>()) {
        piece.sql = mark(formula::to_text(*date));
        piece.constant = *date;
    }
    if (const auto* at = value.as<Instant>()) {
        piece.sql = mark(micros_of(*at));
        piece.constant = *at;
    }
    return piece;
}

Result<Piece> SqlWriter::computed(const Checked& checked) {
    formula::Run run{moment_};
    return bound(compile(checked).evaluate(run, Nobody{}), checked.type);
}

Result<Piece> SqlWriter::piece(const Checked& checked) {
    Piece piece = TRY(is_of_records(checked) ? own_piece(checked) : computed(checked));
    if (piece.sql.size() + piece.fails.size() > bytes_max || values_.size() > 20'000)
        return too_wide(checked.at);
    return piece;
}

Result<Pieces> SqlWriter::pieces(std::span<const Checked> checked) {
    Pieces pieces;
    for (const Checked& one : checked)
        pieces.push_back(TRY(piece(one)));
    return pieces;
}

Result<Piece> SqlWriter::own_piece(const Checked& checked) {
    switch (checked.form) {
    case Form::field:
        return field(checked);
    case Form::gather:
        return gather(checked);
    case Form::start: {
        auto day = TRY(piece(checked.args[0]));
        if (day.type.kind == Kind::list && is_postgres())
            return not_in_sql(checked, checked.text);
        return is_postgres() ? start_of(std::move(day)) : ours("start", checked.type, {std::move(day)}, true);
    }
    default:
        return called(checked);
    }
}

Result<Piece> SqlWriter::field(const Checked& checked) {
    if (checked.type.kind == Kind::blank)
        return blank(checked.type);
    const auto column = TRY(tables_.column(checked.scope, checked.path));
    Piece piece;
    piece.type = checked.type;
    piece.sql = column.sql;
    if (checked.type.kind == Kind::record) {
        piece.type = {Kind::truth};
        piece.sql = fmt::format("(CASE WHEN {} IS NOT NULL THEN TRUE END)", column.sql);
    }
    const bool is_list = checked.type.kind == Kind::list;
    if ((is_list ? checked.type.each : checked.type.kind) == Kind::number && column.scale >= 0) {
        piece.scale = column.scale;
        piece.whole = std::max(1, 19 - column.scale);
        piece.places = column.scale;
    }
    if (!is_list || !column.source)
        return is_list && is_postgres() ? Result<Piece>(not_in_sql(checked, checked.text)) : std::move(piece);
    Piece list;
    list.type = checked.type;
    list.gathered = Piece::Gathered{*column.source, column.source->where, "", ""};
    piece.type = {checked.type.each};
    list.members = Pieces{std::move(piece)};
    return list;
}

Result<Piece> SqlWriter::gather(const Checked& checked) {
    TRY(tables_.enter(checked.scope, checked.path));
    Piece each = TRY(piece(checked.args[0])), condition;
    if (checked.args.size() > 1)
        condition = TRY(piece(checked.args[1]));
    Piece list;
    list.type = checked.type;
    list.gathered.emplace();
    auto& [source, plain, asked, asked_fails] = *list.gathered;
    source = TRY(tables_.leave());
    plain = source.where;
    asked = as_condition(condition);
    asked_fails = condition.fails;
    if (!asked.empty())
        source.where = fmt::format("{} AND {}", plain, asked);
    std::string wrong = asked_fails;
    if (!each.fails.empty()) {
        const std::string taken = asked.empty() ? each.fails : fmt::format("({} AND {})", asked, each.fails);
        wrong = wrong.empty() ? taken : fmt::format("({} OR {})", wrong, taken);
    }
    if (!wrong.empty())
        list.fails = fmt::format("EXISTS (SELECT 1 FROM {} WHERE {} AND {})", source.from, plain, wrong);
    list.members.emplace();
    list.members->push_back(std::move(each));
    return list;
}

Result<Piece> SqlWriter::called(const Checked& checked) {
    using formula::Special;
    auto args = TRY(pieces(checked.args));
    if (checked.op != Operator::function)
        return operation(checked, std::move(args));
    const auto& function = *checked.function;
    if (!function.body)
        return special(checked, std::move(args));
    const std::string_view name = function.name;
    if (function.blanks == formula::Blanks::propagate && std::ranges::any_of(args, &Piece::is_blank)) {
        Piece piece = blank(checked.type);
        piece.fails = fails_of(args);
        return piece;
    }
    if (name == "ISFILLED") {
        Piece filled;
        filled.type = checked.type;
        filled.fails = args[0].fails;
        filled.sql = guarded(filled.fails, fmt::format("({} IS NOT NULL)", there(args[0])));
        return filled;
    }
    if (name == "BETWEEN") {
        const Piece above = compared(Operator::greater_equal, args[0], args[1]),
                    below = compared(Operator::less_equal, args[0], args[2]);
        Piece between;
        between.type = checked.type;
        between.fails = fails_of(args);
        between.sql = fmt::format("({} AND {})", above.sql, below.sql);
        if (!args[1].constant || !args[2].constant)
            between.sql = fmt::format(
                "(CASE WHEN {} IS NOT NULL AND {} IS NOT NULL THEN {} END)", above.sql, below.sql, between.sql);
        return between;
    }
    if (name == "EXACT")
        return compared(Operator::equal, std::move(args[0]), std::move(args[1]));
    if (name == "LEN") {
        Piece length = strict({Kind::number}, cast(fmt::format("length({})", args[0].sql), "BIGINT"), args, false);
        length.scale = 0;
        length.whole = 10;
        length.places = 0;
        return length;
    }
    if (auto aggregated = TRY(aggregate(checked, args)))
        return std::move(*aggregated);
    if (is_postgres())
        return postgres_function(checked, std::move(args));
    return ours(name, checked.type, args);
}

Result<Piece> SqlWriter::operation(const Checked& checked, Pieces args) {
    switch (checked.op) {
    case Operator::and_:
    case Operator::or_:
        return joined(checked.op, std::move(args));
    case Operator::not_:
        return denied(std::move(args[0]));
    case Operator::equal:
    case Operator::not_equal:
    case Operator::less:
    case Operator::less_equal:
    case Operator::greater:
    case Operator::greater_equal:
        return compared(checked.op, std::move(args[0]), std::move(args[1]));
    case Operator::in:
        return membership(checked, std::move(args));
    case Operator::blank:
        return is_blank(std::move(args[0]));
    case Operator::list: {
        Piece list;
        list.type = checked.type;
        list.fails = fails_of(args);
        list.members = std::move(args);
        return list;
    }
    default:
        break;
    }
    if (checked.op != Operator::join && std::ranges::any_of(args, &Piece::is_blank)) {
        Piece none = blank(checked.type);
        none.fails = fails_of(args);
        return none;
    }
    if (checked.op == Operator::contains && !is_duckdb()) {
        const std::string_view form = is_postgres() ? "(strpos(lower({} COLLATE \"C\"), lower({} COLLATE \"C\")) > 0)"
                                                    : "(instr(lower({}), lower({})) > 0)";
        return strict({Kind::truth}, fmt::format(fmt::runtime(form), args[0].sql, args[1].sql), args, false);
    }
    if (is_postgres())
        return postgres_operation(checked, std::move(args));
    return ours(formula::sign_of(checked.op), checked.type, args,
        checked.op == Operator::contains || checked.op == Operator::join || checked.op == Operator::negate);
}

std::string SqlWriter::as_text(const Piece& piece) {
    switch (piece.type.kind) {
    case Kind::truth:
        return fmt::format("(CASE WHEN {0} THEN '1' WHEN NOT {0} THEN '0' END)", piece.sql);
    case Kind::number: {
        const std::string digits = exact(piece).sql;
        return is_postgres() ? cast(fmt::format("trim_scale({})", digits), "TEXT") : digits;
    }
    case Kind::instant:
        return cast(piece.sql, "TEXT");
    case Kind::list:
        return packed(piece);
    default:
        return piece.sql;
    }
}

Result<std::string> condition_sql(
    const Checked& condition, SqlTables& tables, SqlDialect dialect, const formula::Moment& moment) {
    SqlWriter writer{tables, dialect, moment};
    return writer.finished(writer.as_condition(TRY(writer.piece(condition))));
}

Result<std::string> value_sql(
    const Checked& checked, SqlTables& tables, SqlDialect dialect, const formula::Moment& moment) {
    SqlWriter writer{tables, dialect, moment};
    const Piece piece = TRY(writer.piece(checked));
    if (piece.type.kind == Kind::list && dialect == SqlDialect::postgres)
        return formula::fault(
            checked.at, "query.not_in_sql", {"a list is no value of a column.", "列表不能作为列的值。"});
    return writer.finished(writer.as_text(piece));
}

} // namespace onefold::query
