#pragma once
// Rows of one id each, for statements that ask or tell the same of many.
#include "store/store.h"

namespace onefold::store {

std::vector<Values> keys_of(const auto& ids) {
    std::vector<Values> keys;
    for (const auto id : ids)
        keys.push_back({id.value});
    return keys;
}

} // namespace onefold::store
