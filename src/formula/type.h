#pragma once
// What a formula's parts are, before anything is evaluated.
#include "core/local_text.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::formula {

// Of every type a value may be blank. `blank` is the type of what is always blank, and fits in anywhere.
enum class Kind { blank, truth, number, text, date, instant, list, record, records };

struct Type {
    Kind kind = Kind::blank;
    Kind each = Kind::blank; // of a list
    bool operator==(const Type&) const = default;
};
inline constexpr Type list_of(Kind each) {
    return {Kind::list, each};
}

LocalText name_of(Type type); // "a number"

// A value that a field holds, and how people see it.
struct Choice {
    std::string code;
    LocalText label;
};

// What a record of one object has: where the names of a formula are looked up. Whoever evaluates provides it; a field
// that the asker may not read is not there.
class Shape {
  public:
    struct Slot {
        std::size_t number = 0; // Record's
        Type type;
        const Shape* target = nullptr; // of a record, or records
        // Where the same is to be had as text, as it was written: for types that were read out of texts.
        std::optional<std::size_t> text = std::nullopt;
        // Of values that are shown by other words than they are written with; lives as long as the shape.
        const std::vector<Choice>* choices = nullptr;
    };
    virtual ~Shape() = default;
    virtual std::optional<Slot> find(std::string_view name) const = 0;
    virtual std::vector<std::string> names() const = 0; // to say what may have been meant
};

} // namespace onefold::formula
