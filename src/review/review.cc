#include "review/review.h"

#include "company/company.h"
#include "customer/glance.h"
#include "review/look.h"
#include "runtime/priority.h"

#include <spdlog/spdlog.h>

namespace onefold::review {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 500ms;
constexpr auto rest_min = 10ms;
constexpr int steps_after_a_decision = 5;
constexpr std::int64_t later_a_page = 500;
constexpr std::size_t evidence_shown_max = 50;
constexpr int holders_shown_max = 1000;

Failure no_such_pair() {
    return fail(ErrorKind::not_found, "review.no_such_pair",
        {"This pair is not in question any more: somebody decided it, or the records say something else now.",
            "这对客户已无需审核：可能已有人处理，或数据已更新。"});
}

Failure bad_cursor() {
    const LocalText message{"This is no cursor of this list.", "分页游标无效。"};
    return fail(ErrorKind::invalid, "review.bad_cursor", message, {{"/after", "review.bad_cursor", message}});
}

// As it was seen, and nobody decided it since.
Result<Pair> still_open(store::Session& session, PairId id, std::int64_t version) {
    auto pair = TRY(find_pair(session, id));
    if (!pair)
        return no_such_pair();
    const bool is_decided = pair->state == State::merged || pair->state == State::apart;
    if (is_decided || !TRY(identity::may_be_one(session, pair->low, pair->high)))
        return fail(ErrorKind::precondition_failed, "review.settled",
            {"Somebody decided this pair in the meantime. Nothing was changed.",
                "其间已有人处理了这对客户。你的操作未生效。"});
    if (pair->version != version)
        return fail(ErrorKind::precondition_failed, "review.changed",
            {"Something else is known of this pair since you opened it. Nothing was changed; look at it again.",
                "打开后这对客户的情况有变化。未做任何更改，请重新查看。"});
    return std::move(*pair);
}

boost::json::object json_of(const Pair& pair) {
    boost::json::object json{{"state", to_string(pair.state)}};
    if (pair.until)
        json["until"] = to_rfc3339(*pair.until);
    if (pair.decision)
        json["decision"] = std::to_string(pair.decision);
    return json;
}

change::Entry entry_of(const Pair& before, const Pair& after) {
    return {pair_object, after.id.value, after.version, change::Op::update, json_of(before), json_of(after)};
}

// By what those without a name are known.
Result<> add_identifiers(store::Session& session, const identity::Identity& identity, std::vector<Listed>& items) {
    std::vector<CustomerId> nameless;
    for (const Listed& listed : items) {
        if (listed.low_name.empty())
            nameless.push_back(listed.pair.low);
        if (listed.high_name.empty())
            nameless.push_back(listed.pair.high);
    }
    const auto lists = TRY(identity.list_identifiers(session, nameless));
    std::map<CustomerId, identity::StoredIdentifier> strongest;
    const auto strength_of = [](const identity::StoredIdentifier& identifier) {
        const auto* type = identity::find_identifier_type(identifier.type);
        return type ? type->strength : identity::Strength::weak;
    };
    for (std::size_t i = 0; i < nameless.size(); ++i)
        if (!lists[i].empty())
            strongest[nameless[i]] = *std::ranges::min_element(lists[i], {}, strength_of);
    for (Listed& listed : items) {
        if (const auto found = strongest.find(listed.pair.low); found != strongest.end())
            listed.low_identifier = found->second;
        if (const auto found = strongest.find(listed.pair.high); found != strongest.end())
            listed.high_identifier = found->second;
    }
    return {};
}

Result<> read_evidence(
    store::Session& session, const identity::Identity& identity, const source::Sources& sources, Detail& detail) {
    auto evidence = TRY(list_evidence(session, Ends{detail.pair.low, detail.pair.high}));
    std::ranges::sort(evidence, {}, [](const auto& one) { return std::pair(one.second, one.first); });
    if (evidence.size() > evidence_shown_max)
        evidence.resize(evidence_shown_max);
    for (const auto& [identifier, doubt] : evidence) {
        Evidence one{TRY(identity.get_value(session, identifier)), doubt, {}, {}};
        for (const auto& holder : TRY(identity.list_value_holders(session, identifier, {}, holders_shown_max))) {
            if (holder.customer != detail.pair.low && holder.customer != detail.pair.high)
                continue;
            const auto source = sources.get(holder.source);
            ++(holder.customer == detail.pair.low ? one.low_records
                                                  : one.high_records)[source ? source->name : std::string()];
        }
        detail.evidence.push_back(std::move(one));
    }
    return {};
}

} // namespace

Reviews::Reviews(store::Database& database, const customer::Customers& customers, const source::Sources& sources,
    const runtime::Outside& outside)
    : database_(database), customers_(customers), sources_(sources), outside_(outside) {}

// ---- what people see ----

Result<Page> Reviews::list(State state, std::int64_t limit, const std::string& after) const {
    std::int64_t weight = INT64_MAX;
    PairId id;
    if (!after.empty()) {
        const auto colon = after.find('-');
        const auto first = parse_id(after.substr(0, colon));
        const auto second = colon == std::string::npos ? std::nullopt : parse_id(after.substr(colon + 1));
        if (!first || !second)
            return bad_cursor();
        weight = *first;
        id = PairId{*second};
    }
    return database_.read([&](store::Session& session) -> Result<Page> {
        auto pairs = TRY(list_pairs(session, state, weight, id, limit + 1));
        Page page;
        if (std::int64_t(pairs.size()) > limit) {
            pairs.pop_back();
            page.next = fmt::format("{}-{}", pairs.back().weight, pairs.back().id.value);
        }
        std::vector<CustomerId> customers;
        for (const Pair& pair : pairs)
            customers.insert(customers.end(), {pair.low, pair.high});
        const auto glances = TRY(customer::glances_of(session, customers));
        for (Pair& pair : pairs) {
            Listed listed{std::move(pair), "", "", "", std::nullopt, std::nullopt};
            if (const auto found = glances.find(listed.pair.low); found != glances.end()) {
                listed.kind = found->second.kind;
                listed.low_name = found->second.name;
            }
            if (const auto found = glances.find(listed.pair.high); found != glances.end())
                listed.high_name = found->second.name;
            page.items.push_back(std::move(listed));
        }
        TRY(add_identifiers(session, customers_.identity(), page.items));
        return page;
    });
}

Result<Progress> Reviews::progress() const {
    return database_.read([&](store::Session& session) -> Result<Progress> {
        const auto company = TRY(company::get_company(session));
        const Zone zone = TRY(Zone::named(company.zone));
        const auto midnight = std::chrono::floor<std::chrono::days>(zone.local_of(outside_.clock.now()));
        const Counts counts = TRY(count_pairs(session, zone.instant_of_local(midnight)));
        Progress progress{counts.open, counts.later, counts.decided, false, 100};
        const Scan scan = TRY(read_scan(session));
        if (!scan.is_done) {
            const auto last = TRY(session.find_integer("SELECT MAX(id) FROM identifier")).value_or(0);
            progress.is_looking = true;
            progress.percent =
                int(std::clamp<std::int64_t>(scan.position * 100 / std::max<std::int64_t>(last, 1), 0, 99));
        }
        return progress;
    });
}

Result<Detail> Reviews::get(PairId id) const {
    Detail detail;
    TRY(database_.read([&](store::Session& session) -> Result<bool> {
        const auto pair = TRY(find_pair(session, id));
        if (!pair)
            return no_such_pair();
        detail.pair = *pair;
        TRY(read_evidence(session, customers_.identity(), sources_, detail));
        if (!pair->decided_by.empty())
            detail.decided_by_name = company::name_of(session, pair->decided_by).value_or("");
        return true;
    }));
    detail.low = TRY(customers_.get(detail.pair.low));
    detail.high = TRY(customers_.get(detail.pair.high));
    return detail;
}

// ---- what people decide ----

customer::Alongside Reviews::alongside(
    const Caller& caller, PairId id, std::int64_t version, State state, Pair& pair) const {
    return {[&pair, id, version](store::Session& session) -> Result<> {
                pair = TRY(still_open(session, id, version));
                return {};
            },
        [&pair, &caller, state](store::Session& session, const change::Author& author,
            identity::DecisionId decision) -> Result<std::vector<change::Entry>> {
            const Pair before = pair;
            pair.state = state;
            pair.until.reset();
            pair.low_version.reset();
            pair.high_version.reset();
            pair.decided_by = to_string(caller.principal);
            pair.decided_at = author.at;
            pair.decision = decision.value;
            ++pair.version;
            TRY(update_pair(session, pair));
            return std::vector{entry_of(before, pair)};
        }};
}

Result<Settled> Reviews::merge(
    const Caller& caller, PairId id, std::int64_t version, const std::map<std::string, std::string>& values) {
    const auto seen = TRY(database_.read([&](store::Session& session) { return still_open(session, id, version); }));
    Settled settled;
    settled.outcome = TRY(customers_.merge(caller, {seen.low, seen.high, values}, customer::Doing::really,
        alongside(caller, id, version, State::merged, settled.pair)));
    TRY(settle_all());
    return settled;
}

Result<Settled> Reviews::keep_apart(const Caller& caller, PairId id, std::int64_t version, const std::string& reason) {
    const auto seen = TRY(database_.read([&](store::Session& session) { return still_open(session, id, version); }));
    Settled settled;
    settled.outcome = TRY(customers_.keep_apart(
        caller, {seen.low, seen.high, reason}, alongside(caller, id, version, State::apart, settled.pair)));
    TRY(settle_all());
    return settled;
}

Result<Pair> Reviews::attend(
    const Caller& caller, PairId id, std::int64_t version, State wanted, std::optional<Instant> until) {
    return database_.write([&](store::Session& session) -> Result<Pair> {
        const Pair before = TRY(still_open(session, id, version));
        Pair after = before;
        after.state = wanted;
        after.until = until;
        after.low_version.reset();
        after.high_version.reset();
        if (wanted == State::later) {
            const auto glances = TRY(customer::glances_of(session, {before.low, before.high}));
            if (const auto found = glances.find(before.low); found != glances.end())
                after.low_version = found->second.version;
            if (const auto found = glances.find(before.high); found != glances.end())
                after.high_version = found->second.version;
        }
        ++after.version;
        TRY(update_pair(session, after));
        TRY(change::append(session, company::author_of(caller, outside_), {entry_of(before, after)}));
        return after;
    });
}

Result<Pair> Reviews::put_off(const Caller& caller, PairId id, std::int64_t version, std::optional<Instant> until) {
    if (until && *until <= outside_.clock.now()) {
        const LocalText message{"This time has passed already. Nothing was changed.", "该时间已过，未做任何更改。"};
        return fail(ErrorKind::invalid, "review.bad_until", message, {{"/until", "review.bad_until", message}});
    }
    return attend(caller, id, version, State::later, until);
}

Result<Pair> Reviews::reopen(const Caller& caller, PairId id, std::int64_t version) {
    return attend(caller, id, version, State::open, std::nullopt);
}

// ---- looking ----

Result<bool> Reviews::step() {
    const std::lock_guard looking(looking_);
    const Found found = TRY(database_.read([](store::Session& session) { return look(session); }));
    if (found.is_idle())
        return false;
    TRY(database_.write([&](store::Session& session) { return take_up(session, found, outside_.clock.now()); }));
    return true;
}

// What was decided is out of the queue when the answer goes; behind a long import it follows later.
Result<> Reviews::settle_all() {
    for (int steps = 0; steps < steps_after_a_decision && TRY(step()); ++steps)
        ;
    return {};
}

Result<bool> Reviews::wake() {
    std::vector<Pair> due;
    TRY(database_.read([&](store::Session& session) -> Result<bool> {
        std::int64_t weight = INT64_MAX;
        for (PairId after;;) {
            const auto pairs = TRY(list_pairs(session, State::later, weight, after, later_a_page));
            if (pairs.empty())
                return true;
            std::vector<CustomerId> customers;
            for (const Pair& pair : pairs)
                customers.insert(customers.end(), {pair.low, pair.high});
            const auto glances = TRY(customer::glances_of(session, customers));
            const auto version_of = [&](CustomerId customer) {
                const auto found = glances.find(customer);
                return found == glances.end() ? std::nullopt : std::optional(found->second.version);
            };
            for (const Pair& pair : pairs)
                if (is_due(pair, outside_.clock.now(), version_of(pair.low), version_of(pair.high)))
                    due.push_back(pair);
            weight = pairs.back().weight;
            after = pairs.back().id;
        }
    }));
    if (due.empty())
        return false;
    return database_.write([&](store::Session& session) -> Result<bool> {
        const change::Author author{{Principal::Kind::system}, outside_.clock.now(), "review", ""};
        std::vector<change::Entry> entries;
        for (const Pair& seen : due) {
            const auto before = TRY(find_pair(session, seen.id));
            if (!before || before->version != seen.version)
                continue;
            Pair after = *before;
            after.state = State::open;
            after.until.reset();
            after.low_version.reset();
            after.high_version.reset();
            ++after.version;
            TRY(update_pair(session, after));
            entries.push_back(entry_of(*before, after));
        }
        TRY(change::append(session, author, entries));
        return true;
    });
}

void Reviews::start() {
    thread_ = std::thread([this] { run(); });
}

void Reviews::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    stopping_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

std::optional<Error> Reviews::trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
}

void Reviews::run() {
    runtime::give_way();
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        lock.unlock();
        const auto began = outside_.clock.monotonic();
        auto more = step();
        if (more && !*more)
            more = wake();
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(outside_.clock.monotonic() - began);
        lock.lock();
        if (!more && !trouble_)
            spdlog::error("review: {} {}", more.error().code, more.error().message.in("en"));
        trouble_ = more ? std::nullopt : std::optional(more.error());
        const std::chrono::milliseconds rest =
            more && *more ? std::max<std::chrono::milliseconds>(took, rest_min) : look_every;
        stopping_.wait_for(lock, rest, [this] { return is_stopping_; });
    }
}

} // namespace onefold::review
