#pragma once
// Imports and roll-backs take turns: what one reads of the other's records must not change meanwhile.
#include <mutex>

namespace onefold::import {

using Turn = std::mutex;

} // namespace onefold::import
