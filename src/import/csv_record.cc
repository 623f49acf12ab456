#include "import/csv_record.h"

#include <array>
#include <cstring>

namespace onefold::import {
namespace {

constexpr std::size_t fields_looked_at_max = 2000;
constexpr int records_looked_at_max = 32;

class RecordParser {
  public:
    RecordParser(std::string_view bytes, Bytes what_follows, char delimiter)
        : bytes_(bytes), is_end_(what_follows == Bytes::end_here), delimiter_(delimiter) {}

    CsvRecord parse(std::size_t fields_max, std::vector<std::string>& fields) {
        do {
            if (result_.fields == fields_max) {
                result_.state = CsvRecord::State::too_wide;
                return result_;
            }
            if (fields.size() == result_.fields)
                fields.emplace_back();
            std::string& field = fields[result_.fields++];
            if (at_ < bytes_.size() && bytes_[at_] == '"')
                read_quoted(field);
            else
                read_plain(field);
        } while (is_going_on_);
        result_.bytes = at_;
        return result_;
    }

  private:
    bool ends_plain(char c) const { return c == delimiter_ || c == '\n' || c == '\r'; }

    void stop(CsvRecord::State state) {
        result_.state = state;
        is_going_on_ = false;
    }

    void read_plain(std::string& field) {
        const std::size_t begin = at_;
        while (at_ < bytes_.size() && !ends_plain(bytes_[at_]))
            ++at_;
        field.assign(bytes_.data() + begin, at_ - begin);
        end_field();
    }

    void read_quoted(std::string& field) {
        field.clear();
        ++at_;
        for (;;) {
            const char* quote = at_ < bytes_.size() ? static_cast<const char*>(
                                                          std::memchr(bytes_.data() + at_, '"', bytes_.size() - at_))
                                                    : nullptr;
            if (!quote)
                return stop(CsvRecord::State::open_quoted);
            const auto part = bytes_.substr(at_, std::size_t(quote - bytes_.data()) - at_);
            field.append(part);
            at_ += part.size() + 1;
            if (at_ < bytes_.size() && bytes_[at_] == '"') {
                field.push_back('"');
                ++at_;
                continue;
            }
            break;
        }
        while (at_ < bytes_.size() && bytes_[at_] == ' ' && delimiter_ != ' ')
            ++at_;
        if (at_ < bytes_.size() && !ends_plain(bytes_[at_]))
            return stop(CsvRecord::State::stray_quote);
        count_line_ends(field);
        end_field();
    }

    void end_field() {
        if (at_ == bytes_.size())
            return stop(is_end_ ? CsvRecord::State::complete : CsvRecord::State::open);
        const char c = bytes_[at_];
        if (c == delimiter_) {
            ++at_;
            return;
        }
        if (c == '\r') {
            if (at_ + 1 == bytes_.size() && !is_end_)
                return stop(CsvRecord::State::open);
            if (at_ + 1 < bytes_.size() && bytes_[at_ + 1] == '\n')
                ++at_;
        }
        ++at_;
        ++result_.line_ends;
        stop(CsvRecord::State::complete);
    }

    void count_line_ends(std::string_view field) {
        for (auto end = field.find_first_of("\r\n"); end != std::string_view::npos;
            end = field.find_first_of("\r\n", end + 1)) {
            if (field[end] == '\r' && end + 1 < field.size() && field[end + 1] == '\n')
                ++end;
            ++result_.line_ends;
        }
    }

    std::string_view bytes_;
    bool is_end_;
    char delimiter_;
    std::size_t at_ = 0;
    bool is_going_on_ = true;
    CsvRecord result_;
};

struct Evenness {
    int records = 0; // with as many fields as the first
    std::size_t fields = 0;
    friend auto operator<=>(const Evenness&, const Evenness&) = default;
};

Evenness evenness_of(std::string_view beginning, Bytes what_follows, char delimiter) {
    Evenness result;
    std::vector<std::string> fields;
    for (int seen = 0; seen < records_looked_at_max && !beginning.empty(); ++seen) {
        const auto record = parse_record(beginning, what_follows, delimiter, fields_looked_at_max, fields);
        std::size_t bytes = record.bytes;
        if (record.state != CsvRecord::State::complete) {
            bytes = line_bytes(beginning);
            if (bytes == std::string_view::npos)
                break;
        } else if (record.fields > 1 || !fields[0].empty()) {
            if (result.fields == 0)
                result.fields = record.fields;
            if (result.fields == record.fields)
                ++result.records;
        }
        beginning.remove_prefix(bytes);
    }
    return result.fields > 1 ? result : Evenness{};
}

} // namespace

CsvRecord parse_record(std::string_view bytes, Bytes what_follows, char delimiter, std::size_t fields_max,
    std::vector<std::string>& fields) {
    return RecordParser(bytes, what_follows, delimiter).parse(fields_max, fields);
}

char detect_delimiter(std::string_view beginning, Bytes what_follows) {
    char best = ',';
    Evenness most = evenness_of(beginning, what_follows, best);
    for (const char candidate : {';', '\t', '|'}) {
        const auto evenness = evenness_of(beginning, what_follows, candidate);
        if (evenness > most) {
            most = evenness;
            best = candidate;
        }
    }
    return best;
}

std::size_t line_bytes(std::string_view bytes) {
    const auto end = bytes.find_first_of("\r\n");
    if (end == std::string_view::npos)
        return end;
    return end + (bytes.substr(end).starts_with("\r\n") ? 2 : 1);
}

} // namespace onefold::import
