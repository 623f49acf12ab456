#pragma once
// Lists as URLs carry them: filter (the expression tree as JSON), sort ("-total_spend,name"), limit and after.
#include "query/query.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::object {

// "customer.city" → {"customer", "city"}
std::vector<std::string> path_of(std::string_view dotted);

// The expression that stands at `where` ("/filter"); formula.invalid, its pointers beginning there.
Result<formula::Expression> expression_at(std::string_view where, const boost::json::value& json);
Result<std::optional<formula::Expression>> filter_of(const std::optional<std::string>& json);
// What a filter and a condition written as a formula (`COUNT(orders, time >= TODAY() - 90) >= 2`) ask together. An
// error in the formula carries its place there, in code points: "/condition/5+3".
Result<std::optional<formula::Expression>> condition_of(
    const std::optional<std::string>& filter_json, const std::optional<std::string>& text);
Result<std::vector<query::Sort>> sort_of(const std::optional<std::string>& text);
Result<query::Page> page_of(std::optional<std::int64_t> limit, const std::optional<std::string>& after);

// The company's zone, whose days conditions mean.
Result<Zone> zone_of(store::Session& session);

} // namespace onefold::object
