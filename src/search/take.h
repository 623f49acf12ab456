#pragma once
// Puts documents into the index in place of what it has of them. For this room's own files.
#include "search/index.h"

namespace onefold::search {

// One line a value: the letter of its field, then its text.
std::string text_of(const std::vector<Value>& values);
std::vector<Value> values_of(std::string_view text);
// Sorted, each once; its kind is one of them.
std::vector<std::string> terms_of(const Document& document);
std::string term_of_kind(const std::string& kind);

// How many documents more there are.
Result<std::int64_t> take_documents(store::Session& session, const std::vector<Document>& documents);

} // namespace onefold::search
