#include "sheet/json_rows.h"

#include "core/text.h"

#include <simdjson.h>

namespace onefold::sheet {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t chunk_bytes = 256 << 10, looked_at_bytes = 4 << 20;
constexpr int depth_max = 4;

using Fields = std::vector<std::pair<std::string, std::string>>; // key, text

bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// Bytes of the value that begins with { or [; npos where it does not end in `text`.
std::size_t value_bytes(std::string_view text) {
    int depth = 0;
    bool is_in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_in_string) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                is_in_string = false;
        } else if (c == '"') {
            is_in_string = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (--depth == 0)
                return i + 1;
        }
    }
    return std::string_view::npos;
}

// Where, directly inside the object at the beginning, a list of objects begins: behind its [. npos where none does.
std::size_t find_list(std::string_view text) {
    int depth = 0;
    bool is_in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_in_string) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                is_in_string = false;
            continue;
        }
        if (c == '"') {
            is_in_string = true;
        } else if (c == '[' && depth == 1) {
            const auto next = text.find_first_not_of(" \n\r\t", i + 1);
            if (next != std::string_view::npos && text[next] == '{')
                return i + 1;
            ++depth;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (--depth == 0)
                return std::string_view::npos;
        }
    }
    return std::string_view::npos;
}

class Flattener {
  public:
    // False where it is no JSON object.
    bool flatten(std::string_view json, Fields& fields) {
        fields.clear();
        const simdjson::padded_string padded(json);
        auto document = parser_.iterate(padded);
        ondemand::object object;
        if (document.get_object().get(object) != simdjson::SUCCESS)
            return false;
        return add(object, "", 0, fields);
    }

  private:
    bool add(ondemand::object& object, const std::string& prefix, int depth, Fields& fields) {
        for (auto entry : object) {
            std::string_view key;
            ondemand::value value;
            if (entry.unescaped_key().get(key) != simdjson::SUCCESS)
                return false;
            const std::string name = prefix + std::string(key);
            if (entry.value().get(value) != simdjson::SUCCESS || !add(value, name, depth, fields))
                return false;
        }
        return true;
    }

    bool add(ondemand::value& value, const std::string& name, int depth, Fields& fields) {
        ondemand::json_type type;
        if (value.type().get(type) != simdjson::SUCCESS)
            return false;
        if (type == ondemand::json_type::object && depth + 1 < depth_max) {
            ondemand::object object;
            return value.get_object().get(object) == simdjson::SUCCESS && add(object, name + ".", depth + 1, fields);
        }
        std::string text;
        if (!text_of(value, type, text))
            return false;
        fields.emplace_back(name, std::move(text));
        return true;
    }

    static bool text_of(ondemand::value& value, ondemand::json_type type, std::string& text) {
        std::string_view part;
        switch (type) {
        case ondemand::json_type::string:
            if (value.get_string().get(part) != simdjson::SUCCESS)
                return false;
            text = part;
            return true;
        case ondemand::json_type::number: {
            double ignored;
            text = trimmed(value.raw_json_token());
            return value.get_double().get(ignored) == simdjson::SUCCESS ||
                   text.find_first_not_of("-0123456789") == std::string::npos;
        }
        case ondemand::json_type::boolean: {
            bool is_true = false;
            if (value.get_bool().get(is_true) != simdjson::SUCCESS)
                return false;
            text = is_true ? "true" : "false";
            return true;
        }
        case ondemand::json_type::null: {
            bool is_null = false;
            return value.is_null().get(is_null) == simdjson::SUCCESS && is_null;
        }
        case ondemand::json_type::object: {
            ondemand::object object;
            if (value.get_object().get(object) != simdjson::SUCCESS || object.raw_json().get(part) != simdjson::SUCCESS)
                return false;
            text = trimmed(part);
            return true;
        }
        case ondemand::json_type::array: {
            ondemand::array array;
            if (value.get_array().get(array) != simdjson::SUCCESS || array.raw_json().get(part) != simdjson::SUCCESS)
                return false;
            text = trimmed(part);
            return join(text);
        }
        }
        return false;
    }

    // A list of plain values reads "a; b".
    static bool join(std::string& list) {
        if (list.find('{') != std::string::npos || list.find('[', 1) != std::string::npos)
            return true;
        ondemand::parser parser;
        const simdjson::padded_string padded(list);
        auto document = parser.iterate(padded);
        ondemand::array array;
        if (document.get_array().get(array) != simdjson::SUCCESS)
            return false;
        std::string joined, text;
        for (auto element : array) {
            ondemand::value value;
            ondemand::json_type type;
            text.clear();
            if (element.get(value) != simdjson::SUCCESS || value.type().get(type) != simdjson::SUCCESS ||
                !text_of(value, type, text))
                return false;
            if (!text.empty())
                joined += (joined.empty() ? "" : "; ") + text;
        }
        list = std::move(joined);
        return true;
    }

    ondemand::parser parser_;
};

class JsonRows : public RowSource {
  public:
    explicit JsonRows(std::unique_ptr<ChunkSource> source) : source_(std::move(source)) {}

    Result<> begin() {
        while (buffer_.size() < looked_at_bytes && TRY(read_more())) {
        }
        if (std::string_view(buffer_).starts_with("\xEF\xBB\xBF"))
            at_ = 3;
        skip_space();
        if (at_ < buffer_.size() && buffer_[at_] == '[') {
            ++at_;
            is_list_ = true;
        } else if (at_ < buffer_.size() && buffer_[at_] == '{') {
            enter_object();
        }
        find_columns();
        if (columns_.empty())
            return fail(ErrorKind::invalid, "sheet.no_objects",
                {"The JSON file holds no list of objects: a row is an object, as in [{\"name\": \"Lin\"}], or one "
                 "object a "
                 "line.",
                    "JSON 文件中没有对象列表：每行应为一个对象，如 [{\"name\": \"Lin\"}]，或每行一个对象（JSON "
                    "Lines）。"});
        return {};
    }

    bool begins_with_header() const override { return true; }

    Result<bool> next(RawRow& row) override {
        row.error.reset();
        row.follows_blank = false;
        row.line = line_;
        if (!std::exchange(is_header_given_, true)) {
            row.fields = columns_;
            return true;
        }
        std::string_view object;
        if (!TRY(next_object(row, object)))
            return false;
        if (row.error)
            return true;
        Fields fields;
        if (!flattener_.flatten(object, fields)) {
            row.error = bad_json();
            return true;
        }
        row.fields.resize(columns_.size());
        for (std::string& field : row.fields)
            field.clear();
        for (auto& [key, text] : fields) {
            const auto found = places_.find(key);
            if (found != places_.end()) {
                row.fields[found->second] = std::move(text);
            } else if (!text.empty()) {
                row.error = RawError{"sheet.new_key",
                    {fmt::format("the key “{}” stood in none of the first objects (4 MiB), so it has no column.", key),
                        fmt::format("前面的对象（4 MiB 以内）中没有键“{}”，因此没有对应的列。", key)}};
                return true;
            }
        }
        return true;
    }
    std::uint64_t bytes_read() const override { return source_->bytes_read(); }
    std::uint64_t bytes_total() const override { return source_->bytes_total(); }

  private:
    static RawError bad_json() {
        return {"sheet.bad_json", {"what stands here is no JSON object.", "此处不是有效的 JSON 对象。"}};
    }

    Result<bool> read_more() {
        if (is_at_end_)
            return false;
        const std::size_t before = buffer_.size();
        buffer_.resize(before + chunk_bytes);
        const auto size = TRY(source_->read(std::span(buffer_).subspan(before)));
        buffer_.resize(before + size);
        is_at_end_ = size == 0;
        return size > 0;
    }

    void pass(std::size_t to) {
        line_ += std::uint64_t(
            std::count(buffer_.begin() + std::ptrdiff_t(at_), buffer_.begin() + std::ptrdiff_t(to), '\n'));
        at_ = to;
    }
    void skip_space() {
        std::size_t to = at_;
        while (to < buffer_.size() && (is_space(buffer_[to]) || buffer_[to] == ','))
            ++to;
        pass(to);
    }

    // The only object of the file may hold the list.
    void enter_object() {
        const auto text = std::string_view(buffer_).substr(at_);
        const auto size = value_bytes(text);
        const bool is_alone = size == std::string_view::npos ||
                              (is_at_end_ && text.find_first_not_of(" \n\r\t", size) == std::string_view::npos);
        const auto list = is_alone ? find_list(text) : std::string_view::npos;
        if (list == std::string_view::npos)
            return;
        pass(at_ + list);
        is_list_ = true;
    }

    void find_columns() {
        Fields fields;
        std::string_view rest = std::string_view(buffer_).substr(at_);
        for (std::size_t next; (next = rest.find_first_not_of(" \n\r\t,")) != std::string_view::npos;) {
            rest.remove_prefix(next);
            const auto size = rest[0] == '{' ? value_bytes(rest) : rest.find('\n');
            if (rest[0] == ']' || size == std::string_view::npos)
                return;
            if (rest[0] == '{' && flattener_.flatten(rest.substr(0, size), fields))
                for (auto& [key, text] : fields)
                    if (columns_.size() < columns_max && places_.emplace(key, columns_.size()).second)
                        columns_.push_back(key);
            rest.remove_prefix(size);
        }
    }

    void drop_read() {
        if (at_ > chunk_bytes || at_ == buffer_.size()) {
            buffer_.erase(0, at_);
            at_ = 0;
        }
    }

    Result<bool> next_object(RawRow& row, std::string_view& object) {
        if (is_over_)
            return false;
        for (;;) {
            skip_space();
            if (at_ < buffer_.size())
                break;
            drop_read();
            if (!TRY(read_more()))
                return false;
        }
        row.line = line_;
        if (buffer_[at_] == ']' && is_list_) {
            is_over_ = true;
            return false;
        }
        if (buffer_[at_] != '{') {
            row.error = bad_json();
            return leave_line();
        }
        for (;;) {
            const auto size = value_bytes(std::string_view(buffer_).substr(at_));
            if (size != std::string_view::npos && size <= row_bytes_max) {
                object = std::string_view(buffer_).substr(at_, size);
                pass(at_ + size);
                return true;
            }
            if (size != std::string_view::npos || buffer_.size() - at_ > row_bytes_max) {
                row.error =
                    RawError{"import.record_too_large", {"the object is larger than 1 MiB.", "该对象超过 1 MiB。"}};
                return leave_line();
            }
            drop_read();
            if (!TRY(read_more())) {
                row.error =
                    RawError{"sheet.bad_json", {"the object that begins here is not closed before the end of the file.",
                                                   "此处开始的对象直到文件结束都没有闭合。"}};
                is_over_ = true;
                return true;
            }
        }
    }

    Result<bool> leave_line() {
        for (;;) {
            const auto end = buffer_.find('\n', at_);
            if (end != std::string::npos) {
                pass(end + 1);
                return true;
            }
            pass(buffer_.size());
            drop_read();
            if (!TRY(read_more()))
                return true;
        }
    }

    std::unique_ptr<ChunkSource> source_;
    std::string buffer_;
    std::size_t at_ = 0;
    std::uint64_t line_ = 1; // of at_
    bool is_at_end_ = false, is_list_ = false, is_over_ = false, is_header_given_ = false;
    Flattener flattener_;
    std::vector<std::string> columns_;
    std::unordered_map<std::string, std::size_t> places_;
};

} // namespace

Result<std::unique_ptr<RowSource>> json_rows(std::unique_ptr<ChunkSource> source) {
    auto rows = std::make_unique<JsonRows>(std::move(source));
    TRY(rows->begin());
    return rows;
}

} // namespace onefold::sheet
