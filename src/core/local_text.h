#pragma once
// Text that people read, in the languages it was written in.
#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onefold {

// BCP 47 tags, as "en" and "zh-CN".
using Locale = std::string;

class LocalText {
  public:
    LocalText() = default;
    // The two languages in which all of Onefold speaks.
    LocalText(std::string_view en, std::string_view zh_cn);
    // One text for every language (data, names that nobody translated).
    explicit LocalText(std::string_view any);

    // The text in `locale`, else in a language of the same family, else in English, else in any.
    std::string_view in(std::string_view locale) const;
    void set(std::string_view locale, std::string_view text);
    bool is_empty() const { return texts_.empty(); }
    const std::vector<std::pair<Locale, std::string>>& texts() const { return texts_; }

    friend bool operator==(const LocalText&, const LocalText&) = default;

  private:
    std::vector<std::pair<Locale, std::string>> texts_; // sorted by locale; "" holds a text for every language
};

// The language of ours that suits an Accept-Language header or a LANG variable: "zh-CN" or "en".
Locale locale_from(std::string_view preference);

// {"en": "…", "zh-CN": "…"} and back; what is no text in it is left out.
boost::json::object to_json(const LocalText& text);
LocalText local_text_of(const boost::json::value& json);

} // namespace onefold
