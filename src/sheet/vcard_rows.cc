#include "sheet/vcard_rows.h"

#include "core/text.h"
#include "sheet/encoding.h"

namespace onefold::sheet {
namespace {

const std::vector<std::string>& columns() {
    static const std::vector<std::string> all{"name", "last_name", "first_name", "phone", "phone 2", "phone 3", "email",
        "email 2", "company", "department", "title", "country", "province", "city", "address", "postal_code", "website",
        "birthday", "note"};
    return all;
}

std::size_t place_of(std::string_view column) {
    return std::size_t(std::ranges::find(columns(), column) - columns().begin());
}

// Lines of a text, CRLF or LF, each at most 1 MiB.
class Lines {
  public:
    explicit Lines(std::unique_ptr<ChunkSource> source) : source(std::move(source)) {}
    // False at the end; `line` without its end.
    Result<bool> next(std::string& line) {
        line.clear();
        for (;;) {
            const auto end = buffer_.find('\n', at_);
            const auto size = (end == std::string::npos ? buffer_.size() : end) - at_;
            line.append(buffer_, at_, std::min(size, row_bytes_max - std::min(row_bytes_max, line.size())));
            at_ += size;
            if (end != std::string::npos) {
                ++at_;
                ++number;
                if (line.ends_with('\r'))
                    line.pop_back();
                return true;
            }
            buffer_.resize(64 << 10);
            at_ = 0;
            const auto read = TRY(source->read(buffer_));
            buffer_.resize(read);
            if (read == 0) {
                if (line.empty())
                    return false;
                ++number;
                return true;
            }
        }
    }
    std::unique_ptr<ChunkSource> source;
    std::uint64_t number = 0; // of the line that was given last

  private:
    std::string buffer_;
    std::size_t at_ = 0;
};

class MemoryBytes : public ChunkSource {
  public:
    explicit MemoryBytes(std::string bytes) : bytes_(std::move(bytes)) {}
    Result<std::size_t> read(std::span<char> room) override {
        const auto size = std::min(room.size(), bytes_.size() - at_);
        std::copy_n(bytes_.data() + at_, size, room.data());
        at_ += size;
        return size;
    }
    std::uint64_t bytes_read() const override { return at_; }
    std::uint64_t bytes_total() const override { return bytes_.size(); }

  private:
    std::string bytes_;
    std::size_t at_ = 0;
};

std::string as_utf8(std::string bytes, std::string_view charset) {
    const auto encoding = parse_encoding(charset);
    if (!encoding || *encoding == Encoding::utf8)
        return bytes;
    const auto source = decoded(std::make_unique<MemoryBytes>(std::move(bytes)), *encoding);
    std::string text;
    for (std::array<char, 4096> chunk;;) {
        const auto size = source->read(chunk);
        if (!size || *size == 0)
            return text;
        text.append(chunk.data(), *size);
    }
}

std::string without_quoted_printable(std::string_view text) {
    std::string bytes;
    const auto digit = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                      : -1;
    };
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '=' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            bytes += char(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            bytes += text[i];
        }
    return bytes;
}

// The parts between semicolons, without the escapes of commas, semicolons and line ends.
std::vector<std::string> parts_of(std::string_view value) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == ';') {
            parts.emplace_back();
        } else if (value[i] == '\\' && i + 1 < value.size()) {
            ++i;
            parts.back() += value[i] == 'n' || value[i] == 'N' ? '\n' : value[i];
        } else {
            parts.back() += value[i];
        }
    }
    return parts;
}

std::string whole(std::string_view value) {
    std::string text;
    for (const std::string& part : parts_of(value))
        text += (text.empty() ? "" : ";") + part;
    return text;
}

struct Property {
    std::string name; // in lower case, without its group
    std::vector<std::string> parameters;
    std::string value;
};

std::optional<std::string_view> parameter(const Property& property, std::string_view name) {
    for (const std::string& each : property.parameters)
        if (each.size() > name.size() && each[name.size()] == '=' && each.starts_with(name))
            return std::string_view(each).substr(name.size() + 1);
    return std::nullopt;
}

bool is_quoted_printable(const Property& property) {
    return std::ranges::any_of(property.parameters,
        [](const std::string& each) { return each == "quoted-printable" || each == "encoding=quoted-printable"; });
}

std::optional<Property> parse_property(std::string_view line) {
    bool is_quoted = false;
    std::size_t colon = 0;
    while (colon < line.size() && (line[colon] != ':' || is_quoted))
        is_quoted ^= line[colon++] == '"';
    if (colon == line.size())
        return std::nullopt;
    Property property;
    property.value = line.substr(colon + 1);
    const auto words = parts_of(line.substr(0, colon));
    property.name = folded(words[0]);
    if (const auto dot = property.name.rfind('.'); dot != std::string::npos)
        property.name.erase(0, dot + 1);
    for (std::size_t i = 1; i < words.size(); ++i)
        property.parameters.push_back(folded(words[i]));
    return property;
}

class VcardRows : public RowSource {
  public:
    explicit VcardRows(std::unique_ptr<ChunkSource> source) : lines_(std::move(source)) {}

    bool begins_with_header() const override { return true; }

    Result<bool> next(RawRow& row) override {
        row.error.reset();
        row.follows_blank = false;
        row.line = 1;
        if (!std::exchange(is_header_given_, true)) {
            row.fields = columns();
            return true;
        }
        std::string line;
        do {
            if (!TRY(next_line(line)))
                return false;
        } while (folded(trimmed(line)) != "begin:vcard");
        row.line = line_;
        row.fields.assign(columns().size(), "");
        for (std::size_t bytes = 0;;) {
            if (!TRY(next_line(line))) {
                row.error = RawError{
                    "sheet.bad_vcard", {"the card that begins here does not end.", "此处开始的名片没有结束标记。"}};
                return true;
            }
            if (folded(beginning_of(trimmed(line), 16)) == "end:vcard")
                break;
            bytes += line.size();
            if (const auto property = parse_property(line); property && bytes <= row_bytes_max)
                take(*property, row.fields);
        }
        if (row.fields[place_of("name")].empty())
            row.fields[place_of("name")] = fallback_name_.empty() ? row.fields[place_of("company")] : fallback_name_;
        fallback_name_.clear();
        return true;
    }
    std::uint64_t bytes_read() const override { return lines_.source->bytes_read(); }
    std::uint64_t bytes_total() const override { return lines_.source->bytes_total(); }

  private:
    // A logical line: what follows it with a blank in front belongs to it, and what follows a soft line end.
    Result<bool> next_line(std::string& line) {
        if (!has_ahead_) {
            if (!TRY(lines_.next(ahead_)))
                return false;
            ahead_line_ = lines_.number;
        }
        line = std::move(ahead_);
        line_ = ahead_line_;
        has_ahead_ = false;
        for (;;) {
            const bool is_soft = line.ends_with('=') && folded(line).find("quoted-printable") != std::string::npos;
            if (!TRY(lines_.next(ahead_)))
                return true;
            if (line.size() > row_bytes_max || (!is_soft && !ahead_.starts_with(' ') && !ahead_.starts_with('\t'))) {
                has_ahead_ = true;
                ahead_line_ = lines_.number;
                return true;
            }
            if (is_soft)
                line.pop_back();
            line += is_soft ? ahead_ : ahead_.substr(1);
        }
    }

    void take(const Property& property, std::vector<std::string>& fields) {
        std::string value = property.value;
        if (is_quoted_printable(property))
            value = as_utf8(without_quoted_printable(value), parameter(property, "charset").value_or("utf-8"));
        const auto set = [&](std::string_view column, std::string text) {
            if (std::string& field = fields[place_of(column)]; field.empty())
                field = std::move(text);
        };
        const auto add = [&](std::initializer_list<std::string_view> among, const std::string& text) {
            for (const std::string_view column : among)
                if (std::string& field = fields[place_of(column)]; field.empty() || field == text) {
                    field = text;
                    return;
                }
        };
        const auto parts = parts_of(value);
        const auto part = [&](std::size_t i) { return i < parts.size() ? parts[i] : std::string(); };
        const std::string& name = property.name;
        if (name == "fn") {
            set("name", whole(value));
        } else if (name == "n") {
            set("last_name", part(0));
            set("first_name", part(1));
            const bool is_chinese = !part(0).empty() && std::uint8_t(part(0)[0]) >= 0x80;
            fallback_name_ = is_chinese ? part(0) + part(1) : std::string(trimmed(part(1) + " " + part(0)));
        } else if (name == "tel") {
            add({"phone", "phone 2", "phone 3"}, value.starts_with("tel:") ? value.substr(4) : value);
        } else if (name == "email") {
            add({"email", "email 2"}, value);
        } else if (name == "org") {
            set("company", part(0));
            set("department", part(1));
        } else if (name == "title") {
            set("title", whole(value));
        } else if (name == "adr") {
            set("address", part(2));
            set("city", part(3));
            set("province", part(4));
            set("postal_code", part(5));
            set("country", part(6));
        } else if (name == "url") {
            set("website", value);
        } else if (name == "bday") {
            set("birthday", value);
        } else if (name == "note") {
            set("note", whole(value));
        }
    }

    Lines lines_;
    std::string ahead_, fallback_name_;
    std::uint64_t line_ = 0, ahead_line_ = 0;
    bool has_ahead_ = false, is_header_given_ = false;
};

} // namespace

std::unique_ptr<RowSource> vcard_rows(std::unique_ptr<ChunkSource> source) {
    return std::make_unique<VcardRows>(std::move(source));
}

} // namespace onefold::sheet
