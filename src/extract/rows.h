#pragma once
// The rows of an export, some records at a time, out of one snapshot. For this room's own files.
#include "extract/extract.h"

#include <map>
#include <span>

namespace onefold::extract {

// The list as a query, without what it shows. Errors of object/listing.h.
Result<query::Query> query_of(const Wish& wish, const Zone& zone, Instant now);

Failure too_long_for_xlsx();
Result<Zone> zone_of_company(store::Session& session);
// Whether the wish can be met, without asking for a row. Errors of Rows::open but for its sizes.
Result<> check(const Rooms& rooms, const Wish& wish);

class Rows {
  public:
    // What is wrong with the wish is told here. extract.too_many_records, extract.too_long_for_xlsx
    static Result<Rows> open(store::Session& session, const Rooms& rooms, const Wish& wish);

    const std::vector<Column>& columns() const { return columns_; }
    std::int64_t records() const { return std::int64_t(ids_.size()); }

    // The next ones; none at the end.
    Result<std::vector<std::vector<Cell>>> next(store::Session& session);
    std::int64_t records_done() const { return std::int64_t(done_); }

  private:
    Rows(const Rooms& rooms, const Wish& wish) : rooms_(rooms), wish_(wish) {}
    using Record = std::vector<boost::json::value>;
    using Lines = std::map<std::string, std::vector<Record>>; // by order
    Result<Lines> read_lines(store::Session& session, std::span<const std::int64_t> orders) const;
    Result<std::vector<std::vector<identity::StoredIdentifier>>> read_identifiers(
        store::Session& session, const std::vector<Record>& records) const;
    std::vector<Cell> row_of(
        const Record& record, const std::vector<identity::StoredIdentifier>& identifiers, const Record* line) const;

    const Rooms& rooms_;
    const Wish& wish_;
    Zone zone_;
    std::vector<Column> columns_;
    std::vector<std::int64_t> ids_;
    std::vector<std::string> paths_, line_paths_; // that are asked for
    std::string customer_path_;                   // of whose identifiers there are
    bool has_identifiers_ = false, has_lines_ = false;
    std::size_t done_ = 0;
};

} // namespace onefold::extract
