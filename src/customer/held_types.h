#pragma once
// For tests: whether the column that lists filter by says what the identifiers say.
#include "core/id.h"
#include "store/store.h"

#include <fmt/format.h>
#include <map>
#include <set>

namespace onefold::customer {

// Living customers, and nodes, of whom it says something else; "" where all is well.
inline std::string wrong_types(store::Database& database) {
    const auto wrong = database.read([](store::Session& session) -> Result<std::string> {
        std::string all;
        for (const auto& [what, stored, held] :
            {std::tuple("customer", "SELECT id, identifier_types FROM customer WHERE state = 'active'",
                 "SELECT n.customer_id, i.type FROM node n JOIN claim c ON c.node_id = n.id JOIN identifier i ON i.id "
                 "= "
                 "c.identifier_id"),
                std::tuple("node", "SELECT id, identifier_types FROM node",
                    "SELECT c.node_id, i.type FROM claim c JOIN identifier i ON i.id = c.identifier_id")}) {
            std::map<std::int64_t, std::set<std::string>> types;
            TRY(session.each(held, {}, [&](const store::Row& row) -> Result<> {
                types[row.integer(0)].emplace(row.text(1));
                return {};
            }));
            TRY(session.each(stored, {}, [&](const store::Row& row) -> Result<> {
                std::string wanted;
                for (const auto& type : types[row.integer(0)])
                    wanted += (wanted.empty() ? " " : "") + type + " ";
                if (row.text(1) != wanted)
                    all += fmt::format("{} {}: “{}”, not “{}”\n", what, row.integer(0), row.text(1), wanted);
                return {};
            }));
        }
        return all;
    });
    return wrong ? *wrong : std::string(wrong.error().message.in("en"));
}

} // namespace onefold::customer
