#pragma once
// Who speaks, and what they may do: passwords, sessions, API tokens, roles, and the answers to repeated creates.
//
// Passwords are argon2id (46 MiB, one pass; two hashes at once at most, and one for unknown people too). A session is a
// 256-bit secret in a cookie, kept as a keyed digest: idle 8 h, at most 7 days. A token is `oft_` and 192 random bits,
// kept as a digest, shown once.
#include "access/keys.h"
#include "company/company.h"
#include "http/contract.h"
#include "runtime/runtime.h"
#include "store/store.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace onefold::access {

const store::Schema& schema();

struct Token {
    TokenId id;
    std::string name;
    Role role = Role::admin;
    Instant created_at;
    std::optional<Instant> last_used_at;
    bool is_revoked = false;
};
struct NewToken {
    Token token;
    std::string secret; // only now
};
struct NewSession {
    company::User user;
    std::string secret; // for the cookie
};
struct FirstAdministrator {
    std::string setup_token, email, name, password, locale;
};

// Where sign-ins, refusals and audited operations are written; `audit` provides it.
using Recorder = std::function<void(const Caller&, std::string_view verb, std::string_view target, int status)>;

class Access : public http::Gatekeeper {
  public:
    Access(store::Database& database, const Keys& keys, const runtime::Outside& outside);
    ~Access() override;

    void record_to(Recorder recorder);

    // The secret of a new single-use set-up link, or nullopt when an administrator exists. Any earlier one is void.
    Result<std::optional<std::string>> make_setup_token();
    Result<bool> is_setup_needed();
    // access.setup_done, access.bad_setup_token, access.weak_password
    Result<NewSession> set_up(const Caller& caller, const FirstAdministrator& first);

    // access.wrong_credentials, whoever it was; access.too_many_attempts with retry_after_s.
    Result<NewSession> sign_in(const Caller& caller, std::string_view email, std::string_view password);
    Result<> sign_out(const Caller& caller);
    Result<> end_sessions(); // everybody's

    Result<company::User> create_user(const Caller& caller, const company::UserDraft& draft, std::string_view password);
    // Ends the sessions of a user who was switched off or whose role changed.
    Result<company::User> update_user(
        const Caller& caller, UserId id, std::int64_t version, const company::UserEdit& edit);

    Result<NewToken> create_token(const Caller& caller, std::string_view name, Role role);
    Result<Token> revoke_token(const Caller& caller, TokenId id);
    Result<std::vector<Token>> list_tokens();

    Result<Caller> identify(const http::Incoming& incoming) override;
    Result<> allow(const Caller& caller, const http::Permission& permission) override;
    void record(const Caller& caller, std::string_view verb, std::string_view target, int status) override;

    void add_routes(http::Contract& contract);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// Answers to creates by Idempotency-Key, 30 days, sealed.
std::unique_ptr<http::Replays> make_replays(
    store::Database& database, const Keys& keys, const runtime::Outside& outside);

} // namespace onefold::access
