#include "sheet/csv_record.h"

#include <array>
#include <cstring>
#include <map>

namespace onefold::sheet {
namespace {

constexpr std::size_t fields_looked_at_max = 2000;
constexpr int records_looked_at_max = 32;

class RecordParser {
  public:
    RecordParser(std::string_view bytes, Bytes what_follows, Dialect dialect)
        : bytes_(bytes),
          is_end_(what_follows == Bytes::end_here),
          delimiter_(dialect.delimiter),
          quote_(dialect.quote),
          quotes_follow_blanks_(dialect.quotes_follow_blanks) {}

    CsvRecord parse(std::size_t fields_max, std::vector<std::string>& fields) {
        do {
            if (result_.fields == fields_max) {
                result_.state = CsvRecord::State::too_wide;
                return result_;
            }
            if (fields.size() == result_.fields)
                fields.emplace_back();
            std::string& field = fields[result_.fields++];
            if (quotes_follow_blanks_)
                skip_blanks_before_quote();
            if (at_ < bytes_.size() && bytes_[at_] == quote_)
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

    void skip_blanks_before_quote() {
        const auto next = bytes_.find_first_not_of(' ', at_);
        if (next != std::string_view::npos && bytes_[next] == quote_)
            at_ = next;
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
                                                          std::memchr(bytes_.data() + at_, quote_, bytes_.size() - at_))
                                                    : nullptr;
            if (!quote)
                return stop(CsvRecord::State::open_quoted);
            const auto part = bytes_.substr(at_, std::size_t(quote - bytes_.data()) - at_);
            field.append(part);
            at_ += part.size() + 1;
            if (at_ < bytes_.size() && bytes_[at_] == quote_) {
                field.push_back(quote_);
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
    char delimiter_, quote_;
    bool quotes_follow_blanks_;
    std::size_t at_ = 0;
    bool is_going_on_ = true;
    CsvRecord result_;
};

struct Evenness {
    int records = 0; // with as many fields as most of them
    std::size_t fields = 0;
    friend auto operator<=>(const Evenness&, const Evenness&) = default;
};

Evenness evenness_of(std::string_view beginning, Bytes what_follows, Dialect dialect) {
    std::map<std::size_t, int> records; // by their number of fields
    std::vector<std::string> fields;
    for (int seen = 0; seen < records_looked_at_max && !beginning.empty(); ++seen) {
        const auto record = parse_record(beginning, what_follows, dialect, fields_looked_at_max, fields);
        std::size_t bytes = record.bytes;
        if (record.state != CsvRecord::State::complete) {
            bytes = line_bytes(beginning);
            if (bytes == std::string_view::npos)
                break;
        } else if (record.fields > 1) {
            ++records[record.fields];
        }
        beginning.remove_prefix(bytes);
    }
    Evenness result;
    for (const auto& [count, times] : records)
        result = std::max(result, Evenness{times, count});
    return result;
}

// Whether fields begin and end with ' at delimiters, and none with ".
bool is_quoted_by_apostrophe(std::string_view beginning, char delimiter) {
    std::size_t opening = 0, closing = 0;
    for (std::size_t i = 0; i < beginning.size(); ++i) {
        if (beginning[i] == '"')
            return false;
        if (beginning[i] != '\'')
            continue;
        const auto ends_field = [&](char c) { return c == delimiter || c == '\n' || c == '\r'; };
        opening += i == 0 || ends_field(beginning[i - 1]);
        closing += i + 1 == beginning.size() || ends_field(beginning[i + 1]);
    }
    return opening >= 4 && closing * 10 >= opening * 9 && opening * 10 >= closing * 9;
}

} // namespace

CsvRecord parse_record(std::string_view bytes, Bytes what_follows, Dialect dialect, std::size_t fields_max,
    std::vector<std::string>& fields) {
    return RecordParser(bytes, what_follows, dialect).parse(fields_max, fields);
}

Dialect detect_dialect(std::string_view beginning, Bytes what_follows) {
    Dialect best;
    Evenness most = evenness_of(beginning, what_follows, best);
    for (const char candidate : {';', '\t', '|'}) {
        const auto evenness = evenness_of(beginning, what_follows, {candidate, '"'});
        if (evenness > most) {
            most = evenness;
            best.delimiter = candidate;
        }
    }
    Dialect loose = best;
    loose.quotes_follow_blanks = true;
    if (evenness_of(beginning, what_follows, loose) > most)
        return loose;
    if (is_quoted_by_apostrophe(beginning.substr(0, 16 << 10), best.delimiter))
        best.quote = '\'';
    return best;
}

std::size_t line_bytes(std::string_view bytes) {
    const auto end = bytes.find_first_of("\r\n");
    if (end == std::string_view::npos)
        return end;
    return end + (bytes.substr(end).starts_with("\r\n") ? 2 : 1);
}

} // namespace onefold::sheet
