#include "http/static_files.h"

#include "core/result.h"
#include "http/guard.h"

#include <algorithm>
#include <boost/json.hpp>

namespace onefold::http {

namespace json = boost::json;

namespace {

constexpr std::string_view magic = "ONEFOLD-WEB-1\n";

constexpr std::string_view no_interface = R"(<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Onefold</title>
<h1>Onefold 归一</h1>
<p>This build carries no web interface. The API works; its description is at <a href="/api/openapi.json">/api/openapi.json</a>.</p>
<p lang="zh-CN">此构建不含网页界面。API 可正常使用，其描述见 <a href="/api/openapi.json">/api/openapi.json</a>。</p>
</html>
)";

// Browsers' tracker, which pages of any origin load, and that of mini-programs, which people fetch and pack into
// theirs; a new one reaches them within minutes.
bool is_tracker(std::string_view path) {
    return path == "/onefold.js" || path == "/onefold-mini.js";
}

bool is_under(std::string_view path, std::string_view prefix) {
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

std::string_view caching_of(std::string_view path) {
    if (is_under(path, "/assets"))
        return "public, max-age=31536000, immutable";
    return is_tracker(path) ? "public, max-age=300, stale-while-revalidate=86400" : "no-cache";
}

std::string_view trimmed_item(std::string_view text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

} // namespace

bool accepts_coding(std::string_view header, std::string_view coding) {
    while (!header.empty()) {
        const auto end = std::min(header.find(','), header.size());
        const auto item = header.substr(0, end);
        header.remove_prefix(std::min(end + 1, header.size()));
        const auto semicolon = std::min(item.find(';'), item.size());
        if (!equal_ignoring_case(trimmed_item(item.substr(0, semicolon)), coding))
            continue;
        auto weight = semicolon == item.size() ? std::string_view{} : trimmed_item(item.substr(semicolon + 1));
        return !weight.starts_with("q=0") || weight.find_first_of("123456789") != weight.npos;
    }
    return false;
}

StaticFiles::StaticFiles(std::span<const char> pack) {
    std::string_view rest(pack.data(), pack.size());
    if (rest.empty())
        return;
    VERIFY(rest.starts_with(magic) && rest.size() >= magic.size() + 4);
    rest.remove_prefix(magic.size());
    std::size_t index_size = 0;
    for (int i = 0; i < 4; ++i)
        index_size |= std::size_t(static_cast<unsigned char>(rest[std::size_t(i)])) << (8 * i);
    rest.remove_prefix(4);
    VERIFY(index_size <= rest.size());
    const auto index = json::parse(rest.substr(0, index_size));
    const auto bodies = rest.substr(index_size);
    auto body_of = [&](const json::value& place) {
        const auto offset = place.at(0).to_number<std::size_t>();
        const auto size = place.at(1).to_number<std::size_t>();
        VERIFY(offset <= bodies.size() && size <= bodies.size() - offset);
        return bodies.substr(offset, size);
    };
    for (const auto& entry : index.at("files").as_array()) {
        File file{.type = json::value_to<std::string>(entry.at("type")),
            .etag = json::value_to<std::string>(entry.at("etag")),
            .raw = body_of(entry.at("raw"))};
        if (!entry.at("br").is_null())
            file.br = body_of(entry.at("br"));
        if (!entry.at("gz").is_null())
            file.gz = body_of(entry.at("gz"));
        files_.emplace(json::value_to<std::string>(entry.at("path")), std::move(file));
    }
}

std::optional<StaticAnswer> StaticFiles::find(
    std::string_view path, std::string_view accept_encoding, std::string_view if_none_match) const {
    for (const auto* theirs : {"/api", "/v1", "/healthz", "/readyz", "/metrics"})
        if (is_under(path, theirs))
            return std::nullopt;
    if (const auto found = files_.find(path); found != files_.end())
        return answer(path, found->second, accept_encoding, if_none_match);
    if (is_under(path, "/assets") || is_tracker(path))
        return std::nullopt;
    if (const auto page = files_.find("/index.html"); page != files_.end())
        return answer("/index.html", page->second, accept_encoding, if_none_match);
    if (path != "/")
        return std::nullopt;
    return StaticAnswer{
        200, {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-cache"}}, no_interface};
}

StaticAnswer StaticFiles::answer(
    std::string_view path, const File& file, std::string_view accept_encoding, std::string_view if_none_match) const {
    StaticAnswer result;
    result.headers = {
        {"ETag", file.etag}, {"Vary", "Accept-Encoding"}, {"Cache-Control", std::string(caching_of(path))}};
    if (is_tracker(path))
        result.headers.insert(result.headers.end(),
            {{"Access-Control-Allow-Origin", "*"}, {"Cross-Origin-Resource-Policy", "cross-origin"}});
    if (if_none_match == "*" || if_none_match.find(file.etag) != if_none_match.npos) {
        result.status = 304;
        return result;
    }
    result.headers.emplace_back("Content-Type", file.type);
    result.body = file.raw;
    if (file.br && accepts_coding(accept_encoding, "br")) {
        result.body = *file.br;
        result.headers.emplace_back("Content-Encoding", "br");
    } else if (file.gz && accepts_coding(accept_encoding, "gzip")) {
        result.body = *file.gz;
        result.headers.emplace_back("Content-Encoding", "gzip");
    }
    return result;
}

} // namespace onefold::http
