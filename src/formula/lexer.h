#pragma once
// The text of a formula as words. Full-width signs, as Chinese input methods write them, are the signs they look like.
#include "formula/fault.h"

#include <string>
#include <string_view>
#include <vector>

namespace onefold::formula {

struct Token {
    enum class Kind {
        number, // text is what was written
        text,   // what the quotation marks hold, doubled ones taken for one
        name,   // as it was written
        quoted, // a name in '…' or […]
        sign,   // ( ) { } , . + - * / ^ % & = <> < <= > >=
        end
    };
    Kind kind = Kind::end;
    std::string text;
    Span at;
    bool is_after_blank = false;
};

// The last token is of the kind `end`. formula.syntax, formula.too_long.
Result<std::vector<Token>> lex(std::string_view text);

inline constexpr std::size_t text_bytes_max = 8192;

// Whether a name needs no quotation marks: letters of any language, digits and _, a letter or _ first.
bool is_plain_name(std::string_view name);

} // namespace onefold::formula
