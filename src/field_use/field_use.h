#pragma once
// Where each field is used: an index for what has a formula, and finders for all that names fields.
#include "core/caller.h"
#include "core/id.h"
#include "http/contract.h"
#include "store/store.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace onefold::field_use {

const store::Schema& schema();

enum class Kind { saved_list, survivorship, import_map };
enum class Part { condition, sort, column, rule, map };

struct Use {
    FieldId field;
    Part part = Part::condition;
    friend auto operator<=>(const Use&, const Use&) = default;
};
using Uses = std::set<Use>;

// ---- the index ----

// What the place uses from now on; nothing where it is no more. To be called in the transaction that saves the place.
Result<> write(store::Session& session, Kind kind, std::int64_t place, const Uses& uses);
// All of the kind, or of these the uses of one field.
Result<std::map<std::int64_t, Uses>> list(store::Session& session, Kind kind, std::optional<FieldId> field);

// ---- places ----

struct Place {
    std::string name; // in the caller's language
    std::string link; // the page's path in the interface: "/customers?list=5"
};
struct UsedIn {
    Kind kind = Kind::saved_list;
    std::optional<Place> place; // none: the caller may not see it
    Uses uses;
};
// What one room knows of places; of one field where one is named (it may answer the place's other uses, too).
using Finder = std::function<Result<std::vector<UsedIn>>(store::Session&, const Caller&, std::optional<FieldId>)>;

// GET field_uses and GET fields/{id}/uses, over the shipped objects; places stand in the order of the finders.
void add_routes(http::Contract& contract, store::Database& database, std::vector<Finder> finders);

} // namespace onefold::field_use
