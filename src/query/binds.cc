#include "query/binds.h"

#include <fmt/format.h>

namespace onefold::query {

std::string Binds::add(std::int64_t value) {
    values_.emplace_back(value);
    return fmt::format(fmt::runtime(is_postgres() ? "${}::bigint" : "${}"), values_.size());
}

std::string Binds::add(std::string value) {
    values_.emplace_back(std::move(value));
    return fmt::format(fmt::runtime(is_postgres() ? "${}::text" : "${}"), values_.size());
}

std::string Binds::add(store::Blob value) {
    values_.emplace_back(std::move(value));
    return fmt::format(fmt::runtime(is_postgres() ? "${}::bytea" : "${}"), values_.size());
}

std::string Binds::next_alias() {
    return fmt::format("t{}", aliases_++);
}

std::string quoted(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) {
        if (c == '"')
            text.push_back('"');
        text.push_back(c);
    }
    text.push_back('"');
    return text;
}

std::string qualified(std::string_view alias, std::string_view column) {
    return fmt::format("{}.{}", alias, quoted(column));
}

} // namespace onefold::query
