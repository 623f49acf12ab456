#pragma once
// Places in texts, counted in code points, found in linear time.
#include "formula/run.h"

#include <string>
#include <string_view>

namespace onefold::formula {

// A byte's place at or behind `from`, or npos.
std::size_t find_passage(std::string_view text, std::string_view part, std::size_t from = 0);
// The byte at which the code point with this index begins, or the text's end.
std::size_t byte_at(std::string_view text, std::size_t index);

// What is looked for in texts, ASCII letters of either case alike.
class Passage {
  public:
    explicit Passage(std::string_view part);
    bool is_in(std::string_view text) const;

  private:
    std::string lower_;
};

// Whether the part is in the text, ASCII letters of either case alike.
Value contains(Run& run, std::string_view text, std::string_view part);

} // namespace onefold::formula
