#include "query/run.h"

#include "core/time.h"
#include "query/cursor.h"
#include "query/query.h"

#include <charconv>
#include <fmt/format.h>

namespace onefold::query {
namespace {

using Json = boost::json::value;

// Units of 10^-scale, out of their digits: a sum may have more than 64 bits.
Result<Decimal> decimal_of(std::string digits, int scale) {
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    if (digits.size() - first <= std::size_t(scale))
        digits.insert(first, std::size_t(scale) + 1 - (digits.size() - first), '0');
    if (scale > 0)
        digits.insert(digits.size() - std::size_t(scale), ".");
    return Decimal::parse(digits);
}

// Rounded half away from zero to 12 places, digit by digit: remainders stay below the count.
Result<Decimal> average_of(std::string_view text, int scale) {
    const std::size_t slash = text.find('/');
    VERIFY(slash != text.npos);
    std::string_view sum = text.substr(0, slash);
    std::int64_t count = 0;
    std::from_chars(text.data() + slash + 1, text.data() + text.size(), count);
    VERIFY(count > 0);
    const bool is_negative = sum.starts_with('-');
    if (is_negative)
        sum.remove_prefix(1);
    std::string dividend(sum);
    dividend.append(std::size_t(Decimal::places_max - scale), '0');
    std::string quotient = "0";
    __int128 rest = 0;
    for (const char c : dividend) {
        rest = rest * 10 + (c - '0');
        quotient.push_back(char('0' + int(rest / count)));
        rest %= count;
    }
    if (rest * 2 >= count) {
        std::size_t at = quotient.size() - 1;
        for (; quotient[at] == '9'; --at)
            quotient[at] = '0';
        ++quotient[at];
    }
    const std::size_t first = std::min(quotient.find_first_not_of('0'), quotient.size() - 1);
    return decimal_of((is_negative ? "-" : "") + quotient.substr(first), Decimal::places_max);
}

Json whole_number(const store::Row& row, int at) {
    const std::string_view digits = row.text(at);
    std::int64_t integer = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), integer);
    return error == std::errc{} && end == digits.data() + digits.size() ? Json(integer) : Json(digits);
}

Result<Json> read_cell(const store::Row& row, int at, const Column& column) {
    if (row.is_null(at))
        return Json(nullptr);
    if (column.form == Form::sum_and_count)
        return Json(TRY(average_of(row.text(at), column.scale)).to_string());
    switch (column.type) {
    case FieldType::text:
    case FieldType::choice:
    case FieldType::date:
        return Json(row.text(at));
    case FieldType::integer:
        return whole_number(row, at);
    case FieldType::decimal:
    case FieldType::money:
        return Json(TRY(decimal_of(std::string(row.text(at)), column.scale)).to_string());
    case FieldType::instant:
        return Json(to_rfc3339(instant_of(row.integer(at))));
    case FieldType::boolean:
        return Json(row.integer(at) != 0);
    case FieldType::relation:
        return Json(std::to_string(row.integer(at)));
    case FieldType::json:
        break;
    }
    boost::json::error_code error;
    auto json = boost::json::parse(row.text(at), error);
    return error ? Json(row.text(at)) : std::move(json);
}

} // namespace

Result<Table> run(store::Session& session, const Query& query, const Catalogue& catalogue) {
    return rows_of(session, query, TRY(compile(query, catalogue, session.dialect())));
}

namespace {

// Takes the rows of a compiled query one by one.
class Reading {
  public:
    Reading(const Query& query, const Compiled& compiled)
        : query_(query), compiled_(compiled), is_paged_(compiled.columns.size() > query.select.size()) {}

    Result<> take(const store::Row& row) {
        const std::size_t visible = query_.select.size();
        if (is_paged_ && table_.rows.size() == std::size_t(query_.page.limit)) {
            is_more_ = true;
            return {};
        }
        std::vector<Json> cells;
        cells.reserve(visible);
        for (std::size_t i = 0; i < visible; ++i)
            cells.push_back(TRY(read_cell(row, int(i), compiled_.columns[i])));
        table_.rows.push_back(std::move(cells));
        last_.clear();
        for (std::size_t i = visible; i < compiled_.columns.size(); ++i)
            last_.push_back(row.is_null(int(i)) ? store::Value{} : row.value(int(i)));
        return {};
    }

    Table finish() {
        if (is_paged_ && !table_.rows.empty())
            table_.last = to_cursor(order_name(query_), last_);
        if (is_more_)
            table_.next = table_.last;
        return std::move(table_);
    }

  private:
    const Query& query_;
    const Compiled& compiled_;
    const bool is_paged_;
    Table table_;
    store::Values last_;
    bool is_more_ = false;
};

} // namespace

Result<Table> rows_of(store::Session& session, const Query& query, const Compiled& compiled) {
    Reading reading(query, compiled);
    TRY(session.each(compiled.sql, compiled.values, [&](const store::Row& row) { return reading.take(row); }));
    return reading.finish();
}

Result<RowsWithin> rows_within(
    store::Session& session, const Query& query, const Compiled& compiled, std::chrono::milliseconds patience) {
    Reading reading(query, compiled);
    const bool is_whole = TRY(session.each_within(
        patience, compiled.sql, compiled.values, [&](const store::Row& row) { return reading.take(row); }));
    Table table = reading.finish();
    RowsWithin seen{std::nullopt, table.rows.size()};
    if (is_whole || !table.next.empty())
        seen.page = std::move(table);
    return seen;
}

} // namespace onefold::query
