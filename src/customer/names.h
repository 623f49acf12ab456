#pragma once
// The names of people who did something, by principal ("user:3"); others have none.
#include "core/result.h"
#include "store/store.h"

#include <map>
#include <set>
#include <string>

namespace onefold::customer {

Result<std::map<std::string, std::string>> names_of(store::Session& session, const std::set<std::string>& principals);

} // namespace onefold::customer
