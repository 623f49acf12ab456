#pragma once
// Who asks, and in which language: what every verb that people reach gets to know about its caller.
#include "core/id.h"
#include "core/local_text.h"

#include <string>

namespace onefold {

enum class Role { none, viewer, editor, admin };

struct Principal {
    enum class Kind {
        anonymous, // nobody signed in
        user,      // a person with a session
        token,     // a program with an API token
        local,     // a command of the account that owns the data folder
        system,    // Onefold itself
    };
    Kind kind = Kind::anonymous;
    std::int64_t id = 0; // of the user or token
    Role role = Role::none;

    bool is_signed_in() const { return kind != Kind::anonymous; }
};

// As change and audit write it: "user:3", "token:7", "local", "system", "anonymous".
std::string to_string(const Principal& principal);

struct Caller {
    Principal principal;
    Locale locale = "en";
    std::string request_id; // 16 base64url characters; in answers and logs, so that the two can be laid side by side
    std::string address;    // of the peer, without port; empty for local commands
    std::string session_digest; // the session or token that spoke, for sign-out; empty for others
};

} // namespace onefold
