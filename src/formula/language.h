#pragma once
// The language: text ↔ tree.
//
//   IF(total_spend >= 100000, "A", "B")      客户.城市 IN ("上海", "北京")      COUNT(orders, paid_at >= TODAY() - 30)
//   >= 3
//
// Binding, the tightest first: − before a number or name · % · ^ · * / · + − · & · = <> < <= > >= IN, NOT IN · NOT ·
// AND · OR. Operators of one level go from the left, as in spreadsheets (−2^2 is 4, 2^3^2 is 64); comparisons do not
// chain. Text stands in "…" (a quotation mark in it is doubled), a name that is not letters, digits and _ in '…' or
// […], a list in {…}. Function names and AND OR NOT IN TRUE FALSE know no case; a field so called is quoted. AND(…),
// OR(…), NOT(…) are functions, too: NOT directly before a parenthesis takes only what stands in it. A first "=" is
// overlooked, and so is the width of signs.
#include "formula/expression.h"
#include "formula/lexer.h"

#include <string>
#include <string_view>

namespace onefold::formula {

// formula.syntax, formula.too_long, formula.too_deep, formula.wrong_count (of AND, OR, NOT, ISBLANK, CONTAINS, AGO),
// each with its Span.
Result<Expression> parse(std::string_view text);

// The canonical text: parse(print(tree)) == tree for every tree that parse or parse_json makes, but for functions that
// the table names otherwise. It may be longer than `text_bytes_max`.
std::string print(const Expression& expression);

// A path as it is written: 'total spend'.amount
std::string print_path(const std::vector<std::string>& path);

} // namespace onefold::formula
