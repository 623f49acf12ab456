#pragma once
// What a file is by its first bytes, where it is none of the tables that are read here: said with what to do. Pure.
#include "core/result.h"

#include <string_view>

namespace onefold::sheet {

// Of the beginning of a file that is no zip and no gzip. Success where it may be text.
Result<> check_bytes(std::string_view beginning);
// Of decoded text: web pages and XML are no tables.
Result<> check_text(std::string_view beginning);

Failure open_document();
Failure binary_workbook();
Failure nested_archive(std::string_view name);
Failure not_a_table(std::string_view en, std::string_view zh);

} // namespace onefold::sheet
