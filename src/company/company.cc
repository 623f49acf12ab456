#include "company/company.h"

#include "core/text.h"

namespace onefold::company {
namespace {

constexpr std::string_view user_columns = R"(SELECT id, email, name, role, locale, is_active, version FROM "user" )";

User user_of(const store::Row& row) {
    return {UserId{row.integer(0)}, std::string(row.text(1)), std::string(row.text(2)),
        role_named(row.text(3)).value_or(Role::none), std::string(row.text(4)), row.integer(5) != 0, row.integer(6)};
}

Failure version_changed(std::int64_t present) {
    return fail(ErrorKind::precondition_failed, "company.version_changed",
        {fmt::format("Somebody else changed this in the meantime (it is version {} now). Nothing was saved; load it "
                     "again and repeat your change.",
             present),
            fmt::format("其他人刚刚修改过此内容（现为第 {} 版）。你的修改未保存，请重新加载后再改。", present)});
}

Result<Locale> check_locale(const std::string& locale) {
    if (locale == "en" || locale == "zh-CN")
        return locale;
    return fail(ErrorKind::invalid, "company.bad_locale", {"The language is en or zh-CN.", "语言只能是 en 或 zh-CN。"},
        {{"/locale", "company.bad_locale", {"The language is en or zh-CN.", "语言只能是 en 或 zh-CN。"}}});
}

Result<std::int64_t> check_event_retention(std::int64_t days) {
    if (days == 0 || (days >= event_retention_days_min && days <= event_retention_days_max))
        return days;
    const LocalText message{fmt::format("Events are kept for {} to {} days, or for ever (0).", event_retention_days_min,
                                event_retention_days_max),
        fmt::format("事件保留 {} 至 {} 天，或永久保留（0）。", event_retention_days_min, event_retention_days_max)};
    return fail(ErrorKind::invalid, "company.bad_event_retention", message,
        {{"/event_retention_days", "company.bad_event_retention", message}});
}

boost::json::object values_of(const User& user) {
    return {{"email", user.email}, {"name", user.name}, {"role", to_string(user.role)}, {"locale", user.locale},
        {"is_active", user.is_active}};
}

boost::json::object values_of(const Company& company) {
    return {{"name", company.name}, {"zone", company.zone}, {"currency", company.currency}, {"locale", company.locale},
        {"event_retention_days", company.event_retention_days}};
}

} // namespace

std::string_view to_string(Role role) {
    switch (role) {
    case Role::none:
        return "none";
    case Role::viewer:
        return "viewer";
    case Role::editor:
        return "editor";
    case Role::admin:
        return "admin";
    }
    return "none";
}

Result<Role> role_named(std::string_view name) {
    for (const Role role : {Role::viewer, Role::editor, Role::admin})
        if (to_string(role) == name)
            return role;
    return fail(ErrorKind::invalid, "company.unknown_role",
        {fmt::format("\"{}\" is not a role; there are viewer, editor and admin.", name.substr(0, 40)),
            fmt::format("没有“{}”这个角色；可用角色：viewer、editor、admin。", name.substr(0, 40))});
}

Result<> check_currency(std::string_view code) {
    if (code.size() == 3 && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; }))
        return {};
    const LocalText message{
        fmt::format("\"{}\" is not a currency; write its three capital letters, as CNY or USD.", code.substr(0, 20)),
        fmt::format("“{}”不是货币代码，请写三个大写字母，如 CNY、USD。", code.substr(0, 20))};
    return fail(ErrorKind::invalid, "company.bad_currency", message, {{"/currency", "company.bad_currency", message}});
}

change::Author author_of(const Caller& caller, const runtime::Outside& outside) {
    return {caller.principal, outside.clock.now(), "request", caller.request_id};
}

Result<Company> get_company(store::Session& session) {
    auto found =
        TRY(session.find("SELECT name, zone, currency, locale, event_retention_days, version FROM company WHERE id = 1",
            {}, [](const store::Row& row) {
                return Company{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                    std::string(row.text(3)), row.integer(4), row.integer(5)};
            }));
    VERIFY(found.has_value());
    return std::move(*found);
}

Result<Company> update_company(
    store::Session& session, const change::Author& author, std::int64_t version, const CompanyEdit& edit) {
    const Company before = TRY(get_company(session));
    if (before.version != version)
        return version_changed(before.version);
    Company after = before;
    if (edit.name)
        after.name = trimmed(*edit.name);
    if (edit.zone)
        after.zone = TRY(Zone::named(*edit.zone)).name();
    if (edit.currency) {
        TRY(check_currency(*edit.currency));
        after.currency = *edit.currency;
    }
    if (edit.locale)
        after.locale = TRY(check_locale(*edit.locale));
    if (edit.event_retention_days)
        after.event_retention_days = TRY(check_event_retention(*edit.event_retention_days));
    ++after.version;
    TRY(session.execute(
        "UPDATE company SET name = $1, zone = $2, currency = $3, locale = $4, event_retention_days = $5, "
        "version = $6 WHERE id = 1",
        {after.name, after.zone, after.currency, after.locale, after.event_retention_days, after.version}));
    TRY(change::append(session, author,
        {{change::object_ids::company, 1, after.version, change::Op::update, values_of(before), values_of(after)}}));
    return after;
}

Result<std::vector<User>> list_users(store::Session& session) {
    return session.list(std::string(user_columns) + "ORDER BY id", {}, user_of);
}

Result<User> get_user(store::Session& session, UserId id) {
    auto found = TRY(session.find(std::string(user_columns) + "WHERE id = $1", {id.value}, user_of));
    if (!found)
        return fail(ErrorKind::not_found, "company.no_such_user", {"There is no such user.", "没有这个用户。"});
    return std::move(*found);
}

std::optional<std::string> name_of(store::Session& session, std::string_view principal) {
    constexpr std::string_view prefix = "user:";
    if (!principal.starts_with(prefix))
        return std::nullopt;
    const auto user = get_user(session, UserId{parse_id(principal.substr(prefix.size())).value_or(0)});
    if (!user)
        return std::nullopt;
    return user->name.empty() ? user->email : user->name;
}

Result<std::optional<User>> find_user(store::Session& session, std::string_view email) {
    return session.find(std::string(user_columns) + "WHERE email_folded = $1", {folded(trimmed(email))}, user_of);
}

Result<User> create_user(store::Session& session, const change::Author& author, const UserDraft& draft) {
    const std::string email{trimmed(draft.email)};
    const auto at = email.find('@');
    if (at == std::string::npos || at == 0 || at + 1 == email.size() || email.size() > 254 ||
        email.find(' ') != std::string::npos) {
        const LocalText message{"This is not an e-mail address; write it as name@example.com.",
            "邮箱格式不正确，正确的写法如 name@example.com。"};
        return fail(ErrorKind::invalid, "company.bad_email", message, {{"/email", "company.bad_email", message}});
    }
    if (TRY(find_user(session, email))) {
        const LocalText message{"Somebody with this e-mail address is already here.", "该邮箱已被使用。"};
        return fail(ErrorKind::conflict, "company.email_taken", message, {{"/email", "company.email_taken", message}});
    }
    User user{{}, email, std::string(trimmed(draft.name)), draft.role, draft.locale};
    if (user.name.empty())
        user.name = email.substr(0, at);
    user.locale = user.locale.empty() ? TRY(get_company(session)).locale : TRY(check_locale(user.locale));
    const auto id = TRY(session.find_integer(
        R"(INSERT INTO "user" (email, email_folded, name, role, locale, is_active, created_at, version) VALUES ($1, $2, $3, $4, $5, 1, $6, 1) RETURNING id)",
        {user.email, folded(user.email), user.name, std::string(to_string(user.role)), user.locale,
            micros_of(author.at)}));
    user.id = UserId{id.value_or(0)};
    TRY(change::append(session, author,
        {{change::object_ids::user, user.id.value, 1, change::Op::create, std::nullopt, values_of(user)}}));
    return user;
}

Result<User> update_user(
    store::Session& session, const change::Author& author, UserId id, std::int64_t version, const UserEdit& edit) {
    const User before = TRY(get_user(session, id));
    if (before.version != version)
        return version_changed(before.version);
    User after = before;
    if (edit.name)
        after.name = trimmed(*edit.name);
    if (edit.locale)
        after.locale = TRY(check_locale(*edit.locale));
    if (edit.role)
        after.role = *edit.role;
    if (edit.is_active)
        after.is_active = *edit.is_active;
    ++after.version;
    TRY(session.execute(
        R"(UPDATE "user" SET name = $1, locale = $2, role = $3, is_active = $4, version = $5 WHERE id = $6)",
        {after.name, after.locale, std::string(to_string(after.role)), std::int64_t(after.is_active), after.version,
            id.value}));
    if (before.role == Role::admin && TRY(count_active_admins(session)) == 0)
        return fail(ErrorKind::conflict, "company.last_admin",
            {"This is the last active administrator; make somebody else one first.",
                "这是最后一位启用的管理员，请先指定另一位管理员。"});
    TRY(change::append(session, author,
        {{change::object_ids::user, id.value, after.version, change::Op::update, values_of(before),
            values_of(after)}}));
    return after;
}

Result<std::int64_t> count_active_admins(store::Session& session) {
    return TRY(session.find_integer(R"(SELECT COUNT(*) FROM "user" WHERE role = 'admin' AND is_active = 1)"))
        .value_or(0);
}

} // namespace onefold::company
