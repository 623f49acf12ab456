#include "access/access.h"

#include "access/access_parts.h"
#include "core/text.h"

#include <boost/url/parse.hpp>

namespace onefold::access {
namespace {

using namespace std::chrono_literals;

constexpr auto session_idle_max = 8h;
constexpr auto session_age_max = 24h * 7;
constexpr auto touch_interval = 5min;

Failure bad_token() {
    return fail(ErrorKind::unauthenticated, "access.bad_token",
        {"The API token is unknown or was revoked.", "API 令牌不存在或已被吊销。"});
}

// Browsers say where a request comes from; one that changes something must come from our own pages.
Result<> check_origin(const http::Incoming& incoming) {
    if (incoming.method == http::Method::get)
        return {};
    const auto site = incoming.header("sec-fetch-site");
    const auto origin = incoming.header("origin");
    bool is_ours = !site.empty() || !origin.empty();
    if (!site.empty() && site != "same-origin")
        is_ours = false;
    if (!origin.empty()) {
        const auto at = origin.find("://");
        if (at == std::string_view::npos || origin.substr(at + 3) != incoming.header("host"))
            is_ours = false;
    }
    if (is_ours)
        return {};
    return fail(ErrorKind::forbidden, "access.foreign_origin",
        {"This request did not come from Onefold's own pages and was refused. Programs use an API token.",
            "该请求并非来自本系统页面，已被拒绝。程序请使用 API 令牌。"});
}

} // namespace

Access::Access(store::Database& database, const Keys& keys, const runtime::Outside& outside)
    : parts_(std::make_unique<Parts>(database, keys, outside)) {}
Access::~Access() = default;

void Access::record_to(Recorder recorder) {
    parts_->recorder = std::move(recorder);
}

void Access::record(const Caller& caller, std::string_view verb, std::string_view target, int status) {
    if (parts_->recorder)
        parts_->recorder(caller, verb, target, status);
}

Result<> Access::allow(const Caller& caller, const http::Permission& permission) {
    const Principal& principal = caller.principal;
    if (permission.is_local && principal.kind != Principal::Kind::local)
        return fail(ErrorKind::forbidden, "access.local_only",
            {"Only a command on the server itself may do this.", "此操作只能在服务器上用命令执行。"});
    if (principal.role >= permission.least)
        return {};
    if (!principal.is_signed_in())
        return fail(ErrorKind::unauthenticated, "access.sign_in", {"Sign in first.", "请先登录。"});
    return fail(ErrorKind::forbidden, "access.forbidden",
        {"Your role does not allow this. An administrator can change your role.",
            "你的角色没有此权限，可请管理员调整角色。"});
}

Result<Caller> Access::identify(const http::Incoming& incoming) {
    Caller caller;
    caller.address = incoming.address;
    caller.request_id = parts_->outside.random.token(12);
    caller.locale = locale_from(incoming.header("accept-language"));
    if (incoming.is_local) {
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        return caller;
    }
    const auto authorization = incoming.header("authorization");
    if (authorization.starts_with("Bearer ")) {
        const auto digest = parts_->keys.digest("token", trimmed(authorization.substr(7)));
        auto found = TRY(parts_->find_token(digest));
        if (!found)
            return bad_token();
        caller.principal = found->principal;
        return caller;
    }
    auto secret = incoming.cookie("__Host-sid");
    if (secret.empty())
        secret = incoming.cookie("sid");
    if (secret.empty())
        return caller;
    const auto digest = parts_->keys.digest("session", secret);
    auto found = TRY(parts_->find_session(digest));
    if (!found)
        return caller;
    TRY(check_origin(incoming));
    caller.principal = found->principal;
    caller.locale = found->locale;
    caller.session_digest = digest;
    return caller;
}

Result<std::optional<Known>> Access::Parts::find_session(const std::string& digest) {
    const Instant now = outside.clock.now();
    const auto since = present_generation();
    auto known = cached(digest);
    if (!known) {
        known = TRY(database.read([&](store::Session& session) -> Result<std::optional<Known>> {
            return session.find(
                R"(SELECT u.id, u.role, u.locale, s.created_at, s.last_used_at FROM session s JOIN "user" u ON u.id = s.user_id WHERE s.digest = $1 AND u.is_active = 1)",
                {store::Blob{digest}}, [](const store::Row& row) {
                    return Known{
                        {Principal::Kind::user, row.integer(0), company::role_named(row.text(1)).value_or(Role::none)},
                        std::string(row.text(2)), instant_of(row.integer(3)), instant_of(row.integer(4))};
                });
        }));
        if (known)
            remember(digest, *known, since);
    }
    if (!known || now - known->created_at > session_age_max || now - known->last_used_at > session_idle_max)
        return std::nullopt;
    if (now - known->last_used_at > touch_interval) {
        known->last_used_at = now;
        remember(digest, *known, since);
        (void)database.write([&](store::Session& session) { // reading goes on where writing cannot
            return session.execute(
                "UPDATE session SET last_used_at = $1 WHERE digest = $2", {micros_of(now), store::Blob{digest}});
        });
    }
    return known;
}

Result<std::optional<Known>> Access::Parts::find_token(const std::string& digest) {
    const Instant now = outside.clock.now();
    const auto since = present_generation();
    auto known = cached(digest);
    if (!known) {
        known = TRY(database.read([&](store::Session& session) -> Result<std::optional<Known>> {
            return session.find("SELECT id, role, created_at, COALESCE(last_used_at, 0) FROM token WHERE digest = $1 "
                                "AND revoked_at IS NULL",
                {store::Blob{digest}}, [](const store::Row& row) {
                    return Known{
                        {Principal::Kind::token, row.integer(0), company::role_named(row.text(1)).value_or(Role::none)},
                        "en", instant_of(row.integer(2)), instant_of(row.integer(3))};
                });
        }));
        if (known)
            remember(digest, *known, since);
    }
    if (known && now - known->last_used_at > touch_interval) {
        known->last_used_at = now;
        remember(digest, *known, since);
        (void)database.write([&](store::Session& session) {
            return session.execute(
                "UPDATE token SET last_used_at = $1 WHERE digest = $2", {micros_of(now), store::Blob{digest}});
        });
    }
    return known;
}

std::optional<Known> Access::Parts::cached(const std::string& digest) {
    std::lock_guard lock(mutex);
    const auto found = cache.find(digest);
    return found == cache.end() ? std::nullopt : std::optional(found->second);
}

void Access::Parts::remember(const std::string& digest, const Known& known, std::uint64_t since) {
    std::lock_guard lock(mutex);
    if (since != generation)
        return;
    if (cache.size() >= 100'000)
        cache.clear();
    cache[digest] = known;
}

void Access::Parts::forget_all() {
    std::lock_guard lock(mutex);
    ++generation;
    cache.clear();
}

std::uint64_t Access::Parts::present_generation() {
    std::lock_guard lock(mutex);
    return generation;
}

} // namespace onefold::access
