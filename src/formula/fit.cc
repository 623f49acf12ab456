#include "formula/fit.h"

#include "core/text.h"

#include <algorithm>

namespace onefold::formula {
namespace {

using Form = Checked::Form;

const std::string* text_literal(const Checked& part) {
    return part.form == Form::constant ? std::get_if<std::string>(&part.constant) : nullptr;
}

std::optional<Constant> read(const std::string& text, Kind wanted, const Zone& zone) {
    switch (wanted) {
    case Kind::number:
        if (const auto number = Decimal::parse(text))
            return *number;
        return std::nullopt;
    case Kind::date:
        if (const auto date = parse_date(text))
            return *date;
        return std::nullopt;
    case Kind::instant:
        if (const auto at = parse_time(text, zone); at && text.size() >= 8)
            return *at;
        return std::nullopt;
    default:
        return std::nullopt;
    }
}

LocalText what_is(const Checked& part) {
    const std::string_view shown = beginning_of(part.text, 40);
    const std::string_view dots = shown.size() < part.text.size() ? "…" : "";
    const LocalText name = name_of(part.type);
    return {
        fmt::format("{}{} is {}", shown, dots, name.in("en")), fmt::format("{}{} 是{}", shown, dots, name.in("zh-CN"))};
}

// What may have been meant.
LocalText hint(const Checked& part, Type wanted) {
    const auto& [kind, each] = part.type;
    if (kind == Kind::records || (kind == Kind::list && is_scalar(wanted)))
        return {" Ask it with a function such as COUNT, SUM, MAX, ANY or FIRST.",
            "可用 COUNT、SUM、MAX、ANY、FIRST 等函数求值。"};
    if (kind == Kind::record)
        return {" Name one of its fields behind a dot.", "请在点号后写出它的某个字段。"};
    if (kind == Kind::text && wanted.kind == Kind::number)
        return {" VALUE(…) reads a number out of text.", "可用 VALUE(…) 将文本读作数字。"};
    if (kind == Kind::text && (wanted.kind == Kind::date || wanted.kind == Kind::instant))
        return {" A date is written \"2026-05-31\"; DATEVALUE(…) reads one out of text.",
            "日期写作 \"2026-05-31\"；可用 DATEVALUE(…) 将文本读作日期。"};
    if (kind == Kind::instant && wanted.kind == Kind::date)
        return {" TODATE(…) is its day.", "可用 TODATE(…) 取得日期。"};
    if (wanted.kind == Kind::text && is_scalar(part.type))
        return {" TEXT(…) or & \"\" makes text of it.", "可用 TEXT(…) 或 & \"\" 转为文本。"};
    return {"", ""};
}

Failure wrong_type(const Checked& part, Type wanted) {
    const LocalText is = what_is(part), name = name_of(wanted), meant = hint(part, wanted);
    return fault(part.at, "formula.wrong_type",
        {fmt::format("{}, but {} is expected here.{}", is.in("en"), name.in("en"), meant.in("en")),
            fmt::format("{}，但此处应为{}。{}", is.in("zh-CN"), name.in("zh-CN"), meant.in("zh-CN"))});
}

// A part that holds its result's type in parts of its own.
bool is_list_made_here(const Checked& part) {
    return part.form == Form::call && part.op == Operator::list;
}

Checked as_text(Checked part) {
    part.path.back().type = {Kind::text};
    part.path.back().number = *part.path.back().text;
    part.type = {Kind::text};
    return part;
}

Checked started(Checked part, Type type) {
    Checked start;
    start.form = Form::start;
    start.type = type;
    start.at = part.at;
    start.text = part.text;
    start.args.push_back(std::move(part));
    return start;
}

// The type to which all of them can be brought, if any.
Type common(std::span<Checked* const> parts) {
    Type type{};
    const Checked* of = nullptr;
    for (const Checked* part : parts) {
        if (part->type.kind == Kind::blank || (text_literal(*part) && of))
            continue;
        const bool is_literal = of && text_literal(*of);
        const bool is_later = type.kind == Kind::date && part->type.kind == Kind::instant;
        // What can be read as text only because it was written so gives way to text.
        const bool is_text = type.kind != Kind::text && part->type.kind == Kind::text && !text_literal(*part);
        const bool is_wider = type.kind == Kind::list && type.each == Kind::blank;
        if (!of || is_literal || is_later || is_text || is_wider) {
            type = part->type;
            of = part;
        }
    }
    return type;
}

} // namespace

bool is_scalar(Type type) {
    return type.kind != Kind::list && type.kind != Kind::record && type.kind != Kind::records;
}

Failure wrong_type(const Checked& part, const LocalText& wanted) {
    const LocalText is = what_is(part), meant = hint(part, {Kind::truth});
    return fault(part.at, "formula.wrong_type",
        {fmt::format("{}, but {} is expected here.{}", is.in("en"), wanted.in("en"), meant.in("en")),
            fmt::format("{}，但此处应为{}。{}", is.in("zh-CN"), wanted.in("zh-CN"), meant.in("zh-CN"))});
}

bool fits(const Checked& part, Type wanted, const Zone& zone) {
    return part.type == wanted || part.type.kind == Kind::blank || fit(part, wanted, zone).has_value();
}

Result<Checked> fit(Checked part, Type wanted, const Zone& zone) {
    if (part.type == wanted || part.type.kind == Kind::blank)
        return part;
    if (wanted.kind == Kind::list && part.type.kind == Kind::list) {
        if (part.type.each == Kind::blank || wanted.each == Kind::blank) {
            part.type = wanted.each == Kind::blank ? part.type : wanted;
            return part;
        }
        if (is_list_made_here(part)) {
            for (Checked& member : part.args)
                member = TRY(fit(std::move(member), {wanted.each}, zone));
            part.type = wanted;
            return part;
        }
        if (part.form == Form::gather && fits(part.args[0], {wanted.each}, zone)) {
            part.args[0] = TRY(fit(std::move(part.args[0]), {wanted.each}, zone));
            part.type = wanted;
            return part;
        }
        if (part.type.each == Kind::date && wanted.each == Kind::instant)
            return started(std::move(part), wanted);
    }
    if (const auto* text = text_literal(part))
        if (auto constant = read(*text, wanted.kind, zone)) {
            part.constant = std::move(*constant);
            part.type = wanted;
            return part;
        }
    if (part.type.kind == Kind::date && wanted.kind == Kind::instant)
        return started(std::move(part), wanted);
    if (wanted.kind == Kind::text && part.form == Form::field && part.path.back().text && is_scalar(part.type))
        return as_text(std::move(part));
    return wrong_type(part, wanted);
}

Result<Type> unify(std::span<Checked* const> parts, const Zone& zone) {
    Type type = common(parts);
    const auto all_fit = [&](Type wanted) {
        return std::ranges::all_of(parts, [&](const Checked* part) { return fits(*part, wanted, zone); });
    };
    // What is a number or a date only because a text could be read so is text beside what cannot; but a date beside a
    // text literal is a mistake in the literal.
    const bool may_be_text =
        type.kind == Kind::number ||
        std::ranges::none_of(parts, text_literal, [](const Checked* part) -> const Checked& { return *part; });
    if (type.kind != Kind::text && is_scalar(type) && may_be_text && !all_fit(type) && all_fit({Kind::text}))
        type = {Kind::text};
    if (type.kind == Kind::record || type.kind == Kind::records)
        for (const Checked* part : parts)
            if (!is_scalar(part->type))
                return wrong_type(*part, Type{Kind::text});
    for (Checked* part : parts)
        *part = TRY(fit(std::move(*part), type, zone));
    return type;
}

} // namespace onefold::formula
