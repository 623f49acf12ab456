#include "query/condition.h"
#include "query/cursor.h"
#include "query/ids.h"
#include "query/known_ids.h"
#include "query/nearest.h"
#include "query/operand.h"
#include "query/scope.h"

#include <charconv>
#include <fmt/format.h>
#include <span>

namespace onefold::query {
namespace {

using Kind = Operand::Kind;

constexpr std::size_t selections_max = 200;
constexpr std::size_t sorts_max = 16;

Failure unknown_object(std::string_view code) {
    return fail(ErrorKind::invalid, "query.unknown_object",
        {fmt::format("There is no object “{}”.", code.substr(0, 100)),
            fmt::format("没有对象“{}”。", code.substr(0, 100))},
        {{"/object", "query.unknown_object", {"unknown object", "未知对象"}}});
}

Failure too_wide(std::string_view where) {
    return fail(ErrorKind::invalid, "query.too_wide", {"The query asks for too much at once.", "一次查询的内容过多。"},
        {{std::string(where), "query.too_wide", {"too many", "数量过多"}}});
}

Failure not_grouped(const std::string& where) {
    const LocalText message{
        "Beside an aggregate stands only what the query groups by.", "与汇总并列的只能是分组字段。"};
    return fail(ErrorKind::invalid, "query.not_grouped", message, {{where, "query.not_grouped", message}});
}

Result<Operand> aggregate_of(Operand operand, Aggregate aggregate, const Binds& binds, const std::string& where) {
    if (aggregate == Aggregate::none)
        return operand;
    const bool is_summed = aggregate == Aggregate::sum || aggregate == Aggregate::average;
    if ((is_summed && operand.kind != Kind::number) || (operand.kind == Kind::json && aggregate != Aggregate::count))
        return wrong_type(where, {fmt::format("What stands at {} cannot be aggregated so.", where),
                                     fmt::format("{} 处的字段不能这样汇总。", where)});
    // "" is blank too, and aggregates skip blanks.
    const std::string sql =
        operand.kind == Kind::text ? fmt::format("NULLIF({}, '')", operand.sql) : value_sql(operand, binds);
    switch (aggregate) {
    case Aggregate::none:
        break;
    case Aggregate::count:
        return Operand{Kind::number, fmt::format("COUNT({})", sql), 0, "", FieldType::integer};
    case Aggregate::sum:
        operand.sql = fmt::format("SUM({})", sql);
        break;
    case Aggregate::average:
        operand.kind = Kind::average;
        operand.count = fmt::format("COUNT({})", sql);
        operand.sql = fmt::format("SUM({})", sql);
        break;
    case Aggregate::min:
    case Aggregate::max: {
        const bool is_text = operand.kind == Kind::text || operand.kind == Kind::date;
        operand.sql = fmt::format("{}({}{})", aggregate == Aggregate::min ? "MIN" : "MAX", sql,
            is_text && binds.is_postgres() ? " COLLATE \"C\"" : "");
        if (operand.kind == Kind::boolean)
            operand.sql = fmt::format("({} <> 0)", operand.sql);
    }
    }
    return operand;
}

// The object's rows after `values` in an order of columns, blanks last: after the first, or equal there and after the
// rest.
struct Order {
    std::string sql;
    Direction direction;
    bool is_never_blank = false;
};
std::string after_sql(std::span<const Order> order, std::span<const store::Value> values, Binds& binds) {
    const auto& [sql, direction, is_never_blank] = order.front();
    const auto& value = values.front();
    const bool is_last = order.size() == 1;
    if (std::holds_alternative<std::monostate>(value)) // blanks come last: only blanks are left
        return fmt::format("({} IS NULL AND {})", sql, after_sql(order.subspan(1), values.subspan(1), binds));
    const auto* integer = std::get_if<std::int64_t>(&value);
    const auto bound = [&] { return integer ? binds.add(*integer) : binds.add(std::get<std::string>(value)); };
    const char* sign = direction == Direction::ascending ? ">" : "<";
    if (is_last)
        return fmt::format("({} {} {})", sql, sign, bound());
    const std::string place = bound();
    const std::string rest = after_sql(order.subspan(1), values.subspan(1), binds);
    if (is_never_blank) // the first half lets an index find the place
        return fmt::format("({0} {1}= {2} AND ({0} {1} {2} OR {3}))", sql, sign, place, rest);
    return fmt::format("({0} {1} {2} OR {0} IS NULL OR ({0} = {2} AND {3}))", sql, sign, place, rest);
}

class Compiler {
  public:
    Compiler(const Query& query, const Catalogue& catalogue, const ObjectEntry& object, store::Dialect dialect, Way way)
        : query_(query),
          catalogue_(catalogue),
          object_(object),
          way_(way),
          binds_(dialect, query.now),
          scope_(catalogue, binds_, object, binds_.next_alias()) {}

    Result<Compiled> compile() {
        TRY(check_limits());
        TRY(select());
        if (is_grouped()) {
            TRY(where());
            return grouped();
        }
        TRY(begin_walk());
        TRY(where());
        return listed();
    }

    Result<Compiled> keys(std::int64_t most) {
        TRY(check_limits());
        TRY(where());
        std::string sql = "SELECT " + scope_.key_sql() + from_and_where();
        sql += fmt::format(" LIMIT {}", binds_.add(most));
        return finish(std::move(sql));
    }

    Result<Compiled> sorted_keys(std::int64_t most) {
        TRY(check_limits());
        TRY(where());
        most_ = most;
        return listed();
    }

  private:
    bool is_grouped() const {
        return !query_.group.empty() || std::ranges::any_of(query_.select,
                                            [](const Selection& each) { return each.aggregate != Aggregate::none; });
    }

    // A field that has one value a record.
    Result<Operand> single(const std::vector<std::string>& path, const std::string& at) {
        auto operand = TRY(scope_.resolve(path, at));
        if (operand.kind == Kind::many)
            return wrong_type(at, {fmt::format("What stands at {} has several values: it stands in filters only.", at),
                                      fmt::format("{} 处的字段有多个值，只能用于筛选。", at)});
        return operand;
    }

    // The column that the walk follows, known before the filter that is tried along it.
    Result<> begin_walk() {
        if (way_ == Way::planner || query_.sort.empty())
            return {};
        const auto& path = query_.sort.front().path;
        const auto operand = TRY(single(path, "/sort/0"));
        if (way_ == Way::blank)
            return {};
        scope_.narrow(formula::field(path));
        walked_ = operand.sql;
        if (!binds_.is_postgres())
            scope_.lead(path);
        return {};
    }

    Result<> check_limits() const {
        if (query_.page.limit < 1 || query_.page.limit > Page::limit_max)
            return bad_page("/limit", {fmt::format("A page has 1 to {} rows.", Page::limit_max),
                                          fmt::format("每页须为 1 到 {} 行。", Page::limit_max)});
        if (query_.select.size() > selections_max)
            return too_wide("/select");
        if (query_.sort.size() > sorts_max)
            return too_wide("/sort");
        if (query_.group.size() > sorts_max)
            return too_wide("/group");
        if (query_.among && query_.among->size() > listed_ids_max && !is_by_bits())
            return too_wide("/among");
        return {};
    }

    Result<> select() {
        for (std::size_t i = 0; i < query_.select.size(); ++i) {
            const auto& [path, aggregate] = query_.select[i];
            const std::string at = fmt::format("/select/{}", i);
            if (path.empty() && aggregate == Aggregate::count) {
                selected_.push_back({Kind::number, "COUNT(*)", 0, "", FieldType::integer});
                continue;
            }
            if (is_grouped() && aggregate == Aggregate::none &&
                std::ranges::find(query_.group, path) == query_.group.end()) {
                TRY(scope_.resolve(path, at));
                return not_grouped(at);
            }
            selected_.push_back(TRY(aggregate_of(TRY(single(path, at)), aggregate, binds_, at)));
        }
        return {};
    }

    // On a walk no other index may tempt the planner away.
    Resolve own() {
        return [this](const std::vector<std::string>& path, const std::string& at) -> Result<Operand> {
            auto operand = TRY(scope_.resolve(path, at));
            return walked_.empty() || operand.sql == walked_ ? operand : without_index(std::move(operand), binds_);
        };
    }

    Result<std::string> filter(const Resolve& resolve, const Scope& scope) {
        const Subject subject{catalogue_, object_, scope.key_sql(), query_.zone};
        return condition_of(*query_.filter, resolve, binds_, "/filter", &subject);
    }

    Result<> where() {
        if (auto always = TRY(scope_.always()); !always.empty())
            conditions_.push_back(std::move(always));
        if (query_.filter && way_ == Way::filled_of_set)
            conditions_.push_back(TRY(in_set()));
        else if (query_.filter)
            conditions_.push_back(TRY(filter(own(), scope_)));
        if (object_.always)
            scope_.narrow(*object_.always);
        if (query_.filter && way_ != Way::filled_of_set)
            scope_.narrow(*query_.filter);
        if (query_.among)
            conditions_.push_back(among(*query_.among));
        return {};
    }

    // A walk meets its rows in the order of an index, and looks for each whether it is one of many; all else looks the
    // known ones up.
    bool is_by_bits() const {
        return way_ != Way::planner && !binds_.is_postgres() && query_.among && have_bits(*query_.among);
    }

    // One text for any number of ids, so that the statement stays prepared.
    std::string among(const std::vector<std::int64_t>& ids) {
        const std::string key = scope_.key_sql();
        if (is_by_bits())
            return fmt::format("has_bit({}, {})", binds_.add(bits_of(ids)), key);
        const std::string list = fmt::format("{}", fmt::join(ids, ","));
        return binds_.is_postgres()
                   ? fmt::format("{} = ANY({}::bigint[])", key, binds_.add(fmt::format("{{{}}}", list)))
                   : fmt::format("{} IN (SELECT value FROM json_each({}))", key, binds_.add(fmt::format("[{}]", list)));
    }

    // The keys of all that meets the filter, as a table that is made once.
    Result<std::string> in_set() {
        Scope inner{catalogue_, binds_, object_, binds_.next_alias()};
        auto conditions = TRY(
            filter([&](const std::vector<std::string>& path, const std::string& at) { return inner.resolve(path, at); },
                inner));
        if (const auto always = TRY(inner.always()); !always.empty())
            conditions += fmt::format(" AND {}", always);
        inner.narrow(*query_.filter);
        const char* walk_on = binds_.is_postgres() ? "" : "+"; // and sort nothing
        return fmt::format("{}{} IN (SELECT {} FROM {}{} WHERE {})", walk_on, scope_.key_sql(), inner.key_sql(),
            inner.from(), inner.joins(), conditions);
    }

    std::string column_list() {
        for (const auto& operand : selected_) {
            columns_.push_back(value_sql(operand, binds_));
            compiled_.columns.push_back(column_of(operand));
        }
        return fmt::format("{}", fmt::join(columns_, ", "));
    }

    std::string from_and_where() {
        // Known ids are looked up: SQLite would rather walk an index on what the object always demands, a million rows.
        const bool is_by_key = query_.among && way_ == Way::planner && !binds_.is_postgres();
        std::string sql = fmt::format(" FROM {}{}{}", scope_.from(), is_by_key ? " NOT INDEXED" : "", scope_.joins());
        if (!conditions_.empty())
            sql += fmt::format(" WHERE {}", fmt::join(conditions_, " AND "));
        return sql;
    }

    static std::string order_list(std::span<const Order> order) {
        std::string sql;
        for (const auto& each : order)
            sql += fmt::format("{}{} {}{}", sql.empty() ? "" : ", ", each.sql,
                each.direction == Direction::ascending ? "ASC" : "DESC", each.is_never_blank ? "" : " NULLS LAST");
        return sql;
    }

    static Failure unsortable(const std::string& at) {
        return wrong_type(at, {"This field has no order.", "该字段无法排序。"});
    }

    Result<Compiled> listed() {
        if (query_.having)
            return not_grouped("/having");
        std::vector<Order> order;
        std::vector<CursorType> types;
        bool is_total = false;
        for (std::size_t i = 0; i < query_.sort.size() && !is_total; ++i) {
            const auto operand = TRY(single(query_.sort[i].path, fmt::format("/sort/{}", i)));
            if (operand.kind == Kind::json)
                return unsortable(fmt::format("/sort/{}", i));
            is_total = operand.sql == scope_.own_key_sql();
            if (is_total)
                break;
            order.push_back({order_sql(operand, binds_), query_.sort[i].direction, operand.is_never_blank});
            types.push_back(
                operand.kind == Kind::text || operand.kind == Kind::date ? CursorType::text : CursorType::integer);
            selected_.push_back(operand);
        }
        const auto key_direction = is_total ? query_.sort[order.size()].direction
                                            : (order.empty() ? Direction::ascending : order.back().direction);
        order.push_back({scope_.key_sql(), key_direction, true});
        types.push_back(CursorType::integer);
        selected_.push_back({Kind::id, scope_.key_sql(), 0, "", FieldType::relation});

        std::span<const Order> rest = TRY(choose_half(order));
        if (!query_.page.after.empty()) {
            const auto values = TRY(from_cursor(query_.page.after, order_name(query_), types));
            conditions_.push_back(after_sql(rest, std::span(values).last(rest.size()), binds_));
        }
        if (most_)
            selected_.erase(selected_.begin(), selected_.end() - 1);
        std::string sql = "SELECT " + column_list();
        sql += from_and_where();
        const std::int64_t most = most_.value_or(std::int64_t(query_.page.limit) + 1);
        sql += fmt::format(" ORDER BY {} LIMIT {}", order_list(rest), binds_.add(most));
        return finish(std::move(sql));
    }

    // What is left to order by, in the half that this statement is about.
    Result<std::span<const Order>> choose_half(std::vector<Order>& order) {
        compiled_.may_be_blank = !order.front().is_never_blank;
        if (way_ == Way::planner || !compiled_.may_be_blank)
            return order;
        const bool is_filled = way_ != Way::blank;
        conditions_.push_back(fmt::format("{} IS {}NULL", order.front().sql, is_filled ? "NOT " : ""));
        order.front().is_never_blank = is_filled;
        return std::span<const Order>(order).subspan(is_filled ? 0 : 1);
    }

    // {"0"} is the first of select.
    Result<Operand> position(const std::vector<std::string>& path, const std::string& at) const {
        std::size_t index = 0;
        const std::string digits = path.size() == 1 ? path.front() : "";
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
        if (error != std::errc{} || end != digits.data() + digits.size() || index >= selected_.size())
            return unknown_field(at, path, "");
        return selected_[index];
    }

    Result<Compiled> grouped() {
        if (!query_.page.after.empty())
            return bad_page("/after", {"A grouped query has one page.", "分组查询只有一页。"});
        std::vector<std::string> groups;
        std::vector<Order> order, rest;
        for (std::size_t i = 0; i < query_.group.size(); ++i) {
            const auto operand = TRY(single(query_.group[i], fmt::format("/group/{}", i)));
            if (operand.kind == Kind::json)
                return unsortable(fmt::format("/group/{}", i));
            groups.push_back(operand.sql);
            rest.push_back({order_sql(operand, binds_), Direction::ascending});
        }
        for (std::size_t i = 0; i < query_.sort.size(); ++i) {
            const auto& [path, direction] = query_.sort[i];
            const std::string at = fmt::format("/sort/{}", i);
            const bool is_group = std::ranges::find(query_.group, path) != query_.group.end();
            const auto operand = TRY(is_group ? single(path, at) : position(path, at));
            order.push_back({order_sql(operand, binds_), direction});
        }
        order.insert(order.end(), rest.begin(), rest.end());
        std::string having;
        if (query_.having)
            having = TRY(condition_of(
                *query_.having,
                [this](const std::vector<std::string>& path, const std::string& at) { return position(path, at); },
                binds_, "/having"));

        std::string sql = "SELECT " + column_list();
        sql += from_and_where();
        if (!groups.empty())
            sql += fmt::format(" GROUP BY {}", fmt::join(groups, ", "));
        if (!having.empty())
            sql += fmt::format(" HAVING {}", having);
        if (!order.empty())
            sql += fmt::format(" ORDER BY {}", order_list(order));
        sql += fmt::format(" LIMIT {}", binds_.add(std::int64_t(query_.page.limit)));
        return finish(std::move(sql));
    }

    Compiled finish(std::string sql) {
        compiled_.sql = std::move(sql);
        compiled_.values = binds_.take();
        return std::move(compiled_);
    }

    const Query& query_;
    const Catalogue& catalogue_;
    const ObjectEntry& object_;
    const Way way_;
    Binds binds_;
    Scope scope_;
    std::string walked_;               // the column of a walk
    std::optional<std::int64_t> most_; // of keys alone
    std::vector<Operand> selected_;
    std::vector<std::string> conditions_;
    std::vector<std::string> columns_;
    Compiled compiled_;
};

} // namespace

Result<Compiled> compile(const Query& query, const Catalogue& catalogue, store::Dialect dialect, Way way) {
    const ObjectEntry* object = catalogue.find_object(query.object);
    if (!object)
        return unknown_object(query.object);
    return Compiler{query, catalogue, *object, dialect, way}.compile();
}

Result<Compiled> compile_keys(
    const Query& query, const Catalogue& catalogue, store::Dialect dialect, std::int64_t most) {
    const ObjectEntry* object = catalogue.find_object(query.object);
    if (!object)
        return unknown_object(query.object);
    return Compiler{query, catalogue, *object, dialect, Way::planner}.keys(most);
}

Result<std::vector<std::int64_t>> list_ids(
    store::Session& session, const Query& query, const Catalogue& catalogue, std::int64_t most) {
    const ObjectEntry* object = catalogue.find_object(query.object);
    if (!object)
        return unknown_object(query.object);
    Compiler compiler{query, catalogue, *object, session.dialect(), Way::planner};
    const auto keys = TRY(compiler.sorted_keys(most));
    std::vector<std::int64_t> ids;
    TRY(session.each(keys.sql, keys.values, [&](const store::Row& row) -> Result<> {
        ids.push_back(row.integer(0));
        return {};
    }));
    return ids;
}

} // namespace onefold::query
