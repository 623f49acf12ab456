#include "house/settings.h"

#include <boost/json.hpp>

namespace onefold::house {

Result<Settings> open_settings(
    runtime::Files& files, const std::string& folder, const std::optional<std::string>& database) {
    if (database && !database->starts_with("postgres://") && !database->starts_with("postgresql://"))
        return fail(ErrorKind::invalid, "house.bad_database",
            {"--database takes a URL such as postgres://user@host/name.",
                "--database 应为形如 postgres://user@host/name 的地址。"});
    const std::string path = folder + "/settings.json";
    const std::string embedded = folder + "/main.db";
    if (!files.exists(path))
        return Settings{database.value_or(embedded)};
    boost::system::error_code error;
    const auto json = boost::json::parse(TRY(files.read_all(path, 1 << 16)), error);
    const auto* remembered = !error && json.is_object() ? json.get_object().if_contains("database") : nullptr;
    if (!remembered || !remembered->is_string())
        return fail(ErrorKind::internal, "house.bad_settings",
            {fmt::format("{} cannot be read. Restore it from a backup; nothing was changed.", path),
                fmt::format("无法读取 {}，请从备份恢复；数据未改动。", path)});
    const std::string known{remembered->get_string()};
    if (database && *database != known)
        return fail(ErrorKind::invalid, "house.other_database",
            {"This data folder belongs to another database. Start without --database, or choose another folder.",
                "该数据目录已绑定其他数据库。请去掉 --database，或换一个目录。"});
    return Settings{known.empty() ? embedded : known};
}

Result<> remember_settings(
    runtime::Files& files, const std::string& folder, const std::optional<std::string>& database) {
    const std::string path = folder + "/settings.json";
    if (files.exists(path))
        return {};
    return files.replace(path, boost::json::serialize(boost::json::object{{"database", database.value_or("")}}) + "\n");
}

} // namespace onefold::house
