#pragma once
// How values of a type that a policy added are written. Pure.
#include "core/local_text.h"
#include "core/result.h"
#include "identity/identifier.h"

#include <re2/re2.h>

namespace onefold::identity {

enum class Writing { text, digits };

struct SpellingRules {
    Writing written = Writing::text;
    bool is_case_folded = false;
    std::string pattern;                          // RE2, for the whole value as it is compared; "" for any
    LocalText pattern_message;                    // what people read where a value does not fit it
    std::int64_t length_min = 1, length_max = 64; // in characters
    friend bool operator==(const SpellingRules&, const SpellingRules&) = default;
};

struct Spelling {
    SpellingRules rules;
    std::unique_ptr<const re2::RE2> pattern; // none for any
};

// identity.bad_pattern
Result<std::shared_ptr<const Spelling>> make_spelling(SpellingRules rules);

// `text` in half width, without blanks at its ends. Of digits, blanks and hyphens between them go away.
Result<Normalised> normalise_added(const Spelling& spelling, std::string_view text);

} // namespace onefold::identity
