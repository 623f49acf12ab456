#pragma once
// What a catalogue may know besides: values of fields that are shown by other words than they are stored as. A
// catalogue that does is of this kind, too.
#include "core/id.h"
#include "formula/type.h"

#include <vector>

namespace onefold::query {

class Choices {
  public:
    virtual ~Choices() = default;
    // nullptr where there are none; lives as long as the catalogue.
    virtual const std::vector<formula::Choice>* choices_of(FieldId field) const = 0;
};

} // namespace onefold::query
