// After the policy or the rules changed: what is stored is judged again, a few identifiers at a time, each step with
// its cursor, so that it goes on where it was after the program ended in its middle.
#include "identity/candidate.h"
#include "identity/component.h"
#include "identity/value_store.h"

#include <boost/json.hpp>
#include <set>

namespace onefold::identity {
namespace {

constexpr std::int64_t looked_at_max = 5000; // a step, of identifiers
constexpr std::size_t suspects_max = 50;     // a step, of those that may be resolved anew

struct Candidate {
    IdentifierId id;
    std::string type, state, cause; // "" where the rules never closed it
};

std::set<std::string> codes_in(std::string_view json) {
    std::set<std::string> codes;
    const auto parsed = boost::json::parse(json);
    for (const auto& code : parsed.as_array())
        codes.insert(std::string(std::string_view(code.as_string())));
    return codes;
}

// Whether what the rules say now may differ from what stands.
Result<bool> is_suspect(store::Session& session, const Candidate& candidate) {
    if (candidate.cause == "hand" || candidate.cause == "placeholder" || candidate.cause == "too_wide")
        return false;
    const auto second = TRY(session.find_integer(
        "SELECT node_id FROM claim WHERE identifier_id = $1 ORDER BY node_id LIMIT 1 OFFSET 1", {candidate.id.value}));
    if (!second)
        return false;
    return to_string(TRY(ruled_state(session, candidate.id)).state) != candidate.state;
}

} // namespace

Result<std::optional<SweepStep>> Identity::next_sweep(store::Session& session) const {
    struct Cursor {
        std::int64_t position;
        std::string types;
    };
    const auto cursor = TRY(session.find("SELECT position, types FROM identity_sweep WHERE id = 1", {},
        [](const store::Row& row) { return Cursor{row.integer(0), std::string(row.text(1))}; }));
    if (!cursor)
        return std::optional<SweepStep>{};
    const auto types = codes_in(cursor->types);
    const auto candidates = TRY(session.list("SELECT i.id, i.type, i.state, s.cause FROM identifier i LEFT JOIN "
                                             "identifier_state s ON s.identifier_id = i.id "
                                             "AND s.ended_at IS NULL WHERE i.id > $1 ORDER BY i.id LIMIT $2",
        {cursor->position, looked_at_max}, [](const store::Row& row) {
            return Candidate{IdentifierId{row.integer(0)}, std::string(row.text(1)), std::string(row.text(2)),
                std::string(row.text(3))};
        }));
    SweepStep step{cursor->position, cursor->position, std::int64_t(candidates.size()) < looked_at_max, {}};
    for (const Candidate& candidate : candidates) {
        if (step.suspects.size() == suspects_max) {
            step.is_last = false;
            break;
        }
        if (types.contains(candidate.type) || TRY(is_suspect(session, candidate)))
            step.suspects.push_back(candidate.id);
        step.to = candidate.id.value;
    }
    return std::optional(std::move(step));
}

Result<std::vector<CustomerId>> Identity::sweep(
    store::Session& session, const SweepStep& step, const Say& say, CustomerBook& book) const {
    if (TRY(session.find_integer("SELECT position FROM identity_sweep WHERE id = 1")) != step.from)
        return std::vector<CustomerId>{}; // another change began it anew
    ValueDecided all;
    for (const IdentifierId id : step.suspects) {
        const StoredValue value = TRY(get_value(session, id));
        const auto holders = TRY(list_holders(session, id, component_nodes_max + 1));
        if (value.cause != StateCause::hand && value.cause != StateCause::placeholder &&
            value.cause != StateCause::too_wide) {
            const RuledState ruled = TRY(ruled_state(session, id));
            if (ruled.state == ValueState::open && holders.size() > component_nodes_max)
                continue; // the guard would close it again
            if (ruled.state != value.state) {
                TRY(write_state(session, id, ruled.state, ruled.cause, say));
                TRY(note_touched(session, {}, {id}, {}));
            }
        }
        if (holders.size() <= component_nodes_max)
            TRY(settle_values(session, holders, say, book, all));
    }
    if (step.is_last)
        TRY(session.execute("DELETE FROM identity_sweep WHERE id = 1"));
    else
        TRY(session.execute("UPDATE identity_sweep SET position = $1 WHERE id = 1", {step.to}));
    return std::move(all.changed);
}

} // namespace onefold::identity
