#pragma once
// Bodies that are too large to be read.
#include "http/contract.h"

namespace onefold::http {

// "1 MiB", "64 KiB", "5000 bytes".
LocalText size_words(std::size_t bytes);
// http.too_large
Error too_large(std::size_t bytes_max);
// What senders POST with a write key reaches its handler even where the head promises more than the operation takes,
// with an empty body, so that their source can be told; the handler answers `too_large`.
bool is_unread(const Incoming& incoming, std::size_t bytes_max);

} // namespace onefold::http
