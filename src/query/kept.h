#pragma once
// A condition as it is kept: each field by its id ("#23"), so that a rename changes nothing that was saved; and which
// fields that are. People see it under the names of today.
#include "query/query.h"

#include <set>

namespace onefold::query {

struct About {
    const Catalogue& catalogue;
    const ObjectEntry& object; // whose records are asked about
    Zone zone = {};
};

// The same condition under ids. It fails as formula::check_condition does.
Result<formula::Expression> kept(const formula::Expression& condition, const About& about);

// A kept condition under codes; under a label where something nearer has the same code. formula.unknown_field where the
// catalogue does not have a field (any more): for the asker, one that may not be seen is the same.
Result<formula::Expression> shown(const formula::Expression& kept, const About& about);

// The fields of a kept condition, those of related records and the relations on the way to them among them:
// SUM(orders.total) has two. Needs no catalogue: what is not there any more counts, too.
std::set<FieldId> fields_of(const formula::Expression& kept);

} // namespace onefold::query
