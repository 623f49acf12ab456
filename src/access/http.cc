#include "access/access_parts.h"
#include "http/bind.h"

namespace onefold::access {
namespace {

using company::User;

struct UserView {
    UserId id;
    std::string email, name, role, locale;
    bool is_active;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(UserView, (), (id, email, name, role, locale, is_active, version))

struct CompanyOfSession {
    std::string name, zone, currency, locale;
};
BOOST_DESCRIBE_STRUCT(CompanyOfSession, (), (name, zone, currency, locale))

struct SessionView {
    UserView user;
    CompanyOfSession company;
};
BOOST_DESCRIBE_STRUCT(SessionView, (), (user, company))

struct SetupView {
    bool is_needed;
};
BOOST_DESCRIBE_STRUCT(SetupView, (), (is_needed))

struct SetUp {
    std::string token, email, name, password;
    std::optional<std::string> locale;
    static http::Rules rules() {
        return {{.member = "name", .length_max = 100}, {.member = "email", .length_max = 254},
            {.member = "password", .length_max = 1000}};
    }
};
BOOST_DESCRIBE_STRUCT(SetUp, (), (token, email, name, password, locale))

struct SignIn {
    std::string email, password;
    static http::Rules rules() {
        return {{.member = "email", .length_max = 254}, {.member = "password", .length_max = 1000}};
    }
};
BOOST_DESCRIBE_STRUCT(SignIn, (), (email, password))

struct UpdateOwnProfile {
    std::int64_t if_match;
    std::optional<std::string> name, locale;
    static http::Rules rules() { return {{.member = "name", .length_max = 100}}; }
};
BOOST_DESCRIBE_STRUCT(UpdateOwnProfile, (), (if_match, name, locale))

struct CreateUser {
    std::string email, role, password;
    std::optional<std::string> name, locale;
    static http::Rules rules() {
        return {{.member = "email", .length_max = 254}, {.member = "name", .length_max = 100},
            {.member = "password", .length_max = 1000}};
    }
};
BOOST_DESCRIBE_STRUCT(CreateUser, (), (email, role, password, name, locale))

struct UpdateUser {
    UserId id;
    std::int64_t if_match;
    std::optional<std::string> name, locale, role;
    std::optional<bool> is_active;
    static http::Rules rules() { return {{.member = "name", .length_max = 100}}; }
};
BOOST_DESCRIBE_STRUCT(UpdateUser, (), (id, if_match, name, locale, role, is_active))

struct UserList {
    std::vector<UserView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(UserList, (), (items, next))

struct TokenView {
    TokenId id;
    std::string name, role;
    Instant created_at;
    std::optional<Instant> last_used_at;
    bool is_revoked;
};
BOOST_DESCRIBE_STRUCT(TokenView, (), (id, name, role, created_at, last_used_at, is_revoked))

struct NewTokenView {
    TokenId id;
    std::string name, role;
    Instant created_at;
    std::string token;
};
BOOST_DESCRIBE_STRUCT(NewTokenView, (), (id, name, role, created_at, token))

struct TokenList {
    std::vector<TokenView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(TokenList, (), (items, next))

struct CreateToken {
    std::string name;
    std::optional<std::string> role;
};
BOOST_DESCRIBE_STRUCT(CreateToken, (), (name, role))

struct RevokeToken {
    TokenId id;
};
BOOST_DESCRIBE_STRUCT(RevokeToken, (), (id))

UserView view_of(const User& user) {
    return {user.id, user.email, user.name, std::string(company::to_string(user.role)), user.locale, user.is_active,
        user.version};
}

TokenView view_of(const Token& token) {
    return {token.id, token.name, std::string(company::to_string(token.role)), token.created_at, token.last_used_at,
        token.is_revoked};
}

Result<SessionView> session_view(store::Database& database, UserId id) {
    return database.read([&](store::Session& session) -> Result<SessionView> {
        const auto user = TRY(company::get_user(session, id));
        const auto company = TRY(company::get_company(session));
        return SessionView{view_of(user), {company.name, company.zone, company.currency, company.locale}};
    });
}

// `__Host-` needs TLS; without it (loopback, or behind a proxy) the cookie has its plain name.
void set_cookie(http::Answer& answer, std::string_view secret, int age_s) {
    const bool is_encrypted = answer.incoming != nullptr && answer.incoming->is_encrypted;
    answer.headers.emplace_back(
        "Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}",
                          is_encrypted ? "__Host-sid" : "sid", secret, age_s, is_encrypted ? "; Secure" : ""));
}
constexpr int session_age_s = 7 * 24 * 3600;

Result<> only_people(const Caller& caller) {
    if (caller.principal.kind == Principal::Kind::user)
        return {};
    return fail(ErrorKind::forbidden, "access.not_a_user",
        {"Only a signed-in person has a profile.", "只有登录的用户才有个人资料。"});
}

} // namespace

void Access::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<http::Nothing, SetupView>(
        {Method::get, "/api/v1/setup", "setup.get", http::open_to_all, http::not_audited,
            {"Whether the first administrator is still missing", "是否还没有第一位管理员"}},
        [this](const Caller&, const http::Nothing&) -> Result<SetupView> { return SetupView{TRY(is_setup_needed())}; });

    contract.add<SetUp, SessionView>(
        {Method::post, "/api/v1/setup", "setup.create", http::open_to_all, http::audited{"setup.create"},
            {"Create the first administrator with the single-use link", "用一次性链接创建第一位管理员"},
            http::Creates::something},
        [this](const Caller& caller, const SetUp& request, http::Answer& answer) -> Result<SessionView> {
            const auto fresh = TRY(set_up(
                caller, {request.token, request.email, request.name, request.password, request.locale.value_or("")}));
            set_cookie(answer, fresh.secret, session_age_s);
            return session_view(parts_->database, fresh.user.id);
        });

    contract.add<SignIn, SessionView>(
        {Method::post, "/api/v1/session", "session.create", http::open_to_all, http::audited{"session.create"},
            {"Sign in", "登录"}, http::Creates::something},
        [this](const Caller& caller, const SignIn& request, http::Answer& answer) -> Result<SessionView> {
            const auto fresh = TRY(sign_in(caller, request.email, request.password));
            set_cookie(answer, fresh.secret, session_age_s);
            return session_view(parts_->database, fresh.user.id);
        });

    contract.add<http::Nothing, SessionView>({Method::get, "/api/v1/session", "session.get", http::may_read,
                                                 http::not_audited, {"Who is signed in", "当前登录用户"}},
        [this](const Caller& caller, const http::Nothing&) -> Result<SessionView> {
            TRY(only_people(caller));
            return session_view(parts_->database, UserId{caller.principal.id});
        });

    contract.add<http::Nothing, void>({Method::delete_, "/api/v1/session", "session.delete", http::may_read,
                                          http::audited{"session.delete"}, {"Sign out", "退出登录"}},
        [this](const Caller& caller, const http::Nothing&, http::Answer& answer) -> Result<> {
            TRY(sign_out(caller));
            set_cookie(answer, "", 0);
            return {};
        });

    contract.add<UpdateOwnProfile, UserView>(
        {Method::patch, "/api/v1/session/user", "session.update_user", http::may_read, http::not_audited,
            {"Change one's own profile", "修改个人资料"}},
        [this](const Caller& caller, const UpdateOwnProfile& request) -> Result<UserView> {
            TRY(only_people(caller));
            return view_of(TRY(update_user(
                caller, UserId{caller.principal.id}, request.if_match, {request.name, request.locale, {}, {}})));
        });

    contract.add<http::Nothing, UserList>(
        {Method::get, "/api/v1/users", "user.list", http::may_administer, http::not_audited, {"All users", "所有用户"}},
        [this](const Caller&, const http::Nothing&) -> Result<UserList> {
            UserList list;
            for (const auto& user :
                TRY(parts_->database.read([](store::Session& session) { return company::list_users(session); })))
                list.items.push_back(view_of(user));
            return list;
        });

    contract.add<CreateUser, UserView>(
        {Method::post, "/api/v1/users", "user.create", http::may_administer, http::audited{"user.create"},
            {"Add a user", "添加用户"}, http::Creates::something},
        [this](const Caller& caller, const CreateUser& request) -> Result<UserView> {
            const Role role = TRY(company::role_named(request.role));
            return view_of(TRY(create_user(caller,
                {request.email, request.name.value_or(""), role, request.locale.value_or("")}, request.password)));
        });

    contract.add<UpdateUser, UserView>(
        {Method::patch, "/api/v1/users/{id}", "user.update", http::may_administer, http::audited{"user.update"},
            {"Change a user's role or switch them off", "修改用户角色或停用"}},
        [this](const Caller& caller, const UpdateUser& request) -> Result<UserView> {
            std::optional<Role> role;
            if (request.role)
                role = TRY(company::role_named(*request.role));
            return view_of(TRY(update_user(
                caller, request.id, request.if_match, {request.name, request.locale, role, request.is_active})));
        });

    contract.add<http::Nothing, TokenList>({Method::get, "/api/v1/tokens", "token.list", http::may_administer,
                                               http::not_audited, {"All API tokens", "所有 API 令牌"}},
        [this](const Caller&, const http::Nothing&) -> Result<TokenList> {
            TokenList list;
            for (const auto& token : TRY(list_tokens()))
                list.items.push_back(view_of(token));
            return list;
        });

    contract.add<CreateToken, NewTokenView>(
        {Method::post, "/api/v1/tokens", "token.create", http::may_administer, http::audited{"token.create"},
            {"Create an API token; it is shown once", "创建 API 令牌（仅显示一次）"}, http::Creates::something},
        [this](const Caller& caller, const CreateToken& request) -> Result<NewTokenView> {
            const auto fresh =
                TRY(create_token(caller, request.name, TRY(company::role_named(request.role.value_or("admin")))));
            return NewTokenView{fresh.token.id, fresh.token.name, std::string(company::to_string(fresh.token.role)),
                fresh.token.created_at, fresh.secret};
        });

    contract.add<RevokeToken, TokenView>(
        {Method::post, "/api/v1/tokens/{id}/revoke", "token.revoke", http::may_administer,
            http::audited{"token.revoke"}, {"Revoke an API token", "吊销 API 令牌"}},
        [this](const Caller& caller, const RevokeToken& request) -> Result<TokenView> {
            return view_of(TRY(revoke_token(caller, request.id)));
        });
}

} // namespace onefold::access
