#pragma once
// Who names fields: every room that does, for the page that tells where each is used.
#include "field_use/field_use.h"
#include "source/source.h"

namespace onefold::house {

std::vector<field_use::Finder> field_use_finders(const source::Sources& sources);

} // namespace onefold::house
