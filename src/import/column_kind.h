#pragma once
// Which kind of thing single values are. Pure; for understand.cc.
#include "import/understand.h"

namespace onefold::import {

// Whether a value can be of the kind; for kinds that are seen in single values.
bool is_of_kind(ColumnKind kind, std::string_view value, std::string_view region);
// What the name of a column says; blank where it says nothing.
ColumnKind kind_of_name(std::string_view column);
// Kinds whose values are checked one by one, in the order in which they are tried: the strictest first.
std::span<const ColumnKind> checked_kinds();
// Why a value is none of the kind.
RowError bad_value(ColumnKind kind, std::uint64_t line, const std::string& column, std::string_view value);

} // namespace onefold::import
