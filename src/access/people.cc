#include "access/access_parts.h"
#include "core/text.h"

namespace onefold::access {

Result<NewSession> Access::Parts::start_session(store::Session& session, const company::User& user) {
    NewSession fresh{user, outside.random.token(32)};
    const auto now = micros_of(outside.clock.now());
    TRY(session.execute("INSERT INTO session (digest, user_id, created_at, last_used_at) VALUES ($1, $2, $3, $3)",
        {store::Blob{keys.digest("session", fresh.secret)}, user.id.value, now}));
    return fresh;
}

Result<company::User> Access::Parts::insert_user(store::Session& session, const change::Author& author,
    const company::UserDraft& draft, const std::string& password_hash) {
    company::User user = TRY(company::create_user(session, author, draft));
    TRY(session.execute("INSERT INTO credential (user_id, password_hash, changed_at) VALUES ($1, $2, $3)",
        {user.id.value, password_hash, micros_of(author.at)}));
    return user;
}

Result<bool> Access::is_setup_needed() {
    return parts_->database.read(
        [](store::Session& session) -> Result<bool> { return TRY(company::count_active_admins(session)) == 0; });
}

Result<std::optional<std::string>> Access::make_setup_token() {
    if (!TRY(is_setup_needed()))
        return std::nullopt;
    std::string token = parts_->outside.random.token(24);
    std::lock_guard lock(parts_->mutex);
    parts_->setup_digest = parts_->keys.digest("setup", token);
    return token;
}

Result<NewSession> Access::set_up(const Caller& caller, const FirstAdministrator& first) {
    if (!TRY(is_setup_needed()))
        return fail(ErrorKind::conflict, "access.setup_done",
            {"Onefold is already set up; sign in instead.", "系统已完成初始化，请直接登录。"});
    {
        std::lock_guard lock(parts_->mutex);
        if (parts_->setup_digest.empty() || parts_->keys.digest("setup", first.setup_token) != parts_->setup_digest)
            return fail(ErrorKind::forbidden, "access.bad_setup_token",
                {"This set-up link is no longer valid. Restart Onefold: it prints a new one.",
                    "初始化链接已失效，请重启 Onefold 获取新链接。"});
    }
    TRY(check_password(first.password, first.email));
    const auto hash = TRY(parts_->hasher.hash(first.password));
    auto fresh = TRY(parts_->database.write([&](store::Session& session) -> Result<NewSession> {
        if (TRY(company::count_active_admins(session)) != 0)
            return fail(ErrorKind::conflict, "access.setup_done",
                {"Onefold is already set up; sign in instead.", "系统已完成初始化，请直接登录。"});
        const auto user = TRY(parts_->insert_user(session, company::author_of(caller, parts_->outside),
            {first.email, first.name, Role::admin, first.locale}, hash));
        return parts_->start_session(session, user);
    }));
    std::lock_guard lock(parts_->mutex);
    parts_->setup_digest.clear();
    return fresh;
}

Result<NewSession> Access::sign_in(const Caller& caller, std::string_view email, std::string_view password) {
    const std::string account = folded(trimmed(email));
    TRY(parts_->throttle.check(account, caller.address));
    struct Candidate {
        company::User user;
        std::string hash;
    };
    const auto candidate = TRY(parts_->database.read([&](store::Session& session) -> Result<std::optional<Candidate>> {
        const auto user = TRY(company::find_user(session, account));
        if (!user || !user->is_active)
            return std::nullopt;
        auto hash = TRY(session.find("SELECT password_hash FROM credential WHERE user_id = $1", {user->id.value},
            [](const store::Row& row) { return std::string(row.text(0)); }));
        return Candidate{*user, hash.value_or("")};
    }));
    if (!TRY(parts_->hasher.matches(candidate ? candidate->hash : "", password))) {
        parts_->throttle.failed(account, caller.address);
        record(caller, "session.refuse", account, 401);
        return fail(ErrorKind::unauthenticated, "access.wrong_credentials",
            {"E-mail address or password is wrong.", "邮箱或密码不正确。"});
    }
    parts_->throttle.succeeded(account);
    auto fresh = TRY(parts_->database.write(
        [&](store::Session& session) { return parts_->start_session(session, candidate->user); }));
    record(caller, "session.start", to_string(candidate->user.id), 201);
    return fresh;
}

Result<> Access::sign_out(const Caller& caller) {
    TRY(parts_->database.write([&](store::Session& session) {
        return session.execute("DELETE FROM session WHERE digest = $1", {store::Blob{caller.session_digest}});
    }));
    parts_->forget_all();
    return {};
}

Result<> Access::end_sessions() {
    TRY(parts_->database.write([&](store::Session& session) { return session.execute("DELETE FROM session"); }));
    parts_->forget_all();
    return {};
}

Result<company::User> Access::create_user(
    const Caller& caller, const company::UserDraft& draft, std::string_view password) {
    TRY(check_password(password, draft.email));
    const auto hash = TRY(parts_->hasher.hash(password));
    return parts_->database.write([&](store::Session& session) {
        return parts_->insert_user(session, company::author_of(caller, parts_->outside), draft, hash);
    });
}

Result<company::User> Access::update_user(
    const Caller& caller, UserId id, std::int64_t version, const company::UserEdit& edit) {
    auto user = TRY(parts_->database.write([&](store::Session& session) -> Result<company::User> {
        auto changed =
            TRY(company::update_user(session, company::author_of(caller, parts_->outside), id, version, edit));
        if (edit.role || edit.is_active)
            TRY(session.execute("DELETE FROM session WHERE user_id = $1", {id.value}));
        return changed;
    }));
    parts_->forget_all();
    return user;
}

namespace {

constexpr std::string_view token_columns = "SELECT id, name, role, created_at, last_used_at, revoked_at FROM token ";

Token token_of(const store::Row& row) {
    Token token{TokenId{row.integer(0)}, std::string(row.text(1)),
        company::role_named(row.text(2)).value_or(Role::none), instant_of(row.integer(3))};
    if (!row.is_null(4))
        token.last_used_at = instant_of(row.integer(4));
    token.is_revoked = !row.is_null(5);
    return token;
}

boost::json::object values_of(const Token& token) {
    return {{"name", token.name}, {"role", company::to_string(token.role)}, {"is_revoked", token.is_revoked}};
}

} // namespace

Result<NewToken> Access::create_token(const Caller& caller, std::string_view name, Role role) {
    const std::string clean{trimmed(name)};
    if (clean.empty() || length_of(clean) > 100) {
        const LocalText message{"A token has a name of 1 to 100 characters, so that you know later what uses it.",
            "令牌名称应为 1 至 100 个字符，便于日后识别用途。"};
        return fail(
            ErrorKind::invalid, "access.bad_token_name", message, {{"/name", "access.bad_token_name", message}});
    }
    const auto author = company::author_of(caller, parts_->outside);
    return parts_->database.write([&](store::Session& session) -> Result<NewToken> {
        NewToken fresh{{{}, clean, role, author.at}, "oft_" + parts_->outside.random.token(24)};
        const auto id = TRY(session.find_integer(
            "INSERT INTO token (name, role, digest, created_at) VALUES ($1, $2, $3, $4) RETURNING id",
            {clean, std::string(company::to_string(role)), store::Blob{parts_->keys.digest("token", fresh.secret)},
                micros_of(author.at)}));
        fresh.token.id = TokenId{id.value_or(0)};
        TRY(change::append(session, author,
            {{change::object_ids::token, fresh.token.id.value, 1, change::Op::create, std::nullopt,
                values_of(fresh.token)}}));
        return fresh;
    });
}

Result<Token> Access::revoke_token(const Caller& caller, TokenId id) {
    const auto author = company::author_of(caller, parts_->outside);
    auto token = TRY(parts_->database.write([&](store::Session& session) -> Result<Token> {
        auto found = TRY(session.find(std::string(token_columns) + "WHERE id = $1", {id.value}, token_of));
        if (!found)
            return fail(ErrorKind::not_found, "access.no_such_token", {"There is no such token.", "没有这个令牌。"});
        if (found->is_revoked)
            return *found;
        const auto before = values_of(*found);
        found->is_revoked = true;
        TRY(session.execute("UPDATE token SET revoked_at = $1 WHERE id = $2", {micros_of(author.at), id.value}));
        TRY(change::append(session, author,
            {{change::object_ids::token, id.value, 2, change::Op::update, before, values_of(*found)}}));
        return *found;
    }));
    parts_->forget_all();
    return token;
}

Result<std::vector<Token>> Access::list_tokens() {
    return parts_->database.read(
        [](store::Session& session) { return session.list(std::string(token_columns) + "ORDER BY id", {}, token_of); });
}

} // namespace onefold::access
