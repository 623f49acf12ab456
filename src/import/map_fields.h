#pragma once
// The maps that the next file of a source is read by, unless somebody says otherwise.
#include "import/map.h"
#include "store/store.h"

#include <set>

namespace onefold::import {

struct RememberedMap {
    SourceId source;
    Kind kind = Kind::customer;
    std::set<FieldId> fields; // that its columns set: of customers, and of orders, their lines or tickets
};
// The last of each source and kind, by source.
Result<std::vector<RememberedMap>> list_remembered_maps(store::Session& session);

// The fields of a map as `to_json` writes it.
std::set<FieldId> fields_of(const boost::json::value& map);

} // namespace onefold::import
