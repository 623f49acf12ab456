#include "columns/event_file.h"
#include "testing/folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>

namespace onefold::columns {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

// Any JSON that a sender may come up with.
class RandomJson {
  public:
    explicit RandomJson(unsigned seed) : random_(seed) {}
    object properties() { return make_object(0); }
    int below(int end) { return int(random_() % unsigned(end)); }

  private:
    object make_object(int depth) {
        object made;
        for (int i = below(depth == 0 ? 40 : 5); i > 0; --i)
            made[name()] = make(depth);
        return made;
    }
    value make(int depth) {
        switch (below(depth < 7 ? 11 : 8)) {
        case 0:
            return nullptr;
        case 1:
            return below(2) == 0;
        case 2:
            return std::int64_t(random_() >> 1) * (below(2) ? 1 : -1);
        case 3:
            return random_();
        case 4:
            return (below(2'000'000) - 1'000'000) / 1000.0; // more digits are not read back exactly by Boost.JSON
        case 5:
            return below(1000);
        case 6:
            return value(fmt::format("20{:02}-0{}-1{}T1{}:00:0{}.{}Z", below(80), 1 + below(9), below(9), below(9),
                below(9), random_() % 10'000'000));
        case 7:
            return value(text());
        case 8: {
            array list;
            for (int i = below(4); i > 0; --i)
                list.push_back(make(depth + 1));
            return list;
        }
        default:
            return make_object(depth + 1);
        }
    }
    std::string name() {
        static constexpr const char* odd[] = {"", "a/b", "~", "~1", "a b", "价格", "\"", "x\n", "'", "a.b"};
        return below(8) == 0 ? odd[below(10)] : fmt::format("p{}", below(60));
    }
    std::string text() {
        static constexpr std::string_view pieces[] = {
            "归一", "a", " ", "\"", "\\", "\n", "😀", "'", "2026-01-01", {"\0", 1}};
        std::string made;
        for (int i = below(20); i > 0; --i)
            made += pieces[below(10)];
        return made;
    }
    std::mt19937_64 random_;
};

// Puts a value where its path says.
void put(object& root, std::string_view path, value leaf) {
    object* inner = &root;
    for (;;) {
        const auto slash = path.find('/');
        std::string name(path.substr(0, slash));
        for (const auto& [from, to] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}})
            for (auto at = name.find(from); at != std::string::npos; at = name.find(from, at + 1))
                name.replace(at, 2, to);
        if (slash == std::string_view::npos) {
            (*inner)[name] = std::move(leaf);
            return;
        }
        value& next = (*inner)[name];
        if (!next.is_object())
            next.emplace_object();
        inner = &next.get_object();
        path = path.substr(slash + 1);
    }
}

// What must come back: nulls and the objects of nothing but nulls are gone, instants are spelt in UTC.
object expected_of(const object& properties) {
    object expected;
    for (const Cell& cell : cells_of(properties))
        put(expected, cell.path, value_of(cell));
    return expected;
}

// As a number, whatever it was spelt with.
bool is_same(const value& a, const value& b) {
    if (a.is_object() && b.is_object()) {
        const auto& [x, y] = std::tie(a.get_object(), b.get_object());
        return x.size() == y.size() && std::ranges::all_of(x, [&](const auto& entry) {
            const value* other = y.if_contains(entry.key());
            return other && is_same(entry.value(), *other);
        });
    }
    if (a.is_number() && b.is_number())
        return a.to_number<double>() == b.to_number<double>();
    return a == b;
}

// Null members left out at every depth that is opened up, as the columns do.
object without_nulls(const object& json, int depth = 1) {
    object kept;
    for (const auto& [name, property] : json) {
        if (property.is_null())
            continue;
        if (property.is_object() && !property.get_object().empty() && depth < depth_max) {
            if (auto inner = without_nulls(property.get_object(), depth + 1); !inner.empty())
                kept[name] = std::move(inner);
        } else {
            kept[name] = property;
        }
    }
    return kept;
}

class EventFileTest : public ::testing::Test {
  protected:
    testing::Folder folder;
    const std::string path = folder.file("columns.duckdb");
    std::unique_ptr<EventFile> file = open();

    std::unique_ptr<EventFile> open(Limits limits = {}) { return std::move(*EventFile::open(path, "UTC", {}, limits)); }
    void reopen(Limits limits = {}) {
        file.reset();
        file = open(limits);
    }
    static EventRow row(std::int64_t position, std::string name, const object& properties) {
        return {Position{position}, instant_of(position * 1'000'000), instant_of(position * 1'000'000),
            position / 86'400, SourceId{2}, NodeId{position % 3}, "track", std::move(name),
            fmt::format("m{}", position), cells_of(properties)};
    }
    std::vector<store::Values> rows_of(const std::string& sql) {
        std::vector<store::Values> rows;
        auto connection = std::move(*file->connect());
        const auto done = connection->each(sql, {}, [&](const store::Row& row) -> Result<> {
            auto& kept = rows.emplace_back();
            for (int i = 0; i < row.columns(); ++i)
                kept.push_back(row.value(i));
            return {};
        });
        EXPECT_TRUE(done) << (done ? "" : done.error().message.in("en"));
        return rows;
    }
    std::int64_t number_of(const std::string& sql) { return std::get<std::int64_t>(rows_of(sql).at(0).at(0)); }

    // The properties of each event, read back from typed columns and overflow.
    std::map<std::int64_t, object> read_back() {
        std::map<std::int64_t, object> events;
        for (const auto& one : rows_of("SELECT position, overflow FROM event")) {
            object& event = events[std::get<std::int64_t>(one[0])];
            const auto* text = std::get_if<std::string>(&one[1]);
            const value overflow = text ? boost::json::parse(*text) : value(object());
            for (const auto& [key, kept] : overflow.get_object())
                put(event, std::string_view(key).substr(key.find(' ') + 1), kept);
        }
        for (const auto& definition :
            rows_of("SELECT event_type_id, path, type, slot FROM event_property WHERE slot >= 0")) {
            const auto type = CellType(std::get<std::int64_t>(definition[2]));
            const auto column = column_of(type, int(std::get<std::int64_t>(definition[3])));
            for (const auto& one :
                rows_of(fmt::format("SELECT position, {0} FROM event WHERE event_type_id = {1} AND {0} "
                                    "IS NOT NULL",
                    column, std::get<std::int64_t>(definition[0])))) {
                Cell cell{"", type, 0, 0, ""};
                if (type == CellType::number)
                    cell.real = std::get<double>(one[1]);
                else if (type == CellType::time || type == CellType::flag)
                    cell.integer = std::get<std::int64_t>(one[1]);
                else
                    cell.text = std::get<std::string>(one[1]);
                put(events[std::get<std::int64_t>(one[0])], std::get<std::string>(definition[1]), value_of(cell));
            }
        }
        return events;
    }
};

TEST_F(EventFileTest, WhateverJsonCameCanBeReadBack) {
    const unsigned seed = std::random_device{}();
    RandomJson random(seed);
    std::map<std::int64_t, object> sent;
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 150; ++i) {
            const std::int64_t position = round * 1000 + i + 1;
            sent[position] = random.properties();
            file->add(row(position, fmt::format("event {}", random.below(4)), sent[position]));
        }
        ASSERT_TRUE(file->commit(Position{round * 1000 + 151}));
        reopen({.properties_per_event_type_max = 150});
    }
    EXPECT_GT(number_of("SELECT COUNT(overflow) FROM event"), 0);
    EXPECT_GT(number_of("SELECT COUNT(*) FROM event_property WHERE slot >= 0"), 100);
    auto found = read_back();
    ASSERT_EQ(found.size(), sent.size());
    for (const auto& [position, properties] : sent) {
        const object expected = expected_of(properties);
        ASSERT_TRUE(is_same(found[position], expected))
            << "seed " << seed << "\nsent  " << properties << "\nfound " << found[position];
    }
}

TEST_F(EventFileTest, OnlyNullsAndSpellingsOfInstantsAreLostOnTheWayToCells) {
    RandomJson random(7);
    for (int i = 0; i < 500; ++i) {
        const object properties = random.properties();
        object spelt_alike = without_nulls(properties);
        ASSERT_TRUE(is_same(expected_of(spelt_alike), expected_of(properties)));
        std::int64_t leaves = 0;
        for (const Cell& cell : cells_of(properties)) {
            ++leaves;
            if (cell.type != CellType::time)
                put(spelt_alike, cell.path, value_of(cell));
        }
        for (const Cell& cell : cells_of(properties))
            if (cell.type == CellType::time)
                put(spelt_alike, cell.path, value_of(cell));
        ASSERT_TRUE(is_same(expected_of(properties), spelt_alike)) << properties;
    }
}

TEST_F(EventFileTest, TypesAreToldApart) {
    const object properties =
        boost::json::parse(R"({"price": 12.5, "n": 3, "sku": "A1", "at": "2026-01-05T16:00:00.5+08:00",
        "ok": true, "none": null, "tags": ["a"], "address": {"city": "Bern", "empty": {}}, "big": 12345678901234567890,
        "date": "2026-01-05", "fine": "2026-01-05T16:00:00.1234567Z"})")
            .as_object();
    std::map<std::string, std::string> types;
    for (const Cell& cell : cells_of(properties))
        types[cell.path] = to_string(cell.type);
    EXPECT_EQ(types, (std::map<std::string, std::string>{{"price", "number"}, {"n", "number"}, {"sku", "text"},
                         {"at", "time"}, {"ok", "flag"}, {"tags", "json"}, {"address/city", "text"},
                         {"address/empty", "json"}, {"big", "json"}, {"date", "text"}, {"fine", "text"}}));
}

TEST_F(EventFileTest, ABatchAndItsPositionComeTogether) {
    file->add(row(1, "A", {{"x", 1}}));
    ASSERT_TRUE(file->commit(Position{5}));
    file->add(row(5, "B", {{"y", "z"}}));
    reopen(); // without a commit
    EXPECT_EQ(file->position(), Position{5});
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event"), 1);
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event_type"), 1);
    file->add(row(5, "B", {{"y", "z"}}));
    ASSERT_TRUE(file->discard());
    file->add(row(5, "B", {{"y", "z"}}));
    ASSERT_TRUE(file->commit(Position{9}));
    EXPECT_EQ(rows_of("SELECT position, number_1, text_1 FROM event ORDER BY position"),
        (std::vector<store::Values>{{1, 1.0, std::monostate{}}, {5, std::monostate{}, "z"}}));
    EXPECT_EQ(number_of("SELECT COUNT(*) FROM event_type"), 2);
}

TEST_F(EventFileTest, ForgottenAndExpiredEventsAreGone) {
    for (int i = 1; i <= 6; ++i)
        file->add(row(i, "A", {{"x", i}}));
    ASSERT_TRUE(file->commit(Position{7}));
    ASSERT_TRUE(file->forget({Position{3}, Position{99}}));
    ASSERT_TRUE(file->expire(Position{3}));
    EXPECT_EQ(rows_of("SELECT position FROM event ORDER BY 1"), (std::vector<store::Values>{{4}, {5}, {6}}));
}

TEST_F(EventFileTest, AFileOfAnotherFormatIsSaidToBeSo) {
    ASSERT_TRUE((*file->connect())->execute("UPDATE applied SET format = 0"));
    file.reset();
    EXPECT_EQ(EventFile::open(path, "UTC", {}).error().code, "columns.other_format");
}

} // namespace
} // namespace onefold::columns
