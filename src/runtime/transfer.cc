#include "runtime/transfer.h"

#include <algorithm>
#include <mutex>

namespace onefold::runtime {
namespace {

CURL* begin() {
    static std::once_flag once;
    std::call_once(once, [] { VERIFY(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
    return curl_easy_init();
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return result;
}

std::string_view without_blanks(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

} // namespace

std::pair<std::string, std::string> header_of(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == line.npos)
        return {};
    return {lower_case(line.substr(0, colon)), std::string(without_blanks(line.substr(colon + 1)))};
}

Transfer::Transfer(const std::string& url, const char* protocols) : curl_(begin(), curl_easy_cleanup) {
    VERIFY(curl_);
    set(CURLOPT_ERRORBUFFER, detail_);
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, protocols);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
}

void Transfer::add_header(const std::string& line) {
    curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
    VERIFY(longer);
    headers_.release();
    headers_.reset(longer);
}

CURLcode Transfer::perform() {
    set(CURLOPT_HTTPHEADER, headers_.get());
    return curl_easy_perform(curl_.get());
}

long Transfer::status() const {
    long status = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
}

std::string Transfer::reason(CURLcode code) const {
    return *detail_ ? detail_ : curl_easy_strerror(code);
}

} // namespace onefold::runtime
