#pragma once
// When nodes had their newest order or ticket: what a reader of many nodes' records need not look at.
#include "object/record.h"

namespace onefold::object {

enum class RecordKind { order, ticket };

// Of each node, within its time; nullopt where there is none.
Result<std::vector<std::optional<Instant>>> list_newest_within(
    store::Session& session, RecordKind kind, const std::vector<NodeSpan>& spans);

} // namespace onefold::object
