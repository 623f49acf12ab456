#pragma once
// The web interface out of the pack that the binary carries (script/pack_web.mjs makes it).
//
// A pack is "ONEFOLD-WEB-1\n", the size of the index (4 bytes, little endian), the index as JSON
// {"files":[{"path":"/index.html","type":"text/html;
// charset=utf-8","etag":"\"…\"","raw":[offset,size],"br":[…],"gz":[…]}]}, then the bodies; offsets count from the end
// of the index. `br` and `gz` may be null. An empty pack is a build without the interface.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onefold::http {

struct StaticAnswer {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string_view body; // lives as long as the pack
};

class StaticFiles {
  public:
    StaticFiles() = default;
    // A damaged pack is our own mistake.
    explicit StaticFiles(std::span<const char> pack);

    // What a GET of `path` shows: the file, else the page itself, which finds its own way. Nothing for /api, /v1 and
    // the other paths of the contract, and for unknown /assets. Pages of any origin may load the trackers,
    // /onefold.js and /onefold-mini.js.
    std::optional<StaticAnswer> find(
        std::string_view path, std::string_view accept_encoding, std::string_view if_none_match) const;
    std::size_t count() const { return files_.size(); }

  private:
    struct File {
        std::string type, etag;
        std::string_view raw;
        std::optional<std::string_view> br, gz;
    };
    StaticAnswer answer(std::string_view path, const File& file, std::string_view accept_encoding,
        std::string_view if_none_match) const;

    std::map<std::string, File, std::less<>> files_;
};

// Whether an Accept-Encoding header takes `coding` (without q=0).
bool accepts_coding(std::string_view header, std::string_view coding);

} // namespace onefold::http
