#pragma once
#include "event_log/event_log.h"

namespace onefold::event_log {

// event_log.damaged; `fields` holds /file, /offset and /cause.
Failure damaged(const Damage& damage);

} // namespace onefold::event_log
