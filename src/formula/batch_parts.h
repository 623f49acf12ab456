#pragma once
// How a condition over columns is made, for the files that make it: tests are bound to columns, and answer a block of
// records at a time.
#include "formula/batch.h"

#include <array>
#include <cstdint>

namespace onefold::formula {

inline constexpr std::size_t block_words = 16, block_records = 64 * block_words;

using Mask = std::array<std::uint64_t, block_words>; // a bit each record of a block
struct Block {
    std::size_t first, count;
};
// Where neither is set: blank or an error. Only what was wanted counts.
struct Verdict {
    Mask holds{}, fails{};
};

// A test whose columns and values are known, for one call of Batch::decide.
class Bound {
  public:
    virtual ~Bound() = default;
    virtual void decide(const Block& block, const Mask& wanted, Verdict& verdict) = 0;
};
using BoundTest = std::unique_ptr<Bound>;

class Test {
  public:
    virtual ~Test() = default;
    virtual BoundTest bind(Run& run, const Columns& columns) const = 0;
    virtual bool is_over_columns() const { return true; }
};
using TestPart = std::unique_ptr<const Test>;

// A test over columns of what compares, or is a field; nullptr for what is none.
TestPart column_test(const Checked& checked);

// Sets the bits of those for whom it holds. `holds` takes the record's index.
template <class Holds>
void fill(const Block& block, Mask& mask, Holds holds) {
    for (std::size_t word = 0, at = 0; at < block.count; ++word) {
        const std::size_t end = std::min<std::size_t>(64, block.count - at);
        std::uint64_t bits = 0;
        for (std::size_t bit = 0; bit < end; ++bit)
            bits |= std::uint64_t(holds(block.first + at + bit)) << bit;
        mask[word] = bits;
        at += end;
    }
}

// The blank ones of a block; what is beyond its end does not count.
inline Mask blanks_of(const Column& column, const Block& block) {
    Mask mask{};
    for (std::size_t word = 0; word * 64 < block.count && !column.blanks.empty(); ++word)
        mask[word] = column.blanks[block.first / 64 + word];
    return mask;
}

// Of those who have a value it holds, or it fails.
template <class Holds>
void tell(const Block& block, const Mask& blanks, Verdict& verdict, Holds holds) {
    fill(block, verdict.holds, holds);
    for (std::size_t word = 0; word < block_words; ++word) {
        verdict.fails[word] = ~verdict.holds[word] & ~blanks[word];
        verdict.holds[word] &= ~blanks[word];
    }
}

} // namespace onefold::formula
