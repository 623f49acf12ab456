#include "query/language.h"

#include "formula/fault.h"
#include "query/scope.h"
#include "query/shapes.h"
#include "query/sql.h"

#include <fmt/format.h>
#include <list>

namespace onefold::query {
namespace {

using formula::Call;
using formula::Expression;
using formula::Kind;

// Fields of the question's object are columns of its statement; related records are subqueries with scopes of their
// own.
class CatalogueTables final : public SqlTables {
  public:
    CatalogueTables(const Subject& subject, const Resolve& resolve, Binds& binds, std::string where)
        : catalogue_(subject.catalogue), binds_(binds), where_(std::move(where)) {
        frames_.push_back({&subject.object, resolve, subject.key, nullptr, {}});
    }

    Result<Column> column(std::size_t scope, Path path) override {
        Frame& frame = frame_at(scope);
        const Operand operand = TRY(frame.resolve(codes_of(*frame.object, path), where_));
        Column column{operand.sql, operand.scale};
        if (operand.kind == Operand::Kind::many)
            column.source = Source{operand.from, operand.where, operand.sql, operand.held};
        return column;
    }

    Result<> enter(std::size_t scope, Path path) override {
        Frame& outer = frame_at(scope);
        const ObjectEntry* object = outer.object;
        std::string at = outer.key;
        std::size_t i = 0;
        while (i < path.size() && path[i].type.kind == Kind::record) {
            object = catalogue_.find_object(named(*object, path[i].number).field->target);
            ++i;
        }
        if (i > 0)
            at = TRY(outer.resolve(codes_of(*outer.object, path.first(i)), where_)).sql;
        Frame inner;
        std::string alias;
        for (; i < path.size(); ++i) {
            const auto* records = named(*object, path[i].number).records;
            if (!records)
                return fail(ErrorKind::invalid, "query.not_in_sql",
                    {"A path from many records over a single one cannot be asked of the database.",
                        "经由多条记录再到单条记录的路径无法用于数据库查询。"});
            alias = add_steps(inner.source, *records, at);
            object = catalogue_.find_object(records->target);
            at = qualified(alias, object->key);
        }
        inner.object = object;
        inner.key = inner.source.key = at;
        inner.scope = std::make_unique<Scope>(catalogue_, binds_, *object, alias);
        inner.resolve = [scope = inner.scope.get()](const std::vector<std::string>& codes, const std::string& where) {
            return scope->resolve(codes, where);
        };
        if (const auto always = TRY(inner.scope->always()); !always.empty())
            inner.source.where += " AND " + always;
        frames_.push_back(std::move(inner));
        return {};
    }

    Result<Source> leave() override {
        Source source = std::move(frames_.back().source);
        source.from += frames_.back().scope->joins();
        frames_.pop_back();
        return source;
    }

    std::string bind(store::Value value) override {
        const auto* integer = std::get_if<std::int64_t>(&value);
        return integer ? binds_.add(*integer) : binds_.add(std::get<std::string>(std::move(value)));
    }

  private:
    struct Frame {
        const ObjectEntry* object = nullptr;
        Resolve resolve;
        std::string key;
        std::unique_ptr<Scope> scope;
        Source source;
    };

    Frame& frame_at(std::size_t scope) { return *std::next(frames_.begin(), std::ptrdiff_t(scope)); }

    std::vector<std::string> codes_of(const ObjectEntry& from, Path path) const {
        std::vector<std::string> codes;
        const ObjectEntry* object = &from;
        for (const auto& slot : path) {
            const FieldEntry& field = *named(*object, slot.number).field;
            codes.push_back(field.code);
            if (slot.type.kind == Kind::record)
                object = catalogue_.find_object(field.target);
        }
        return codes;
    }

    // Answers the alias of the last table.
    std::string add_steps(Source& source, const RecordsEntry& records, std::string at) {
        std::string alias;
        for (const Step& step : records.steps) {
            alias = binds_.next_alias();
            const std::string same = fmt::format("{} = {}", qualified(alias, step.key), at);
            const std::string table = fmt::format("{} AS {}", quoted(step.table), alias);
            source.from += source.from.empty() ? table : fmt::format(" JOIN {} ON {}", table, same);
            if (source.where.empty())
                source.where = same;
            at = qualified(alias, step.next);
        }
        return alias;
    }

    const Catalogue& catalogue_;
    Binds& binds_;
    const std::string where_;
    std::list<Frame> frames_;
};

// Numbers the parts of a tree that was not read from text, and keeps where each stands.
void number(Expression& expression, const std::string& where, std::vector<std::string>& places) {
    expression.at = {std::uint32_t(places.size()), 0};
    places.push_back(where);
    if (auto* call = std::get_if<Call>(&expression.part))
        for (std::size_t i = 0; i < call->args.size(); ++i)
            number(call->args[i], fmt::format("{}/args/{}", where, i), places);
}

Error placed(Error error, const std::vector<std::string>& places, const std::string& where) {
    const auto at = formula::span_of(error);
    if (at && at->begin < places.size())
        for (FieldError& field : error.fields) {
            field.path = places[at->begin];
            error.message = {fmt::format("At {}: {}", field.path, field.message.in("en")),
                fmt::format("{} 处：{}", field.path, field.message.in("zh-CN"))};
        }
    if (error.fields.empty())
        error.fields = {{where, error.code, error.message}};
    return error;
}

// Of a formula that was written as text, the place in it.
Error written(Error error) {
    if (formula::span_of(error))
        error.fields.front().path.insert(0, "/condition/");
    return error;
}

Result<std::string> sql_of(const Expression& expression, const Subject& subject, const Resolve& resolve, Binds& binds,
    const std::string& where) {
    Shapes shapes(subject.catalogue);
    const auto checked = TRY(check_condition(expression, {shapes.of(subject.object), subject.zone}));
    CatalogueTables tables(subject, resolve, binds, where);
    const formula::Moment moment{*binds.now(), subject.zone};
    return condition_sql(checked, tables, binds.is_postgres() ? SqlDialect::postgres : SqlDialect::sqlite, moment);
}

} // namespace

Result<> check_written(const Expression& expression, const Subject& subject) {
    Shapes shapes(subject.catalogue);
    auto checked = check_condition(expression, {shapes.of(subject.object), subject.zone});
    if (!checked && checked.error().code == "formula.shown_word")
        return fail(written(std::move(checked).error()));
    return {};
}

Result<std::string> language_sql(const Expression& expression, const Subject& subject, const Resolve& resolve,
    Binds& binds, const std::string& where) {
    if (expression.at.length > 0) {
        auto sql = sql_of(expression, subject, resolve, binds, where);
        return sql ? std::move(sql) : fail(written(std::move(sql).error()));
    }
    Expression counted = expression;
    std::vector<std::string> places;
    number(counted, where, places);
    auto sql = sql_of(counted, subject, resolve, binds, where);
    if (!sql)
        return fail(placed(std::move(sql).error(), places, where));
    return sql;
}

} // namespace onefold::query
