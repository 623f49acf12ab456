#pragma once
// What stands around the contract in one request and its answer: encodings, head of the answer, refusals. Private to
// this room.
#include "http/contract.h"
#include "http/guard.h"

namespace onefold::http {

struct Exchange {
    Incoming incoming;
    std::optional<std::size_t> body_bytes_max; // none: no operation has this path and method
    std::size_t head_bytes = 0;
    std::uint64_t content_length = 0;
    Locale locale = "en";
    bool has_body = false;
    bool is_chunked = false;
    bool expects_continue = false;
    bool is_known_method = true; // else incoming.method says nothing
    bool is_head = false;
    bool is_options = false;
    std::string origin; // of the page that asks, where pages of others may
    Origins origins = Origins::own;
    bool keeps_alive = false;
    bool takes_gzip = false;

    Exchange() = default;
    explicit Exchange(const Head& head);
};

using Headers = std::vector<std::pair<std::string, std::string>>;

// With what lets a page of another origin read the answer. An answer that says itself whom it allows keeps that; ""
// allows nobody.
Headers with_cross_origin(const Exchange& exchange, const Headers& headers);
// The answer to such a page's OPTIONS.
Outgoing preflight_answer(const Exchange& exchange, const std::string& allowed);

enum class Ending { keeps_alive, closes };
enum class Cover { none, tls };

// Status line and fields, with those that every answer has. No `size`: until the connection closes.
std::string answer_head(int status, const std::vector<std::pair<std::string, std::string>>& headers,
    std::optional<std::size_t> size, Ending ending, Cover cover);

// Inflates a gzip body; http.bad_encoding for other encodings.
Result<> unpack(Incoming& incoming, std::size_t bytes_max);
// Compresses what is worth it.
void pack(Outgoing& outgoing);

Error overloaded();
Error bad_framing(std::string_view reason);
Outgoing refusal(const Exchange& exchange, int status); // 400, 413
Outgoing method_not_allowed(const Exchange& exchange, const std::string& allowed);

} // namespace onefold::http
