#include "customer/second.h"

#include "customer/noting_book.h"
#include "object/copy_records.h"

#include <spdlog/spdlog.h>

namespace onefold::customer {
namespace {

constexpr std::size_t batch_frames = 20'000;
constexpr std::string_view file_name = "customers.db";

} // namespace

Result<std::unique_ptr<Second>> Second::open(const SecondRooms& rooms, const std::string& folder) {
    std::unique_ptr<Second> second(new Second(rooms, folder));
    TRY(second->make());
    return second;
}

Second::~Second() {
    taker_.reset();
    customers_.reset();
    database_.reset();
    if (const auto removed = remove(); !removed)
        spdlog::warn("customer.second: {} {}", removed.error().code, removed.error().message.in("en"));
}

Result<> Second::remove() const {
    for (const std::string_view end : {"", "-wal", "-shm"}) {
        const std::string path = fmt::format("{}/{}{}", folder_, file_name, end);
        if (rooms_.outside.files.exists(path))
            TRY(rooms_.outside.files.remove(path));
    }
    return {};
}

Result<> Second::make() {
    TRY(rooms_.outside.files.make_folder(folder_));
    TRY(remove());
    database_ = TRY(store::Database::open(fmt::format("{}/{}", folder_, file_name),
        {change::schema(), company::schema(), source::schema(), object::schema(), identity::schema(),
            survivorship::schema(), schema()}));
    TRY(copy_company());
    customers_ = std::make_unique<Customers>(
        *database_, rooms_.keys, rooms_.outside, rooms_.sources, rooms_.log, rooms_.timeline);
    taker_ = std::make_unique<Taker>(*database_, rooms_.log, rooms_.sources, *customers_, rooms_.outside.clock);
    position_ = rooms_.log.begin();
    return taker_->begin(position_);
}

// Figures are in its currency; golden values are chosen by its rules.
Result<> Second::copy_company() {
    const auto company =
        TRY(rooms_.database.read([](store::Session& session) { return company::get_company(session); }));
    const auto rules = TRY(rooms_.database.read([](store::Session& session) { return survivorship::get(session); }));
    return database_->write([&](store::Session& session) -> Result<> {
        TRY(session.execute("UPDATE company SET name = $1, zone = $2, currency = $3, locale = $4 WHERE id = 1",
            {company.name, company.zone, company.currency, company.locale}));
        return survivorship::copy(session, rules);
    });
}

Result<> Second::step(Position goal) {
    const auto batch = TRY(taker_->read(position_, batch_frames, goal));
    if (batch.positions.empty() || batch.positions.front() > position_)
        return fail(ErrorKind::unavailable, "customer.log_has_a_gap",
            {"The event log does not tell all that the customers were made of: it is damaged, or its oldest events "
             "expired just now. `onefold verify` says which. Nothing was compared, and nothing was changed.",
                "事件日志不完整：可能已损坏，或最早的事件刚刚过期。请用 onefold verify 检查。未进行比对，数据未变。"});
    position_ = TRY(taker_->take(batch)).next;
    events_ += std::int64_t(batch.positions.size());
    return {};
}

Result<> Second::copy(store::Session& live) {
    identity::Absorbed absorbed;
    TRY(database_->write([&](store::Session& session) -> Result<> {
        NotingBook book; // decisions move whom the others opened, so each has its row at once
        absorbed = TRY(customers_->identity().copy_decisions(live, session, book));
        std::vector<CustomerId> changed = absorbed.changed;
        for (const auto& opened : absorbed.opened)
            changed.push_back(opened.customer);
        return customers_->refresh(session, changed);
    }));
    customers_->identity().remember(absorbed.learned);
    const auto trust = [this](SourceId id) {
        const auto source = rooms_.sources.get(id);
        return source ? source->trust : 0;
    };
    return object::copy_records({live, *database_, [&](const auto& nodes) { return nodes_here(live, nodes); },
        [this](store::Session& session, const std::vector<NodeId>& nodes) {
            return customers_->refresh_activity_of(session, nodes);
        },
        trust, {{Principal::Kind::system}, rooms_.outside.clock.now(), "rebuild", ""}});
}

Result<std::vector<NodeId>> Second::nodes_here(store::Session& live, const std::vector<NodeId>& nodes) const {
    std::vector<store::Values> ids;
    for (const NodeId node : nodes)
        ids.push_back({node.value});
    std::vector<identity::Identity::NodeKey> keys(nodes.size());
    TRY(live.each_many("SELECT source_id, kind, subject_key FROM node WHERE id = $1", ids,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            keys[index] = {SourceId{row.integer(0)}, identity::kind_named(row.text(1)), std::string(row.text(2))};
            return {};
        }));
    return database_->read(
        [&](store::Session& session) { return customers_->identity().find_node_ids(session, keys); });
}

} // namespace onefold::customer
