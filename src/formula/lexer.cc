#include "formula/lexer.h"

#include "core/text.h"

#include <array>
#include <fmt/format.h>
#include <optional>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace onefold::formula {
namespace {

bool is_blank(UChar32 c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || c == 0x3000 || c == 0xFEFF || c == 0x200B;
}
bool is_digit(UChar32 c) {
    return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}
bool is_point(UChar32 c) {
    return c == '.' || c == 0xFF0E;
}
bool begins_name(UChar32 c) {
    return c == '_' || u_isalpha(c);
}
bool goes_on(UChar32 c) {
    const auto type = u_charType(c);
    return begins_name(c) || u_isdigit(c) || type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK ||
           type == U_LETTER_NUMBER || type == U_OTHER_NUMBER;
}

// The sign that a character stands for.
std::string_view sign_of(UChar32 c) {
    switch (c) {
    case 0xD7: // ×
        return "*";
    case 0xF7: // ÷
        return "/";
    case 0x2212: // minus
        return "-";
    case 0x2260: // ≠
        return "<>";
    case 0x2264: // ≤
        return "<=";
    case 0x2265: // ≥
        return ">=";
    case 0x3001: // 、
        return ",";
    case ';':
    case 0xFF1B:
        return ",";
    default:
        break;
    }
    static constexpr std::string_view ascii = "(){},.+-*/^%&=<>!";
    const UChar32 narrow = c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
    const auto place = narrow < 0x80 ? ascii.find(char(narrow)) : ascii.npos;
    return place == ascii.npos ? std::string_view{} : ascii.substr(place, 1);
}

// The mark that ends what this one begins; 0 where it begins nothing.
UChar32 end_of_quotation(UChar32 c) {
    switch (c) {
    case '"':
    case 0xFF02:
        return c;
    case 0x201C:
        return 0x201D;
    case '\'':
        return c;
    case '[':
        return ']';
    default:
        return 0;
    }
}

class Lexer {
  public:
    explicit Lexer(std::string_view text) : text_(text) { step(); }

    Result<std::vector<Token>> tokens() {
        while (true) {
            const bool is_after_blank = skip_blanks();
            begin_ = index_;
            Token token;
            if (now_ >= 0)
                token = TRY(next());
            token.at = {begin_, index_ - begin_};
            token.is_after_blank = is_after_blank;
            tokens_.push_back(std::move(token));
            if (tokens_.back().kind == Token::Kind::end)
                return std::move(tokens_);
        }
    }

  private:
    void step() {
        if (now_ != before_first)
            ++index_;
        at_ = ahead_;
        now_ = ended;
        const auto size = std::int32_t(text_.size());
        if (ahead_ < size)
            U8_NEXT(text_.data(), ahead_, size, now_);
    }
    std::string_view here() const { return text_.substr(std::size_t(at_), std::size_t(ahead_ - at_)); }

    bool skip_blanks() {
        const auto begin = index_;
        while (now_ >= 0 && is_blank(now_))
            step();
        return index_ != begin;
    }

    Result<Token> next() {
        if (is_digit(now_) || (is_point(now_) && is_next_digit()))
            return number();
        if (begins_name(now_))
            return name();
        if (const UChar32 end = end_of_quotation(now_))
            return quotation(end);
        return sign();
    }

    bool is_next_digit() const {
        const bool is_behind_name =
            !tokens_.empty() && tokens_.back().at.begin + tokens_.back().at.length == index_ &&
            (tokens_.back().kind == Token::Kind::name || tokens_.back().kind == Token::Kind::quoted);
        return !is_behind_name && std::size_t(ahead_) < text_.size() && is_digit(text_[std::size_t(ahead_)]);
    }

    Result<Token> number() {
        Token token{Token::Kind::number, ""};
        for (bool has_point = false; is_digit(now_) || (is_point(now_) && !has_point); step()) {
            has_point = has_point || is_point(now_);
            token.text += is_point(now_) ? '.' : char('0' + (now_ >= 0xFF10 ? now_ - 0xFF10 : now_ - '0'));
        }
        if (now_ >= 0 && begins_name(now_)) {
            while (now_ >= 0 && goes_on(now_))
                step();
            return fault({begin_, index_ - begin_}, "formula.syntax",
                {"a number stands right before letters. A name that begins with a digit is quoted: '2nd'.",
                    "数字与文字之间缺少运算符。以数字开头的名称须加引号：'2号'。"});
        }
        return token;
    }

    Result<Token> name() {
        Token token{Token::Kind::name, ""};
        for (; now_ >= 0 && goes_on(now_); step())
            token.text += here();
        return token;
    }

    Result<Token> quotation(UChar32 end) {
        const bool is_name = end == '\'' || end == ']';
        Token token{is_name ? Token::Kind::quoted : Token::Kind::text, ""};
        step();
        while (now_ >= 0) {
            if (now_ == end) {
                step();
                if (now_ != end)
                    return token;
            }
            token.text += here();
            step();
        }
        return fault({begin_, index_ - begin_}, "formula.syntax",
            is_name ? LocalText{"the name that begins here has no closing quotation mark.",
                          "此处开始的名称缺少结尾的引号。"}
                    : LocalText{"the text that begins here has no closing quotation mark.",
                          "此处开始的文本缺少结尾的引号。"});
    }

    Result<Token> sign() {
        const std::string shown =
            now_ < 0x20 || now_ == 0x7F ? fmt::format("U+{:04X}", int(now_)) : std::string(here());
        std::string text(sign_of(now_));
        step();
        const std::string_view second = now_ >= 0 ? sign_of(now_) : std::string_view{};
        for (const std::string_view pair : {"<>", "<=", ">=", "!=", "=="})
            if (text.size() == 1 && second.size() == 1 && pair[0] == text[0] && pair[1] == second[0]) {
                text = pair;
                step();
                break;
            }
        if (text == "!=")
            text = "<>";
        if (text == "==")
            text = "=";
        if (text.empty() || text == "!")
            return fault({begin_, index_ - begin_}, "formula.syntax",
                {fmt::format("“{}” has no meaning in a formula.", shown), fmt::format("公式中不能使用“{}”。", shown)});
        return Token{Token::Kind::sign, std::move(text)};
    }

    static constexpr UChar32 ended = -1, before_first = -2;
    std::string_view text_;
    std::vector<Token> tokens_;
    std::int32_t at_ = 0, ahead_ = 0;
    UChar32 now_ = before_first;
    std::uint32_t index_ = 0, begin_ = 0;
};

} // namespace

Result<std::vector<Token>> lex(std::string_view text) {
    if (text.size() > text_bytes_max)
        return fault({}, "formula.too_long",
            {fmt::format("a formula has at most {} bytes.", text_bytes_max),
                fmt::format("公式最多 {} 字节。", text_bytes_max)});
    if (text.find('\0') != text.npos || !is_valid_utf8(text))
        return fault({}, "formula.syntax", {"the formula holds bytes that are no text.", "公式中含有无法识别的字符。"});
    return Lexer{text}.tokens();
}

bool is_plain_name(std::string_view name) {
    const auto size = std::int32_t(name.size());
    for (std::int32_t at = 0; at < size;) {
        const bool is_first = at == 0;
        UChar32 c;
        U8_NEXT(name.data(), at, size, c);
        if (c < 0 || !(is_first ? begins_name(c) : goes_on(c)))
            return false;
    }
    return !name.empty();
}

} // namespace onefold::formula
