#include "customer/values.h"

#include "change/change.h"
#include "core/text.h"
#include "customer/names.h"
#include "customer/noting_book.h"
#include "runtime/priority.h"

#include <spdlog/spdlog.h>

namespace onefold::customer {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t reason_code_points_max = 500;
constexpr auto types_begin_after = 400ms;                          // longer than it takes to put a policy in force
constexpr std::string_view preview_ends = "customer.preview_ends"; // rolls a preview back

std::string short_reason(const std::string& reason) {
    return std::string(beginning_of(trimmed(reason), reason_code_points_max));
}

Result<change::Entry> entry_of(
    store::Session& session, IdentifierId id, const identity::ValueDecided& decided, const std::string& reason) {
    const auto said =
        TRY(session.find_integer("SELECT COUNT(*) FROM identifier_state WHERE identifier_id = $1", {id.value}));
    boost::json::object after{
        {"state", identity::to_string(decided.after)}, {"cause", identity::to_string(decided.cause)}};
    if (!reason.empty())
        after["reason"] = reason;
    return change::Entry{change::object_ids::identifier, id.value, said.value_or(0) + 1, change::Op::update,
        boost::json::object{{"state", identity::to_string(decided.before)}}, std::move(after)};
}

boost::json::object json_of(const identity::StoredPolicy& policy) {
    boost::json::object json{{"policy", boost::json::parse(identity::json_of(policy.policy))}};
    if (!policy.reason.empty())
        json["reason"] = policy.reason;
    return json;
}

} // namespace

Values::Values(store::Database& database, const Customers& customers, const source::Sources& sources,
    const runtime::Outside& outside)
    : database_(database), customers_(customers), sources_(sources), outside_(outside) {}

Result<> Values::load() {
    const auto stored = TRY(database_.read([](store::Session& session) { return identity::read_policy(session); }));
    return identity::install(stored.policy);
}

Result<ValueList> Values::list(const identity::ValueFilter& filter) const {
    return database_.read([&](store::Session& session) -> Result<ValueList> {
        ValueList list{TRY(customers_.identity().list_values(session, filter, sources_.regions())), {}};
        std::set<std::string> principals;
        for (const auto& value : list.page.items)
            principals.insert(value.by);
        list.names = TRY(names_of(session, principals));
        return list;
    });
}

Result<ValueDetail> Values::get(IdentifierId id, NodeId after, int limit) const {
    return database_.read([&](store::Session& session) -> Result<ValueDetail> {
        ValueDetail detail{TRY(customers_.identity().get_value(session, id)), {}, false, {}};
        auto holders = TRY(customers_.identity().list_value_holders(session, id, after, limit + 1));
        detail.has_more = holders.size() > std::size_t(limit);
        if (detail.has_more)
            holders.pop_back();
        for (auto& holder : holders) {
            const auto source = sources_.get(holder.source);
            const auto name = TRY(session.find("SELECT name FROM customer WHERE id = $1", {holder.customer.value},
                [](const store::Row& row) { return std::string(row.text(0)); }));
            detail.holders.push_back({std::move(holder), source ? source->name : "", name.value_or("")});
        }
        detail.names = TRY(names_of(session, {detail.value.by}));
        return detail;
    });
}

Result<identity::ValueDecided> Values::decide(const Caller& caller, IdentifierId id,
    std::optional<identity::ValueState> state, const std::string& reason, Doing doing) const {
    identity::ValueDecided decided;
    const auto done = database_.write([&](store::Session& session) -> Result<> {
        const change::Author author{caller.principal, outside_.clock.now(), "request", caller.request_id};
        NotingBook book;
        const identity::Say say{to_string(caller.principal), author.at, short_reason(reason)};
        decided = TRY(customers_.identity().decide_value(session, id, state, say, book));
        TRY(customers_.refresh(session, decided.changed));
        auto entries = TRY(book.entries(session));
        entries.insert(entries.begin(), TRY(entry_of(session, id, decided, say.reason)));
        TRY(change::append(session, author, entries));
        if (doing == Doing::preview)
            return fail(ErrorKind::conflict, preview_ends, {});
        return {};
    });
    if (!done && done.error().code != preview_ends)
        return fail(done.error());
    return decided;
}

Result<PolicyView> Values::policy() const {
    return database_.read([&](store::Session& session) -> Result<PolicyView> {
        PolicyView view{TRY(identity::read_policy(session)), false, {}};
        view.is_sweeping = TRY(session.find_integer("SELECT id FROM identity_sweep WHERE id = 1")).has_value();
        view.names = TRY(names_of(session, {view.policy.by}));
        return view;
    });
}

Result<std::vector<identity::StoredPolicy>> Values::policies(std::int64_t before, int limit) const {
    return database_.read([&](store::Session& session) { return identity::list_policies(session, before, limit); });
}

Result<PolicyView> Values::set_policy(
    const Caller& caller, std::int64_t seen, const identity::Policy& policy, const std::string& reason) {
    const std::lock_guard installing(installing_);
    Instant since = outside_.clock.now() + types_begin_after;
    auto stored = TRY(database_.write([&](store::Session& session) -> Result<identity::StoredPolicy> {
        const change::Author author{caller.principal, outside_.clock.now(), "request", caller.request_id};
        const auto before = TRY(identity::read_policy(session));
        auto after = TRY(identity::write_policy(
            session, seen, policy, {to_string(caller.principal), author.at, short_reason(reason)}, since));
        TRY(change::append(session, author,
            {{change::object_ids::identity_policy, 1, after.version, change::Op::update, json_of(before),
                json_of(after)}}));
        return after;
    }));
    TRY(identity::install(stored.policy));
    const auto begins = [&] {
        return std::ranges::any_of(
            stored.policy.types, [&](const auto& type) { return type.since == micros_of(since); });
    };
    while (begins() && outside_.clock.now() >= since) { // it took longer: once more
        const Instant later = outside_.clock.now() + types_begin_after;
        stored = TRY(
            database_.write([&](store::Session& session) { return identity::postpone_types(session, since, later); }));
        since = later;
        TRY(identity::install(stored.policy));
    }
    if (begins()) // what is sent after the answer speaks of the new types
        std::this_thread::sleep_for(std::clamp<std::chrono::microseconds>(
            std::chrono::duration_cast<std::chrono::microseconds>(since - outside_.clock.now()), 0us,
            types_begin_after));
    {
        const std::lock_guard lock(mutex_);
        is_told_ = true;
    }
    told_.notify_all();
    return this->policy();
}

// ---- what a change has not reached yet ----

void Values::start() {
    is_told_ = true;
    thread_ = std::thread([this] { run(); });
}

void Values::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    told_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

std::optional<Error> Values::trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
}

void Values::run() {
    runtime::give_way();
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            told_.wait(lock, [&] { return is_stopping_ || is_told_; });
            if (is_stopping_)
                return;
        }
        const auto done = step();
        std::unique_lock lock(mutex_);
        if (done) {
            trouble_.reset();
            is_told_ = *done;
            continue;
        }
        if (!trouble_)
            spdlog::error("customer.values: {} {}", done.error().code, done.error().message.in("en"));
        trouble_ = done.error();
        told_.wait_for(lock, 1s, [&] { return is_stopping_; });
    }
}

Result<bool> Values::step() {
    const auto step =
        TRY(database_.read([&](store::Session& session) { return customers_.identity().next_sweep(session); }));
    if (!step)
        return false;
    TRY(database_.write([&](store::Session& session) -> Result<> {
        const change::Author author{{Principal::Kind::system}, outside_.clock.now(), "policy", ""};
        NotingBook book;
        const auto changed = TRY(customers_.identity().sweep(session, *step, {"system", author.at, ""}, book));
        TRY(customers_.refresh(session, changed));
        return change::append(session, author, TRY(book.entries(session)));
    }));
    return true;
}

} // namespace onefold::customer
