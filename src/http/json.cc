#include "http/json.h"

#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <set>

namespace onefold::http {

namespace json = boost::json;

namespace {

enum class Refusal { duplicate_key = 1, nul };

const boost::system::error_category& refusals() {
    static const struct : boost::system::error_category {
        const char* name() const noexcept override { return "onefold.json"; }
        std::string message(int) const override { return "refused"; }
    } category;
    return category;
}

// The keys of the objects that are being read, to find the one that comes twice: few are compared one by one.
class OpenKeys {
  public:
    void open() { levels_.push_back({texts_.size(), ends_.size(), {}}); }
    void close() {
        texts_.resize(levels_.back().text);
        ends_.resize(levels_.back().end);
        levels_.pop_back();
    }
    // Whether it is new in the innermost object.
    bool add(std::string_view key) {
        Level& level = levels_.back();
        if (!level.many.empty())
            return level.many.emplace(key).second;
        std::size_t from = level.text;
        for (std::size_t i = level.end; i < ends_.size(); from = ends_[i++])
            if (text(from, ends_[i]) == key)
                return false;
        if (ends_.size() - level.end == few) {
            from = level.text;
            for (std::size_t i = level.end; i < ends_.size(); from = ends_[i++])
                level.many.emplace(text(from, ends_[i]));
            return level.many.emplace(key).second;
        }
        texts_ += key;
        ends_.push_back(texts_.size());
        return true;
    }

  private:
    static constexpr std::size_t few = 24;
    struct Level {
        std::size_t text, end; // where it begins in both
        std::set<std::string, std::less<>> many;
    };
    std::string_view text(std::size_t from, std::size_t end) const {
        return std::string_view(texts_).substr(from, end - from);
    }

    std::string texts_;
    std::vector<std::size_t> ends_;
    std::vector<Level> levels_;
};

// Builds the value as boost::json::parse does and looks at each key and text on the way.
class Handler {
  public:
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();
    using Code = boost::system::error_code;
    using View = json::string_view;

    explicit Handler(json::storage_ptr storage) : storage_(std::move(storage)) {}

    bool on_document_begin(Code&) {
        stack_.reset(storage_);
        return true;
    }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code&) {
        keys_.open();
        return true;
    }
    bool on_object_end(std::size_t count, Code&) {
        keys_.close();
        stack_.push_object(count);
        return true;
    }
    bool on_array_begin(Code&) { return true; }
    bool on_array_end(std::size_t count, Code&) {
        stack_.push_array(count);
        return true;
    }
    bool on_key_part(View part, std::size_t, Code&) {
        key_ += part;
        stack_.push_chars(part);
        return true;
    }
    bool on_key(View part, std::size_t, Code& error) {
        key_ += part;
        stack_.push_key(part);
        if (has_nul(key_))
            return refuse(Refusal::nul, error);
        if (!keys_.add(key_))
            return refuse(Refusal::duplicate_key, error);
        key_.clear();
        return true;
    }
    bool on_string_part(View part, std::size_t, Code& error) {
        if (has_nul(part))
            return refuse(Refusal::nul, error);
        stack_.push_chars(part);
        return true;
    }
    bool on_string(View part, std::size_t, Code& error) {
        if (has_nul(part))
            return refuse(Refusal::nul, error);
        stack_.push_string(part);
        return true;
    }
    bool on_number_part(View, Code&) { return true; }
    bool on_int64(std::int64_t number, View, Code&) {
        stack_.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, View, Code&) {
        stack_.push_uint64(number);
        return true;
    }
    bool on_double(double number, View, Code&) {
        stack_.push_double(std::isnan(number) ? 0 : number); // Boost multiplies: 0e999 is 0 by infinity
        return true;
    }
    bool on_bool(bool value, Code&) {
        stack_.push_bool(value);
        return true;
    }
    bool on_null(Code&) {
        stack_.push_null();
        return true;
    }
    bool on_comment_part(View, Code&) { return true; }
    bool on_comment(View, Code&) { return true; }

    json::value release() { return stack_.release(); }
    const std::string& key() const { return key_; }

  private:
    static bool has_nul(View text) { return text.find('\0') != View::npos; }
    static bool refuse(Refusal refusal, Code& error) {
        error.assign(int(refusal), refusals());
        return false;
    }

    json::storage_ptr storage_;
    json::value_stack stack_;
    OpenKeys keys_;
    std::string key_;
};

Failure refusal_of(
    const boost::system::error_code& error, std::string_view text, std::size_t at, const std::string& key) {
    const auto read = text.substr(0, at);
    const auto line = 1 + std::ranges::count(read, '\n');
    const auto column = 1 + at - (read.rfind('\n') == read.npos ? 0 : read.rfind('\n') + 1);
    if (error.category() == refusals() && error.value() == int(Refusal::duplicate_key))
        return fail(ErrorKind::invalid, "http.duplicate_key",
            {fmt::format("Line {}, column {}: the key \"{}\" stands twice in one object. Nothing was changed.", line,
                 column, key),
                fmt::format("第 {} 行第 {} 列：键 \"{}\" 在同一对象中重复出现。未做任何更改。", line, column, key)});
    if (error.category() == refusals())
        return fail(ErrorKind::invalid, "http.bad_character",
            {fmt::format(
                 "Line {}, column {}: text with the character NUL is not taken. Nothing was changed.", line, column),
                fmt::format("第 {} 行第 {} 列：文本中不能包含 NUL 字符。未做任何更改。", line, column)});
    if (error == json::error::too_deep)
        return fail(ErrorKind::invalid, "http.too_deep",
            {fmt::format("Line {}, column {}: the JSON is nested deeper than {}. Nothing was changed.", line, column,
                 json_depth_max),
                fmt::format("第 {} 行第 {} 列：JSON 嵌套超过 {} 层。未做任何更改。", line, column, json_depth_max)});
    return fail(ErrorKind::invalid, "http.bad_json",
        {fmt::format("Line {}, column {}: this is not JSON ({}). Nothing was changed.", line, column, error.message()),
            fmt::format("第 {} 行第 {} 列：不是有效的 JSON（{}）。未做任何更改。", line, column, error.message())});
}

// How much of the beginning stands for itself inside quotes, eight bytes at a time.
std::size_t plain_size(std::string_view text) {
    constexpr std::uint64_t each = 0x0101010101010101, high = 0x80 * each;
    const auto has_less = [](std::uint64_t word, std::uint64_t than) { return (word - each * than) & ~word & high; };
    std::size_t at = 0;
    for (std::uint64_t word; at + sizeof word <= text.size(); at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        if (has_less(word, 0x20) | has_less(word ^ (each * '"'), 1) | has_less(word ^ (each * '\\'), 1))
            break;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x20 && text[at] != '"' && text[at] != '\\')
        ++at;
    return at;
}

template <class Number>
void write_whole(Number number, std::string& out) {
    std::array<char, 24> text;
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
}

// Between these no number has an exponent, as in JavaScript.
constexpr double plain_min = 1e-6, plain_max = 1e21;

void write_double(double number, std::string& out) {
    if (!std::isfinite(number)) {
        out += number < 0 ? "-1e99999" : "1e99999"; // as it was read
        return;
    }
    std::array<char, 32> text;
    const double size = std::fabs(number);
    const bool is_plain = size == 0 || (size >= plain_min && size < plain_max);
    const auto end = is_plain
                         ? std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed).ptr
                         : std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    const std::string_view written(text.data(), end);
    const auto exponent = written.find('e');
    const bool is_padded = exponent != written.npos && written[exponent + 2] == '0';
    out += written.substr(0, is_padded ? exponent + 2 : written.npos);
    if (is_padded)
        out += written.substr(exponent + 3);
    if (written.find_first_of(".e") == written.npos)
        out += ".0";
}

void write_array(const json::array& json, std::string& out) {
    char before = '[';
    for (const auto& item : json) {
        out += std::exchange(before, ',');
        write_json(item, out);
    }
    out += json.empty() ? "[]" : "]";
}

} // namespace

Result<json::value> parse_json(std::string_view text, json::storage_ptr storage) {
    json::parse_options options;
    options.max_depth = json_depth_max;
    json::basic_parser<Handler> parser(options, std::move(storage));
    boost::system::error_code error;
    auto used = parser.write_some(false, text.data(), text.size(), error);
    if (!error && used < text.size())
        error = json::error::extra_data;
    if (error)
        return refusal_of(error, text, used, parser.handler().key());
    return parser.handler().release();
}

void write_json_string(std::string_view text, std::string& out) {
    out += '"';
    std::size_t from = 0;
    for (std::size_t at = 0; (at += plain_size(text.substr(at))) < text.size(); ++at) {
        const auto c = static_cast<unsigned char>(text[at]);
        out.append(text, from, at - from);
        from = at + 1;
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
        }
    }
    out.append(text, from);
    out += '"';
}

void write_json(const json::value& json, std::string& out) {
    switch (json.kind()) {
    case json::kind::null:
        out += "null";
        return;
    case json::kind::bool_:
        out += json.get_bool() ? "true" : "false";
        return;
    case json::kind::int64:
        return write_whole(json.get_int64(), out);
    case json::kind::uint64:
        return write_whole(json.get_uint64(), out);
    case json::kind::double_:
        return write_double(json.get_double(), out);
    case json::kind::string:
        return write_json_string(json.get_string(), out);
    case json::kind::array:
        return write_array(json.get_array(), out);
    case json::kind::object:
        return write_json(json.get_object(), out);
    }
}

void write_json(const json::object& json, std::string& out) {
    char before = '{';
    for (const auto& [key, member] : json) {
        out += std::exchange(before, ',');
        write_json_string(key, out);
        out += ':';
        write_json(member, out);
    }
    out += json.empty() ? "{}" : "}";
}

} // namespace onefold::http
