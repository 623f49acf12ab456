#include "cli/commands.h"

#include "cli/client.h"
#include "cli/complain.h"
#include "core/text.h"
#include "http/json.h"

#include <cstdio>
#include <filesystem>
#include <unistd.h>

namespace onefold::cli {
namespace {

using namespace std::chrono_literals;
using boost::json::object;

template <class Work>
int with_folder(const std::string& folder, std::string_view locale, Work work) {
    auto client = connect(folder, Locale(locale));
    if (!client)
        return complain(client.error(), locale);
    Result<int> done = work(**client);
    return done ? *done : complain(done.error(), locale);
}

void put(object& json, std::string_view name, const std::optional<std::string>& value) {
    if (value)
        json[name] = *value;
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
    const auto files = runtime::make_system_files();
    auto text = files->read_all(path, bytes_max);
    if (text)
        return text;
    return fail(ErrorKind::invalid, "cli.no_such_file",
        {fmt::format("The file {} cannot be read.", path), fmt::format("无法读取文件 {}。", path)});
}

Result<boost::json::value> read_map(const std::string& path) {
    auto json = http::parse_json(TRY(read_file(path, 1 << 20)));
    if (json)
        return json;
    const LocalText& why = json.error().message;
    return fail(ErrorKind::invalid, "cli.bad_map",
        {fmt::format("{}: {}", path, why.in("en")), fmt::format("{}：{}", path, why.in("zh-CN"))});
}

void show_progress(const object& import) {
    if (!isatty(STDERR_FILENO))
        return;
    fmt::print(stderr, "\r{} rows, {} failed ", import.at("counts").at("read").as_int64(),
        import.at("counts").at("failed").as_int64());
    std::fflush(stderr);
}

void show_problems(const object& import) {
    for (const auto& problem : import.at("problems").as_array()) {
        const std::string column{problem.at("column").as_string()};
        fmt::print("{}: line {}{}: {}\n", problem.at("is_warning").as_bool() ? "warning" : "error",
            problem.at("line").as_int64(), column.empty() ? "" : ", " + column,
            std::string_view(problem.at("message").as_string()));
    }
    if (const auto warnings = import.at("warnings").as_int64(); warnings > 0)
        fmt::print("{} warnings\n", warnings);
}

Result<int> follow_import(Client& client, object import) {
    auto state = [&] { return std::string_view(import.at("state").as_string()); };
    const std::string path = "/api/v1/imports/" + std::string(import.at("id").as_string());
    while (state() == "waiting" || state() == "running") {
        std::this_thread::sleep_for(50ms);
        import = TRY(client.call(http::Method::get, path));
        show_progress(import);
    }
    if (isatty(STDERR_FILENO))
        fmt::print(stderr, "\n");
    show_problems(import);
    if (const auto& error = import.at("error"); error.is_string())
        fmt::print(stderr, "{}\n", std::string_view(error.get_string()));
    const auto& counts = import.at("counts");
    fmt::print("{}\n", boost::json::serialize(object{{"read", counts.at("read")}, {"created", counts.at("created")},
                           {"updated", counts.at("updated")}, {"unchanged", counts.at("unchanged")},
                           {"failed", counts.at("failed")}}));
    return state() == "finished" && counts.at("failed").as_int64() == 0 ? 0 : 1;
}

std::string text_in(const boost::json::value& json, std::string_view name) {
    return std::string(json.at(name).as_string());
}

Result<std::string> id_of_source(Client& client, const std::string& name) {
    const object list = TRY(client.call(http::Method::get, "/api/v1/sources"));
    for (const auto& source : list.at("items").as_array())
        if (text_in(source, "name") == name)
            return text_in(source, "id");
    return fail(ErrorKind::not_found, "cli.no_such_source",
        {fmt::format("There is no source \"{}\".", name), fmt::format("没有名为“{}”的来源。", name)});
}

Result<boost::json::array> valid_keys(Client& client, const std::string& source) {
    const object list = TRY(client.call(http::Method::get, fmt::format("/api/v1/sources/{}/write_keys", source)));
    boost::json::array valid;
    for (const auto& key : list.at("items").as_array())
        if (!key.as_object().contains("revoked_at") || key.at("revoked_at").is_null())
            valid.push_back(key);
    return valid;
}

} // namespace

int run(const ImportFile& command, std::string_view locale) {
    object request{
        {"path", std::filesystem::absolute(command.file).string()}, {"as", command.kind}, {"source", command.source}};
    if (!command.map_file.empty()) {
        auto map = read_map(command.map_file);
        if (!map)
            return complain(map.error(), locale);
        request["map"] = std::move(*map);
    }
    put(request, "sheet", command.sheet);
    put(request, "encoding", command.encoding);
    return with_folder(command.folder, locale, [&](Client& client) -> Result<int> {
        return follow_import(client, TRY(client.call(http::Method::post, "/api/v1/imports", request)));
    });
}

int run(const CreateSource& command, std::string_view locale) {
    object request{{"name", command.name}, {"kind", command.kind}};
    put(request, "zone", command.zone);
    put(request, "currency", command.currency);
    put(request, "region", command.region);
    return with_folder(command.folder, locale, [&](Client& client) -> Result<int> {
        const object made = TRY(client.call(http::Method::post, "/api/v1/sources", request));
        fmt::print("source {} {} write key {}\n", std::string_view(made.at("id").as_string()), command.name,
            std::string_view(made.at("write_key").as_string()));
        return 0;
    });
}

int run(const ListSources& command, std::string_view locale) {
    return with_folder(command.folder, locale, [&](Client& client) -> Result<int> {
        const object list = TRY(client.call(http::Method::get, "/api/v1/sources"));
        for (const auto& source : list.at("items").as_array()) {
            fmt::print("{} {} {}{}", text_in(source, "id"), text_in(source, "name"), text_in(source, "kind"),
                source.at("is_active").as_bool() ? "" : " archived");
            for (const auto& key : TRY(valid_keys(client, text_in(source, "id"))))
                fmt::print(" …{}", text_in(key, "hint"));
            fmt::print("\n");
        }
        return 0;
    });
}

int run(const RotateKey& command, std::string_view locale) {
    return with_folder(command.folder, locale, [&](Client& client) -> Result<int> {
        const std::string id = TRY(id_of_source(client, command.name));
        const object made = TRY(client.call(http::Method::post, fmt::format("/api/v1/sources/{}/write_keys", id)));
        fmt::print("source {} {} write key {}\n", id, command.name, text_in(made, "write_key"));
        return 0;
    });
}

int run(const RevokeKey& command, std::string_view locale) {
    return with_folder(command.folder, locale, [&](Client& client) -> Result<int> {
        const std::string id = TRY(id_of_source(client, command.name));
        for (const auto& key : TRY(valid_keys(client, id)))
            if (text_in(key, "hint") == command.hint) {
                TRY(client.call(http::Method::post, fmt::format("/api/v1/write_keys/{}/revoke", text_in(key, "id"))));
                fmt::print("source {} {} revoked {}\n", id, command.name, command.hint);
                return 0;
            }
        return fail(ErrorKind::not_found, "cli.no_such_key",
            {fmt::format("{} has no valid write key that ends with {}.", command.name, command.hint),
                fmt::format("{} 没有以 {} 结尾的有效写入密钥。", command.name, command.hint)});
    });
}

int run(const CreateToken& command, std::string_view locale) {
    return with_folder(command.folder, locale, [&](Client& client) -> Result<int> {
        const object made =
            TRY(client.call(http::Method::post, "/api/v1/tokens", {{"name", command.name}, {"role", command.role}}));
        fmt::print("token {} {} {}\n", std::string_view(made.at("id").as_string()), command.name,
            std::string_view(made.at("token").as_string()));
        return 0;
    });
}

int run(const CreateUser& command, std::string_view locale) {
    auto password = read_file(command.password_file, 4096);
    if (!password)
        return complain(password.error(), locale);
    object request{{"email", command.email}, {"role", command.role}, {"password", trimmed(*password)}};
    put(request, "name", command.name);
    return with_folder(command.folder, locale, [&](Client& client) -> Result<int> {
        const object made = TRY(client.call(http::Method::post, "/api/v1/users", request));
        fmt::print("user {} {}\n", command.email, std::string_view(made.at("id").as_string()));
        return 0;
    });
}

} // namespace onefold::cli
