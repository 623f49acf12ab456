#pragma once
// A kept message as it would have come when it was refused. Pure.
#include "tracking/body.h"
#include "tracking/refused.h"

namespace onefold::tracking {

// `message` is the kept one or what somebody made of it. Its time is told by the clock of its arrival, which stays in
// `receivedAt`; one without a message id gets the same one whenever it is replayed, so that it counts once. The
// source's demand for consent holds; its origins do not, since somebody who may decides.
Taken taken_again(const RefusedMessage& kept, boost::json::value message, Occasion occasion);

// tracking.nothing_kept where the content was not kept or is cut; what parse_json says where it cannot be read.
Result<boost::json::value> json_of(const RefusedMessage& kept);

} // namespace onefold::tracking
