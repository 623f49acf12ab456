#pragma once
// What the language of formulas says about the objects of a catalogue, as SQL.
#include "query/condition.h"

namespace onefold::query {

// Names are codes, or labels in any language. Errors carry a JSON pointer below `where`, or, of what was read from
// text, its Span: "/condition/5+3".
Result<std::string> language_sql(const formula::Expression& expression, const Subject& subject, const Resolve& resolve,
    Binds& binds, const std::string& where);

// What a formula that was read from text would be refused for by whoever wrote it, though as comparisons of columns it
// can be asked: formula.shown_word.
Result<> check_written(const formula::Expression& expression, const Subject& subject);

} // namespace onefold::query
