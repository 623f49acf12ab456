#pragma once
#include "event_log/event_log.h"

namespace onefold::event_log {

// event_log.damaged: a reader met it. `fields` holds /file, /offset and /cause.
Failure damaged(const Damage& damage);
// event_log.recovery_needed: nothing is appended any more. The same fields.
Failure recovery_needed(const Damage& damage);

} // namespace onefold::event_log
