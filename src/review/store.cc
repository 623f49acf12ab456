#include "review/store.h"

namespace onefold::review {
namespace {

using identity::CandidatePair;
using identity::Doubt;

constexpr std::string_view columns = "id, low, high, state, weight, doubts, evidence, version, since, until_at, "
                                     "low_version, high_version, decided_by, decided_at, decision_id";

std::string words_of(const std::vector<Doubt>& doubts) {
    std::string words;
    for (const Doubt doubt : doubts)
        words += fmt::format("{}{}", words.empty() ? "" : " ", identity::to_string(doubt));
    return words;
}

std::vector<Doubt> doubts_of(std::string_view words) {
    std::vector<Doubt> doubts;
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        doubts.push_back(identity::doubt_named(words.substr(0, end)));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return doubts;
}

Pair pair_of(const store::Row& row) {
    Pair pair{PairId{row.integer(0)}, CustomerId{row.integer(1)}, CustomerId{row.integer(2)}, state_named(row.text(3)),
        row.integer(4), doubts_of(row.text(5)), std::string(row.text(6)), row.integer(7), instant_of(row.integer(8)),
        std::nullopt, row.optional_integer(10), row.optional_integer(11), std::string(row.text(12)), std::nullopt,
        row.integer(14)};
    if (!row.is_null(9))
        pair.until = instant_of(row.integer(9));
    if (!row.is_null(13))
        pair.decided_at = instant_of(row.integer(13));
    return pair;
}

store::Value value_of(const std::optional<std::int64_t>& number) {
    return number ? store::Value{*number} : store::Value{};
}

} // namespace

Result<std::vector<CandidatePair>> list_evidence(store::Session& session, IdentifierId identifier) {
    return session.list("SELECT low, high, doubt FROM review_evidence WHERE identifier_id = $1 ORDER BY low, high",
        {identifier.value}, [&](const store::Row& row) {
            return CandidatePair{
                CustomerId{row.integer(0)}, CustomerId{row.integer(1)}, identifier, identity::doubt_named(row.text(2))};
        });
}

Result<std::vector<std::pair<IdentifierId, Doubt>>> list_evidence(store::Session& session, const Ends& ends) {
    return session.list("SELECT identifier_id, doubt FROM review_evidence WHERE low = $1 AND high = $2",
        {ends.first.value, ends.second.value}, [](const store::Row& row) {
            return std::pair(IdentifierId{row.integer(0)}, identity::doubt_named(row.text(1)));
        });
}

Result<> write_evidence(
    store::Session& session, const std::vector<CandidatePair>& gone, const std::vector<CandidatePair>& come) {
    std::vector<store::Values> deleted, inserted;
    for (const CandidatePair& pair : gone)
        deleted.push_back({pair.low.value, pair.high.value, pair.identifier.value});
    for (const CandidatePair& pair : come)
        inserted.push_back(
            {pair.low.value, pair.high.value, pair.identifier.value, std::string(identity::to_string(pair.doubt))});
    TRY(session.execute_many(
        "DELETE FROM review_evidence WHERE low = $1 AND high = $2 AND identifier_id = $3", deleted));
    TRY(session.execute_many(
        "INSERT INTO review_evidence (low, high, identifier_id, doubt) VALUES ($1, $2, $3, $4)", inserted));
    return {};
}

Result<std::set<Ends>> list_ends(store::Session& session, const std::vector<CustomerId>& customers) {
    std::vector<store::Values> keys;
    for (const CustomerId customer : customers)
        keys.push_back({customer.value});
    std::set<Ends> all;
    for (const std::string_view sql : {"SELECT low, high FROM review_evidence WHERE low = $1",
             "SELECT low, high FROM review_evidence WHERE high = $1",
             "SELECT low, high FROM review_pair WHERE low = $1", "SELECT low, high FROM review_pair WHERE high = $1"})
        TRY(session.each_many(sql, keys, [&](std::size_t, const store::Row& row) -> Result<> {
            all.emplace(CustomerId{row.integer(0)}, CustomerId{row.integer(1)});
            return {};
        }));
    return all;
}

Result<std::optional<Pair>> find_pair(store::Session& session, const Ends& ends) {
    static const std::string sql = fmt::format("SELECT {} FROM review_pair WHERE low = $1 AND high = $2", columns);
    return session.find(sql, {ends.first.value, ends.second.value}, pair_of);
}

Result<std::optional<Pair>> find_pair(store::Session& session, PairId id) {
    static const std::string sql = fmt::format("SELECT {} FROM review_pair WHERE id = $1", columns);
    return session.find(sql, {id.value}, pair_of);
}

Result<std::vector<Pair>> list_pairs(
    store::Session& session, State state, std::int64_t after_weight, PairId after, std::int64_t limit) {
    static const std::string sql =
        fmt::format("SELECT {} FROM review_pair WHERE state = $1 AND weight <= $2 AND (weight < $2 OR id < $3) ORDER "
                    "BY weight DESC, id DESC LIMIT $4",
            columns);
    return session.list(
        sql, {std::string(to_string(state)), after_weight, after ? after.value : INT64_MAX, limit}, pair_of);
}

Result<> open_pair(store::Session& session, const Ends& ends, const Pair* stored, const Weighed& weighed, Instant now) {
    const std::string doubts = words_of(weighed.doubts);
    if (stored) {
        TRY(session.execute("UPDATE review_pair SET state = 'open', weight = $1, doubts = $2, evidence = $3, version = "
                            "version + 1, since = $4, until_at = NULL, low_version = NULL, high_version = NULL, "
                            "decided_by = NULL, decided_at = NULL, decision_id = NULL WHERE id = $5",
            {weighed.weight, doubts, weighed.evidence, micros_of(now), stored->id.value}));
        return {};
    }
    TRY(session.execute("INSERT INTO review_pair (low, high, state, weight, doubts, evidence, version, since) VALUES "
                        "($1, $2, 'open', $3, $4, $5, 1, $6)",
        {ends.first.value, ends.second.value, weighed.weight, doubts, weighed.evidence, micros_of(now)}));
    return {};
}

Result<> delete_pair(store::Session& session, PairId id) {
    TRY(session.execute("DELETE FROM review_pair WHERE id = $1", {id.value}));
    return {};
}

Result<> update_pair(store::Session& session, const Pair& pair) {
    TRY(session.execute("UPDATE review_pair SET state = $1, version = version + 1, until_at = $2, low_version = $3, "
                        "high_version = $4, decided_by = $5, decided_at = $6, decision_id = $7 WHERE id = $8",
        {std::string(to_string(pair.state)), store::micros_or_null(pair.until), value_of(pair.low_version),
            value_of(pair.high_version), pair.decided_by.empty() ? store::Value{} : store::Value{pair.decided_by},
            store::micros_or_null(pair.decided_at), pair.decision ? store::Value{pair.decision} : store::Value{},
            pair.id.value}));
    return {};
}

Result<Counts> count_pairs(store::Session& session, Instant since) {
    Counts counts;
    TRY(session.each("SELECT state, COUNT(*) FROM review_pair WHERE state IN ('open', 'later') GROUP BY state", {},
        [&](const store::Row& row) -> Result<> {
            (row.text(0) == "open" ? counts.open : counts.later) = row.integer(1);
            return {};
        }));
    counts.decided = TRY(session.find_integer("SELECT COUNT(*) FROM review_pair WHERE decided_at >= $1 AND state IN "
                                              "('merged', 'apart')",
                             {micros_of(since)}))
                         .value_or(0);
    return counts;
}

Result<Scan> read_scan(store::Session& session) {
    const auto scan = TRY(session.find("SELECT position, is_done, policy_version FROM review_scan WHERE id = 1", {},
        [](const store::Row& row) { return Scan{row.integer(0), row.integer(1) != 0, row.integer(2)}; }));
    VERIFY(scan);
    return *scan;
}

Result<> write_scan(store::Session& session, const Scan& scan) {
    TRY(session.execute("UPDATE review_scan SET position = $1, is_done = $2, policy_version = $3 WHERE id = 1",
        {scan.position, std::int64_t(scan.is_done), scan.policy_version}));
    return {};
}

} // namespace onefold::review
