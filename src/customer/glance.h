#pragma once
// A customer at a glance, for rooms that point at several: who it is, and whether what is known of it changed.
#include "core/id.h"
#include "store/store.h"

#include <map>
#include <string>
#include <vector>

namespace onefold::customer {

struct Glance {
    CustomerId id;
    std::string kind, name; // "" where nothing is known
    std::int64_t version = 0;
};
// Those of these that live.
Result<std::map<CustomerId, Glance>> glances_of(store::Session& session, const std::vector<CustomerId>& customers);

} // namespace onefold::customer
