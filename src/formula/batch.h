#pragma once
// One condition over many records at once, given as columns: of each record it says what the program says of it.
//
// Comparisons of fields with values and with each other, IN, ISBLANK, CONTAINS, AND, OR and NOT run over columns. Any
// other part is evaluated record by record, and only where what runs over columns left the answer open. What is the
// same for every record (TODAY() - 30) is computed once.
#include "formula/check.h"
#include "formula/run.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace onefold::formula {

// One field of many records, in their order; `whole`, or `texts` of a text. It owns nothing.
struct Column {
    Kind kind = Kind::text; // truth, number, text, date or instant
    // A number's units of 10^-scale, an instant's microseconds and a date's days since 1970, 0 or 1 of a truth.
    std::span<const std::int64_t> whole = {};
    std::span<const std::string_view> texts = {};
    int scale = 0; // of a number: 0 to 12
    // A bit each record, the lowest first: 1 where it is blank, and what stands there counts for nothing. Empty: none.
    std::span<const std::uint64_t> blanks = {};
};

// Whole records, for parts that ask for what is related to one.
class Records {
  public:
    virtual ~Records() = default;
    virtual const Record& record(std::size_t index) const = 0;
};

struct Columns {
    std::size_t records = 0;
    std::span<const Column> fields; // by the numbers of the shape's slots
    const Records* whole = nullptr; // nullptr: nothing is related to any
};

// A bit each record, the lowest first. In neither: blank, or an error.
struct Verdicts {
    std::vector<std::uint64_t> holds, fails;
};

class Test;

// Serves any number of threads, each with a Run of its own; holds no part of the tree that it was made from.
class Batch {
  public:
    // The run's budget is for each record's each part that is evaluated by itself.
    Verdicts decide(Run& run, const Columns& columns) const;
    // Whether nothing is evaluated record by record.
    bool is_over_columns() const;

  private:
    friend Batch compile_batch(const Checked& condition);
    std::shared_ptr<const Test> root_;
};

Batch compile_batch(const Checked& condition);

} // namespace onefold::formula
