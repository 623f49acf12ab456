#pragma once
// One DuckDB file of events. It holds where in the log it stands (`applied`), what it has learned (`event_type`,
// `event_property`) and one row an event (`event`); all move in one transaction, so each event is in it once.
//
// No keys, indexes or ALTER in it: what does not fit this program's format is made anew.
#include "columns/dictionary.h"
#include "core/time.h"
#include "store/columns.h"

#include <memory>
#include <string>
#include <vector>

namespace onefold::columns {

struct EventRow {
    Position position;
    Instant received_at, at;
    std::int64_t local_day = 0; // days since 1970, in the file's zone
    SourceId source;
    NodeId node; // 0: nobody
    std::string kind, name, message_id;
    std::vector<Cell> cells;
};

// "text_1", "number_16", …
std::string column_of(CellType type, int slot);
// How a property is named in the column `overflow`: "number address/floor".
std::string overflow_key_of(CellType type, std::string_view path);

// Not thread-safe; one writer. `connect` may be called from any thread.
class EventFile {
  public:
    // Creates what is missing. columns.damaged; columns.other_format, after which the file is to be made anew.
    static Result<std::unique_ptr<EventFile>> open(const std::string& path, const std::string& zone,
        store::Columns::Limits limits, columns::Limits dictionary = {});

    Position position() const { return position_; }
    const std::string& zone() const { return zone_; } // the one it was made with
    const std::string& path() const { return path_; }

    void add(const EventRow& row);
    std::size_t rows() const { return batch_.rows(); }
    std::size_t bytes() const { return batch_.bytes(); }
    // What was added, and the position behind it, durably. After a failure nothing of it is in the file.
    Result<> commit(Position next);
    // Forgets what was added since the last commit.
    Result<> discard();

    Result<> forget(const std::vector<Position>& positions);
    Result<> expire(Position before);
    Result<> checkpoint();

    Result<std::unique_ptr<store::ColumnsConnection>> connect() { return columns_->connect(); }

  private:
    EventFile(std::string path, Limits limits) : path_(std::move(path)), limits_(limits) {}
    Result<> create(const std::string& zone);
    Result<> load();
    Result<> write_learned(store::ColumnsConnection& connection, const Dictionary::Learned& learned) const;
    void add_overflow(const Cell& cell);

    const std::string path_;
    const Limits limits_;
    std::unique_ptr<store::Columns> columns_;
    std::unique_ptr<store::ColumnsConnection> connection_;
    std::unique_ptr<Dictionary> dictionary_;
    Position position_;
    std::string zone_;
    store::ColumnsBatch batch_{0};
    std::string overflow_;
};

} // namespace onefold::columns
