// test/formula/cases.json on the three databases: each case has its value there, or is told not to be in SQL.
#include "formula/sample.h"
#include "query/sql_rig.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iostream>
#include <sstream>

namespace onefold::query::rig {
namespace {

namespace json = boost::json;
using formula::Record;
using formula::Shape;

json::value read_cases() {
    std::ifstream file(std::filesystem::path(__FILE__).parent_path() / "../../test/formula/cases.json");
    std::stringstream text;
    text << file.rdbuf();
    return json::parse(text.str());
}

std::string text_of(const json::object& one, std::string_view key, std::string_view otherwise) {
    const auto* value = one.if_contains(key);
    return std::string(value ? std::string_view(value->as_string()) : otherwise);
}

// A sample as tables: one a shape, every value as it is carried.
class Laid {
  public:
    explicit Laid(const formula::Sample& sample) { add(sample.record(), sample.shape(), 0, 0); }

    std::vector<std::pair<std::string, store::Values>> statements(const std::string& prefix) {
        std::vector<std::pair<std::string, store::Values>> made;
        for (const auto& [shape, table] : tables_) {
            std::string columns, places;
            std::size_t place = 0;
            for (const auto& [name, type] : table.columns) {
                columns += fmt::format("{}{} {}", columns.empty() ? "" : ", ", name, type);
                places += fmt::format("{}${}", places.empty() ? "" : ", ", ++place);
            }
            const std::string name = prefix + table.name;
            made.push_back({fmt::format("CREATE TABLE {} ({})", name, columns), {}});
            for (const auto& row : table.rows) {
                store::Values values;
                for (const auto& [column, type] : table.columns) {
                    const auto found = row.find(column);
                    values.push_back(found == row.end() ? store::Value() : found->second);
                }
                made.push_back({fmt::format("INSERT INTO {} VALUES ({})", name, places), std::move(values)});
            }
        }
        return made;
    }
    std::string name_of(const Shape* shape) const { return tables_.at(shape).name; }

  private:
    struct Table {
        std::string name;
        std::map<std::string, std::string> columns;
        std::vector<std::map<std::string, store::Value>> rows;
    };

    std::int64_t add(const Record& record, const Shape& shape, std::int64_t parent, std::size_t via) {
        Table& table = table_of(shape);
        const std::int64_t id = ++last_;
        std::map<std::string, store::Value> row{{"id", id}, {"parent", parent}, {"via", std::int64_t(via)}};
        for (const auto& name : shape.names()) {
            const auto slot = *shape.find(name);
            if (slot.type.kind == Kind::record && record.related(slot.number))
                row[fmt::format("c{}", slot.number)] = add(*record.related(slot.number), *slot.target, id, slot.number);
            else if (slot.type.kind == Kind::records)
                for (const Record* one : record.records(slot.number))
                    add(*one, *slot.target, id, slot.number);
            else if (slot.type.kind != Kind::record) {
                keep(row, slot.number, record.value(slot.number));
                if (slot.text)
                    keep(row, *slot.text, record.value(*slot.text));
            }
        }
        table.rows.push_back(std::move(row));
        return id;
    }
    static void keep(std::map<std::string, store::Value>& row, std::size_t slot, const formula::Value& value) {
        if (!value.is_blank())
            row[fmt::format("c{}", slot)] = carried(value);
    }
    Table& table_of(const Shape& shape) {
        auto& table = tables_[&shape];
        if (!table.name.empty())
            return table;
        table.name = fmt::format("s{}", tables_.size());
        table.columns = {{"id", "BIGINT"}, {"parent", "BIGINT"}, {"via", "BIGINT"}};
        for (const auto& name : shape.names()) {
            const auto slot = *shape.find(name);
            table.columns[fmt::format("c{}", slot.number)] = slot.type.kind == Kind::record ? "BIGINT" : "TEXT";
            if (slot.text)
                table.columns[fmt::format("c{}", *slot.text)] = "TEXT";
            if (slot.target && slot.type.kind != Kind::blank)
                table_of(*slot.target);
        }
        return table;
    }

    std::map<const Shape*, Table> tables_;
    std::int64_t last_ = 0;
};

class LaidTables final : public SqlTables {
  public:
    LaidTables(const Laid& laid, const Shape& shape, std::string prefix, SqlDialect dialect)
        : laid_(laid), prefix_(std::move(prefix)), dialect_(dialect) {
        frames_.push_back({&shape, "t0.id", "t0."});
    }

    Result<Column> column(std::size_t scope, Path path) override {
        std::string sql = frames_[scope].fields;
        for (std::size_t i = 0; i + 1 < path.size(); ++i)
            sql = fmt::format("(SELECT o.{{}} FROM {}{} AS o WHERE o.id = {})", prefix_, laid_.name_of(path[i].target),
                reached(sql, path[i].number));
        return typed(reached(sql, path.back().number), path.back().type.kind);
    }
    Result<> enter(std::size_t scope, Path path) override {
        std::string sql = frames_[scope].fields, key = frames_[scope].key;
        Source source;
        for (const auto& slot : path) {
            const std::string table = prefix_ + laid_.name_of(slot.target);
            if (slot.type.kind == Kind::record) {
                key = reached(sql, slot.number);
                sql = fmt::format("(SELECT o.{{}} FROM {} AS o WHERE o.id = {})", table, key);
                continue;
            }
            const std::string alias = fmt::format("t{}", ++made_);
            const std::string same = fmt::format("{0}.parent = {1} AND {0}.via = {2}", alias, key, slot.number);
            source.from += source.from.empty() ? fmt::format("{} AS {}", table, alias)
                                               : fmt::format(" JOIN {} AS {} ON {}", table, alias, same);
            if (source.where.empty())
                source.where = same;
            key = alias + ".id";
            sql = alias + ".";
            source.key += fmt::format("{}{}", source.key.empty() ? "" : ", ", key);
        }
        frames_.push_back({path.back().target, key, sql});
        sources_.push_back(std::move(source));
        return {};
    }
    Result<Source> leave() override {
        Source source = sources_.back();
        sources_.pop_back();
        frames_.pop_back();
        return source;
    }
    std::string bind(store::Value value) override {
        const bool is_text = std::holds_alternative<std::string>(value);
        values.push_back(std::move(value));
        return fmt::format("CAST(${} AS {})", values.size(), is_text ? "TEXT" : "BIGINT");
    }
    store::Values values;

  private:
    struct Frame {
        const Shape* shape;
        std::string key, fields; // "t0." or a form with a hole
    };

    static std::string reached(const std::string& sql, std::size_t slot) {
        const std::string column = fmt::format("c{}", slot);
        return sql.ends_with('.') ? sql + column : fmt::format(fmt::runtime(sql), column);
    }
    Column typed(std::string sql, Kind kind) const {
        switch (kind) {
        case Kind::number:
            return {dialect_ == SqlDialect::postgres ? fmt::format("CAST({} AS NUMERIC)", sql) : sql, -1};
        case Kind::truth:
            return {fmt::format("({} = '1')", sql)};
        case Kind::instant:
            return {fmt::format("CAST({} AS BIGINT)", sql)};
        default:
            return {std::move(sql), -1};
        }
    }

    const Laid& laid_;
    const std::string prefix_;
    const SqlDialect dialect_;
    std::vector<Frame> frames_;
    std::vector<Source> sources_;
    int made_ = 0;
};

// The file's records, laid down once a zone in which their times are read.
class Laids {
  public:
    struct One {
        formula::Sample sample;
        Laid laid;
        std::string prefix;
    };
    Laids(const json::object& records, Databases& databases) : records_(records), databases_(databases) {}

    const One& of(const std::string& name, const Zone& zone) {
        auto& one = laid_[name + zone.name()];
        if (one)
            return *one;
        auto sample =
            formula::Sample::read(name.empty() ? json::value(json::object{}) : records_.at(name), zone).value();
        Laid laid(sample);
        const std::string prefix = fmt::format("k{}_", laid_.size());
        VERIFY(databases_.prepare(laid.statements(prefix)));
        one = std::make_unique<One>(One{std::move(sample), std::move(laid), prefix});
        return *one;
    }

  private:
    const json::object& records_;
    Databases& databases_;
    std::map<std::string, std::unique_ptr<One>> laid_;
};

// As the case file writes values.
std::string shown(const std::optional<std::string>& carried, formula::Type type) {
    if (!carried)
        return "";
    if (type.kind == Kind::truth)
        return *carried == "1" ? "TRUE" : "FALSE";
    return type.kind == Kind::instant ? to_rfc3339(instant_of(std::stoll(*carried))) : *carried;
}

TEST(SqlCases, EachHasItsValueOnEachDatabase) {
    const json::value file = read_cases();
    const auto& records = file.at("records").as_object();
    Databases databases({});
    Laids kept(records, databases);
    std::size_t asked[3] = {}, refused[3] = {};
    std::string names[3];
    for (const json::value& value : file.at("cases").as_array()) {
        const auto& one = value.as_object();
        const Zone zone = *Zone::named(text_of(one, "zone", "UTC"));
        const formula::Moment moment{*parse_rfc3339(text_of(one, "now", "2026-05-31T08:30:00Z")), zone};
        const auto& [sample, laid, prefix] = kept.of(text_of(one, "record", ""), zone);
        const std::string text = text_of(one, "text", "");
        const auto tree = formula::parse(text);
        if (!tree)
            continue; // there is nothing to evaluate
        const auto checked = formula::check(*tree, {sample.shape(), zone});
        if (!checked || checked->type.kind == Kind::list)
            continue; // nor here, or no one value
        for (const SqlDialect dialect : dialects) {
            const auto index = std::size_t(dialect);
            LaidTables tables(laid, sample.shape(), prefix, dialect);
            const auto sql = value_sql(*checked, tables, dialect, moment);
            if (!sql) {
                EXPECT_EQ(sql.error().code, "query.not_in_sql") << text;
                ++refused[index];
                names[index] += "  " + text + "\n";
                continue;
            }
            ++asked[index];
            const std::string root = prefix + laid.name_of(&sample.shape());
            const auto answer =
                databases.ask(dialect, fmt::format("SELECT {} FROM {} AS t0", *sql, root), tables.values);
            ASSERT_TRUE(answer) << dialect_names[index] << " " << text << " " << answer.error().message.in("en")
                                << *sql;
            ASSERT_EQ(answer->size(), 1u);
            EXPECT_EQ(shown(answer->front(), checked->type), one.contains("error") ? "" : text_of(one, "value", ""))
                << dialect_names[index] << ": " << text << "\n"
                << *sql;
        }
    }
    for (const SqlDialect dialect : dialects) {
        const auto index = std::size_t(dialect);
        std::cout << dialect_names[index] << ": " << asked[index] << " cases, " << refused[index] << " not in SQL\n"
                  << names[index];
        EXPECT_GT(asked[index], 250u);
    }
}

} // namespace
} // namespace onefold::query::rig
