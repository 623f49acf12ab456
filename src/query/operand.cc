#include "query/operand.h"

#include "core/text.h"

#include <fmt/format.h>

namespace onefold::query {

LocalText name_of(Operand::Kind kind) {
    switch (kind) {
    case Operand::Kind::text:
        return {"text", "文本"};
    case Operand::Kind::number:
    case Operand::Kind::average:
        return {"a number", "数字"};
    case Operand::Kind::instant:
        return {"a time (RFC 3339, as 2010-12-01T08:26:00Z)", "时间（RFC 3339，如 2010-12-01T08:26:00Z）"};
    case Operand::Kind::date:
        return {"a date (as 2010-12-01)", "日期（如 2010-12-01）"};
    case Operand::Kind::boolean:
        return {"true or false", "true 或 false"};
    case Operand::Kind::id:
        return {"an id (digits, as text)", "编号（文本形式的数字）"};
    case Operand::Kind::many:
        return {"several values", "多个值"};
    case Operand::Kind::json:
        break;
    }
    return {"JSON", "JSON"};
}

std::optional<std::string> held_part(std::string_view value) {
    const bool is_code = !value.empty() && value.find(' ') == value.npos;
    return is_code ? std::optional(fmt::format(" {} ", value)) : std::nullopt;
}

Operand one_of(const Operand& many) {
    return {many.each, many.sql, many.scale, "", many.type};
}

Operand operand_of(const FieldEntry& field, IsKey is_key, std::string raw) {
    using Kind = Operand::Kind;
    if (is_key == IsKey::yes)
        return {Kind::id, std::move(raw), 0, "", FieldType::relation};
    switch (field.type) {
    case FieldType::text:
    case FieldType::choice:
        return {Kind::text, std::move(raw), 0, "", field.type};
    case FieldType::integer:
        return {Kind::number, std::move(raw), 0, "", field.type};
    case FieldType::decimal:
    case FieldType::money:
        return {Kind::number, std::move(raw), field.scale, "", field.type};
    case FieldType::instant:
        return {Kind::instant, std::move(raw), 0, "", field.type};
    case FieldType::date:
        return {Kind::date, std::move(raw), 0, "", field.type};
    case FieldType::boolean:
        return {Kind::boolean, fmt::format("({} <> 0)", raw), 0, "", field.type};
    case FieldType::relation:
        return {Kind::id, std::move(raw), 0, "", field.type};
    case FieldType::json:
        break;
    }
    return {Kind::json, std::move(raw), 0, "", FieldType::json};
}

std::string value_sql(const Operand& operand, const Binds& binds) {
    switch (operand.kind) {
    case Operand::Kind::boolean:
        return binds.is_postgres() ? fmt::format("{}::int::bigint", operand.sql) : operand.sql;
    case Operand::Kind::average:
        return fmt::format(fmt::runtime(binds.is_postgres() ? "({}::text || '/' || {}::text)" : "({} || '/' || {})"),
            operand.sql, operand.count);
    default:
        return operand.sql;
    }
}

std::string order_sql(const Operand& operand, const Binds& binds) {
    switch (operand.kind) {
    case Operand::Kind::text:
    case Operand::Kind::date:
        return binds.is_postgres() ? operand.sql + " COLLATE \"C\"" : operand.sql;
    case Operand::Kind::average:
        return fmt::format("(CAST({} AS DOUBLE PRECISION) / CAST({} AS DOUBLE PRECISION))", operand.sql,
            fmt::format("NULLIF({}, 0)", operand.count));
    default:
        return value_sql(operand, binds);
    }
}

Operand without_index(Operand operand, const Binds& binds) {
    if (!binds.is_postgres() && operand.kind != Operand::Kind::many)
        operand.sql = "+" + operand.sql;
    return operand;
}

Column column_of(const Operand& operand) {
    if (operand.kind == Operand::Kind::average)
        return {FieldType::decimal, operand.scale, Form::sum_and_count};
    return {operand.type, operand.scale};
}

Failure wrong_type(const std::string& where, const LocalText& message) {
    return fail(ErrorKind::invalid, "query.wrong_type", message, {{where, "query.wrong_type", message}});
}

Failure unknown_field(const std::string& where, const std::vector<std::string>& path, std::string_view nearest) {
    const std::string name(beginning_of(fmt::format("{}", fmt::join(path, ".")), 200));
    LocalText message{fmt::format("There is no field “{}”.", name), fmt::format("没有字段“{}”。", name)};
    if (!nearest.empty())
        message = {fmt::format("There is no field “{}”. Did you mean “{}”?", name, nearest),
            fmt::format("没有字段“{}”。是否指“{}”？", name, nearest)};
    return fail(ErrorKind::invalid, "query.unknown_field", message, {{where, "query.unknown_field", message}});
}

} // namespace onefold::query
