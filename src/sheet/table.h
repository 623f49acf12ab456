#pragma once
// Rows as they stand, made a table: its header found, what is none of it left out and told. For this room's own files.
#include "sheet/layout.h"
#include "sheet/sheet.h"

#include <deque>

namespace onefold::sheet {

class FoundTable : public Table {
  public:
    // `table`: which of the tables that stand one under the other, from 1.
    static Result<std::unique_ptr<FoundTable>> over(
        std::unique_ptr<RowSource> rows, Description description, const Choice& choice, int table);

    const Description& description() const override { return description_; }
    Result<bool> next(Row& row) override;
    std::vector<Note> take_notes() override { return std::exchange(notes_, {}); }
    std::uint64_t bytes_read() const override { return rows_->bytes_read(); }
    std::uint64_t bytes_total() const override { return rows_->bytes_total(); }

  private:
    FoundTable(std::unique_ptr<RowSource> rows, Description description)
        : rows_(std::move(rows)), description_(std::move(description)) {}
    Result<> begin(const Choice& choice, int table);
    Result<> look_ahead();
    Result<std::size_t> choose_header(const Choice& choice) const;
    void take_header(std::size_t index, const Choice& choice);
    Result<bool> skip_table();
    Result<bool> next_raw(RawRow& row);
    Result<bool> is_next_table(const RawRow& row);
    enum class Fit { row, left_out, end };
    Result<Fit> judge(RawRow& row);
    void deliver(RawRow& raw, Row& row);
    void note(std::uint64_t line, std::string_view code, std::string en, std::string zh);
    void list_tables();
    void tell_hidden();

    std::unique_ptr<RowSource> rows_;
    Description description_;
    std::deque<RawRow> ahead_; // read, but not given yet
    RawRow raw_;
    std::vector<Note> notes_;
    std::size_t told_ = 0;
    std::uint64_t hidden_ = 0, first_hidden_ = 0;
    bool has_comments_ = false, is_after_remark_ = false, is_over_ = false;
};

} // namespace onefold::sheet
