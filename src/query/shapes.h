#pragma once
// The objects of a catalogue as formulas see them.
#include "formula/type.h"
#include "query/query.h"

#include <map>
#include <memory>

namespace onefold::query {

// By what names fields are found: codes and labels, or also "#23", the field's id, which is what kept formulas name.
enum class Naming { names, names_and_ids };

class Shapes {
  public:
    explicit Shapes(const Catalogue& catalogue, Naming naming = Naming::names)
        : catalogue_(catalogue), naming_(naming) {}
    const formula::Shape& of(const ObjectEntry& object);
    // Of one that `of` gave, or that those lead to.
    const ObjectEntry& object_of(const formula::Shape& shape) const;

  private:
    const Catalogue& catalogue_;
    Naming naming_;
    std::map<const ObjectEntry*, std::unique_ptr<formula::Shape>> shapes_;
};

// What a slot stands for: one of them.
struct Named {
    const FieldEntry* field = nullptr;
    const RecordsEntry* records = nullptr;
};
Named named(const ObjectEntry& object, std::size_t slot);

} // namespace onefold::query
