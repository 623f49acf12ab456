#pragma once
// What is wrong in a formula's text, and where. In an Error's only FieldError the path is "begin+length" in code
// points.
#include "core/result.h"
#include "formula/expression.h"

#include <optional>

namespace onefold::formula {

// The message is a sentence that begins small; the Error's own says the place before it.
Failure fault(Span at, std::string_view code, const LocalText& message);
// formula.wrong_count
Failure wrong_count(std::string_view name, std::size_t least, std::size_t most, std::size_t count, Span at);
std::optional<Span> span_of(const Error& error);

// The text's line with that place, and below it a caret and what follows of it; wide characters count twice.
std::string with_caret(std::string_view text, Span at);

} // namespace onefold::formula
