#include "sheet/frame.h"

#include <boost/json.hpp>

namespace onefold::sheet {
namespace {

namespace json = boost::json;

void put_number(std::string& bytes, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
        bytes += char(value | 0x80);
    bytes += char(value);
}
void put_text(std::string& bytes, std::string_view text) {
    put_number(bytes, text.size());
    bytes += text;
}

json::object json_of(const LocalText& text) {
    return {{"en", std::string(text.in("en"))}, {"zh", std::string(text.in("zh-CN"))}};
}
LocalText text_of(const json::value& value) {
    return LocalText(std::string_view(value.at("en").as_string()), std::string_view(value.at("zh").as_string()));
}
std::string string_of(const json::value& value, std::string_view key) {
    return std::string(value.at(key).as_string());
}

// Whatever is wrong with it.
template <class Read>
auto read_json(std::string_view text, Read read) -> std::optional<decltype(read(json::value()))> {
    try {
        return read(json::parse(text));
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

} // namespace

std::string frame_head(FrameKind kind, std::size_t bytes) {
    std::string head(1, char(kind));
    for (int i = 0; i < 4; ++i)
        head += char(bytes >> 8 * i);
    return head;
}

std::optional<std::pair<FrameKind, std::size_t>> parse_frame_head(std::string_view head) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < 4; ++i)
        bytes |= std::size_t(std::uint8_t(head[i + 1])) << 8 * i;
    if (std::string_view("DRNFZ").find(head[0]) == std::string_view::npos || bytes > frame_bytes_max)
        return std::nullopt;
    return std::pair(FrameKind(head[0]), bytes);
}

std::string to_json(const Choice& choice) {
    return json::serialize(json::object{{"sheet", choice.sheet}, {"encoding", choice.encoding},
        {"has_header", choice.header == Header::found}, {"header_line", choice.header_line}});
}

Choice choice_of(std::string_view text) {
    return read_json(text, [](const json::value& value) {
        return Choice{string_of(value, "sheet"), string_of(value, "encoding"),
            value.at("has_header").as_bool() ? Header::found : Header::none,
            value.at("header_line").to_number<std::uint64_t>()};
    }).value_or(Choice{});
}

std::string to_json(const Description& description) {
    json::array sheets;
    for (const SheetName& sheet : description.sheets)
        sheets.push_back({{"name", sheet.name}, {"is_hidden", sheet.is_hidden}});
    return json::serialize(json::object{{"format", description.format}, {"encoding", description.encoding},
        {"delimiter", description.delimiter}, {"sheets", std::move(sheets)}, {"sheet", description.sheet},
        {"header_line", description.header_line}, {"header", json::value_from(description.header)}});
}

std::optional<Description> description_of(std::string_view text) {
    return read_json(text, [](const json::value& value) {
        Description description{.format = string_of(value, "format"),
            .encoding = string_of(value, "encoding"),
            .delimiter = string_of(value, "delimiter"),
            .sheet = string_of(value, "sheet"),
            .header_line = value.at("header_line").to_number<std::uint64_t>()};
        for (const auto& sheet : value.at("sheets").as_array())
            description.sheets.push_back({string_of(sheet, "name"), sheet.at("is_hidden").as_bool()});
        for (const auto& name : value.at("header").as_array())
            description.header.emplace_back(name.as_string());
        return description;
    });
}

std::string to_json(const std::vector<Note>& notes) {
    json::array list;
    for (const Note& note : notes)
        list.push_back({{"line", note.line}, {"code", note.code}, {"message", json_of(note.message)}});
    return json::serialize(list);
}

std::vector<Note> notes_of(std::string_view text) {
    return read_json(text, [](const json::value& value) {
        std::vector<Note> notes;
        for (const auto& note : value.as_array())
            notes.push_back(
                {note.at("line").to_number<std::uint64_t>(), string_of(note, "code"), text_of(note.at("message"))});
        return notes;
    }).value_or(std::vector<Note>{});
}

std::string to_json(const Error& error) {
    return json::serialize(
        json::object{{"kind", int(error.kind)}, {"code", error.code}, {"message", json_of(error.message)}});
}

std::optional<Error> error_of(std::string_view text) {
    return read_json(text, [](const json::value& value) {
        const int kind = value.at("kind").to_number<int>();
        return Error{kind == int(ErrorKind::unavailable) ? ErrorKind::unavailable : ErrorKind::invalid,
            string_of(value, "code"), text_of(value.at("message")), {}};
    });
}

void RowWriter::add(const Row& row) {
    put_number(bytes_, row.line);
    put_number(bytes_, row.error ? 0 : row.fields.size() + 1);
    if (!row.error) {
        for (const std::string& field : row.fields)
            put_text(bytes_, field);
        return;
    }
    for (const std::string_view part : {std::string_view(row.error->column), std::string_view(row.error->code),
             row.error->message.in("en"), row.error->message.in("zh-CN")})
        put_text(bytes_, part);
    const bool is_readable = row.error->code == ragged_row; // only too long or too short
    put_number(bytes_, is_readable ? row.fields.size() : 0);
    for (std::size_t i = 0; is_readable && i < row.fields.size(); ++i)
        put_text(bytes_, row.fields[i]);
}

std::string& RowWriter::finish(std::uint64_t bytes_read, std::uint64_t bytes_total) {
    for (int i = 0; i < 8; ++i) {
        bytes_[std::size_t(i)] = char(bytes_read >> 8 * i);
        bytes_[std::size_t(i + 8)] = char(bytes_total >> 8 * i);
    }
    return bytes_;
}

void RowWriter::clear() {
    bytes_.resize(16);
}

bool RowReader::begin(std::string bytes) {
    bytes_ = std::move(bytes);
    at_ = 16;
    if (bytes_.size() < 16)
        return false;
    bytes_read = bytes_total = 0;
    for (int i = 8; i-- > 0;) {
        bytes_read = bytes_read << 8 | std::uint8_t(bytes_[std::size_t(i)]);
        bytes_total = bytes_total << 8 | std::uint8_t(bytes_[std::size_t(i + 8)]);
    }
    return true;
}

std::optional<std::uint64_t> RowReader::number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
        const auto byte = std::uint8_t(bytes_[at_++]);
        value |= std::uint64_t(byte & 0x7F) << shift;
        if (byte < 0x80)
            return value;
    }
    return std::nullopt;
}

std::optional<std::string_view> RowReader::text() {
    const auto size = number();
    if (!size || *size > bytes_.size() - at_)
        return std::nullopt;
    const auto part = std::string_view(bytes_).substr(at_, *size);
    at_ += *size;
    return part;
}

bool RowReader::next(Row& row) {
    const auto line = number(), count = number();
    if (!line || !count || *count > columns_max + 1)
        return false;
    row.line = *line;
    row.error.reset();
    if (*count == 0) {
        const auto column = text(), code = text(), en = text(), zh = text();
        if (!column || !code || !en || !zh)
            return false;
        row.error = RowError{*line, std::string(*column), std::string(*code), LocalText(*en, *zh)};
        const auto fields = number();
        return fields && *fields <= columns_max && read_fields(row, *fields);
    }
    return read_fields(row, *count - 1);
}

bool RowReader::read_fields(Row& row, std::size_t count) {
    row.fields.resize(count);
    for (std::string& field : row.fields) {
        const auto part = text();
        if (!part)
            return false;
        field = *part;
    }
    return true;
}

} // namespace onefold::sheet
