#include "access/access_rig.h"

namespace onefold::access {
namespace {

using http::Method;
using namespace std::chrono_literals;

class AccessTest : public AccessRig {};
ON_BOTH_DATABASES(AccessTest);

TEST_P(AccessTest, TheSetupLinkMakesTheFirstAdministratorOnce) {
    EXPECT_EQ(get("/api/v1/setup").body, (boost::json::object{{"is_needed", true}}));
    const auto token = setup_token();
    EXPECT_EQ(set_up("wrong").code(), "access.bad_setup_token");
    const auto done = set_up(token);
    EXPECT_EQ(done.status, 201);
    EXPECT_EQ(done.body.at("user").at("role"), "admin");
    EXPECT_EQ(done.body.at("company").at("currency"), "CNY");
    EXPECT_EQ(get("/api/v1/session", session(done.cookie())).body.at("user").at("email"), "ann@example.cn");

    EXPECT_EQ(set_up(token).code(), "access.setup_done");
    EXPECT_EQ(get("/api/v1/setup").body, (boost::json::object{{"is_needed", false}}));
    const auto again = access_->make_setup_token();
    ASSERT_TRUE(again);
    EXPECT_FALSE(*again);
}

TEST_P(AccessTest, ANewSetupLinkAndARestartMakeTheOldLinkVoid) {
    const auto old = setup_token();
    const auto fresh = setup_token();
    EXPECT_EQ(set_up(old).code(), "access.bad_setup_token");
    start();
    EXPECT_EQ(set_up(fresh).code(), "access.bad_setup_token");
    EXPECT_EQ(set_up("").code(), "access.bad_setup_token");
}

TEST_P(AccessTest, AWeakPasswordDoesNotUseUpTheLink) {
    const auto token = setup_token();
    const auto weak = send(Method::post, "/api/v1/setup",
        boost::json::serialize(boost::json::object{
            {"token", token}, {"email", "ann@example.cn"}, {"name", "Ann"}, {"password", "12345678"}}));
    EXPECT_EQ(weak.status, 400);
    EXPECT_EQ(weak.code(), "access.weak_password");
    EXPECT_EQ(set_up(token).status, 201);
}

TEST_P(AccessTest, SignsInWithTheRightPasswordAndOutAgain) {
    add_user("ann@example.cn", Role::editor);
    const auto signed_in = sign_in(" Ann@Example.CN ", password);
    ASSERT_EQ(signed_in.status, 201);
    const auto cookie = signed_in.cookie();
    EXPECT_TRUE(cookie.starts_with("sid="));
    const auto whole = signed_in.header("Set-Cookie");
    for (const std::string_view part : {"; Path=/", "; HttpOnly", "; SameSite=Lax"})
        EXPECT_NE(whole.find(part), std::string::npos) << whole;
    EXPECT_EQ(get("/api/v1/session", session(cookie)).status, 200);
    start();
    EXPECT_EQ(get("/api/v1/session", session(cookie)).status, 200) << "a session outlives a restart";

    EXPECT_EQ(send(Method::delete_, "/api/v1/session", "", session(cookie)).status, 204);
    EXPECT_EQ(get("/api/v1/session", session(cookie)).status, 401);
}

TEST_P(AccessTest, OverTlsTheCookieIsBoundToTheHost) {
    add_user("ann@example.cn", Role::editor);
    is_encrypted_ = true;
    const auto signed_in = sign_in("ann@example.cn", password);
    EXPECT_TRUE(signed_in.cookie().starts_with("__Host-sid="));
    EXPECT_NE(signed_in.header("Set-Cookie").find("; Secure"), std::string::npos);
    EXPECT_EQ(get("/api/v1/session", session(signed_in.cookie())).status, 200);
}

TEST_P(AccessTest, SaysTheSameOfAWrongPasswordAndOfNobody) {
    add_user("ann@example.cn", Role::editor);
    const auto wrong = sign_in("ann@example.cn", "wrong password"),
               unknown = sign_in("nobody@example.cn", "wrong password");
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(unknown.status, 401);
    EXPECT_EQ(wrong.body.at("error").at("message"), unknown.body.at("error").at("message"));
    EXPECT_EQ(wrong.code(), "access.wrong_credentials");
    EXPECT_NE(std::ranges::find(records_, "anonymous session.refuse ann@example.cn 401"), records_.end());
}

TEST_P(AccessTest, AfterFiveWrongGuessesOnePausesLongerEachTime) {
    add_user("ann@example.cn", Role::editor);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(sign_in("ann@example.cn", "wrong password").status, 401);
    auto refused = sign_in("ann@example.cn", password);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.code(), "access.too_many_attempts");
    EXPECT_EQ(refused.header("Retry-After"), "1");
    outside_.clock.advance(1s);
    EXPECT_EQ(sign_in("ann@example.cn", "wrong password").status, 401);
    EXPECT_EQ(sign_in("ann@example.cn", password).header("Retry-After"), "2");
    outside_.clock.advance(2s);
    EXPECT_EQ(sign_in("ann@example.cn", password).status, 201);
    EXPECT_EQ(sign_in("ann@example.cn", "wrong password").status, 401);
    EXPECT_EQ(sign_in("ann@example.cn", password).status, 201) << "success begins the count anew";
}

TEST_P(AccessTest, ASessionEndsAfterEightIdleHoursOrSevenDays) {
    add_user("ann@example.cn", Role::editor);
    const auto idle = sign_in("ann@example.cn", password).cookie();
    outside_.clock.advance(7h);
    EXPECT_EQ(get("/api/v1/session", session(idle)).status, 200);
    outside_.clock.advance(7h);
    EXPECT_EQ(get("/api/v1/session", session(idle)).status, 200) << "used 7 hours ago";
    outside_.clock.advance(8h + 1s);
    EXPECT_EQ(get("/api/v1/session", session(idle)).status, 401);
    start();
    EXPECT_EQ(get("/api/v1/session", session(idle)).status, 401);

    const auto busy = sign_in("ann@example.cn", password).cookie();
    for (int i = 0; i < 24 * 7 / 6; ++i) {
        outside_.clock.advance(6h);
        EXPECT_EQ(get("/api/v1/session", session(busy)).status, 200);
    }
    outside_.clock.advance(1s);
    EXPECT_EQ(get("/api/v1/session", session(busy)).status, 401);
}

TEST_P(AccessTest, ChangesWithASessionMustComeFromOurOwnPages) {
    add_user("ann@example.cn", Role::admin);
    const auto cookie = sign_in("ann@example.cn", password).cookie();
    const std::vector<std::pair<Headers, bool>> cases{
        {{{"sec-fetch-site", "same-origin"}}, true},
        {{{"origin", "https://crm.example"}}, true},
        {{{"sec-fetch-site", "same-origin"}, {"origin", "http://crm.example"}}, true},
        {{}, false},
        {{{"sec-fetch-site", "cross-site"}}, false},
        {{{"sec-fetch-site", "same-site"}}, false},
        {{{"sec-fetch-site", "none"}}, false},
        {{{"origin", "https://evil.example"}}, false},
        {{{"origin", "null"}}, false},
        {{{"origin", "https://crm.example.evil.example"}}, false},
        {{{"sec-fetch-site", "same-origin"}, {"origin", "https://evil.example"}}, false},
    };
    std::int64_t version = 1;
    for (const auto& [headers, is_ours] : cases) {
        Headers all = headers;
        all.emplace_back("cookie", cookie);
        all.emplace_back("if-match", fmt::format("\"{}\"", version));
        const auto heard = send(Method::patch, "/api/v1/company", R"({"name":"Onefold"})", all);
        EXPECT_EQ(heard.status, is_ours ? 200 : 403) << (headers.empty() ? "none" : headers[0].second);
        if (is_ours)
            ++version;
        else
            EXPECT_EQ(heard.code(), "access.foreign_origin");
    }
    EXPECT_EQ(get("/api/v1/company", {{"cookie", cookie}, {"origin", "https://evil.example"}}).status, 200)
        << "reading changes nothing";
}

TEST_P(AccessTest, EachRoleMayDoWhatItsNameSays) {
    const auto viewer = token_of(Role::viewer), editor = token_of(Role::editor), admin = token_of(Role::admin);
    EXPECT_EQ(get("/api/v1/company").status, 401);
    EXPECT_EQ(get("/api/v1/company").code(), "access.sign_in");
    for (const auto& token : {viewer, editor, admin})
        EXPECT_EQ(get("/api/v1/company", bearer(token)).status, 200);
    EXPECT_EQ(get("/api/v1/users", bearer(viewer)).status, 403);
    EXPECT_EQ(get("/api/v1/users", bearer(editor)).status, 403);
    EXPECT_EQ(get("/api/v1/users", bearer(admin)).status, 200);
    EXPECT_NE(std::ranges::find(records_, "token:1 user.list  403"), records_.end());
    EXPECT_TRUE(access_->allow(local(), http::local_only));
    Caller administrator;
    administrator.principal = {Principal::Kind::user, 1, Role::admin};
    EXPECT_EQ(access_->allow(administrator, http::local_only).error().code, "access.local_only");
}

TEST_P(AccessTest, ATokenIsShownOnceAndEndsWhenRevoked) {
    const auto admin = token_of(Role::admin);
    const auto made =
        send(Method::post, "/api/v1/tokens", R"({"name":" nightly export ","role":"viewer"})", bearer(admin));
    ASSERT_EQ(made.status, 201);
    const std::string secret{made.body.at("token").as_string()};
    EXPECT_TRUE(secret.starts_with("oft_"));
    EXPECT_EQ(made.body.at("name"), "nightly export");
    EXPECT_EQ(get("/api/v1/company", bearer(secret)).status, 200);
    outside_.clock.advance(10min);
    EXPECT_EQ(get("/api/v1/company", bearer(secret)).status, 200);
    const auto list = get("/api/v1/tokens", bearer(admin));
    EXPECT_EQ(boost::json::serialize(list.body).find(secret), std::string::npos);
    EXPECT_EQ(list.body.at("items").at(1).at("last_used_at"), "2026-01-01T00:10:00Z");

    const std::string id{made.body.at("id").as_string()};
    EXPECT_EQ(send(Method::post, "/api/v1/tokens/" + id + "/revoke", "{}", bearer(admin)).body.at("is_revoked"), true);
    const auto refused = get("/api/v1/company", bearer(secret));
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.code(), "access.bad_token");
    EXPECT_EQ(send(Method::post, "/api/v1/tokens/999/revoke", "{}", bearer(admin)).status, 404);
    EXPECT_EQ(get("/api/v1/company", bearer("oft_invented")).status, 401);
}

TEST_P(AccessTest, WhoLosesTheirRoleIsSignedOutAndTheLastAdministratorStays) {
    const auto ann = add_user("ann@example.cn", Role::admin);
    const auto bob = add_user("bob@example.cn", Role::editor);
    const auto cookie = sign_in("bob@example.cn", password).cookie();
    ASSERT_EQ(get("/api/v1/session", session(cookie)).status, 200);
    ASSERT_TRUE(access_->update_user(local(), bob.id, 1, {{}, {}, Role::viewer, {}}));
    EXPECT_EQ(get("/api/v1/session", session(cookie)).status, 401);
    EXPECT_EQ(
        access_->update_user(local(), bob.id, 1, {{}, {}, Role::editor, {}}).error().code, "company.version_changed");
    EXPECT_EQ(access_->update_user(local(), ann.id, 1, {{}, {}, Role::viewer, {}}).error().code, "company.last_admin");
    EXPECT_EQ(access_->update_user(local(), ann.id, 1, {{}, {}, {}, false}).error().code, "company.last_admin");
    ASSERT_TRUE(access_->update_user(local(), bob.id, 2, {{}, {}, {}, false}));
    EXPECT_EQ(sign_in("bob@example.cn", password).status, 401) << "switched off";
}

TEST_P(AccessTest, APersonChangesTheirOwnNameAndLanguageButNotTheirRole) {
    add_user("ann@example.cn", Role::viewer);
    auto headers = session(sign_in("ann@example.cn", password).cookie());
    headers.emplace_back("if-match", "\"1\"");
    EXPECT_EQ(send(Method::patch, "/api/v1/session/user", R"({"role":"admin"})", headers).status, 400);
    const auto changed = send(Method::patch, "/api/v1/session/user", R"({"name":"安","locale":"zh-CN"})", headers);
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.body.at("name"), "安");
    EXPECT_EQ(send(Method::patch, "/api/v1/session/user", R"({"name":"late"})", headers).status, 412);
}

TEST_P(AccessTest, PasswordsAreKeptOnlyAsArgon2idHashes) {
    add_user("ann@example.cn", Role::viewer);
    const auto hash = database_->read([](store::Session& session) {
        return session.find(
            "SELECT password_hash FROM credential", {}, [](const store::Row& row) { return std::string(row.text(0)); });
    });
    ASSERT_TRUE(hash && *hash);
    EXPECT_TRUE((*hash)->starts_with("$argon2id$v=19$m=47104,t=1,p=1$"));
}

} // namespace
} // namespace onefold::access
