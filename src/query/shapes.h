#pragma once
// The objects of a catalogue as formulas see them.
#include "formula/type.h"
#include "query/query.h"

#include <map>
#include <memory>

namespace onefold::query {

class Shapes {
  public:
    explicit Shapes(const Catalogue& catalogue) : catalogue_(catalogue) {}
    const formula::Shape& of(const ObjectEntry& object);

  private:
    const Catalogue& catalogue_;
    std::map<const ObjectEntry*, std::unique_ptr<formula::Shape>> shapes_;
};

// What a slot stands for: one of them.
struct Named {
    const FieldEntry* field = nullptr;
    const RecordsEntry* records = nullptr;
};
Named named(const ObjectEntry& object, std::size_t slot);

} // namespace onefold::query
