#pragma once
// Access over a real contract, for this room's tests: requests go the whole way behind the parser.
#include "access/access.h"
#include "http/fake_plugs.h"
#include "testing/databases.h"
#include "testing/outside.h"

#include <boost/json.hpp>

namespace onefold::access {

struct Heard {
    int status = 0;
    boost::json::value body;
    std::vector<std::pair<std::string, std::string>> headers;

    std::string header(std::string_view name) const {
        for (const auto& [key, value] : headers)
            if (key == name)
                return value;
        return "";
    }
    std::string code() const { return std::string(body.at("error").at("code").as_string()); }
    // "sid=…", as a browser would send it back.
    std::string cookie() const { return header("Set-Cookie").substr(0, header("Set-Cookie").find(';')); }
};

class AccessRig : public testing::OnBothDatabases {
  protected:
    using Headers = std::vector<std::pair<std::string, std::string>>;
    static constexpr std::string_view password = "correct horse";

    void SetUp() override {
        database_ = open({change::schema(), company::schema(), schema()});
        keys_ = std::move(*Keys::open(outside_.all, folder_.path()));
        start();
    }
    // As a restart of the program does.
    void start() {
        contract_ = std::make_unique<http::Contract>();
        access_ = std::make_unique<Access>(*database_, *keys_, outside_.all);
        access_->record_to([this](const Caller& caller, std::string_view verb, std::string_view target, int status) {
            records_.push_back(fmt::format("{} {} {} {}", to_string(caller.principal), verb, target, status));
        });
        replays_ = make_replays(*database_, *keys_, outside_.all);
        access_->add_routes(*contract_);
        company::add_routes(*contract_, *database_, outside_.all);
        contract_->connect({*access_, positions_, *replays_});
    }
    Heard send(http::Method method, const std::string& path, const std::string& body = "", Headers headers = {}) {
        http::Incoming incoming;
        incoming.method = method;
        incoming.path = path;
        incoming.body = body;
        incoming.address = "10.0.0.7";
        incoming.headers = std::move(headers);
        incoming.is_encrypted = is_encrypted_;
        incoming.headers.emplace_back("host", "crm.example");
        if (!body.empty())
            incoming.headers.emplace_back("content-type", "application/json");
        Heard heard;
        contract_->dispatch(std::move(incoming), [&](http::Outgoing outgoing) {
            heard.status = outgoing.status;
            heard.headers = outgoing.headers;
            if (!outgoing.body.empty())
                heard.body = boost::json::parse(outgoing.body);
        });
        return heard;
    }
    Heard get(const std::string& path, Headers headers = {}) {
        return send(http::Method::get, path, "", std::move(headers));
    }
    static Headers session(const std::string& cookie) {
        return {{"cookie", cookie}, {"sec-fetch-site", "same-origin"}};
    }
    static Headers bearer(const std::string& token) { return {{"authorization", "Bearer " + token}}; }

    Heard set_up(const std::string& token) {
        return send(http::Method::post, "/api/v1/setup",
            boost::json::serialize(boost::json::object{{"token", token}, {"email", "ann@example.cn"}, {"name", "Ann"},
                {"password", password}, {"locale", "en"}}));
    }
    std::string setup_token() {
        auto token = access_->make_setup_token();
        VERIFY(token && *token);
        return **token;
    }
    Heard sign_in(const std::string& email, std::string_view with) {
        return send(http::Method::post, "/api/v1/session",
            boost::json::serialize(boost::json::object{{"email", email}, {"password", with}}));
    }
    static Caller local() {
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        return caller;
    }
    company::User add_user(const std::string& email, Role role) {
        auto user = access_->create_user(local(), {email, "", role, "en"}, password);
        VERIFY(user);
        return *user;
    }
    std::string token_of(Role role) {
        auto token = access_->create_token(local(), fmt::format("a {}", company::to_string(role)), role);
        VERIFY(token);
        return token->secret;
    }

    testing::Folder folder_;
    testing::Outside outside_;
    std::unique_ptr<store::Database> database_;
    std::unique_ptr<Keys> keys_;
    http::FakePositions positions_;
    std::unique_ptr<http::Replays> replays_;
    std::unique_ptr<Access> access_;
    std::unique_ptr<http::Contract> contract_;
    std::vector<std::string> records_;
    bool is_encrypted_ = false;
};

} // namespace onefold::access
