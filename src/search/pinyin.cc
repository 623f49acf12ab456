#include "search/pinyin.h"

#include "core/result.h"

#include <memory>
#include <mutex>
#include <unicode/translit.h>
#include <unicode/uscript.h>
#include <unordered_map>

namespace onefold::search {
namespace {

// A transliterator is not thread-safe and slow; a character's reading never changes.
class Readings {
  public:
    explicit Readings(const char* rules) {
        UErrorCode error = U_ZERO_ERROR;
        transliterator_.reset(icu::Transliterator::createInstance(rules, UTRANS_FORWARD, error));
        VERIFY(U_SUCCESS(error) && transliterator_);
    }
    std::string of(char32_t character) {
        const std::lock_guard lock(mutex_);
        const auto [place, is_new] = known_.try_emplace(character);
        if (is_new) {
            icu::UnicodeString text(static_cast<UChar32>(character));
            transliterator_->transliterate(text);
            text.trim().toUTF8String(place->second);
        }
        return place->second;
    }

  private:
    std::mutex mutex_;
    std::unique_ptr<icu::Transliterator> transliterator_;
    std::unordered_map<char32_t, std::string> known_;
};

std::vector<std::string> read_by(Readings& readings, std::u32string_view han) {
    std::vector<std::string> syllables;
    for (const char32_t character : han)
        syllables.push_back(readings.of(character));
    return syllables;
}

} // namespace

bool is_han(char32_t character) {
    UErrorCode error = U_ZERO_ERROR;
    return uscript_getScript(static_cast<UChar32>(character), &error) == USCRIPT_HAN;
}

std::vector<std::vector<std::string>> readings_of(std::u32string_view han) {
    static Readings general("Han-Latin; Latin-ASCII; Lower"), of_names("Han-Latin/Names; Latin-ASCII; Lower");
    std::vector<std::vector<std::string>> all{read_by(of_names, han)};
    if (auto generally = read_by(general, han); generally != all.front())
        all.push_back(std::move(generally));
    return all;
}

} // namespace onefold::search
