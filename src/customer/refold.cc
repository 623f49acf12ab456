#include "customer/refold.h"

#include "customer/news.h"
#include "runtime/priority.h"
#include "survivorship/survivorship.h"

#include <spdlog/spdlog.h>

namespace onefold::customer {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t piece_customers = 500;
constexpr auto look_every = 1s;
constexpr auto rest_min = 10ms;

using Trusts = std::map<SourceId, int>;

// By what customers are to be folded.
struct Wanted {
    std::int64_t version = 0;
    Trusts trusts;
    std::set<SourceId> untouched; // sources that stand as they were made
};

struct Stored {
    std::int64_t version = 0, behind = 0, folded = 0, total = 0;
    Trusts trusts;
    bool is_done = false;
};

std::string json_of(const Trusts& trusts) {
    boost::json::object json;
    for (const auto& [source, trust] : trusts)
        json[to_string(source)] = trust;
    return boost::json::serialize(json);
}

Trusts trusts_of(std::string_view text) {
    Trusts trusts;
    const auto parsed = boost::json::parse(text);
    for (const auto& [source, trust] : parsed.as_object())
        trusts[SourceId{parse_id(source).value_or(0)}] = trust.to_number<int>();
    return trusts;
}

Result<Wanted> wanted_now(store::Session& session, const source::Sources& sources) {
    Wanted wanted;
    wanted.version = TRY(survivorship::get(session)).version;
    for (const source::Source& source : sources.list()) {
        wanted.trusts[source.id] = source.trust;
        if (source.version == 1)
            wanted.untouched.insert(source.id);
    }
    return wanted;
}

Result<std::optional<Stored>> read_stored(store::Session& session) {
    return session.find("SELECT version, behind, folded, total, trusts, is_done FROM refold WHERE id = 1", {},
        [](const store::Row& row) {
            return Stored{row.integer(0), row.integer(1), row.integer(2), row.integer(3), trusts_of(row.text(4)),
                row.integer(5) != 0};
        });
}

// A source that came later and stands as it was made asks for nothing: what it said was folded with its trust.
bool suits(const Stored& stored, const Wanted& wanted) {
    return stored.version == wanted.version && std::ranges::all_of(wanted.trusts, [&](const auto& one) {
        const auto known = stored.trusts.find(one.first);
        return known == stored.trusts.end() ? wanted.untouched.contains(one.first) : known->second == one.second;
    });
}

Result<> write_stored(store::Session& session, const Stored& stored) {
    TRY(session.execute("INSERT INTO refold (id, version, trusts, behind, folded, total, is_done) VALUES (1, $1, $2, "
                        "$3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET version = excluded.version, trusts = "
                        "excluded.trusts, behind = excluded.behind, folded = excluded.folded, total = excluded.total, "
                        "is_done = excluded.is_done",
        {stored.version, json_of(stored.trusts), stored.behind, stored.folded, stored.total,
            std::int64_t(stored.is_done)}));
    return {};
}

// The next customers by id. Their state is looked at here: asked for it, SQLite would sort all living ones each time.
struct Piece {
    std::vector<CustomerId> living;
    std::int64_t last = 0, count = 0;
};

Result<Piece> read_piece(store::Session& session, std::int64_t behind) {
    Piece piece{{}, behind, 0};
    TRY(session.each("SELECT id, state FROM customer WHERE id > $1 ORDER BY id LIMIT $2", {behind, piece_customers},
        [&](const store::Row& row) -> Result<> {
            piece.last = row.integer(0);
            ++piece.count;
            if (row.text(1) == "active")
                piece.living.push_back(CustomerId{piece.last});
            return {};
        }));
    return piece;
}

} // namespace

Refold::Refold(
    store::Database& database, const source::Sources& sources, const Customers& customers, const runtime::Clock& clock)
    : database_(database), sources_(sources), customers_(customers), clock_(clock) {}

void Refold::start() {
    thread_ = std::thread([this] { run(); });
}

void Refold::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    stopping_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

Result<RefoldState> Refold::state(store::Session& session, const source::Sources& sources) {
    const auto stored = TRY(read_stored(session));
    if (!stored || !suits(*stored, TRY(wanted_now(session, sources))))
        return RefoldState{true, 0};
    if (stored->is_done)
        return RefoldState{};
    return RefoldState{
        true, int(std::clamp<std::int64_t>(stored->behind * 100 / std::max<std::int64_t>(stored->total, 1), 0, 99))};
}

Result<bool> Refold::step() {
    const bool is_idle = TRY(database_.read([&](store::Session& session) -> Result<bool> {
        const auto stored = TRY(read_stored(session));
        const auto wanted = TRY(wanted_now(session, sources_));
        return stored && stored->is_done && suits(*stored, wanted) && stored->trusts.size() == wanted.trusts.size();
    }));
    if (is_idle)
        return false;
    return database_.write([&](store::Session& session) -> Result<bool> {
        const Wanted wanted = TRY(wanted_now(session, sources_));
        auto known = TRY(read_stored(session));
        if (known && known->is_done && suits(*known, wanted)) {
            known->trusts = wanted.trusts;
            TRY(write_stored(session, *known));
            return false;
        }
        Stored stored = known && suits(*known, wanted) ? *known : Stored{};
        if (stored.total == 0)
            stored.total = TRY(session.find_integer("SELECT MAX(id) FROM customer")).value_or(0);
        stored.version = wanted.version;
        stored.trusts = wanted.trusts;
        const Piece piece = TRY(read_piece(session, stored.behind));
        TRY(note_news(session, TRY(customers_.refresh_golden(session, piece.living))));
        stored.folded += std::int64_t(piece.living.size());
        stored.is_done = piece.count < piece_customers;
        stored.behind = piece.last;
        TRY(write_stored(session, stored));
        if (stored.is_done && stored.folded > 0)
            spdlog::info("customer.refold: {} golden records were made anew", stored.folded);
        return !stored.is_done;
    });
}

void Refold::run() {
    runtime::give_way();
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        lock.unlock();
        const auto began = clock_.monotonic();
        const auto more = step();
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.monotonic() - began);
        if (!more)
            spdlog::warn("customer.refold: {} {}", more.error().code, more.error().message.in("en"));
        const std::chrono::milliseconds rest =
            more && *more ? std::max<std::chrono::milliseconds>(took, rest_min) : look_every;
        lock.lock();
        stopping_.wait_for(lock, rest, [this] { return is_stopping_; });
    }
}

} // namespace onefold::customer
