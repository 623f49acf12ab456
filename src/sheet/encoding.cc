#include "sheet/encoding.h"

#include "core/text.h"

#include <unicode/ucnv.h>

namespace onefold::sheet {
namespace {

using Byte = unsigned char;
constexpr std::string_view mark8 = "\xEF\xBB\xBF", mark16_le = "\xFF\xFE", mark16_be = "\xFE\xFF";

struct Utf8Places {
    std::size_t wide = 0;    // characters of three bytes and more
    std::size_t valid = 0;   // of two and more
    std::size_t invalid = 0; // bytes that begin no character
};

Utf8Places utf8_places(std::string_view text) {
    Utf8Places places;
    for (std::size_t i = 0; i < text.size();) {
        const Byte lead = Byte(text[i]);
        const std::size_t size = lead < 0x80                   ? 1
                                 : lead >= 0xC2 && lead < 0xE0 ? 2
                                 : (lead & 0xF0) == 0xE0       ? 3
                                 : lead >= 0xF0 && lead < 0xF5 ? 4
                                                               : 0;
        if (size == 1) {
            ++i;
            continue;
        }
        if (size > 0 && i + size > text.size())
            break; // cut off
        if (size > 0 && is_valid_utf8(text.substr(i, size))) {
            ++places.valid;
            places.wide += size > 2;
            i += size;
        } else {
            ++places.invalid;
            ++i;
        }
    }
    return places;
}

// Of the two-byte characters, how many are frequent ones: GB 2312 level 1 and Big5 level 1, each with its punctuation.
struct Share {
    std::size_t frequent = 0, all = 0, wrong = 0;
    double value() const { return all + wrong == 0 ? 0 : double(frequent) / double(all + wrong); }
};

Share share_of_gb(std::string_view text) {
    Share share;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const Byte lead = Byte(text[i]), trail = Byte(text[i + 1]);
        if (lead < 0x80)
            continue;
        if (lead == 0x80 || lead == 0xFF || trail < 0x30 || trail == 0x7F || trail == 0xFF) {
            ++share.wrong;
            continue;
        }
        ++i;
        if (trail < 0x40) { // four bytes
            i += 2;
            continue;
        }
        ++share.all;
        share.frequent += trail >= 0xA1 && ((lead >= 0xB0 && lead <= 0xD7) || (lead >= 0xA1 && lead <= 0xA3));
    }
    return share;
}

Share share_of_big5(std::string_view text) {
    Share share;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const Byte lead = Byte(text[i]), trail = Byte(text[i + 1]);
        if (lead < 0x80)
            continue;
        if (lead < 0x81 || lead == 0xFF || trail < 0x40 || (trail > 0x7E && trail < 0xA1) || trail == 0xFF) {
            ++share.wrong;
            continue;
        }
        ++i;
        ++share.all;
        share.frequent += (lead >= 0xA4 && lead <= 0xC6) || (lead >= 0xA1 && lead <= 0xA3);
    }
    return share;
}

std::optional<Encoding> by_zeros(std::string_view text) {
    text = text.substr(0, 4096);
    std::size_t even = 0, odd = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        (i % 2 ? odd : even) += text[i] == '\0';
    if (text.size() < 4 || std::max(even, odd) * 10 < text.size() * 3)
        return std::nullopt; // less than 60% of one half
    if (even == 0)
        return Encoding::utf16_le;
    return odd == 0 ? std::optional(Encoding::utf16_be) : std::nullopt;
}

const char* converter_name(Encoding encoding) {
    switch (encoding) {
    case Encoding::utf8:
        return "UTF-8";
    case Encoding::utf16_le:
        return "UTF-16LE";
    case Encoding::utf16_be:
        return "UTF-16BE";
    case Encoding::gb18030:
        return "gb18030";
    case Encoding::big5:
        return "Big5-HKSCS";
    case Encoding::latin1:
        return "windows-1252";
    }
    return "UTF-8";
}

class DecodedBytes : public ChunkSource {
  public:
    DecodedBytes(std::unique_ptr<ChunkSource> bytes, Encoding encoding)
        : bytes_(std::move(bytes)), input_(64 << 10), pivot_(4096) {
        UErrorCode status = U_ZERO_ERROR;
        from_ = ucnv_open(converter_name(encoding), &status);
        if (U_FAILURE(status) && encoding == Encoding::big5) {
            status = U_ZERO_ERROR;
            from_ = ucnv_open("Big5", &status);
        }
        to_ = ucnv_open("UTF-8", &status);
        VERIFY(U_SUCCESS(status));
        pivot_source_ = pivot_target_ = pivot_.data();
        next_ = end_ = input_.data();
        mark_is_possible_ = encoding == Encoding::utf16_le || encoding == Encoding::utf16_be;
    }
    ~DecodedBytes() override {
        ucnv_close(from_);
        ucnv_close(to_);
    }
    DecodedBytes(const DecodedBytes&) = delete;
    DecodedBytes& operator=(const DecodedBytes&) = delete;

    Result<std::size_t> read(std::span<char> room) override {
        while (!is_done_) {
            if (next_ == end_ && !is_last_) {
                const auto size = TRY(bytes_->read(input_));
                next_ = input_.data();
                end_ = next_ + size;
                is_last_ = size == 0;
            }
            char* target = room.data();
            UErrorCode status = U_ZERO_ERROR;
            ucnv_convertEx(to_, from_, &target, room.data() + room.size(), &next_, end_, pivot_.data(), &pivot_source_,
                &pivot_target_, pivot_.data() + pivot_.size(), is_first_, is_last_, &status);
            is_first_ = false;
            if (status != U_BUFFER_OVERFLOW_ERROR && is_last_)
                is_done_ = true;
            std::size_t size = std::size_t(target - room.data());
            if (size >= 3 && std::exchange(mark_is_possible_, false) &&
                std::string_view(room.data(), size).starts_with(mark8)) {
                std::memmove(room.data(), room.data() + 3, size - 3);
                size -= 3;
            }
            if (size > 0)
                return size;
        }
        return 0;
    }
    std::uint64_t bytes_read() const override { return bytes_->bytes_read(); }
    std::uint64_t bytes_total() const override { return bytes_->bytes_total(); }

  private:
    std::unique_ptr<ChunkSource> bytes_;
    std::vector<char> input_;
    std::vector<UChar> pivot_;
    UConverter* from_ = nullptr;
    UConverter* to_ = nullptr;
    UChar* pivot_source_ = nullptr;
    UChar* pivot_target_ = nullptr;
    const char* next_ = nullptr;
    const char* end_ = nullptr;
    bool is_first_ = true, is_last_ = false, is_done_ = false, mark_is_possible_ = false;
};

} // namespace

std::string_view to_string(Encoding encoding) {
    static constexpr std::array<std::string_view, 6> names{
        "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "Big5", "Latin-1"};
    return names[std::size_t(encoding)];
}

Result<Encoding> parse_encoding(std::string_view name) {
    std::string plain = folded(name);
    std::erase_if(plain, [](char c) { return c == '-' || c == '_' || c == ' '; });
    static const std::map<std::string, Encoding, std::less<>> names{{"utf8", Encoding::utf8},
        {"utf16", Encoding::utf16_le}, {"utf16le", Encoding::utf16_le}, {"utf16be", Encoding::utf16_be},
        {"gbk", Encoding::gb18030}, {"gb2312", Encoding::gb18030}, {"gb18030", Encoding::gb18030},
        {"cp936", Encoding::gb18030}, {"big5", Encoding::big5}, {"big5hkscs", Encoding::big5},
        {"cp950", Encoding::big5}, {"latin1", Encoding::latin1}, {"iso88591", Encoding::latin1},
        {"windows1252", Encoding::latin1}, {"cp1252", Encoding::latin1}};
    if (const auto found = names.find(plain); found != names.end())
        return found->second;
    return fail(ErrorKind::invalid, "sheet.unknown_encoding",
        {fmt::format("“{}” is no encoding that is read here: UTF-8, UTF-16, GBK, GB18030, Big5, Latin-1.",
             beginning_of(name, 40)),
            fmt::format("不支持编码“{}”；可用：UTF-8、UTF-16、GBK、GB18030、Big5、Latin-1。", beginning_of(name, 40))});
}

Encoding detect_encoding(std::string_view beginning) {
    if (beginning.starts_with(mark8))
        return Encoding::utf8;
    if (beginning.starts_with(mark16_le))
        return Encoding::utf16_le;
    if (beginning.starts_with(mark16_be))
        return Encoding::utf16_be;
    if (const auto found = by_zeros(beginning))
        return *found;
    const auto places = utf8_places(beginning);
    if (places.invalid == 0 || places.wide * 3 >= places.invalid || places.valid >= places.invalid * 20)
        return Encoding::utf8;
    const double gb = share_of_gb(beginning).value(), big5 = share_of_big5(beginning).value();
    if (std::max(gb, big5) < 0.6)
        return Encoding::latin1;
    return gb >= big5 ? Encoding::gb18030 : Encoding::big5;
}

std::size_t mark_bytes(std::string_view beginning, Encoding encoding) {
    return encoding == Encoding::utf8 && beginning.starts_with(mark8) ? mark8.size() : 0;
}

std::unique_ptr<ChunkSource> decoded(std::unique_ptr<ChunkSource> bytes, Encoding encoding) {
    if (encoding == Encoding::utf8)
        return bytes;
    return std::make_unique<DecodedBytes>(std::move(bytes), encoding);
}

} // namespace onefold::sheet
