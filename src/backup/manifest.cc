#include "backup/manifest.h"

#include "backup/digest.h"

#include <algorithm>
#include <boost/json.hpp>

namespace onefold::backup {
namespace {

constexpr std::int64_t format = 1;

Failure bad_manifest() {
    return fail(ErrorKind::invalid, "backup.bad_manifest",
        {"The backup's manifest is damaged, so nobody can say whether the backup is whole. Use another one.",
            "备份清单已损坏，无法确认备份是否完整，请使用其他备份。"});
}
Failure newer_format() {
    return fail(ErrorKind::invalid, "backup.newer_format",
        {"The backup was made by a newer version of Onefold. Use that version.",
            "该备份由更新版本的归一生成，请使用该版本。"});
}

// One folder deep at most, so that no path leads out of the backup.
bool is_safe(std::string_view path) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '/';
    };
    return !path.empty() && path.front() != '/' && path.front() != '.' && path.find("/.") == path.npos &&
           std::ranges::count(path, '/') <= 1 && path.back() != '/' && std::ranges::all_of(path, is_plain);
}

boost::json::object json_of(const Manifest& manifest) {
    boost::json::array files;
    for (const StoredFile& file : manifest.files)
        files.push_back({{"path", file.path}, {"bytes", file.bytes}, {"digest", file.digest}});
    return {{"format", format}, {"made_at", to_rfc3339(manifest.made_at)},
        {"database", manifest.is_postgres ? "postgres" : "sqlite"}, {"begin", to_string(manifest.begin)},
        {"end", to_string(manifest.end)}, {"head", manifest.head}, {"events", manifest.events},
        {"audit_end", to_string(manifest.audit_end)}, {"has_keys", manifest.has_keys},
        {"master_key", manifest.master_key}, {"files", files}};
}

std::string text_in(const boost::json::value& json, std::string_view name) {
    return std::string(json.at(name).as_string());
}
Position position_in(const boost::json::value& json, std::string_view name) {
    return Position{parse_id(text_in(json, name)).value()};
}

// Throws where a member is not there or of another type.
Manifest read(const boost::json::value& json) {
    Manifest manifest;
    manifest.made_at = parse_rfc3339(text_in(json, "made_at")).value();
    manifest.is_postgres = text_in(json, "database") == "postgres";
    manifest.begin = position_in(json, "begin");
    manifest.end = position_in(json, "end");
    manifest.head = text_in(json, "head");
    manifest.events = json.at("events").to_number<std::uint64_t>();
    manifest.audit_end = position_in(json, "audit_end");
    manifest.has_keys = json.at("has_keys").as_bool();
    manifest.master_key = text_in(json, "master_key");
    for (const auto& file : json.at("files").as_array())
        manifest.files.push_back(
            {text_in(file, "path"), file.at("bytes").to_number<std::uint64_t>(), text_in(file, "digest")});
    return manifest;
}

} // namespace

std::uint64_t Manifest::bytes() const {
    std::uint64_t sum = 0;
    for (const StoredFile& file : files)
        sum += file.bytes;
    return sum;
}

const StoredFile* Manifest::find(std::string_view path) const {
    const auto found = std::ranges::find(files, path, &StoredFile::path);
    return found == files.end() ? nullptr : &*found;
}

std::string text_of(const Manifest& manifest) {
    const auto json = json_of(manifest);
    return boost::json::serialize(
               boost::json::object{{"manifest", json}, {"digest", digest_of(boost::json::serialize(json))}}) +
           "\n";
}

Result<Manifest> manifest_of(std::string_view text) {
    try {
        const auto json = boost::json::parse(text);
        const auto& inner = json.at("manifest");
        if (text_in(json, "digest") != digest_of(boost::json::serialize(inner)))
            return bad_manifest();
        if (inner.at("format").as_int64() > format)
            return newer_format();
        Manifest manifest = read(inner);
        if (!std::ranges::all_of(manifest.files, is_safe, &StoredFile::path))
            return bad_manifest();
        return manifest;
    } catch (const std::exception&) {
        return bad_manifest();
    }
}

} // namespace onefold::backup
