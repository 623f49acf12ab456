#pragma once
// A small world for this room's laws: deals with an owner and lines, in three databases and in memory.
#include "formula/formula.h"
#include "query/dice.h"
#include "query/query.h"
#include "query/sql.h"
#include "query/sql_call.h"
#include "store/columns.h"
#include "testing/folder.h"
#include "testing/postgres.h"

#include <deque>
#include <fmt/format.h>
#include <map>
#include <random>

namespace onefold::query::rig {

using formula::Kind;

struct Field {
    std::string name;
    Kind kind;
    int scale = 0; // of a number
};
struct Kept {
    std::string name;
    std::vector<Field> fields;
    std::map<std::string, std::string> single; // relation → kind of record
    std::map<std::string, std::string> many;
};

inline const std::map<std::string, Kept>& kinds() {
    static const std::map<std::string, Kept> kinds{
        {"deal", {"deal",
                     {{"name", Kind::text}, {"城市", Kind::text}, {"note", Kind::text}, {"amount", Kind::number, 2},
                         {"rate", Kind::number, 4}, {"units", Kind::number, 0}, {"big", Kind::number, 0},
                         {"fine", Kind::number, 12}, {"born", Kind::date}, {"due", Kind::date},
                         {"seen_at", Kind::instant}, {"made_at", Kind::instant}, {"is_vip", Kind::truth}},
                     {{"owner", "person"}}, {{"lines", "line"}}}},
        {"person", {"person", {{"name", Kind::text}, {"age", Kind::number, 0}, {"joined", Kind::date}}, {}, {}}},
        {"line", {"line",
                     {{"sku", Kind::text}, {"price", Kind::number, 4}, {"count", Kind::number, 0},
                         {"at", Kind::instant}, {"day", Kind::date}, {"is_gift", Kind::truth}},
                     {}, {}}}};
    return kinds;
}

class RigShape final : public formula::Shape {
  public:
    static const RigShape& of(const std::string& kind) {
        static std::map<std::string, RigShape> shapes;
        return shapes.try_emplace(kind, RigShape(kinds().at(kind))).first->second;
    }
    std::optional<Slot> find(std::string_view name) const override {
        for (std::size_t i = 0; i < kept_.fields.size(); ++i)
            if (kept_.fields[i].name == name)
                return Slot{i, {kept_.fields[i].kind}};
        if (const auto found = kept_.single.find(std::string(name)); found != kept_.single.end())
            return Slot{100, {Kind::record}, &of(found->second)};
        if (const auto found = kept_.many.find(std::string(name)); found != kept_.many.end())
            return Slot{101, {Kind::records}, &of(found->second)};
        return std::nullopt;
    }
    std::vector<std::string> names() const override { return {}; }

  private:
    explicit RigShape(const Kept& kept) : kept_(kept) {}
    const Kept& kept_;
};

struct Row final : formula::Record {
    std::int64_t id = 0;
    std::vector<store::Value> stored;
    std::vector<formula::Value> values;
    const Row* owner = nullptr;
    std::vector<const formula::Record*> lines;

    formula::Value value(std::size_t slot) const override { return values[slot]; }
    const Record* related(std::size_t) const override { return owner; }
    std::span<const Record* const> records(std::size_t) const override { return lines; }
};

inline const std::vector<std::string>& texts() {
    static const std::vector<std::string> texts{"", "a", "A", "ab", "aB%", "上海", "上海市 浦东新区", "😀x", "1,234.5",
        "2026-05-31", "Ünï ß", " x  y ", "=1+1", "'; DROP TABLE deal; --", "12%", "ＡＢ１", "lin@example.com", "_",
        "\\", "a,b,,c", "month", "Asia/Shanghai", "\x01y\x1f", "　上海", "Y", "^a", "5"};
    return texts;
}

class World {
  public:
    World(Dice& dice, std::size_t deals) {
        for (std::size_t i = 0; i < 5; ++i)
            make("person", dice);
        for (std::size_t i = 0; i < deals; ++i) {
            Row& deal = make("deal", dice);
            if (!dice.one_in(4))
                deal.owner = &rows_["person"][dice.below(5)];
            for (std::size_t count = dice.below(4); count > 0; --count) {
                Row& line = make("line", dice);
                line.owner = &deal;
                deal.lines.push_back(&line);
            }
        }
    }
    const std::deque<Row>& rows(const std::string& kind) const { return rows_.at(kind); }

    // The same statements for every database.
    std::vector<std::pair<std::string, store::Values>> statements() const {
        std::vector<std::pair<std::string, store::Values>> made;
        for (const auto& [name, kept] : kinds()) {
            std::string columns, places = "$1, $2";
            for (std::size_t i = 0; i < kept.fields.size(); ++i) {
                const Kind kind = kept.fields[i].kind;
                columns += fmt::format(", c{} {}", i, kind == Kind::text || kind == Kind::date ? "TEXT" : "BIGINT");
                places += fmt::format(", ${}", i + 3);
            }
            made.push_back(
                {fmt::format("CREATE TABLE {} (id BIGINT PRIMARY KEY, owner_id BIGINT{})", name, columns), {}});
            for (const Row& row : rows_.at(name)) {
                store::Values values{row.id, row.owner ? store::Value(row.owner->id) : store::Value()};
                values.insert(values.end(), row.stored.begin(), row.stored.end());
                made.push_back({fmt::format("INSERT INTO {} VALUES ({})", name, places), std::move(values)});
            }
        }
        made.push_back({"CREATE INDEX line_of_deal ON line (owner_id, c3)", {}});
        return made;
    }

  private:
    Row& make(const std::string& kind, Dice& dice) {
        auto& rows = rows_[kind];
        Row& row = rows.emplace_back();
        row.id = std::int64_t(rows.size());
        for (const Field& field : kinds().at(kind).fields)
            fill(row, field, dice);
        return row;
    }

    void fill(Row& row, const Field& field, Dice& dice) {
        static const std::vector<std::int64_t> units{0, 1, -1, 2, 5, 49, 50, 51, 100, 150, -150, 12345, -12345, 99999,
            1'000'000, 5'000'000'000, 123'456'789'012'345'678, std::numeric_limits<std::int64_t>::max(),
            std::numeric_limits<std::int64_t>::min()};
        static const std::vector<std::string> days{"2026-01-31", "2024-02-29", "2026-02-28", "1999-12-31", "1970-01-01",
            "2026-05-25", "2026-05-31", "0001-01-01", "9999-12-31", "2025-12-29", "2026-11-01", "1990-06-15"};
        static const std::vector<std::string> times{"2026-05-31T08:30:00Z", "2026-03-29T01:00:00Z",
            "2026-11-01T05:30:00Z", "2026-03-08T07:00:00.000001Z", "1999-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z",
            "2026-10-25T00:30:00Z", "2026-05-30T16:00:00Z", "2026-05-30T15:59:59.999999Z", "2038-01-19T03:14:08Z"};
        if (dice.one_in(5)) {
            row.stored.emplace_back();
            row.values.emplace_back();
            return;
        }
        switch (field.kind) {
        case Kind::text:
            row.stored.emplace_back(dice.of(texts()));
            row.values.emplace_back(std::string_view(texts_.emplace_back(std::get<std::string>(row.stored.back()))));
            break;
        case Kind::number:
            row.stored.emplace_back(dice.of(units));
            row.values.emplace_back(Decimal::of_scaled(std::get<std::int64_t>(row.stored.back()), field.scale));
            break;
        case Kind::date:
            row.stored.emplace_back(dice.of(days));
            row.values.emplace_back(*formula::parse_date(std::get<std::string>(row.stored.back())));
            break;
        case Kind::instant: {
            const Instant at = *parse_rfc3339(dice.of(times));
            row.stored.emplace_back(micros_of(at));
            row.values.emplace_back(at);
            break;
        }
        default: {
            const bool holds = dice.one_in(2);
            row.stored.emplace_back(std::int64_t(holds));
            row.values.emplace_back(holds);
        }
        }
    }

    std::map<std::string, std::deque<Row>> rows_;
    std::deque<std::string> texts_;
};

class RigTables final : public SqlTables {
  public:
    explicit RigTables(SqlDialect dialect) : dialect_(dialect) { aliases_.push_back({"deal", "t0"}); }

    Result<Column> column(std::size_t scope, Path path) override {
        const auto& [kind, alias] = aliases_[scope];
        if (path.size() == 2)
            return of("person", path[1].number, [&](const std::string& column) {
                return fmt::format("(SELECT o.{} FROM person AS o WHERE o.id = {}.owner_id)", column, alias);
            });
        if (path[0].type.kind == Kind::record)
            return Column{alias + ".owner_id"};
        return of(kind, path[0].number, [&](const std::string& column) { return alias + "." + column; });
    }
    Result<> enter(std::size_t scope, Path) override {
        const std::string alias = fmt::format("t{}", ++made_);
        sources_.push_back({fmt::format("line AS {}", alias),
            fmt::format("{}.owner_id = {}.id", alias, aliases_[scope].second), alias + ".id"});
        aliases_.push_back({"line", alias});
        return {};
    }
    Result<Source> leave() override {
        Source source = sources_.back();
        sources_.pop_back();
        aliases_.pop_back();
        return source;
    }
    std::string bind(store::Value value) override {
        const bool is_text = std::holds_alternative<std::string>(value);
        values.push_back(std::move(value));
        return dialect_ == SqlDialect::sqlite
                   ? fmt::format("${}", values.size())
                   : fmt::format("CAST(${} AS {})", values.size(), is_text ? "TEXT" : "BIGINT");
    }
    store::Values values;

  private:
    template <class Reach>
    static Column of(const std::string& kind, std::size_t slot, Reach reach) {
        const Field& field = kinds().at(kind).fields[slot];
        const std::string sql = reach(fmt::format("c{}", slot));
        return {field.kind == Kind::truth ? fmt::format("({} <> 0)", sql) : sql, field.scale};
    }

    const SqlDialect dialect_;
    std::vector<std::pair<std::string, std::string>> aliases_;
    std::vector<Source> sources_;
    int made_ = 0;
};

// The three databases, with the same rows.
class Databases {
  public:
    using Answers = std::vector<std::optional<std::string>>;

    explicit Databases(const std::vector<std::pair<std::string, store::Values>>& statements) {
        const store::Options options{.functions = functions()};
        sqlite_ = store::Database::open(folder_.file("main.db"), {}, options).value();
        postgres_ = store::Database::open(testing::Postgres::get().make_database(), {}).value();
        columns_ =
            store::Columns::open(folder_.file("main.duckdb"), {.memory_mb = 1024, .threads = 1}, functions()).value();
        connection_ = columns_->connect().value();
        VERIFY(prepare(statements));
    }

    Result<> prepare(const std::vector<std::pair<std::string, store::Values>>& statements) {
        for (auto* database : {sqlite_.get(), postgres_.get()})
            TRY(database->write([&](store::Session& session) -> Result<> {
                for (const auto& [sql, values] : statements)
                    TRY(session.execute(sql, values));
                return {};
            }));
        for (const auto& [sql, values] : statements)
            TRY(connection_->execute(sql, values));
        return {};
    }

    Result<Answers> ask(SqlDialect dialect, const std::string& sql, const store::Values& values) {
        Answers answers;
        const store::RowSink sink = [&](const store::Row& row) -> Result<> {
            answers.push_back(row.is_null(0) ? std::nullopt : std::optional(std::string(row.text(0))));
            return {};
        };
        if (dialect == SqlDialect::duckdb)
            TRY(connection_->each(sql, values, sink));
        else
            TRY(database(dialect).read([&](store::Session& session) { return session.each(sql, values, sink); }));
        return answers;
    }
    store::Database& database(SqlDialect dialect) { return dialect == SqlDialect::sqlite ? *sqlite_ : *postgres_; }

  private:
    testing::Folder folder_;
    std::unique_ptr<store::Database> sqlite_, postgres_;
    std::unique_ptr<store::Columns> columns_;
    std::unique_ptr<store::ColumnsConnection> connection_;
};

inline constexpr SqlDialect dialects[] = {SqlDialect::sqlite, SqlDialect::postgres, SqlDialect::duckdb};
inline constexpr std::string_view dialect_names[] = {"SQLite", "PostgreSQL", "DuckDB"};

} // namespace onefold::query::rig
