#include "tracking/outline.h"

#include <algorithm>
#include <string>

namespace onefold::tracking {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

class Walk {
  public:
    explicit Walk(std::string_view text) : text_(text) {}

    // Goes behind a whole value; false where there is none.
    bool value() {
        std::string open; // the closing brackets that are owed
        for (;;) {
            blanks();
            if (take('{')) {
                open += '}';
                if (!take_after_blanks('}')) {
                    if (!key())
                        return false;
                    continue;
                }
                open.pop_back();
            } else if (take('[')) {
                open += ']';
                if (!take_after_blanks(']'))
                    continue;
                open.pop_back();
            } else if (!scalar()) {
                return false;
            }
            if (!close(open))
                return false;
            if (open.empty())
                return true;
        }
    }
    // "name": up to behind the colon.
    bool key() {
        blanks();
        return string() && take_after_blanks(':');
    }
    bool take_after_blanks(char c) {
        blanks();
        return take(c);
    }
    bool is_over() {
        blanks();
        return at_ == text_.size();
    }
    void blanks() { at_ = std::min(text_.find_first_not_of(" \t\n\r", at_), text_.size()); }
    std::size_t at() const { return at_; }

  private:
    // Behind a value within `open`: to the next value, or out of all that ends here.
    bool close(std::string& open) {
        while (!open.empty()) {
            if (take_after_blanks(','))
                return open.back() == ']' || key();
            if (!take(open.back()))
                return false;
            open.pop_back();
        }
        return true;
    }
    bool take(char c) {
        const bool is_there = at_ < text_.size() && text_[at_] == c;
        at_ += is_there;
        return is_there;
    }
    bool take(std::string_view word) {
        const bool is_there = text_.substr(at_).starts_with(word);
        at_ += is_there ? word.size() : 0;
        return is_there;
    }
    bool scalar() { return string() || number() || take("true") || take("false") || take("null"); }
    bool string() {
        if (!take('"'))
            return false;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '"')
                return take('"');
            if (static_cast<unsigned char>(c) < 0x20 || (c == '\\' && !escape()))
                return false;
        }
        return false;
    }
    // Ends on its last character.
    bool escape() {
        if (++at_ == text_.size())
            return false;
        if (text_[at_] != 'u')
            return std::string_view("\"\\/bfnrt").find(text_[at_]) != std::string_view::npos;
        const auto digits = text_.substr(at_ + 1, 4);
        at_ += digits.size();
        return digits.size() == 4 && std::ranges::all_of(digits, is_hex);
    }
    bool digits() {
        const std::size_t from = at_;
        while (at_ < text_.size() && is_digit(text_[at_]))
            ++at_;
        return at_ > from;
    }
    bool number() {
        take('-');
        if (!take('0') && !digits())
            return false;
        if (take('.') && !digits())
            return false;
        if (take('e') || take('E')) {
            if (!take('+'))
                take('-');
            return digits();
        }
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace

std::optional<std::vector<Member>> members_of(std::string_view text) {
    std::vector<Member> members;
    Walk walk(text);
    if (!walk.take_after_blanks('{'))
        return std::nullopt;
    bool is_closed = walk.take_after_blanks('}');
    while (!is_closed) {
        walk.blanks();
        const std::size_t key = walk.at();
        if (!walk.key())
            return std::nullopt;
        const auto name = text.substr(key + 1, text.substr(0, walk.at()).rfind('"') - key - 1);
        walk.blanks();
        const std::size_t from = walk.at();
        if (!walk.value())
            return std::nullopt;
        members.push_back({name, text.substr(from, walk.at() - from)});
        is_closed = walk.take_after_blanks('}');
        if (!is_closed && !walk.take_after_blanks(','))
            return std::nullopt;
    }
    return walk.is_over() ? std::optional(std::move(members)) : std::nullopt;
}

std::optional<std::vector<std::string_view>> elements_of(std::string_view text) {
    std::vector<std::string_view> elements;
    Walk walk(text);
    if (!walk.take_after_blanks('['))
        return std::nullopt;
    bool is_closed = walk.take_after_blanks(']');
    while (!is_closed) {
        walk.blanks();
        const std::size_t from = walk.at();
        if (!walk.value())
            return std::nullopt;
        elements.push_back(text.substr(from, walk.at() - from));
        is_closed = walk.take_after_blanks(']');
        if (!is_closed && !walk.take_after_blanks(','))
            return std::nullopt;
    }
    return walk.is_over() ? std::optional(std::move(elements)) : std::nullopt;
}

} // namespace onefold::tracking
