#pragma once
#include "core/crc32c.h"

namespace onefold::event_log {
using onefold::crc32c;
} // namespace onefold::event_log
