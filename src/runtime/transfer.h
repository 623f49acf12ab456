#pragma once
// One request of libcurl as all of them are made here: no proxy of the environment, no redirects, no signals,
// certificates always checked. Whoever makes one adds limits of time and size, and what takes the answer.
#include "core/result.h"

#include <curl/curl.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace onefold::runtime {

// "ETag: x\r\n" → "etag", "x"; empty for a line that is no header.
std::pair<std::string, std::string> header_of(std::string_view line);

// For one thread. Options that point at something point at what outlives the transfer.
class Transfer {
  public:
    Transfer(const std::string& url, const char* protocols); // "http,https"
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    void set(CURLoption option, auto value) { VERIFY(curl_easy_setopt(curl_.get(), option, value) == CURLE_OK); }
    void add_header(const std::string& line);
    CURLcode perform();
    long status() const;                     // of the answer, also while it comes
    std::string reason(CURLcode code) const; // why it failed, in libcurl's words

  private:
    char detail_[CURL_ERROR_SIZE] = "";
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers_{nullptr, curl_slist_free_all};
    std::unique_ptr<CURL, void (*)(CURL*)> curl_;
};

} // namespace onefold::runtime
