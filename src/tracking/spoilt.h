#pragma once
// A body that is JSON, of which one message cannot be read (NUL in a text, a key twice, nested too deep, half a
// character): that one is refused, and the others are taken. Pure.
#include "tracking/body.h"

namespace onefold::tracking {

// Where the messages of a call stand in its body, and what their key is called.
struct Shape {
    std::string_view list;     // the member that holds them; "" where the body is one
    std::string_view call;     // what is kept with those that are refused, as in Refused
    std::string_view key_name; // of the write key
};

struct Saved {
    boost::json::object body; // without the messages that cannot be read; of one message only its key
    std::vector<Refused> spoilt;
};

// After parse_body gave `error` (it is given back where the fault is in no message, or the body is no JSON at all).
// Their text is kept as it came, without its key; who takes them must see to consent. tracking.too_large as take_single
// says it.
Result<Saved> save_others(
    std::string_view body, const Shape& shape, const Error& error, boost::json::storage_ptr storage = {});

} // namespace onefold::tracking
