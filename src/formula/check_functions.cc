// Calls of functions: how many arguments, of which types, and what comes out.
#include "core/nearest.h"
#include "core/text.h"
#include "formula/checker.h"
#include "formula/pattern.h"

#include <algorithm>

namespace onefold::formula {
namespace {

using Form = Checked::Form;
constexpr Type truth{Kind::truth}, number{Kind::number}, text{Kind::text}, date{Kind::date}, instant{Kind::instant};

Result<void> counts(const Function& function, std::size_t count, Span at) {
    const auto least =
        std::size_t(std::ranges::count_if(function.params, [](const Param& p) { return !p.is_optional; }));
    const bool repeats = std::ranges::any_of(function.params, &Param::repeats);
    const std::size_t most = repeats ? members_max : function.params.size();
    if (count < least || count > most)
        return wrong_count(function.signature, least, most, count, at);
    return {};
}

// ANY(orders, c) asks c of every record: it is the value, not what chooses.
Checked of_conditions(Checked records) {
    if (records.args.size() == 2) {
        records.args[0] = std::move(records.args[1]);
        records.args.pop_back();
    }
    return records;
}

Checked finished(const Function& function, Type type, std::vector<Checked> args) {
    Checked checked = call_of(Operator::function, type, std::move(args));
    checked.function = &function;
    return checked;
}

Failure unknown_word(const Function& function, const Param& param, const std::string& word, Span at) {
    const bool is_text = param.want == Want::text;
    const auto quoted = [&](std::string_view one) { return is_text ? fmt::format("\"{}\"", one) : std::string(one); };
    std::vector<std::string> words;
    std::ranges::transform(param.words, std::back_inserter(words), quoted);
    const std::string_view shown = beginning_of(word, 60);
    std::string en =
        fmt::format("{} knows no “{}”: its {} is one of {}.", function.name, shown, param.name, fmt::join(words, ", "));
    std::string zh =
        fmt::format("{} 不认识“{}”：{} 须为 {} 之一。", function.name, shown, param.name, fmt::join(words, "、"));
    const auto nearest = is_text ? nearest_of(word, std::span<const std::string>(param.words)) : std::string_view();
    if (!nearest.empty()) {
        en += fmt::format(" Did you mean {}?", quoted(nearest));
        zh += fmt::format("是否指 {}？", quoted(nearest));
    }
    return fault(at, code_of(Why::bad_argument), {en, zh});
}

Result<Type> given(const Function& function, std::span<const Checked> args, Type same) {
    switch (function.give) {
    case Give::text:
        return text;
    case Give::number:
        return number;
    case Give::truth:
        return truth;
    case Give::date:
        return date;
    case Give::instant:
        return instant;
    case Give::same:
        return same;
    case Give::moment:
        return args[0].type;
    case Give::each:
        return Type{args[0].type.each};
    case Give::list:
        return args[0].type.kind == Kind::list ? args[0].type : list_of(Kind::blank);
    case Give::values:
        return list_of(same.kind);
    case Give::texts:
        break;
    }
    return list_of(Kind::text);
}

} // namespace

Result<void> check_word(const Function& function, std::size_t index, const Checked& arg) {
    const Param& param = function.params[std::min(index, function.params.size() - 1)];
    if (arg.form != Form::constant)
        return {};
    if (const auto* name = std::get_if<std::string>(&arg.constant); name && param.is_zone && !Zone::named(*name))
        return fault(arg.at, code_of(Why::unknown_zone), message_of({Why::unknown_zone, arg.at, *name}));
    if (param.words.empty())
        return {};
    if (const auto* word = std::get_if<std::string>(&arg.constant)) {
        const bool is_exact = function.name == "AGO"; // as it is looked up where nothing else is computed
        const auto is_it = [&](const std::string& one) {
            return is_exact ? one == *word : lower_ascii(one) == lower_ascii(*word);
        };
        if (std::ranges::none_of(param.words, is_it))
            return unknown_word(function, param, *word, arg.at);
    }
    if (const auto* number = std::get_if<Decimal>(&arg.constant)) {
        const std::string whole = number->rounded(0, Decimal::Rounding::toward_zero)->to_string();
        if (std::ranges::find(param.words, whole) == param.words.end())
            return unknown_word(function, param, number->to_string(), arg.at);
    }
    return {};
}

Result<Checked> Checker::function(const Call& made, Span at) {
    const Function* function = find_function(made.name);
    if (!function) {
        const std::string_view nearest = nearest_function(made.name), shown = beginning_of(made.name, 60);
        return fault(at, "formula.unknown_function",
            nearest.empty()
                ? LocalText{fmt::format("there is no function {}.", shown), fmt::format("没有函数 {}。", shown)}
                : LocalText{fmt::format("there is no function {}. Did you mean {}?", shown, nearest),
                      fmt::format("没有函数 {}。是否指 {}？", shown, nearest)});
    }
    TRY(counts(*function, made.args.size(), at));
    std::vector<Checked> args;
    if (function->is_aggregate && !made.args.empty()) {
        args.push_back(TRY(part(made.args[0])));
        if (auto aggregate = TRY(of_records(*function, made, args[0])))
            return std::move(*aggregate);
    }
    switch (function->special) {
    case Special::if_:
    case Special::if_error:
    case Special::is_error:
    case Special::coalesce:
    case Special::choose:
    case Special::ifs:
    case Special::switch_:
        return special(*function, made.args, at);
    default:
        for (const Expression& arg : std::span(made.args).subspan(args.size()))
            args.push_back(TRY(part(arg)));
        return called(*function, std::move(args));
    }
}

// COUNT(orders), SUM(orders.amount), COUNT(orders, paid_at >= TODAY() - 30): the condition is asked of each record.
Result<std::optional<Checked>> Checker::of_records(const Function& function, const Call& made, Checked records) {
    if (made.args.size() > 2)
        return std::optional<Checked>{};
    const bool is_counted = records.type.kind == Kind::records;
    if (records.type.kind == Kind::records)
        records = counted(std::move(records));
    if (records.form != Form::gather)
        return std::optional<Checked>{};
    if (made.args.size() == 2) {
        scopes_.push_back(records.path.back().target);
        auto condition = part(made.args[1], truth);
        scopes_.pop_back();
        if (!condition && condition.error().code == "formula.wrong_type")
            if (const auto further = part(made.args[1]); further && further->type.kind != Kind::truth)
                return std::optional<Checked>{}; // SUM(orders.amount, fee)
        records.args.push_back(TRY(std::move(condition)));
    }
    if (is_counted && (function.name == "ANY" || function.name == "ALL" || function.name == "NONE"))
        records = of_conditions(std::move(records));
    std::vector<Checked> args;
    args.push_back(std::move(records));
    return std::optional(TRY(called(function, std::move(args))));
}

Result<Checked> Checker::special(const Function& function, std::span<const Expression> given, Span at) {
    auto args = TRY(all(given));
    Type type{};
    switch (function.special) {
    case Special::if_:
        args[0] = TRY(fit(std::move(args[0]), truth, zone_));
        type = TRY(unified(args, 1));
        break;
    case Special::ifs:
        if (args.size() % 2 != 0)
            return fault(at, "formula.wrong_count",
                {"IFS takes pairs: a condition and a value each.", "IFS 的参数须成对：条件和值。"});
        for (std::size_t i = 0; i < args.size(); i += 2)
            args[i] = TRY(fit(std::move(args[i]), truth, zone_));
        type = TRY(unified(args, 1, 2));
        break;
    case Special::switch_:
        type = TRY(switched(args));
        break;
    case Special::choose:
        args[0] = TRY(fit(std::move(args[0]), number, zone_));
        type = TRY(unified(args, 1));
        break;
    case Special::is_error:
        type = truth;
        break;
    default:
        type = TRY(unified(args));
    }
    for (const Checked& arg : args)
        if (arg.type.kind == Kind::record || arg.type.kind == Kind::records)
            return wrong_type(arg, LocalText{"a value", "值"});
    return finished(function, type, std::move(args));
}

// SWITCH(what, one, value, another, value, …, else?)
Result<Type> Checker::switched(std::vector<Checked>& args) {
    std::vector<Checked*> keys{&args[0]}, values;
    for (std::size_t i = 1; i < args.size(); ++i)
        (i % 2 == 1 && i + 1 < args.size() ? keys : values).push_back(&args[i]);
    for (const Checked* key : keys)
        if (!is_scalar(key->type))
            return wrong_type(*key, LocalText{"one value", "单个值"});
    TRY(unify(keys, zone_));
    std::vector<Checked> written;
    std::ranges::transform(keys, std::back_inserter(written), [](const Checked* key) { return *key; });
    TRY(codes(written));
    return unify(values, zone_);
}

Result<Checked> Checker::called(const Function& function, std::vector<Checked> args) {
    std::vector<Checked*> alike; // of one type
    for (std::size_t i = 0; i < args.size(); ++i) {
        const Param& param = function.params[std::min(i, function.params.size() - 1)];
        args[i] = TRY(suited(std::move(args[i]), param));
        TRY(words(function, i, args[i]));
        if (param.want == Want::same)
            alike.push_back(&args[i]);
    }
    Type same = TRY(unify(alike, zone_));
    if (std::ranges::any_of(function.params, [](const Param& p) { return p.want == Want::values; }))
        same = TRY(unify_each(function, args));
    if (function.special == Special::matches_pattern && args[1].form == Form::constant)
        if (const auto* pattern = std::get_if<std::string>(&args[1].constant))
            TRY(check_pattern(*pattern, args[1].at));
    if (function.name == "HAS" || function.name == "HASALL")
        TRY(codes(args));
    const Type type = TRY(given(function, args, same));
    return finished(function, type, std::move(args));
}

Result<Checked> Checker::suited(Checked arg, const Param& param) {
    switch (param.want) {
    case Want::text:
        return fit(std::move(arg), text, zone_);
    case Want::number:
        return fit(std::move(arg), number, zone_);
    case Want::truth:
        return fit(std::move(arg), truth, zone_);
    case Want::date:
        return fit(std::move(arg), date, zone_);
    case Want::instant:
        return fit(std::move(arg), instant, zone_);
    case Want::moment:
        if (fits(arg, date, zone_))
            return fit(std::move(arg), date, zone_);
        return arg.type == instant ? Result<Checked>(std::move(arg)) : fit(std::move(arg), instant, zone_);
    case Want::numbers:
    case Want::truths: {
        if (arg.type.kind == Kind::records)
            arg = counted(std::move(arg));
        const Type one = param.want == Want::truths ? truth : number;
        return arg.type.kind == Kind::list ? fit(std::move(arg), list_of(one.kind), zone_)
                                           : fit(std::move(arg), one, zone_);
    }
    case Want::values:
    case Want::parts:
        if (arg.type.kind == Kind::records)
            arg = counted(std::move(arg));
        break;
    case Want::list:
        if (arg.type.kind != Kind::list && arg.type.kind != Kind::blank)
            return wrong_type(arg, LocalText{"a list", "列表"});
        return arg;
    case Want::any:
    case Want::same:
        if (!is_scalar(arg.type))
            return wrong_type(arg, LocalText{"one value", "单个值"});
        return arg;
    }
    if (arg.type.kind == Kind::record)
        return wrong_type(arg, LocalText{"a value or a list", "值或列表"});
    return arg;
}

// Values and lists of one type, a list's members counting.
Result<Type> Checker::unify_each(const Function& function, std::vector<Checked>& args) {
    Type each{};
    std::vector<Checked*> scalars;
    std::vector<Checked*> lists;
    for (std::size_t i = 0; i < args.size(); ++i)
        if (function.params[std::min(i, function.params.size() - 1)].want == Want::values)
            (args[i].type.kind == Kind::list ? lists : scalars).push_back(&args[i]);
    for (const Checked* list : lists)
        if (each.kind == Kind::blank || (each.kind == Kind::date && list->type.each == Kind::instant))
            each = {list->type.each};
    if (lists.empty())
        return unify(scalars, zone_);
    if (each.kind == Kind::blank)
        each = TRY(unify(scalars, zone_));
    for (Checked* list : lists)
        *list = TRY(fit(std::move(*list), list_of(each.kind), zone_));
    for (Checked* scalar : scalars)
        *scalar = TRY(fit(std::move(*scalar), each, zone_));
    return each;
}

} // namespace onefold::formula
