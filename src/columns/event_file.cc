#include "columns/event_file.h"

#include "columns/customer_tables.h"

#include <filesystem>
#include <fmt/format.h>

namespace onefold::columns {
namespace {

// Raised whenever the same events would be laid down otherwise.
constexpr std::int64_t format = 3;

constexpr std::string_view sql_type_of[] = {"VARCHAR", "DOUBLE", "TIMESTAMP", "BOOLEAN", "VARCHAR"};

namespace place {
enum Column : std::size_t {
    position,
    received_at,
    at,
    local_day,
    source_id,
    node_id,
    kind,
    name,
    message_id,
    event_type_id,
    overflow,
    first_slot,
};
}

constexpr std::string_view fixed_columns =
    "position BIGINT, received_at TIMESTAMP, happened_at TIMESTAMP, local_day DATE, source_id BIGINT, node_id BIGINT, "
    "kind "
    "VARCHAR, name VARCHAR, message_id VARCHAR, event_type_id INTEGER, overflow VARCHAR";

constexpr auto first_column_of_type = [] {
    std::array<std::size_t, cell_types> first{};
    std::size_t next = place::first_slot;
    for (std::size_t type = 0; type < cell_types; ++type) {
        first[type] = next;
        next += std::size_t(slots_of_type[type]);
    }
    return first;
}();

std::string event_table() {
    std::string sql = fmt::format("CREATE TABLE event ({}", fixed_columns);
    for (std::size_t type = 0; type < cell_types; ++type)
        for (int slot = 0; slot < slots_of_type[type]; ++slot)
            sql += fmt::format(", {} {}", column_of(CellType(type), slot), sql_type_of[type]);
    return sql + ")";
}

void set_cell(store::ColumnsBatch& batch, std::size_t column, const Cell& cell) {
    switch (cell.type) {
    case CellType::number:
        return batch.set(column, cell.real);
    case CellType::time:
    case CellType::flag:
        return batch.set(column, cell.integer);
    case CellType::text:
    case CellType::json:
        return batch.set(column, std::string_view(cell.text));
    }
}

} // namespace

std::string column_of(CellType type, int slot) {
    return fmt::format("{}_{}", to_string(type), slot + 1);
}

std::string overflow_key_of(CellType type, std::string_view path) {
    return fmt::format("{} {}", to_string(type), path);
}

Result<std::unique_ptr<EventFile>> EventFile::open(
    const std::string& path, const std::string& zone, store::Columns::Limits limits, columns::Limits dictionary) {
    std::unique_ptr<EventFile> file(new EventFile(path, dictionary));
    file->columns_ = TRY(store::Columns::open(path, limits));
    file->connection_ = TRY(file->columns_->connect());
    file->batch_ = store::ColumnsBatch(place::first_slot + std::size_t(slots));
    TRY(file->create(zone));
    TRY(file->load());
    return file;
}

Result<> EventFile::create(const std::string& zone) {
    return connection_->in_transaction([&](store::ColumnsConnection& connection) -> Result<> {
        std::int64_t tables = 0;
        TRY(connection.each(
            "SELECT COUNT(*) FROM information_schema.tables", {}, [&](const store::Row& row) -> Result<> {
                tables = row.integer(0);
                return {};
            }));
        if (tables > 0)
            return {};
        TRY(connection.execute("CREATE TABLE applied (position BIGINT, format BIGINT, zone VARCHAR)"));
        TRY(connection.execute("CREATE TABLE event_type (id INTEGER, source_id BIGINT, kind VARCHAR, name VARCHAR)"));
        TRY(connection.execute("CREATE TABLE event_property (id INTEGER, event_type_id INTEGER, path VARCHAR, type "
                               "INTEGER, slot INTEGER)"));
        TRY(connection.execute(event_table()));
        for (const std::string& table : customer_tables())
            TRY(connection.execute(table));
        TRY(connection.execute("INSERT INTO applied VALUES (0, $1, $2)", {format, zone}));
        return {};
    });
}

Result<> EventFile::load() {
    dictionary_ = std::make_unique<Dictionary>(limits_);
    std::int64_t found_format = 0;
    TRY(connection_->each("SELECT position, format, zone FROM applied", {}, [&](const store::Row& row) -> Result<> {
        position_ = Position{row.integer(0)};
        found_format = row.integer(1);
        zone_ = std::string(row.text(2));
        return {};
    }));
    if (found_format != format)
        return fail(ErrorKind::internal, "columns.other_format",
            {"The columns were written by another version and are made anew.", "分析数据由其他版本写入，将重新生成。"});
    TRY(connection_->each(
        "SELECT source_id, kind, name FROM event_type ORDER BY id", {}, [&](const store::Row& row) -> Result<> {
            dictionary_->restore(
                EventTypeKey{SourceId{row.integer(0)}, std::string(row.text(1)), std::string(row.text(2))});
            return {};
        }));
    return connection_->each("SELECT id, event_type_id, path, type, slot FROM event_property ORDER BY id", {},
        [&](const store::Row& row) -> Result<> {
            dictionary_->restore(Property{PropertyId(row.integer(0)), EventTypeId(row.integer(1)),
                std::string(row.text(2)), CellType(row.integer(3)), int(row.integer(4))});
            return {};
        });
}

void EventFile::add(const EventRow& row) {
    const EventTypeId type = dictionary_->event_type_of(row.source, row.kind, row.name);
    batch_.begin_row();
    batch_.set(place::position, row.position.value);
    batch_.set(place::received_at, micros_of(row.received_at));
    batch_.set(place::at, micros_of(row.at));
    batch_.set(place::local_day, row.local_day);
    batch_.set(place::source_id, row.source.value);
    if (row.node)
        batch_.set(place::node_id, row.node.value);
    batch_.set(place::kind, std::string_view(row.kind));
    batch_.set(place::name, std::string_view(row.name));
    batch_.set(place::message_id, std::string_view(row.message_id));
    batch_.set(place::event_type_id, std::int64_t{type});
    overflow_.clear();
    for (const Cell& cell : row.cells) {
        const int slot = dictionary_->slot_of(type, cell.path, cell.type);
        if (slot == no_slot)
            add_overflow(cell);
        else
            set_cell(batch_, first_column_of_type[std::size_t(cell.type)] + std::size_t(slot), cell);
    }
    if (!overflow_.empty())
        batch_.set(place::overflow, std::string_view(overflow_ += '}'));
}

void EventFile::add_overflow(const Cell& cell) {
    overflow_ += overflow_.empty() ? '{' : ',';
    overflow_ += boost::json::serialize(boost::json::string_view(overflow_key_of(cell.type, cell.path)));
    overflow_ += ':';
    overflow_ += cell.type == CellType::json ? cell.text : boost::json::serialize(value_of(cell));
}

Result<> EventFile::write_learned(store::ColumnsConnection& connection, const Dictionary::Learned& learned) const {
    std::vector<store::Values> types, properties;
    for (const EventTypeId id : learned.event_types) {
        const EventTypeKey& key = dictionary_->find(id)->key;
        types.push_back({std::int64_t{id}, key.source.value, key.kind, key.name});
    }
    for (const Property& property : learned.properties)
        properties.push_back({std::int64_t{property.id}, std::int64_t{property.event_type}, property.path,
            std::int64_t(property.type), std::int64_t{property.slot}});
    if (!types.empty())
        TRY(connection.append("event_type", types));
    if (!properties.empty())
        TRY(connection.append("event_property", properties));
    return {};
}

Result<> EventFile::commit(Position next) {
    const auto learned = dictionary_->take_learned();
    auto done = connection_->in_transaction([&](store::ColumnsConnection& connection) -> Result<> {
        if (batch_.rows() > 0)
            TRY(connection.append_batch("event", batch_));
        TRY(write_learned(connection, learned));
        TRY(connection.execute("UPDATE applied SET position = $1", {next.value}));
        return {};
    });
    if (!done) {
        (void)discard();
        return done;
    }
    batch_.clear();
    position_ = next;
    return {};
}

Result<> EventFile::discard() {
    batch_.clear();
    return load();
}

Result<> EventFile::forget(const std::vector<Position>& positions) {
    return connection_->in_transaction([&](store::ColumnsConnection& connection) -> Result<> {
        for (const Position one : positions)
            TRY(connection.execute("DELETE FROM event WHERE position = $1", {one.value}));
        return {};
    });
}

Result<> EventFile::expire(Position before) {
    TRY(connection_->execute("DELETE FROM event WHERE position < $1", {before.value}));
    return {};
}

Result<> EventFile::checkpoint() {
    TRY(connection_->execute("CHECKPOINT"));
    return {};
}

} // namespace onefold::columns
