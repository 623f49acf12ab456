#pragma once
// Plugs for this room's tests and benchmark: "Bearer viewer|editor|admin" speaks with that role.
#include "http/contract.h"

#include <map>
#include <mutex>

namespace onefold::http {

struct FakeGatekeeper : Gatekeeper {
    std::mutex mutex;
    std::vector<std::string> records; // "who verb target status"

    Result<Caller> identify(const Incoming& incoming) override {
        Caller caller;
        caller.locale = locale_from(incoming.header("accept-language"));
        const auto words = incoming.header("authorization");
        const auto role = role_named(words);
        if (words.starts_with("Bearer ") && role == Role::none)
            return fail(ErrorKind::unauthenticated, "access.bad_token", {"This token is not known.", "令牌无效。"});
        if (role == Role::none)
            return caller;
        caller.principal = {.kind = Principal::Kind::token, .id = std::int64_t(role), .role = role};
        return caller;
    }
    Result<> allow(const Caller& caller, const Permission& permission) override {
        if (caller.principal.role >= permission.least)
            return {};
        if (!caller.principal.is_signed_in())
            return fail(ErrorKind::unauthenticated, "access.sign_in", {"Please sign in.", "请先登录。"});
        return fail(ErrorKind::forbidden, "access.forbidden", {"You may not do this.", "你没有此权限。"});
    }
    void record(const Caller& caller, std::string_view verb, std::string_view target, int status) override {
        static constexpr std::array<std::string_view, 4> names{"nobody", "viewer", "editor", "admin"};
        const std::lock_guard lock(mutex);
        records.push_back(fmt::format("{} {} {} {}", names[std::size_t(caller.principal.role)], verb, target, status));
    }

  private:
    static Role role_named(std::string_view words) {
        if (words == "Bearer viewer")
            return Role::viewer;
        if (words == "Bearer editor")
            return Role::editor;
        if (words == "Bearer admin")
            return Role::admin;
        return Role::none;
    }
};

struct FakePositions : Positions {
    std::vector<std::string> waited;

    std::string accepted() override { return "p1"; }
    std::string visible() override { return "p0"; }
    Result<> wait_until_visible(std::string_view position) override {
        waited.emplace_back(position);
        if (position == "late")
            return fail(Error{ErrorKind::unavailable, "http.late", {"Not yet.", "尚未就绪。"}, {}, 1});
        if (position != "p1")
            return fail(ErrorKind::invalid, "http.bad_position", {"No position of ours.", "位置无效。"});
        return {};
    }
};

struct FakeReplays : Replays {
    std::mutex mutex;
    std::map<std::string, Known> known;

    Result<std::optional<Known>> begin(
        const Caller&, std::string_view operation, std::string_view key, std::string_view digest) override {
        const std::lock_guard lock(mutex);
        const auto [place, is_new] =
            known.try_emplace(fmt::format("{} {}", operation, key), Known{false, std::string(digest), {}});
        if (is_new)
            return std::nullopt;
        return place->second;
    }
    Result<> finish(const Caller&, std::string_view operation, std::string_view key, const Outgoing& answer) override {
        const std::lock_guard lock(mutex);
        auto& entry = known.at(fmt::format("{} {}", operation, key));
        entry.is_finished = true;
        entry.answer = answer;
        return {};
    }
    Result<> abandon(const Caller&, std::string_view operation, std::string_view key) override {
        const std::lock_guard lock(mutex);
        known.erase(fmt::format("{} {}", operation, key));
        return {};
    }
};

struct FakePlugs {
    FakeGatekeeper gatekeeper;
    FakePositions positions;
    FakeReplays replays;
};

} // namespace onefold::http
