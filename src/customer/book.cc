#include "customer/customer.h"
#include "customer/news.h"

namespace onefold::customer {

Result<std::vector<CustomerId>> Book::reserve(store::Session& session, const std::vector<identity::NodeKind>& kinds) {
    std::vector<CustomerId> reserved;
    if (session.dialect() == store::Dialect::postgres) {
        TRY(session.each("SELECT nextval(pg_get_serial_sequence('customer', 'id')) FROM generate_series(1, $1)",
            {std::int64_t(kinds.size())}, [&](const store::Row& row) -> Result<> {
                reserved.push_back(CustomerId{row.integer(0)});
                return {};
            }));
        return reserved;
    }
    last_ = std::max(last_, TRY(session.find_integer("SELECT MAX(id) FROM customer")).value_or(0));
    for (std::size_t i = 0; i < kinds.size(); ++i)
        reserved.push_back(CustomerId{++last_});
    return reserved;
}

Result<std::vector<CustomerId>> Book::open(store::Session& session, const std::vector<identity::NodeKind>& kinds) {
    const auto opened = TRY(Book::reserve(session, kinds));
    std::vector<store::Values> rows;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        rows.push_back({opened[i].value, std::string(identity::to_string(kinds[i]))});
    TRY(session.execute_many(
        "INSERT INTO customer (id, kind, state, version, provenance) VALUES ($1, $2, 'active', 1, '{}')", rows));
    return opened;
}

Result<> Book::move(store::Session& session, const std::vector<Move>& moves) {
    std::vector<store::Values> merged, revived;
    std::vector<CustomerId> moved, gone;
    for (const Move& move : moves) {
        moved.push_back(move.customer);
        if (!move.into) {
            revived.push_back({move.customer.value});
            continue;
        }
        merged.push_back({move.into.value, move.customer.value});
        gone.push_back(move.customer);
    }
    TRY(survivorship::forget_conflicts(session, gone));
    TRY(session.execute_many(
        "UPDATE customer SET state = 'merged', merged_into = $1, version = version + 1 WHERE id = $2", merged));
    TRY(session.execute_many(
        "UPDATE customer SET state = 'active', merged_into = NULL, version = version + 1 WHERE id = $1", revived));
    return note_news(session, moved);
}

} // namespace onefold::customer
