#pragma once
// In which encoding a text file is written, and its bytes as UTF-8. Detection is pure.
#include "sheet/chunk_source.h"

#include <optional>
#include <string_view>

namespace onefold::sheet {

enum class Encoding { utf8, utf16_le, utf16_be, gb18030, big5, latin1 };

// "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "Big5", "Latin-1" (which is read as Windows-1252, as browsers do).
std::string_view to_string(Encoding encoding);
// Also "GBK", "GB2312", "UTF-16", "ISO-8859-1", "windows-1252", "CP936" …; sheet.unknown_encoding.
Result<Encoding> parse_encoding(std::string_view name);

// By a byte order mark; else UTF-8 where it is (also with single damaged places), UTF-16 by its zeros, else the one of
// GB18030 and Big5 whose frequent characters these are, else Latin-1. `beginning` may end within a character.
Encoding detect_encoding(std::string_view beginning);
std::size_t mark_bytes(std::string_view beginning, Encoding encoding); // of the byte order mark

// As UTF-8; what cannot be decoded becomes U+FFFD. UTF-8 is passed on as it is, also where it is wrong.
std::unique_ptr<ChunkSource> decoded(std::unique_ptr<ChunkSource> bytes, Encoding encoding);

} // namespace onefold::sheet
