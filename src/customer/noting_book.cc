#include "customer/noting_book.h"

namespace onefold::customer {
namespace {

boost::json::object json_of(const Standing& standing) {
    boost::json::object json{{"3", standing.state}};
    if (standing.merged_into)
        json["merged_into"] = std::to_string(standing.merged_into);
    return json;
}

Result<Standing> read_standing(store::Session& session, CustomerId id) {
    const auto standing = TRY(session.find("SELECT state, merged_into, version FROM customer WHERE id = $1", {id.value},
        [](const store::Row& row) { return Standing{std::string(row.text(0)), row.integer(1), row.integer(2)}; }));
    VERIFY(standing);
    return *standing;
}

} // namespace

Result<std::vector<CustomerId>> NotingBook::open(
    store::Session& session, const std::vector<identity::NodeKind>& kinds) {
    auto opened = TRY(Book::open(session, kinds));
    for (const CustomerId id : opened)
        before_[id];
    return opened;
}

Result<> NotingBook::move(store::Session& session, const std::vector<Move>& moves) {
    for (const Move& move : moves)
        if (!before_.contains(move.customer))
            before_[move.customer] = TRY(read_standing(session, move.customer));
    return Book::move(session, moves);
}

Result<> NotingBook::withdraw(store::Session& session, const std::vector<CustomerId>& customers) {
    std::vector<store::Values> keys;
    for (const CustomerId id : customers) {
        keys.push_back({id.value});
        if (!before_.contains(id))
            before_[id] = TRY(read_standing(session, id));
    }
    TRY(survivorship::forget_conflicts(session, customers));
    TRY(session.execute_many(
        "UPDATE customer SET state = 'withdrawn', merged_into = NULL, version = version + 1 WHERE id = $1", keys));
    return {};
}

Result<std::vector<change::Entry>> NotingBook::entries(store::Session& session) const {
    std::vector<change::Entry> entries;
    for (const auto& [id, before] : before_) {
        const Standing after = TRY(read_standing(session, id));
        change::Entry entry{
            change::object_ids::customer, id.value, after.version, change::Op::create, std::nullopt, json_of(after)};
        if (before) {
            entry.op = change::Op::update;
            entry.before = json_of(*before);
        }
        if (entry.before != entry.after)
            entries.push_back(std::move(entry));
    }
    return entries;
}

bool NotingBook::opened(CustomerId id) const {
    const auto found = before_.find(id);
    return found != before_.end() && !found->second;
}

} // namespace onefold::customer
