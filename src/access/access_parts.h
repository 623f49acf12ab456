#pragma once
// What Access is made of; for this room's own files.
#include "access/access.h"
#include "access/password.h"

#include <mutex>
#include <unordered_map>

namespace onefold::access {

// A session or token as it was last read.
struct Known {
    Principal principal;
    Locale locale;
    Instant created_at, last_used_at;
};

struct Access::Parts {
    Parts(store::Database& database, const Keys& keys, const runtime::Outside& outside)
        : database(database), keys(keys), outside(outside), throttle(outside.clock) {}

    Result<std::optional<Known>> find_session(const std::string& digest);
    Result<std::optional<Known>> find_token(const std::string& digest);
    std::optional<Known> cached(const std::string& digest);
    // Nothing where all was forgotten since `generation`: what was read before a sign-out must not outlive it.
    void remember(const std::string& digest, const Known& known, std::uint64_t generation);
    void forget_all(); // after any change of users, sessions or tokens
    std::uint64_t present_generation();

    Result<NewSession> start_session(store::Session& session, const company::User& user);
    Result<company::User> insert_user(store::Session& session, const change::Author& author,
        const company::UserDraft& draft, const std::string& password_hash);

    store::Database& database;
    const Keys& keys;
    const runtime::Outside& outside;
    PasswordHasher hasher;
    Throttle throttle;
    Recorder recorder;

    std::mutex mutex;
    std::uint64_t generation = 0;
    std::unordered_map<std::string, Known> cache; // by digest; one process owns the folder, so it is always right
    std::string setup_digest;                     // "" when no set-up link is valid
};

} // namespace onefold::access
