#pragma once
// Values that people and programs write, and whether they join: what looks like a placeholder is blocked, what so many
// hold that it is nobody's own becomes shared, and a person's word counts more than both.
#include "core/id.h"
#include "core/time.h"
#include "identity/identifier.h"

#include <optional>
#include <string>
#include <vector>

namespace onefold::identity {

enum class ValueState { open, blocked, shared };
enum class StateCause { placeholder, frequency, too_wide, hand };
std::string_view to_string(ValueState state);
std::string_view to_string(StateCause cause);

struct StoredValue {
    IdentifierId id;
    std::string type, scope;
    std::string value; // "" of types of which only a digest is kept
    ValueState state = ValueState::open;
    std::optional<StateCause> cause; // none where nothing was ever said of it
    std::string by, reason;
    std::optional<Instant> since;
    // Counted up to 1,001 records.
    std::int64_t records = 0, customers = 0;
};
struct StoredHolder {
    NodeId node;
    SourceId source;
    std::string subject_key;
    CustomerId customer;
    Instant first_at; // since when it holds the value
};

struct ValueFilter {
    std::optional<ValueState> state;
    std::string type;        // "" for all
    std::string value;       // as written; "" for all
    std::int64_t before = 0; // `next` of the page before
    int limit = 50;
};
struct ValuePage {
    std::vector<StoredValue> items;
    std::int64_t next = 0; // 0: no more
};

struct ValueDecided {
    ValueState before = ValueState::open, after = ValueState::open;
    StateCause cause = StateCause::hand;
    std::vector<CustomerId> changed; // whose nodes or facts changed, sorted
    // Of whom its holders and all that hangs together with them were, and are.
    std::size_t customers_before = 0, customers_after = 0;
};

struct SweepStep {
    std::int64_t from = 0, to = 0; // places among identifiers
    bool is_last = false;
    std::vector<IdentifierId> suspects;
};

} // namespace onefold::identity
