#include "sheet/layout.h"

#include "core/text.h"
#include "sheet/written.h"

#include <unordered_set>

namespace onefold::sheet {
namespace {

bool is_blank(std::string_view field) {
    return trimmed(field).empty();
}

std::size_t width_of(const RawRow& row) {
    std::size_t width = row.fields.size();
    while (width > 0 && is_blank(row.fields[width - 1]))
        --width;
    return width;
}

std::optional<int> year_of(std::string_view field) {
    field = trimmed(field);
    if (field.size() != 4 || field.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    const int year = std::stoi(std::string(field));
    return year >= 1900 && year <= 2100 ? std::optional(year) : std::nullopt;
}

// "Year", 2000, 2001, …: years as names of columns, rising, behind a word or a blank corner.
bool names_years(const RawRow& row) {
    std::optional<int> last;
    std::size_t years = 0;
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
        if (is_blank(row.fields[i]) || (i == 0 && is_name(row.fields[i])))
            continue;
        const auto year = year_of(row.fields[i]);
        if (!year || (last && *year <= *last))
            return false;
        last = year;
        ++years;
    }
    return years >= 2 && !year_of(row.fields[0]);
}

bool are_names(const RawRow& row) {
    return !row.error && filled(row) > 0 &&
           (names_years(row) || std::ranges::all_of(row.fields,
                                    [](const std::string& field) { return is_blank(field) || is_name(field); }));
}

bool are_unlike(const RawRow& row) {
    std::unordered_set<std::string> seen;
    return std::ranges::all_of(row.fields,
        [&](const std::string& field) { return is_blank(field) || seen.insert(std::string(trimmed(field))).second; });
}

// Which fields hold values that are no words.
std::vector<bool> values_in(const RawRow& row) {
    std::vector<bool> values;
    for (const std::string& field : row.fields)
        values.push_back(!is_blank(field) && !is_name(field));
    while (!values.empty() && !values.back())
        values.pop_back();
    return values;
}

// How wide most rows are: of equally frequent widths the larger. Titles and remarks, of one field, count half.
std::size_t usual_width(std::span<const RawRow> rows) {
    std::map<std::size_t, int> times;
    for (const RawRow& row : rows)
        if (!row.error)
            ++times[width_of(row)];
    std::size_t usual = 0;
    int most = 0;
    for (const auto& [width, count] : times)
        if (const int weight = width == 1 ? count : 2 * count; weight >= most) {
            most = weight;
            usual = width;
        }
    return usual;
}

// Without a row of clear names: one that is mostly names and is not like the row under it.
bool may_be_names(const RawRow& row, const RawRow* next) {
    const auto values = values_in(row);
    const auto count = std::size_t(std::ranges::count(values, true));
    if (row.error || count * 2 > filled(row))
        return false;
    return count == 0 || !next || values != values_in(*next);
}

} // namespace

std::size_t filled(const RawRow& row) {
    return std::size_t(std::ranges::count_if(row.fields, [](const std::string& field) { return !is_blank(field); }));
}

bool is_name(std::string_view field) {
    field = trimmed(field);
    if (field.find('@') != std::string_view::npos || is_blank_word(field))
        return false;
    const bool has_letter = std::ranges::any_of(
        field, [](char c) { return std::uint8_t(c) >= 0x80 || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
    return (has_letter || field == "#") && !read_number(field) && !read_time(field);
}

std::optional<std::size_t> find_header(std::span<const RawRow> rows) {
    const std::size_t usual = usual_width(rows), least = usual <= 2 ? std::max<std::size_t>(1, usual) : (usual + 1) / 2;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (filled(rows[i]) < least || !are_names(rows[i]))
            continue;
        if (are_unlike(rows[i]))
            return i;
        const bool has_lower = i + 1 < rows.size() && filled(rows[i + 1]) >= filled(rows[i]) &&
                               are_names(rows[i + 1]) && are_unlike(rows[i + 1]);
        return has_lower ? i + 1 : i;
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (filled(rows[i]) >= least)
            return may_be_names(rows[i], i + 1 < rows.size() ? &rows[i + 1] : nullptr) ? std::optional(i)
                                                                                       : std::nullopt;
    return std::nullopt;
}

std::vector<std::string> column_names(const RawRow& header) {
    std::vector<std::string> names;
    std::unordered_set<std::string> seen;
    for (std::size_t i = 0; i < header.fields.size(); ++i) {
        std::string name(trimmed(header.fields[i]));
        if (name.empty())
            name = fmt::format("column {}", i + 1);
        std::string free = name;
        for (int times = 2; !seen.insert(free).second; ++times)
            free = fmt::format("{} ({})", name, times);
        names.push_back(std::move(free));
    }
    return names;
}

bool is_total(const RawRow& row, std::size_t columns) {
    static constexpr std::string_view words[] = {"合计", "总计", "小计", "共计", "总和", "累计", "total", "totals",
        "sum", "subtotal", "sub-total", "grand total", "总数"};
    if (row.error || columns < 3 || filled(row) * 2 > columns + 1)
        return false;
    const auto first = std::ranges::find_if(row.fields, [](const std::string& field) { return !is_blank(field); });
    if (first == row.fields.end() || first->size() > 40)
        return false;
    std::string word = folded(trimmed(*first));
    while (word.ends_with(':') || word.ends_with(' '))
        word.pop_back();
    std::erase(word, ' ');
    return std::ranges::any_of(
        words, [&](std::string_view each) { return word == each || (each == "grand total" && word == "grandtotal"); });
}

bool is_remark(const RawRow& row, std::size_t columns) {
    if (row.error || columns < 3 || filled(row) != 1)
        return false;
    const auto only = std::ranges::find_if(row.fields, [](const std::string& field) { return !is_blank(field); });
    return is_name(*only);
}

bool begins_table(const RawRow& row, const RawRow& next, std::size_t columns) {
    const std::size_t count = filled(row);
    if (count < 2 || count == columns || !are_names(row) || !are_unlike(row) || width_of(row) != count || next.error)
        return false;
    const auto values = values_in(next);
    return width_of(next) <= count && filled(next) * 2 >= count && std::ranges::find(values, true) != values.end();
}

} // namespace onefold::sheet
