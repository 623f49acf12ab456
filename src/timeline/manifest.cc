#include "timeline/manifest.h"

#include "core/crc32c.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace onefold::timeline {
namespace {

namespace json = boost::json;
constexpr std::int64_t version = 1;

RunNote note_of(const json::value& value) {
    return {std::string(value.at("file").as_string()),
        {Position{value.at("from").as_int64()}, Position{value.at("to").as_int64()}},
        value.at("checksum").to_number<std::uint32_t>()};
}

Name name_of(const json::value& value) {
    const auto& pair = value.as_array();
    return {std::string(pair.at(0).as_string()),
        pair.at(1).is_null() ? std::nullopt : std::optional(std::string(pair.at(1).as_string()))};
}

} // namespace

std::string to_text(const Manifest& manifest) {
    json::array runs, names;
    for (const RunNote& run : manifest.runs)
        runs.push_back({{"file", run.file}, {"from", run.interval.from.value}, {"to", run.interval.to.value},
            {"checksum", run.checksum}});
    for (const Name& name : manifest.names)
        names.push_back(json::array{name.kind, name.name ? json::value(*name.name) : json::value()});
    const std::string text = json::serialize(json::object{{"version", version}, {"origin", manifest.origin},
        {"next_file", manifest.next_file}, {"runs", std::move(runs)}, {"names", std::move(names)}});
    return fmt::format("{:08x}\n{}", crc32c(text), text);
}

std::optional<Manifest> parse_manifest(std::string_view text) {
    const auto line = text.find('\n');
    if (line != 8 || fmt::format("{:08x}", crc32c(text.substr(9))) != text.substr(0, 8))
        return std::nullopt;
    try {
        const json::value value = json::parse(text.substr(9));
        if (value.at("version").as_int64() != version)
            return std::nullopt;
        Manifest manifest{
            std::string(value.at("origin").as_string()), value.at("next_file").to_number<std::uint64_t>(), {}, {}};
        for (const auto& run : value.at("runs").as_array())
            manifest.runs.push_back(note_of(run));
        for (const auto& name : value.at("names").as_array())
            manifest.names.push_back(name_of(name));
        return manifest;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

} // namespace onefold::timeline
