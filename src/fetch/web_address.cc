#include "fetch/web_address.h"

#include "core/text.h"

#include <curl/curl.h>
#include <memory>

namespace onefold::fetch {
namespace {

using Url = std::unique_ptr<CURLU, void (*)(CURLU*)>;

std::string part_of(const Url& url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK || !text)
        return "";
    const std::string found(text);
    curl_free(text);
    return found;
}

Failure bad_address() {
    return fail(ErrorKind::invalid, "fetch.bad_address",
        {"The address begins with https:// and has no user or password in it.",
            "地址应以 https:// 开头，且不含用户名或密码。"});
}

std::string lower_case(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = char(c + 32);
    return text;
}

} // namespace

Result<WebAddress> parse_web_address(std::string_view text) {
    const std::string given(trimmed(text));
    const Url url{curl_url(), curl_url_cleanup};
    if (curl_url_set(url.get(), CURLUPART_URL, given.c_str(), 0) != CURLUE_OK ||
        part_of(url, CURLUPART_SCHEME) != "https" || !part_of(url, CURLUPART_USER).empty() ||
        !part_of(url, CURLUPART_PASSWORD).empty() || part_of(url, CURLUPART_HOST).empty())
        return bad_address();
    curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
    const std::string path = part_of(url, CURLUPART_PATH, CURLU_URLDECODE);
    const std::string name = path.substr(path.rfind('/') + 1);
    return WebAddress{part_of(url, CURLUPART_URL), lower_case(part_of(url, CURLUPART_HOST)),
        part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT), is_valid_utf8(name) && !name.empty() ? name : "download"};
}

Result<std::string> resolved(const WebAddress& from, const std::string& location) {
    const Url url{curl_url(), curl_url_cleanup};
    if (curl_url_set(url.get(), CURLUPART_URL, from.url.c_str(), 0) != CURLUE_OK ||
        curl_url_set(url.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK)
        return bad_address();
    return part_of(url, CURLUPART_URL);
}

} // namespace onefold::fetch
