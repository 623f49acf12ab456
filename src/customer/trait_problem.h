#pragma once
// Traits that cannot be read as what their name promises. Pure; for this room's own files.
#include "customer/payload.h"
#include "customer/problem.h"
#include "identity/identity.h"
#include "source/source.h"

#include <optional>

namespace onefold::customer {

// The first of a user's traits that should be an identifier, a date or an age and cannot be read as one; `place` is the
// JSON pointer of `traits`, `subject` what was read of them. Placeholders are read. What the trait says stays as it is
// wherever it is shown.
std::optional<MessageProblem> find_trait_problem(const identity::Subject& subject, const Json& traits,
    std::string_view place, const source::Source& source, Instant received_at);

} // namespace onefold::customer
