#include "object/listing.h"

#include "company/company.h"
#include "formula/language.h"

namespace onefold::object {

std::vector<std::string> path_of(std::string_view dotted) {
    std::vector<std::string> path;
    for (std::size_t start = 0; start <= dotted.size();) {
        const auto end = std::min(dotted.find('.', start), dotted.size());
        path.emplace_back(dotted.substr(start, end - start));
        start = end + 1;
    }
    return path;
}

Result<formula::Expression> expression_at(std::string_view where, const boost::json::value& json) {
    auto parsed = formula::parse_json(json);
    if (parsed)
        return parsed;
    Error error = std::move(parsed).error();
    for (FieldError& field : error.fields)
        field.path = std::string(where) + field.path;
    return fail(std::move(error));
}

Result<std::optional<formula::Expression>> filter_of(const std::optional<std::string>& json) {
    if (!json)
        return std::nullopt;
    boost::system::error_code error;
    const auto parsed = boost::json::parse(*json, error);
    if (error) {
        const LocalText message{"The filter is not JSON.", "filter 不是有效的 JSON。"};
        return fail(ErrorKind::invalid, "object.bad_filter", message, {{"/filter", "object.bad_filter", message}});
    }
    return TRY(expression_at("/filter", parsed));
}

Result<std::optional<formula::Expression>> condition_of(
    const std::optional<std::string>& filter_json, const std::optional<std::string>& text) {
    auto filter = TRY(filter_of(filter_json));
    if (!text)
        return filter;
    auto written = formula::parse(*text);
    if (!written) {
        Error error = std::move(written).error();
        for (FieldError& field : error.fields)
            field.path.insert(0, "/condition/");
        return fail(std::move(error));
    }
    if (!filter)
        return std::move(*written);
    return formula::call(formula::Operator::and_, {std::move(*filter), std::move(*written)});
}

Result<Zone> zone_of(store::Session& session) {
    return Zone::named(TRY(company::get_company(session)).zone);
}

Result<std::vector<query::Sort>> sort_of(const std::optional<std::string>& text) {
    std::vector<query::Sort> sort;
    if (!text)
        return sort;
    for (std::size_t start = 0; start <= text->size();) {
        const auto end = std::min(text->find(',', start), text->size());
        std::string_view part = std::string_view(*text).substr(start, end - start);
        const bool is_descending = part.starts_with('-');
        if (is_descending)
            part.remove_prefix(1);
        sort.push_back({path_of(part), is_descending ? query::Direction::descending : query::Direction::ascending});
        start = end + 1;
    }
    return sort;
}

Result<query::Page> page_of(std::optional<std::int64_t> limit, const std::optional<std::string>& after) {
    query::Page page;
    if (limit && (*limit < 1 || *limit > query::Page::limit_max)) {
        const LocalText message{fmt::format("The limit is a number from 1 to {}.", query::Page::limit_max),
            fmt::format("limit 应为 1 至 {} 的整数。", query::Page::limit_max)};
        return fail(ErrorKind::invalid, "object.bad_limit", message, {{"/limit", "object.bad_limit", message}});
    }
    page.limit = int(limit.value_or(50));
    page.after = after.value_or("");
    return page;
}

} // namespace onefold::object
