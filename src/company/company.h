#pragma once
// The company that this deployment serves, and its people.
#include "change/change.h"
#include "core/caller.h"
#include "core/id.h"
#include "core/result.h"
#include "core/time.h"
#include "http/contract.h"
#include "runtime/runtime.h"
#include "store/store.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::company {

const store::Schema& schema();

struct Company {
    std::string name;
    std::string zone = "UTC";     // IANA; local days follow it
    std::string currency = "CNY"; // ISO 4217; totals are in it
    Locale locale = "zh-CN";
    std::int64_t event_retention_days = 0; // 0: for ever; else 30 at least
    std::int64_t version = 1;
};

constexpr std::int64_t event_retention_days_min = 30; // so long every message is known
constexpr std::int64_t event_retention_days_max = 36'500;

struct User {
    UserId id;
    std::string email;
    std::string name;
    Role role = Role::viewer;
    Locale locale = "zh-CN";
    bool is_active = true;
    std::int64_t version = 1;
};

std::string_view to_string(Role role); // "viewer", "editor", "admin", "none"
Result<Role> role_named(std::string_view name);
// Three capital letters; company.bad_currency for others.
Result<> check_currency(std::string_view code);

struct UserDraft {
    std::string email;
    std::string name; // the part before the @ where empty
    Role role = Role::viewer;
    Locale locale; // the company's where empty
};

struct CompanyEdit {
    std::optional<std::string> name, zone, currency, locale;
    std::optional<std::int64_t> event_retention_days;
};
struct UserEdit {
    std::optional<std::string> name, locale;
    std::optional<Role> role;
    std::optional<bool> is_active;
};

Result<Company> get_company(store::Session& session);
// company.version_changed (precondition_failed) where `version` is not the present one.
Result<Company> update_company(
    store::Session& session, const change::Author& author, std::int64_t version, const CompanyEdit& edit);

Result<std::vector<User>> list_users(store::Session& session);
Result<User> get_user(store::Session& session, UserId id);
// What a user is called by whom a principal ("user:3") speaks; nothing of others.
std::optional<std::string> name_of(store::Session& session, std::string_view principal);
Result<std::optional<User>> find_user(store::Session& session, std::string_view email);
// company.email_taken, company.bad_email
Result<User> create_user(store::Session& session, const change::Author& author, const UserDraft& draft);
Result<User> update_user(
    store::Session& session, const change::Author& author, UserId id, std::int64_t version, const UserEdit& edit);
Result<std::int64_t> count_active_admins(store::Session& session);

// The author of what a caller does now.
change::Author author_of(const Caller& caller, const runtime::Outside& outside);

void add_routes(http::Contract& contract, store::Database& database, const runtime::Outside& outside);

} // namespace onefold::company
