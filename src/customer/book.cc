#include "customer/customer.h"
#include "customer/news.h"

namespace onefold::customer {

Result<std::vector<CustomerId>> Book::open(store::Session& session, const std::vector<identity::NodeKind>& kinds) {
    std::vector<store::Values> rows;
    for (const identity::NodeKind kind : kinds)
        rows.push_back({std::string(identity::to_string(kind))});
    const auto ids = TRY(session.insert_many(
        "INSERT INTO customer (kind, state, version, provenance) VALUES ($1, 'active', 1, '{}')", rows));
    std::vector<CustomerId> opened;
    for (const std::int64_t id : ids)
        opened.push_back(CustomerId{id});
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
