#include "core/text.h"
#include "sheet/written.h"

namespace onefold::sheet {
namespace {

using namespace std::chrono;

constexpr std::size_t time_bytes_max = 64;

// A text as numbers, words and the marks between them.
struct Part {
    enum class Is { number, word, mark } is = Is::mark;
    std::string text;
    int value = 0; // of a number of at most 9 digits
};

// 日星期三 is two words.
bool ends_with_unit(std::string_view word) {
    static constexpr std::string_view units[] = {"年", "月", "日", "号", "时", "点", "分", "秒"};
    return std::ranges::any_of(units, [&](std::string_view unit) { return word.ends_with(unit); });
}

std::vector<Part> parts_of(std::string_view text) {
    std::vector<Part> parts;
    for (std::size_t i = 0; i < text.size();) {
        Part part;
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
        const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || std::uint8_t(c) >= 0x80; };
        if (is_digit(text[i])) {
            part.is = Part::Is::number;
            while (i < text.size() && is_digit(text[i]))
                part.text += text[i++];
            if (part.text.size() <= 9)
                for (const char c : part.text)
                    part.value = part.value * 10 + (c - '0');
        } else if (is_letter(text[i])) {
            part.is = Part::Is::word;
            while (i < text.size() && is_letter(text[i]) && !ends_with_unit(part.text))
                part.text += text[i++];
        } else if (text[i] == ' ') {
            ++i;
            if (!parts.empty() && parts.back().text != " ")
                parts.push_back({Part::Is::mark, " "});
            continue;
        } else {
            part.text = text[i++];
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

std::optional<int> month_of(std::string_view word) {
    static constexpr std::string_view months[] = {"january", "february", "march", "april", "may", "june", "july",
        "august", "september", "october", "november", "december"};
    if (word == "sept")
        return 9;
    for (int i = 0; i < 12; ++i)
        if (word.size() >= 3 && months[i].starts_with(word) && (word.size() == 3 || word == months[i]))
            return i + 1;
    return std::nullopt;
}

class TimeReader {
  public:
    TimeReader(std::vector<Part> parts, std::optional<DayOrder> order) : parts_(std::move(parts)), order_(order) {}

    std::optional<WrittenTime> read() {
        if (!read_weekday() || !read_date())
            return std::nullopt;
        skip(" ");
        skip("t");
        skip(",");
        skip(" ");
        read_weekday_behind();
        if (at_ < parts_.size() && !read_time_of_day())
            return std::nullopt;
        skip(" ");
        if (at_ < parts_.size() && !read_offset())
            return std::nullopt;
        const year_month_day date{year{year_}, month{unsigned(month_)}, day{unsigned(day_)}};
        if (at_ != parts_.size() || year_ < 1 || year_ > 9999 || !date.ok())
            return std::nullopt;
        written_.local = local_days{date} + of_day_;
        return written_;
    }

  private:
    const Part* look(std::size_t ahead = 0) const {
        return at_ + ahead < parts_.size() ? &parts_[at_ + ahead] : nullptr;
    }
    bool is_number(std::size_t ahead) const { return look(ahead) && look(ahead)->is == Part::Is::number; }
    std::size_t digits(std::size_t ahead) const { return is_number(ahead) ? look(ahead)->text.size() : 0; }
    bool is_text(std::size_t ahead, std::string_view text) const { return look(ahead) && look(ahead)->text == text; }
    bool skip(std::string_view text) {
        if (!is_text(0, text))
            return false;
        ++at_;
        return true;
    }

    static bool is_weekday(std::string_view word) {
        static constexpr std::string_view days[] = {
            "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
        return word.size() >= 3 &&
               std::ranges::any_of(days, [&](std::string_view day) { return day.starts_with(word); });
    }
    bool read_weekday() {
        if (look() && look()->is == Part::Is::word && is_weekday(look()->text)) {
            ++at_;
            skip(",");
            skip(" ");
        }
        return look() != nullptr;
    }
    void read_weekday_behind() {
        if (look() && look()->is == Part::Is::word &&
            (look()->text.starts_with("星期") || look()->text.starts_with("周")) && look()->text.size() <= 9) {
            ++at_;
            skip(" ");
        }
    }

    bool read_date() {
        if (is_number(0) && (digits(0) == 8 || digits(0) == 14))
            return read_compact();
        if (is_number(0) && is_text(1, "年") && is_number(2) && is_text(3, "月") && is_number(4)) {
            take(0, 2, 4, 5);
            if (!skip("日"))
                skip("号");
            return true;
        }
        if (is_number(0) && is_separator(1) && is_number(2) && look(3) && look(3)->text == look(1)->text &&
            is_number(4))
            return read_three_numbers();
        if (look() && look()->is == Part::Is::word)
            return read_month_first();
        return is_number(0) && read_day_first();
    }

    bool is_separator(std::size_t ahead) const {
        return is_text(ahead, "-") || is_text(ahead, "/") || is_text(ahead, ".");
    }

    bool read_compact() {
        const std::string& text = look()->text;
        const auto number = [&](std::size_t from, std::size_t size) { return std::stoi(text.substr(from, size)); };
        year_ = number(0, 4), month_ = number(4, 2), day_ = number(6, 2);
        if (year_ < 1900 || year_ > 2199)
            return false;
        if (text.size() == 14) {
            if (!set_time(number(8, 2), number(10, 2), number(12, 2)))
                return false;
        }
        ++at_;
        return true;
    }

    void take(std::size_t year_at, std::size_t month_at, std::size_t day_at, std::size_t parts) {
        set_year(year_at);
        month_ = look(month_at)->value;
        day_ = look(day_at)->value;
        at_ += parts;
    }
    void set_year(std::size_t ahead) {
        year_ = look(ahead)->value;
        if (digits(ahead) <= 2)
            year_ += year_ < 70 ? 2000 : 1900;
    }

    bool read_three_numbers() {
        if (digits(0) == 4 && digits(2) <= 2 && digits(4) <= 2) {
            take(0, 2, 4, 5);
            return true;
        }
        if (digits(0) > 2 || digits(2) > 2 || (digits(4) != 4 && digits(4) != 2))
            return false;
        const int first = look(0)->value, second = look(2)->value;
        bool is_day_first = order_ == DayOrder::day_first;
        if (first > 12 && second <= 12)
            is_day_first = true;
        else if (second > 12 && first <= 12)
            is_day_first = false;
        else
            written_.may_be_otherwise = !order_ && first != second;
        is_day_first ? take(4, 2, 0, 5) : take(4, 0, 2, 5);
        return true;
    }

    // 1 Dec 2010, 1-Dec-10, 1st December 2010
    bool read_day_first() {
        const int day = look()->value;
        if (digits(0) > 2)
            return false;
        std::size_t next = 1;
        if (look(next) && (is_text(next, "st") || is_text(next, "nd") || is_text(next, "rd") || is_text(next, "th")))
            ++next;
        while (
            is_text(next, " ") || is_text(next, "-") || is_text(next, "/") || is_text(next, ".") || is_text(next, "of"))
            ++next;
        const auto month = look(next) && look(next)->is == Part::Is::word ? month_of(look(next)->text) : std::nullopt;
        if (!month)
            return false;
        ++next;
        while (
            is_text(next, " ") || is_text(next, "-") || is_text(next, "/") || is_text(next, ".") || is_text(next, ","))
            ++next;
        if (digits(next) != 4 && digits(next) != 2)
            return false;
        set_year(next);
        month_ = *month;
        day_ = day;
        at_ += next + 1;
        return true;
    }

    // Dec 1, 2010
    bool read_month_first() {
        const auto month = month_of(look()->text);
        if (!month)
            return false;
        std::size_t next = 1;
        while (is_text(next, " ") || is_text(next, ".") || is_text(next, "-"))
            ++next;
        if (digits(next) == 0 || digits(next) > 2)
            return false;
        day_ = look(next)->value;
        ++next;
        if (is_text(next, "st") || is_text(next, "nd") || is_text(next, "rd") || is_text(next, "th"))
            ++next;
        while (is_text(next, " ") || is_text(next, ",") || is_text(next, "-"))
            ++next;
        if (digits(next) != 4)
            return false;
        set_year(next);
        month_ = *month;
        at_ += next + 1;
        return true;
    }

    bool set_time(int hour, int minute, int second, microseconds fraction = {}) {
        if (hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute || second)))
            return false;
        of_day_ = hours{hour} + minutes{minute} + seconds{second} + fraction;
        written_.has_time = true;
        return true;
    }

    enum class Half { none, before_noon, after_noon };
    Half read_half() {
        static const std::map<std::string_view, Half> words{{"am", Half::before_noon}, {"pm", Half::after_noon},
            {"a", Half::before_noon}, {"p", Half::after_noon}, {"上午", Half::before_noon}, {"凌晨", Half::before_noon},
            {"早上", Half::before_noon}, {"下午", Half::after_noon}, {"晚上", Half::after_noon},
            {"中午", Half::after_noon}};
        skip(" ");
        const auto found = look() ? words.find(look()->text) : words.end();
        if (found == words.end())
            return Half::none;
        ++at_;
        if (skip("."))
            skip("m"), skip(".");
        skip(" ");
        return found->second;
    }

    bool read_time_of_day() {
        if (written_.has_time)
            return false;
        Half half = read_half();
        if (digits(0) == 0 || digits(0) > 2)
            return false;
        int hour = look()->value, minute = 0, second = 0;
        microseconds fraction{};
        ++at_;
        const bool has_words = skip("时") || skip("点");
        if (has_words || skip(":")) {
            if (is_number(0)) {
                if (digits(0) > 2 || (!has_words && digits(0) != 2))
                    return false;
                minute = look()->value;
                ++at_;
            } else if (!has_words) {
                return false;
            }
            if ((skip(":") || skip("分")) && is_number(0)) {
                second = look()->value;
                ++at_;
                if (skip(".") || (is_text(0, ",") && is_number(1) && skip(",")))
                    fraction = read_fraction();
                skip("秒");
            }
        } else if (half == Half::none) {
            half = read_half();
            if (half == Half::none)
                return false;
            return set_time(hour % 12 + (half == Half::after_noon ? 12 : 0), 0, 0);
        }
        if (half == Half::none)
            half = read_half();
        if (half != Half::none && hour <= 12)
            hour = hour % 12 + (half == Half::after_noon ? 12 : 0);
        return set_time(hour, minute, second, fraction);
    }

    microseconds read_fraction() {
        if (!is_number(0))
            return {};
        std::string digits = look()->text.substr(0, 6);
        ++at_;
        digits.resize(6, '0');
        return microseconds{std::stoi(digits)};
    }

    bool read_offset() {
        if (skip("z") || skip("utc") || skip("gmt")) {
            written_.offset = microseconds{0};
            return true;
        }
        const bool is_negative = is_text(0, "-");
        if (!is_negative && !is_text(0, "+"))
            return false;
        ++at_;
        int hour = 0, minute = 0;
        if (digits(0) == 4) {
            hour = look()->value / 100, minute = look()->value % 100;
            ++at_;
        } else if (digits(0) == 2) {
            hour = look()->value;
            ++at_;
            if (skip(":")) {
                if (digits(0) != 2)
                    return false;
                minute = look()->value;
                ++at_;
            }
        } else {
            return false;
        }
        if (hour > 23 || minute > 59 || !written_.has_time)
            return false;
        written_.offset = (is_negative ? -1 : 1) * microseconds{hours{hour} + minutes{minute}};
        return true;
    }

    std::vector<Part> parts_;
    std::optional<DayOrder> order_;
    std::size_t at_ = 0;
    WrittenTime written_;
    int year_ = 0, month_ = 0, day_ = 0;
    microseconds of_day_{};
};

} // namespace

std::optional<WrittenTime> read_time(std::string_view text, std::optional<DayOrder> order) {
    text = trimmed(text);
    if (text.empty() || text.size() > time_bytes_max)
        return std::nullopt;
    const bool may_be_one =
        std::ranges::any_of(text, [](char c) { return (c >= '0' && c <= '9') || std::uint8_t(c) >= 0x80; });
    return may_be_one ? TimeReader(parts_of(folded(text)), order).read() : std::nullopt;
}

std::optional<DayOrder> find_day_order(std::span<const std::string> values) {
    int day_first = 0, month_first = 0;
    for (const std::string& value : values) {
        const auto one = read_time(value, DayOrder::day_first), other = read_time(value, DayOrder::month_first);
        const auto open = read_time(value);
        const bool is_decided = one && other && open && one->local == other->local && !open->may_be_otherwise;
        if (!is_decided)
            continue;
        const auto parts = parts_of(folded(trimmed(value)));
        if (parts.size() < 5 || parts[0].text.size() > 2 || parts[2].is != Part::Is::number || parts[4].text.size() < 2)
            continue;
        day_first += parts[0].value > 12;
        month_first += parts[2].value > 12 && parts[0].is == Part::Is::number;
    }
    if ((day_first > 0) == (month_first > 0))
        return std::nullopt;
    return day_first > 0 ? DayOrder::day_first : DayOrder::month_first;
}

Instant instant_of(const WrittenTime& written, const Zone& zone) {
    if (written.offset)
        return Instant{written.local.time_since_epoch()} - *written.offset;
    return zone.instant_of_local(written.local);
}

} // namespace onefold::sheet
